"""A minimal writer of Outlook messages (MS-CFB version 3, MS-OXMSG), because no permissive library writes them."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

SECTOR, MINI = 512, 64
END, FREE, FATSECT, NOSTREAM = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def _padded(data: bytes, size: int) -> bytes:
    return data + b"\0" * (-len(data) % size)


def _order(name: str) -> tuple[int, str]:
    return len(name), name.upper()


def write_ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams in its root; «storage/stream» lies in a storage of the root."""
    names = sorted(streams, key=_order)
    top = sorted({n.split("/")[0] for n in names}, key=_order)
    inner = {t: [n for n in names if n.startswith(f"{t}/")] for t in top}
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
    count = 1 + len(top) + sum(len(v) for v in inner.values())
    directory_count = -(-count * 128 // SECTOR)
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
    entries = [_entry("Root Entry", 5, 1 if top else NOSTREAM, NOSTREAM, mini_start, len(mini))]
    child = 1 + len(top)
    for index, name in enumerate(top):
        right = index + 2 if index + 1 < len(top) else NOSTREAM
        if inner[name]:
            entries.append(_entry(name, 1, child, right, 0, 0))
            child += len(inner[name])
        else:
            entries.append(_entry(name, 2, NOSTREAM, right, start_of[name], len(streams[name])))
    for storage in top:
        for index, name in enumerate(inner[storage]):
            right = len(entries) + 1 if index + 1 < len(inner[storage]) else NOSTREAM
            short = name.partition("/")[2]
            entries.append(_entry(short, 2, NOSTREAM, right, start_of[name], len(streams[name])))
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
    to: tuple[tuple[str, str], ...] = (),
    sent: datetime | None = None,
    message_id: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """An Outlook message; ``rtf`` is stored uncompressed (MELA), as Outlook does for short ones.

    Args:
        to: names and addresses of recipients.
        files: names and bytes of attachments.
    """
    streams: dict[str, bytes] = {}

    def storage(prefix: str, header: bytes, properties: list[tuple[int, int, bytes]]) -> None:
        listed = header
        for tag, kind, data in properties:
            if kind in (0x03, 0x40):  # whole numbers and times stand in the list itself
                listed += struct.pack("<HHI", kind, tag, 6) + data.ljust(8, b"\0")
                continue
            streams[f"{prefix}__substg1.0_{tag:04X}{kind:04X}"] = data
            listed += struct.pack("<HHIII", kind, tag, 6, len(data) + (2 if kind == 0x1F else 0), 0)
        streams[f"{prefix}__properties_version1.0"] = listed

    def text(tag: int, words: str) -> tuple[int, int, bytes]:
        return tag, 0x1F, words.encode("utf-16-le")

    own = [text(0x001A, "IPM.Note"), text(0x0037, subject)]
    if sender:
        own.append(text(0x0C1A, sender))
    if message_id:
        own.append(text(0x1035, message_id))
    if sent is not None:
        ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        own.append((0x0039, 0x40, struct.pack("<Q", ticks)))
    if body is not None:
        own.append(text(0x1000, body))
    if html is not None:
        own.append((0x1013, 0x102, html))
    if rtf is not None:
        own.append((0x1009, 0x102, struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf))
    counts = (len(to), len(files), len(to), len(files))
    storage("", b"\0" * 8 + struct.pack("<IIII", *counts) + b"\0" * 8, own)
    for number, (name, address) in enumerate(to):
        storage(f"__recip_version1.0_#{number:08X}/", b"\0" * 8, [text(0x3001, name), text(0x39FE, address)])
    for number, (name, data) in enumerate(files):
        storage(
            f"__attach_version1.0_#{number:08X}/",
            b"\0" * 8,
            [(0x3705, 0x03, struct.pack("<I", 1)), text(0x3707, name), (0x3701, 0x102, data)],
        )
    return write_ole(streams)
