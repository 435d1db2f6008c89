"""Word documents (.docx, .docm, .dotx, .dotm): paragraphs, tables, text boxes, merge fields, content controls.

Word has no lines, so the source is the document's own text, a paragraph a line, and places are told as paragraph and
letter; only paragraphs with words are counted, as a reader would. python-docx hides fields and content controls and
refuses templates (.dotx), so the document's XML is walked directly, with lxml and without entities or network.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from feedbackcheck.errors import MalformedSourceError, SourceTooLargeError, UnsupportedSourceError
from feedbackcheck.lazy import lazy_re
from feedbackcheck.message import FieldRole, MergeField, Span
from feedbackcheck.sources.finish import Draft
from feedbackcheck.sources.merge_fields import role_of
from feedbackcheck.sources.plain import strip_markup

__all__ = ["paragraph_starts", "read_word"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MAX_ENTRIES = 5000
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_DOCUMENT = 40 * 1024 * 1024
_MERGEFIELD = lazy_re(
    r"\s*(?:MERGEFIELD\s+(?:\"([^\"]+)\"|(\S+))|(GREETINGLINE|ADDRESSBLOCK)\b)", re.IGNORECASE
)
#: Fields that Word makes up of several of the recipient's: as Word names them, and what they stand for.
_MADE_UP = {
    "greetingline": ("GreetingLine", FieldRole.NAME),
    "addressblock": ("AddressBlock", FieldRole.OTHER),
}


def read_word(data: bytes, *, name: str = "") -> Draft:
    """A Word draft.

    Raises:
        MalformedSourceError: no Word document, or a broken or hostile one.
        UnsupportedSourceError: the old .doc format, or protected by a password.
    """
    root = _document(data, name)
    walker = _Walker()
    body = next((e for e in root if _local(e) == "body"), root)
    walker.document(body)
    notices = []
    if any(not in_result for _, in_result, _, _ in walker.unended):
        # Without its end all the rest of the document would be the field's instruction, which nobody reads.
        walker = _Walker(frozenset(begin for *_, begin in walker.unended))
        walker.document(body)
        notices.append(
            "Et felt i dokumentet er ikke avsluttet; det er hoppet over, og teksten etter det er lest."
        )
    source, fields, starts = walker.result()
    text, comments = strip_markup(source, name=name)
    moved = []
    for f in fields:
        start = text.text_offset(f.span.start)
        if text.text[start : start + len(f.raw)] == f.raw:
            moved.append(MergeField(Span(start, start + len(f.raw)), f.raw, f.name, f.role, f.syntax))
    if walker.tracked:
        notices = [*notices, "Dokumentet har sporede endringer; teksten er lest slik den blir når de godtas."]
    return Draft(
        text,
        source,
        "docx",
        comments=comments,
        part="paragraph",
        paragraphs=starts,
        fields=moved,
        notices=notices,
    )


def paragraph_starts(source: str) -> tuple[int, ...]:
    """Offsets at which paragraphs with words begin; a source without any has one, at 0."""
    starts = [m.start() for m in re.finditer(r"[^\n]*\S[^\n]*", source)]
    return tuple(starts) or (0,)


def _bad(what: str, name: str, fix: str = "Åpne den i Word og lagre på nytt.") -> MalformedSourceError:
    return MalformedSourceError(what, where=name or None, fix=fix)


def _document(data: bytes, name: str) -> Any:
    """The root element of the main part."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnsupportedSourceError(
            "Filen er et eldre eller passordbeskyttet Word-dokument",
            where=name or None,
            fix="Lagre den som .docx uten passord.",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise _bad("Word-filen er ødelagt (ikke et gyldig zip-arkiv)", name) from None
    with archive:
        entries = archive.infolist()
        if len(entries) > _MAX_ENTRIES or sum(e.file_size for e in entries) > _MAX_UNPACKED:
            raise SourceTooLargeError(
                "Word-filen pakker ut til mer enn noe brev",
                where=name or None,
                fix="Lagre bare brevet i en ny fil.",
            )
        part = _main_part(archive, name)
        if part is None:
            nested = next(
                (
                    e.filename
                    for e in entries
                    if e.filename.lower().endswith((".zip", ".docx", ".dotx", ".7z"))
                ),
                None,
            )
            if nested is not None:
                raise _bad(
                    f"Filen er et zip-arkiv med et annet arkiv i seg («{nested}»), ikke et Word-dokument",
                    name,
                    "Pakk det ut først.",
                )
            raise _bad("Filen er et zip-arkiv, men ikke et Word-dokument", name)
        if part.file_size > _MAX_DOCUMENT or (
            part.compress_size and part.file_size / part.compress_size > 1000 and part.file_size > 5_000_000
        ):
            raise SourceTooLargeError(
                "Word-dokumentet pakker ut til mer enn noe brev",
                where=name or None,
                fix="Lagre bare brevet i en ny fil.",
            )
        xml = _unpack(archive, part, name)
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        if xml[:2] == b"PK":
            raise _bad(
                "Word-filen har et annet arkiv der dokumentet skulle være", name, "Pakk det ut først."
            ) from None
        raise _bad(f"Word-dokumentets XML er ødelagt ({error.msg})", name) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _bad("Word-dokumentets XML har en dokumenttype, som Word aldri skriver", name)
    return root


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bytes:
    try:
        with archive.open(part) as stream:
            # The size in the directory may lie; never unpack more than allowed.
            xml = stream.read(_MAX_DOCUMENT + 1)
    except RuntimeError:
        raise UnsupportedSourceError(
            "Word-filen er beskyttet med passord", where=name or None, fix="Lagre den uten passord."
        ) from None
    except Exception as error:  # zipfile and zlib raise many kinds for damaged data
        raise _bad(f"Word-filen er ødelagt ({type(error).__name__})", name) from None
    if len(xml) > _MAX_DOCUMENT:
        raise SourceTooLargeError(
            "Word-dokumentet pakker ut til mer enn noe brev",
            where=name or None,
            fix="Lagre bare brevet i en ny fil.",
        )
    return xml


