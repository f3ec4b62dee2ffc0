from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tessera.frameworks.sheets.tables import Column, TableTab, write_tables


def written(*rows):
    target = BytesIO()
    columns = (Column("Name", 20), Column("Value", 10, "0"), Column("Day", 12, "yyyy-mm-dd"))
    write_tables(
        title="Figures",
        about_title="About",
        about=[("What it is", "=A figure")],
        tabs=(TableTab("Table", columns, rows),),
        language="en",
        target=target,
    )
    return load_workbook(BytesIO(target.getvalue()))


def test_numbers_keep_their_precision_and_days_are_days():
    book = written(("Riga", 52.54321, date(2024, 3, 4)))
    [name, value, day] = book["Table"][2]

    assert (name.value, value.value, value.number_format) == ("Riga", 52.54321, "0")
    assert (day.value, day.number_format) == (datetime.fromisoformat("2024-03-04"), "yyyy-mm-dd")


def test_a_missing_value_leaves_its_cell_empty_and_a_zero_does_not():
    book = written(("", None, None), ("Riga", 0.0, None))

    assert [[cell.value for cell in row] for row in book["Table"]][1:] == [
        [None, None, None],
        ["Riga", 0, None],
    ]


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@A", "\t=1"])
def test_no_text_becomes_a_formula(words):
    book = written((words, None, None))
    cells = [cell for sheet in book for row in sheet for cell in row]

    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert book["Table"]["A2"].quotePrefix
    assert book["About"]["B3"].value == "=A figure"


def test_the_first_tab_says_what_it_is_and_no_tab_has_a_filter():
    book = written()

    assert book.sheetnames == ["About", "Table"]
    assert book["About"]["A1"].value == book.properties.title == "Figures"
    assert [sheet.auto_filter.ref for sheet in book] == [None, None]


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(ValueError, match="zip"):
        written(("Riga",))
