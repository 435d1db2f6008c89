"""A minimal writer of Outlook messages (MS-CFB version 3, MS-OXMSG), because no permissive library writes them."""

from __future__ import annotations

import struct

SECTOR, MINI = 512, 64
END, FREE, FATSECT, NOSTREAM = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def _padded(data: bytes, size: int) -> bytes:
    return data + b"\0" * (-len(data) % size)


def write_ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams in its root."""
    names = sorted(streams, key=lambda n: (len(n), n.upper()))
    mini = b""
    mini_fat: list[int] = []
    big: list[tuple[str, bytes]] = []
    start_of: dict[str, int] = {}
    for name in names:
        data = streams[name]
        if len(data) >= 4096:
            big.append((name, data))
            continue
        if not data:
            start_of[name] = END
            continue
        first = len(mini_fat)
        count = -(-len(data) // MINI)
        mini_fat += [first + i + 1 for i in range(count - 1)] + [END]
        mini += _padded(data, MINI)
        start_of[name] = first
    directory_count = -(-(len(names) + 1) * 128 // SECTOR)
    fat: list[int] = []
    body = b""

    def chain(count: int) -> int:
        first = len(fat)
        fat.extend([first + i + 1 for i in range(count - 1)] + [END])
        return first

    directory_start = chain(directory_count)
    mini_fat_bytes = _padded(b"".join(struct.pack("<I", x) for x in mini_fat), SECTOR) if mini_fat else b""
    mini_fat_bytes = mini_fat_bytes[: len(mini_fat) * 4] + b"\xff" * (len(mini_fat_bytes) - len(mini_fat) * 4)
    mini_fat_start = chain(len(mini_fat_bytes) // SECTOR) if mini_fat_bytes else END
    mini_stream = _padded(mini, SECTOR)
    mini_start = chain(len(mini_stream) // SECTOR) if mini_stream else END
    body = mini_fat_bytes + mini_stream
    for name, data in big:
        start_of[name] = chain(-(-len(data) // SECTOR))
        body += _padded(data, SECTOR)
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    fat_start = len(fat)
    fat += [FATSECT] * fat_sectors
    entries = [_entry("Root Entry", 5, 1 if names else NOSTREAM, NOSTREAM, mini_start, len(mini))]
    for index, name in enumerate(names):
        right = index + 2 if index + 1 < len(names) else NOSTREAM
        entries.append(_entry(name, 2, NOSTREAM, right, start_of[name], len(streams[name])))
    directory = b"".join(entries)
    directory += _entry("", 0, NOSTREAM, NOSTREAM, 0, 0) * (
        (directory_count * SECTOR - len(directory)) // 128
    )
    fat_bytes = b"".join(struct.pack("<I", x) for x in fat)
    fat_bytes += b"\xff" * (fat_sectors * SECTOR - len(fat_bytes))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack(
        "<IIIIIIII",
        0,
        fat_sectors,
        directory_start,
        0,
        4096,
        mini_fat_start,
        len(mini_fat_bytes) // SECTOR,
        END,
    )
    header += struct.pack("<I", 0)
    difat = [fat_start + i for i in range(fat_sectors)] + [FREE] * (109 - fat_sectors)
    header += b"".join(struct.pack("<I", x) for x in difat)
    assert len(header) == SECTOR
    return header + directory + body + fat_bytes


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    out = encoded + b"\0" * (64 - len(encoded)) + struct.pack("<H", len(encoded) + 2 if name else 0)
    out += (
        struct.pack("<BBIII", kind, 1, NOSTREAM, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)
    )
    assert len(out) == 128
    return out


def write_msg(
    *,
    subject: str = "",
    body: str | None = None,
    html: bytes | None = None,
    rtf: bytes | None = None,
    sender: str = "",
) -> bytes:
    """An Outlook message; ``rtf`` is stored uncompressed (MELA), as Outlook does for short ones."""
    streams: dict[str, bytes] = {}
    properties = b"\0" * 8 + struct.pack("<IIII", 0, 0, 0, 0) + b"\0" * 8

    def add(tag: int, kind: int, data: bytes) -> None:
        nonlocal properties
        streams[f"__substg1.0_{tag:04X}{kind:04X}"] = data
        properties += struct.pack("<HHIII", kind, tag, 6, len(data) + (2 if kind == 0x1F else 0), 0)

    add(0x001A, 0x1F, "IPM.Note".encode("utf-16-le"))
    add(0x0037, 0x1F, subject.encode("utf-16-le"))
    if sender:
        add(0x0C1A, 0x1F, sender.encode("utf-16-le"))
    if body is not None:
        add(0x1000, 0x1F, body.encode("utf-16-le"))
    if html is not None:
        add(0x1013, 0x102, html)
    if rtf is not None:
        packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
        add(0x1009, 0x102, packed)
    streams["__properties_version1.0"] = properties
    return write_ole(streams)
