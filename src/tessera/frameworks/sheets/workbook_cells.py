"""Reads the cells of an XLSX workbook that anyone may have made.

Written on expat, not on openpyxl: a sheet comes from outside, so it must be refused before it fills the
memory or names an outside entity, a formula must show whether its result was saved, and a class of thirty
sheets must be read in a second.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import from_excel

from tessera.frameworks.errors import SheetError, SheetFault

MAX_FILE_BYTES = 20_000_000
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100
"""Unpacked to packed; ordinary workbooks stay under 20."""
MAX_XML_BYTES = 16_000_000
"""Of the parts that hold cells, texts and formats: it keeps the memory that reading takes under 256 MiB."""
MAX_ELEMENTS = 500_000
"""Of XML: an answer sheet has some thousands, and each takes time."""
MAX_COLUMNS = 16_384
"""Of a tab in any spreadsheet program."""
_MAX_DEPTH = 50
"""Elements inside elements; a workbook has fewer than ten, and each open one takes memory."""
_CHUNK_BYTES = 1_000_000
_OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0"
"""How the container begins that holds an .xls file, or an .xlsx file with a password."""
_ANOTHER_FORMAT = "an XLSX workbook: open it in a spreadsheet program and save it as .xlsx"

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""What XML cannot hold is written as ``_x000D_``."""

Attributes = dict[str, str]


class Trouble(Enum):
    NO_RESULT = auto()
    """A formula whose result was not saved."""
    ERROR = auto()
    """An error value such as ``#REF!``."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    value: str | float | bool
    """What a person sees there: a date as ``2023-05-01``, a percentage as ``12 %``."""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    cells: Mapping[tuple[int, int], SheetCell]
    """By row and column, both counted from 1; blank cells have no entry."""


def read_workbook(path: Path) -> tuple[Tab, ...]:
    """All tabs of an XLSX workbook, in order.

    Parameters
    ----------
    path : Path
        Written by any program. Nothing is fetched, no formula computed; entities are refused.

    Raises
    ------
    SheetError
        It is no XLSX workbook, has a password, is damaged, or is larger than an answer sheet can be.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) == _OLD_OR_ENCRYPTED:
                raise _refused(
                    "an old .xls file, or one with a password", f"{_ANOTHER_FORMAT}, without a password"
                )
            _refuse_size(path.stat().st_size, MAX_FILE_BYTES, "a file of {} MB")
            with zipfile.ZipFile(file) as archive:
                _refuse_bomb(archive)
                if "mimetype" in archive.namelist():
                    raise _refused("a file in LibreOffice's own format", _ANOTHER_FORMAT)
                return tuple(_Workbook(archive).tabs())
    except OSError as problem:
        raise _refused(f"no file that can be opened ({problem.strerror})", "an XLSX workbook") from None
    except zipfile.BadZipFile:
        raise _refused("a file of another kind, or a damaged one", _ANOTHER_FORMAT) from None
    except (expat.ExpatError, zlib.error, EOFError, NotImplementedError, KeyError, ValueError, IndexError):
        # Whatever a workbook must hold and this one does not: a part, a number, a shared text. zipfile says
        # NotImplementedError of a compression that it does not know.
        raise _refused(
            "a damaged workbook", "an XLSX workbook; try to open it and to save it again"
        ) from None


def _refused(found: str, expected: str) -> SheetError:
    return SheetError([SheetFault("", "", found, expected)])


def _refuse_size(size: int, limit: int, found: str) -> None:
    if size > limit:
        raise _refused(found.format(round(size / 1e6)), f"an answer sheet, at most {limit // 1_000_000} MB")


def refuse_far_column(column: int) -> None:
    """Raises SheetError for a column that no spreadsheet program has, and that has no name."""
    if column > MAX_COLUMNS:
        raise _refused(f"a table of more than {MAX_COLUMNS} columns", "one that a spreadsheet program made")


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    # zipfile never unpacks more of an entry than the size that is declared here.
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _refused(f"{len(entries)} parts in one file", f"a workbook of at most {MAX_ENTRIES} parts")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise zipfile.BadZipFile
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("a file with a password", "an XLSX workbook without a password")
    unpacked, packed = (
        sum(entry.file_size for entry in entries),
        sum(entry.compress_size for entry in entries),
    )
    _refuse_size(unpacked, MAX_UNPACKED_BYTES, "a workbook of {} MB when unpacked")
    if unpacked > MAX_RATIO * max(packed, 1):
        raise _refused(
            f"a file that grows {unpacked // max(packed, 1)} times when unpacked",
            f"a workbook; those grow at most {MAX_RATIO} times",
        )


