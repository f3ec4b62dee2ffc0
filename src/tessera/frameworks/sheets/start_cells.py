"""Reads the first tab of an answer sheet: whose answers these are, to which questionnaire."""

from collections.abc import Callable, Iterable, Mapping

from tessera.frameworks.errors import SheetError, SheetFault, UnknownFramework
from tessera.frameworks.schema import Framework, Pathway
from tessera.frameworks.sheets.faults import Place, SheetReading, quoted, rows_of_texts, shortened
from tessera.frameworks.sheets.layout import FIRST_YEAR, LAST_YEAR, Field, StartColumn
from tessera.frameworks.sheets.values import cell_text, plain, read_mark, read_year
from tessera.frameworks.sheets.workbook_cells import SheetCell

_MOST_NAMED = 10


class StartTab:
    """The tab that says whose answers these are, to which questionnaire."""

    def __init__(self, reading: SheetReading) -> None:
        self.reading = reading
        self.number, row, columns = self._find()
        cells = reading.tabs[self.number].cells
        self.value_column = columns[StartColumn.VALUE]
        self.rows: dict[str, int] = {}
        for at, column in sorted(cells):
            if at > row and column == columns[StartColumn.FIELD]:
                self.rows.setdefault(plain(cell_text(cells[at, column])), at)

    def _find(self) -> tuple[int, int, Mapping[str, int]]:
        for number, tab in enumerate(self.reading.tabs):
            for row, texts in rows_of_texts(tab):
                columns = dict(texts)
                if StartColumn.FIELD in columns and StartColumn.VALUE in columns:
                    return number, row, columns
        named = [quoted(tab.name) for tab in self.reading.tabs[:_MOST_NAMED]]
        named += ["…"] * (len(self.reading.tabs) > _MOST_NAMED)
        names = ", ".join(named) or "no tab"
        ids = f"“{StartColumn.FIELD}” and “{StartColumn.VALUE}”"
        expected = f"the tab “Start” of an answer sheet, with {ids} in its hidden first row"
        raise SheetError([SheetFault("", "", f"no such tab, only {names}", expected)])

    def place(self, field: Field) -> Place:
        if field in self.rows:
            return Place(self.number, self.rows[field], self.value_column)
        return Place(self.number, 0, 0)

    def text(self, field: Field) -> str:
        return cell_text(self._cell(field))

    def _cell(self, field: Field) -> SheetCell | None:
        if field not in self.rows:
            return None
        return self.reading.tabs[self.number].cells.get((self.rows[field], self.value_column))

    def _required(self, field: Field, expected: str) -> str | None:
        """The text of a field; None after a complaint that there is none to be read."""
        if self.reading.complain_of_trouble(self.place(field), self._cell(field)):
            return None
        if not self.text(field):
            missing = "a blank cell" if field in self.rows else f"no row “{field}”"
            self.reading.complain(self.place(field), missing, expected)
            return None
        return self.text(field)

    def city(self) -> str:
        return self._required(Field.CITY, "the name of the city") or ""

    def year(self) -> int:
        expected = f"the year that the answers describe, from {FIRST_YEAR} to {LAST_YEAR}"
        text = self._required(Field.YEAR, expected)
        if text is None:
            return 0
        year = read_year(text)
        if year is None:
            self.reading.complain(self.place(Field.YEAR), quoted(text), expected)
        return year or 0

    def invented(self, languages: Iterable[str]) -> bool:
        if self.reading.complain_of_trouble(self.place(Field.INVENTED), self._cell(Field.INVENTED)):
            return False
        text = self.text(Field.INVENTED)
        mark = read_mark(text, languages)
        if mark is None:
            self.reading.complain(self.place(Field.INVENTED), quoted(text), "“yes” or “no”")
        return bool(mark)

    def pathway(self) -> Pathway | None:
        expected = " or ".join(f"“{pathway}”" for pathway in Pathway)
        text = self._required(Field.PATHWAY, expected)
        if text is None:
            return None
        try:
            return Pathway(plain(text))
        except ValueError:
            self.reading.complain(self.place(Field.PATHWAY), quoted(text), expected)
            return None

    def framework(self, frameworks: Callable[[str, int], Framework]) -> Framework | None:
        id_ = self._required(Field.FRAMEWORK, "the id of a questionnaire, as it was when the sheet was made")
        expected = "the version of the questionnaire, a whole number, as it was when the sheet was made"
        version = self._required(Field.VERSION, expected)
        if id_ is None or version is None:
            return None
        if not (version.isdecimal() and len(version) < 10):
            self.reading.complain(self.place(Field.VERSION), quoted(version), expected)
            return None
        try:
            # Of whatever length the id is, it is said in a fault.
            return frameworks(shortened(plain(id_)), int(version))
        except UnknownFramework as unknown:
            found = f"{quoted(id_)}, version {version}"
            self.reading.complain(self.place(Field.FRAMEWORK), found, f"one that is known here ({unknown})")
            return None