def _main_part(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    names = {e.filename: e for e in archive.infolist()}
    if "_rels/.rels" in names and names["_rels/.rels"].file_size < 1_000_000:
        rels = _unpack(archive, names["_rels/.rels"], name)
        for relation in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", rels):
            if re.search(rb'Type="[^"]*/officeDocument"', relation):
                target = re.search(rb'Target="/?([^"]+)"', relation)
                if target is not None and target[1].decode("utf-8", "replace") in names:
                    found = target[1].decode("utf-8")
                    if not found.startswith("word/") and found.startswith(("xl/", "ppt/")):
                        return None
                    return names[found]
    return names.get("word/document.xml")


def _local(element: Any) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2]


class _Walker:
    """Collects paragraphs of text and the fields in them."""

    def __init__(self, passed_by: frozenset[Any] = frozenset()) -> None:
        self.paragraphs: list[str] = []
        self.fields: list[tuple[int, int, MergeField]] = []  # paragraph, offset in it, field
        self.tracked = False
        self._line: list[str] = []
        self._at = 0
        self._fields_before = 0
        # The mark of the last paragraph was deleted with changes tracked, so that the next one goes on in it.
        self._goes_on = False
        # Complex fields nest: [instruction, in result, offset of the result, the element that begins it]
        self._open: list[list[Any]] = []
        self._passed_by = passed_by
        self._boxes: list[Any] = []

    @property
    def unended(self) -> list[list[Any]]:
        """Fields that were begun and never ended."""
        return self._open

    def document(self, body: Any) -> None:
        """Go through the whole document."""
        self.blocks(body)
        self._end_paragraph(False)

    def result(self) -> tuple[str, list[MergeField], tuple[int, ...]]:
        # A document that uses empty paragraphs as space keeps them; in one that does not, Word's own spacing stands
        # between paragraphs, and a blank line says the same.
        lines = self.paragraphs
        spaced = (
            not any(not p.strip() for p in lines[:-1])
            and sum(1 for p in lines if p.rstrip().endswith((".", "!", "?", ","))) >= 2
        )
        joint = "\n\n" if spaced else "\n"
        starts, at = [], 0
        for line in lines:
            starts.append(at)
            at += len(line) + len(joint)
        source = joint.join(lines)
        fields = [
            MergeField(Span(starts[p] + o, starts[p] + o + len(f.raw)), f.raw, f.name, f.role, f.syntax)
            for p, o, f in self.fields
        ]
        begun = tuple(start for start, line in zip(starts, lines, strict=True) if line.strip())
        return source, fields, begun or (0,)

    # -- blocks

    def blocks(self, parent: Any) -> None:
        for child in parent:
            kind = _local(child)
            if kind == "p":
                self.paragraph(child)
            elif kind == "tbl":
                self._end_paragraph(False)
                self._rows(child)
            elif kind == "sdt":
                self.blocks(self._content(child))
            elif kind in ("ins", "moveTo", "smartTag", "customXml", "tc"):
                self.tracked = self.tracked or kind in ("ins", "moveTo")
                self.blocks(child)
            elif kind == "AlternateContent":
                choice = next((c for c in child if _local(c) in ("Choice", "Fallback")), None)
                if choice is not None:
                    self.blocks(choice)

    def _rows(self, table: Any) -> None:
        """Rows of a table itself; tables in its cells are met there."""
        for row in table:
            kind = _local(row)
            if kind == "tr":
                for cell in row:
                    if _local(cell) in ("tc", "sdt"):
                        self.blocks(cell if _local(cell) == "tc" else self._content(cell))
                        self._end_paragraph(False)
            elif kind in ("sdt", "customXml", "ins", "moveTo"):
                self.tracked = self.tracked or kind in ("ins", "moveTo")
                self._rows(self._content(row) if kind == "sdt" else row)

    def _content(self, control: Any) -> Any:
        return next((c for c in control if _local(c) == "sdtContent"), [])

    def paragraph(self, element: Any) -> None:
        if not self._goes_on:
            self._line, self._at, self._fields_before = [], 0, len(self.fields)
        self._inline(element)
        properties = next((c for c in element if _local(c) == "pPr"), None)
        self._goes_on = properties is not None and _is_mark_deleted(properties)
        if self._goes_on:
            self.tracked = True
            return
        listed = properties is not None and any(
            _local(c) == "numPr"
            or (_local(c) == "pStyle" and re.search(r"list|liste|punkt", str(_value(c)), re.IGNORECASE))
            for c in properties
        )
        self._goes_on = True
        self._end_paragraph(listed)

    def _end_paragraph(self, listed: bool) -> None:
        """Take what was collected as a paragraph, if something waits for its end."""
        if not self._goes_on:
            return
        self._goes_on = False
        text, mark = "".join(self._line), self._fields_before
        if listed and text.strip() and not re.match(r"\s*[-–•*·]", text):
            # The bullet is not in the text of the paragraph, but the recipient sees it.
            text = "- " + text
            self.fields[mark:] = [(p, o + 2, f) for p, o, f in self.fields[mark:]]
        self.paragraphs.append(text)
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.blocks(box)
            self._end_paragraph(False)

    # -- runs

    def _add(self, text: str) -> None:
        self._line.append(text)
        self._at += len(text)

    def _inline(self, parent: Any) -> None:
        for child in parent:
            kind = _local(child)
            if kind in ("del", "moveFrom"):
                self.tracked = True
            elif kind == "r":
                self._run(child)
            elif kind in ("ins", "moveTo"):
                self.tracked = True
                self._inline(child)
            elif kind == "fldSimple":
                self._simple_field(child)
            elif kind == "sdt":
                self._control(child)
            elif kind == "AlternateContent":
                choice = next((c for c in child if _local(c) == "Choice"), next(iter(child), None))
                if choice is not None:
                    self._inline(choice)
            elif kind in ("hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo"):
                self._inline(child)

    def _run(self, run: Any) -> None:
        properties = next((c for c in run if _local(c) == "rPr"), None)
        if properties is not None and any(
            _local(c) == "vanish" and _value(c) not in ("0", "false") for c in properties
        ):
            return
        for child in run:
            kind = _local(child)
            if kind == "fldChar":
                self._field_char(child)
            elif kind == "instrText":
                if self._open and not self._open[-1][1]:
                    self._open[-1][0] += child.text or ""
            elif self._open and not all(level[1] for level in self._open):
                continue  # inside an instruction; a nested field's result belongs to it
            elif kind == "t":
                self._add((child.text or "").replace("\n", " "))
            elif kind in ("tab", "ptab"):
                self._add("\t")
            elif kind in ("br", "cr"):
                if child.get(f"{_W}type") in (None, "textWrapping"):
                    self._add("\n")
            elif kind == "noBreakHyphen":
                self._add("-")
            elif kind == "sym":
                self._add("•")
            elif kind in ("drawing", "pict", "object"):
                self._text_boxes(child)
            elif kind == "AlternateContent":
                choice = next((c for c in child if _local(c) == "Choice"), next(iter(child), None))
                if choice is not None:
                    self._text_boxes(choice)

    def _text_boxes(self, element: Any) -> None:
        for box in element.iter():
            if _local(box) == "txbxContent":
                self._boxes.append(box)

    # -- fields

    def _field_char(self, element: Any) -> None:
        kind = element.get(f"{_W}fldCharType") or element.get(f"{_STRICT}fldCharType")
        if kind == "begin":
            if element not in self._passed_by:
                self._open.append(["", False, self._at, element])
        elif kind == "separate" and self._open:
            self._open[-1][1] = True
            self._open[-1][2] = self._at
        elif kind == "end" and self._open:
            instruction, in_result, start, _ = self._open.pop()
            if all(level[1] for level in self._open):
                self._field(instruction, start if in_result else self._at)

    def _simple_field(self, element: Any) -> None:
        start = self._at
        self._inline(element)
        self._field(element.get(f"{_W}instr") or element.get(f"{_STRICT}instr") or "", start)

    def _field(self, instruction: str, start: int) -> None:
        match = _MERGEFIELD.match(instruction)
        if match is None:
            return
        name = match[1] or match[2]
        role = role_of(name) or FieldRole.OTHER if name else FieldRole.OTHER
        if not name:
            name, role = _MADE_UP[match[3].lower()]
        raw = self._line_from(start)
        if not raw:
            raw = f"«{name}»"
            self._add(raw)
        if "\n" not in raw:
            self.fields.append(
                (
                    len(self.paragraphs),
                    start,
                    MergeField(Span(0, 0), raw, name, role, "word"),
                )
            )

    def _line_from(self, start: int) -> str:
        """The paragraph so far from ``start`` on; only the last pieces are looked at."""
        index, at = len(self._line), self._at
        while index and at > start:
            index -= 1
            at -= len(self._line[index])
        return "".join(self._line[index:])[start - at :]

    def _control(self, control: Any) -> None:
        properties = next((c for c in control if _local(c) == "sdtPr"), None)
        start = self._at
        self._inline(self._content(control))
        if properties is None or not any(_local(c) == "showingPlcHdr" for c in properties):
            return
        # A control that shows its prompt is a gap to fill.
        raw = self._line_from(start)
        alias = next((str(_value(c)) for c in properties if _local(c) in ("alias", "tag") and _value(c)), raw)
        if raw.strip() and "\n" not in raw:
            role = role_of(alias) or role_of(raw) or FieldRole.OTHER
            self.fields.append(
                (len(self.paragraphs), start, MergeField(Span(0, 0), raw, alias, role, "content-control"))
            )


def _is_mark_deleted(properties: Any) -> bool:
    """True if the paragraph's own mark is deleted, or moved away, with changes tracked."""
    return any(
        _local(c) in ("del", "moveFrom")
        for letters in properties
        if _local(letters) == "rPr"
        for c in letters
    )


def _value(element: Any) -> str | None:
    value = element.get(f"{_W}val")
    return str(value) if value is not None else element.get(f"{_STRICT}val")