@dataclass(slots=True)
class _Workbook:
    archive: zipfile.ZipFile
    xml_bytes: int = 0
    elements: int = 0
    texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)

    def tabs(self) -> Iterator[Tab]:
        root = self._relations("_rels/.rels", "")
        main = next((target for kind, target in root.values() if kind.endswith("/officeDocument")), None)
        if main is None:
            raise KeyError("officeDocument")
        folder, name = posixpath.split(main)
        relations = self._relations(f"{folder}/_rels/{name}.rels", folder)
        for kind, target in relations.values():
            if kind.endswith("/sharedStrings"):
                self._read_texts(target)
            elif kind.endswith("/styles"):
                self._read_formats(target)
        for title, relation in self._sheets(main):
            kind, target = relations[relation]
            if kind.endswith("/worksheet"):
                yield Tab(title, self._read_cells(target))

    def _relations(self, part: str, folder: str) -> dict[str, tuple[str, str]]:
        """Kind and target of the parts that belong to another one, by id."""
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                found[attributes["Id"]] = (attributes["Type"], target.lstrip("/"))

        self._parse(part, start)
        return found

    def _sheets(self, part: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                # The attribute's namespace differs between the two editions of the format.
                id_ = [value for key, value in attributes.items() if key.endswith(" id")]
                found.append((attributes["name"], id_[0]))

        self._parse(part, start)
        return found

    def _read_texts(self, part: str) -> None:
        reading = _TextReading("t")

        def start(name: str, attributes: Attributes) -> None:
            if name == "si":
                reading.begin()
            reading.start(name)

        def end(name: str) -> None:
            reading.end(name)
            if name == "si":
                self.texts.append(reading.text)

        self._parse(part, start, end, reading.add)

    def _read_formats(self, part: str) -> None:
        codes: dict[int, str] = dict(BUILTIN_FORMATS)
        in_cells = False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal in_cells
            if name == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "cellXfs":
                in_cells = True
            elif name == "xf" and in_cells:
                self.formats.append(codes.get(int(attributes.get("numFmtId", "0")), "General"))

        def end(name: str) -> None:
            nonlocal in_cells
            in_cells = in_cells and name != "cellXfs"

        self._parse(part, start, end)

    def _read_cells(self, part: str) -> dict[tuple[int, int], SheetCell]:
        cells: dict[tuple[int, int], SheetCell] = {}
        reading = _TextReading("v", "t")
        row = column = 0
        kind, style, has_formula = "n", 0, False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal row, column, kind, style, has_formula
            if name == "row":
                row, column = int(attributes.get("r", row + 1)), 0
            elif name == "c":
                at = attributes.get("r")
                row, column = coordinate_to_tuple(at) if at else (row, column + 1)
                refuse_far_column(column)
                kind, style, has_formula = attributes.get("t", "n"), int(attributes.get("s", "0")), False
                reading.begin()
            elif name == "f":
                has_formula = True
            reading.start(name)

        def end(name: str) -> None:
            reading.end(name)
            if name == "c" and (cell := self._cell(kind, style, reading.text, has_formula)):
                cells[row, column] = cell

        self._parse(part, start, end, reading.add)
        return cells

    def _cell(self, kind: str, style: int, raw: str, has_formula: bool) -> SheetCell | None:
        if not raw:
            # A formula may well give an empty text; then it says that it gives text.
            return SheetCell("", Trouble.NO_RESULT) if has_formula and kind != "str" else None
        match kind:
            case "s":
                text = self.texts[int(raw)]
                return SheetCell(text) if text.strip() else None
            case "str" | "inlineStr" | "d":
                return SheetCell(raw) if raw.strip() else None
            case "e":
                return SheetCell(raw, Trouble.ERROR)
            case "b":
                return SheetCell(raw.strip() == "1")
        return _number(raw, self.formats[style] if style < len(self.formats) else "General")

    def _parse(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] = lambda _: None,
        text: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Walk through a part of the archive; names of elements come without namespace."""
        self.xml_bytes += self.archive.getinfo(part).file_size
        _refuse_size(self.xml_bytes, MAX_XML_BYTES, "cells and texts of {} MB")
        depth = 0

        def enter(name: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            self.elements += 1
            if depth > _MAX_DEPTH:
                raise ValueError("nested too deep")
            if self.elements > MAX_ELEMENTS:
                raise _refused("far more cells than an answer sheet has", "an answer sheet")
            start(name.rpartition(" ")[2], attributes)

        def leave(name: str) -> None:
            nonlocal depth
            depth -= 1
            end(name.rpartition(" ")[2])

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_entities
        parser.StartElementHandler, parser.EndElementHandler = enter, leave
        parser.CharacterDataHandler = text
        with self.archive.open(part) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)


class _TextReading:
    """Gathers the text of some elements, without the reading aids of East Asian scripts."""

    def __init__(self, *elements: str) -> None:
        self._elements = elements
        self.begin()

    def begin(self) -> None:
        self._parts: list[str] = []
        self._inside = self._aside = False

    def start(self, name: str) -> None:
        if name in self._elements:
            self._inside = True
        elif name == "rPh":
            self._aside = True

    def end(self, name: str) -> None:
        if name in self._elements:
            self._inside = False
        elif name == "rPh":
            self._aside = False

    def add(self, characters: str) -> None:
        if self._inside and not self._aside:
            self._parts.append(characters)

    @property
    def text(self) -> str:
        written = "".join(self._parts)
        return _ESCAPE.sub(_unescaped, written) if "_x" in written else written


def _unescaped(escape: re.Match[str]) -> str:
    """Only what can be seen is kept."""
    character = chr(int(escape[1], 16))
    return character if character.isprintable() or character in "\t\n" else ""


def _refuse_entities(*_: object) -> None:
    # No workbook has a document type; only there can entities be declared.
    raise _refused("a document type inside, as attacks have", "an XLSX workbook as a program saves it")


def _number(raw: str, number_format: str) -> SheetCell:
    number = float(raw)
    if number - number != 0:  # not finite
        return SheetCell(raw, Trouble.ERROR)
    if is_date_format(number_format):
        try:
            return SheetCell(str(from_excel(number)).removesuffix(" 00:00:00"))
        except (OverflowError, ValueError):
            return SheetCell(raw, Trouble.ERROR)
    if "%" in re.sub(r'"[^"]*"|\\.', "", number_format):  # words in quotes are only shown
        return SheetCell(f"{round(100 * number, 9):.15g} %")
    return SheetCell(number)
