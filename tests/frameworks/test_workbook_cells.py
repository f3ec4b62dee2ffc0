"""Files from outside: what is no workbook, or one made to do harm, is refused early and in plain words."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tessera.frameworks.errors import SheetError
from tessera.frameworks.sheets.workbook_cells import SheetCell, Trouble, read_workbook

PACKAGE = (
    '<Relationships xmlns="r"><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK = '<workbook xmlns="m" xmlns:r="q"><sheets><sheet name="One" r:id="s1"/></sheets></workbook>'
PARTS = (
    '<Relationships xmlns="r"><Relationship Id="s1" Type="x/worksheet" Target="/xl/one.xml"/>'
    '<Relationship Id="s2" Type="x/sharedStrings" Target="strings.xml"/>'
    '<Relationship Id="s3" Type="x/styles" Target="styles.xml"/></Relationships>'
)
STYLES = (
    '<styleSheet xmlns="m"><numFmts><numFmt numFmtId="170" formatCode="0&quot;%&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>'
    "</styleSheet>"
)
STRINGS = (
    '<sst xmlns="m"><si><t>Shared</t></si>'
    "<si><r><t>Ri</t></r><r><t>ch</t></r><rPh><t>aside</t></rPh></si></sst>"
)


def workbook(path: Path, rows: str = "", **parts: str | bytes) -> Path:
    """A workbook of one tab, as small as can be; named parts replace its own."""
    names = {
        "package": "_rels/.rels",
        "book": "xl/workbook.xml",
        "relations": "xl/_rels/workbook.xml.rels",
        "styles": "xl/styles.xml",
        "strings": "xl/strings.xml",
        "tab": "xl/one.xml",
    }
    content = {
        "package": PACKAGE,
        "book": BOOK,
        "relations": PARTS,
        "styles": STYLES,
        "strings": STRINGS,
        "tab": f'<worksheet xmlns="m"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in (content | parts).items():
            archive.writestr(names.get(part, part), text)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(SheetError) as refused:
        read_workbook(path)
    assert len(refused.value.faults) == 1
    return str(refused.value)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('<c t="s"><v>0</v></c>', SheetCell("Shared")),
        ('<c t="s"><v>1</v></c>', SheetCell("Rich")),
        ('<c t="inlineStr"><is><t>In line</t></is></c>', SheetCell("In line")),
        ("<c><v>12.5</v></c>", SheetCell(12.5)),
        ('<c s="1"><v>0.07</v></c>', SheetCell("7 %")),
        ('<c s="3"><v>7</v></c>', SheetCell(7.0)),
        ('<c s="2"><v>45047</v></c>', SheetCell("2023-05-01")),
        ('<c t="b"><v>1</v></c>', SheetCell(True)),
        ('<c t="e"><v>#REF!</v></c>', SheetCell("#REF!", Trouble.ERROR)),
        ("<c><v>1e999</v></c>", SheetCell("1e999", Trouble.ERROR)),
        ('<c s="2"><v>1e12</v></c>', SheetCell("1e12", Trouble.ERROR)),
        ("<c><f>1+1</f><v>2</v></c>", SheetCell(2.0)),
        ("<c><f>1+1</f></c>", SheetCell("", Trouble.NO_RESULT)),
        ("<c><f>1+1</f><v/></c>", SheetCell("", Trouble.NO_RESULT)),
        ('<c t="str"><f>A2</f><v>text</v></c>', SheetCell("text")),
        ('<c t="inlineStr"><is><t>a_x000D_\nb_xD83D_</t></is></c>', SheetCell("a\nb")),
    ],
)
def test_a_cell_is_read_as_a_person_sees_it(tmp_path, written, seen):
    (tab,) = read_workbook(workbook(tmp_path / "book.xlsx", f"<row>{written}</row>"))
    assert (tab.name, tab.cells) == ("One", {(1, 1): seen})


@pytest.mark.parametrize(
    "written", ["<c/>", '<c t="str"><f>A2</f><v></v></c>', '<c t="inlineStr"><is><t>  </t></is></c>']
)
def test_a_blank_cell_is_none(tmp_path, written):
    (tab,) = read_workbook(workbook(tmp_path / "book.xlsx", f"<row>{written}</row>"))
    assert tab.cells == {}


def test_cells_stand_where_they_say_or_after_the_one_before(tmp_path):
    rows = '<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>'
    (tab,) = read_workbook(workbook(tmp_path / "book.xlsx", rows))
    assert sorted(tab.cells) == [(3, 2), (3, 3), (4, 1)]


@pytest.mark.parametrize("rows", ['<c r="XFE1"><v>1</v></c>', "<c/>" * 16_384 + "<c><v>1</v></c>"])
def test_a_column_beyond_the_last_of_a_spreadsheet_program_is_refused(tmp_path, rows):
    path = workbook(tmp_path / "book.xlsx", rows + f"<!--{noise(9_000)}-->")
    assert "found a table of more than 16384 columns; expected one that a" in refusal(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "no file that can be opened (No such file or directory)" in refusal(tmp_path / "none.xlsx")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "a file of another kind, or a damaged one"),
        (b"city;year\nRiga;2023\n", "a file of another kind, or a damaged one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, "an old .xls file, or one with a password"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, content, found):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    said = refusal(path)
    assert said.startswith(f"the file: found {found}; expected an XLSX workbook")
    assert "save it as .xlsx" in said


def test_a_sheet_in_libreoffices_own_format_is_called_that_and_not_damaged(tmp_path):
    path = workbook(tmp_path / "sheet.xlsx", mimetype="application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(path) == (
        "the file: found a file in LibreOffice's own format; "
        "expected an XLSX workbook: open it in a spreadsheet program and save it as .xlsx"
    )


@pytest.mark.parametrize(
    "parts",
    [
        {"package": "<Relationships/>"},
        {"book": "<workbook><sheets><sheet"},
        {"book": BOOK.replace("s1", "s9")},
        {"relations": PARTS.replace("/xl/one.xml", "none.xml")},
        {"rows": '<row><c t="s"><v>7</v></c></row>'},
        {"rows": '<row><c t="s"><v>x</v></c></row>'},
        {"rows": '<row><c r="1A"><v>7</v></c></row>'},
        {"rows": "<row><c><v>seven</v></c></row>"},
        {"tab": "<a>" * 51 + "</a>" * 51},
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path, parts):
    assert refusal(workbook(tmp_path / "book.xlsx", **parts)) == (
        "the file: found a damaged workbook; expected an XLSX workbook; try to open it and to save it again"
    )


def test_a_truncated_file_is_refused(tmp_path):
    path = workbook(tmp_path / "book.xlsx")
    path.write_bytes(path.read_bytes()[:-100])
    assert "a file of another kind, or a damaged one" in refusal(path)


def test_a_file_with_wrong_check_sums_is_refused(tmp_path):
    path = workbook(tmp_path / "book.xlsx")
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    assert "damaged" in refusal(path)


def test_an_entry_with_a_password_is_refused(tmp_path):
    path = workbook(tmp_path / "book.xlsx")
    content = bytearray(path.read_bytes())
    # Bit 0 of the flags of the first entry in the central directory.
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "found a file with a password" in refusal(path)


ENTITY = '<!DOCTYPE sst [<!ENTITY a "{}">]><sst xmlns="m"><si><t>&a;</t></si></sst>'


@pytest.mark.parametrize(
    "strings",
    [
        ENTITY.format("harmless"),
        ENTITY.format("harmless").encode("utf-16"),
        '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/hostname">]><sst><si><t>&a;</t></si></sst>',
        '<!DOCTYPE sst [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><sst/>',
        '<!DOCTYPE sst SYSTEM "http://127.0.0.1:9/x.dtd"><sst/>',
        '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><sst>&c;</sst>',
    ],
)
def test_entities_are_refused_before_anything_is_fetched_or_grown(tmp_path, strings):
    assert "found a document type inside, as attacks have" in refusal(
        workbook(tmp_path / "book.xlsx", strings=strings)
    )


def test_too_large_a_file_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    with path.open("wb") as file:
        file.truncate(21_000_000)
    assert refusal(path) == "the file: found a file of 21 MB; expected an answer sheet, at most 20 MB"


def test_too_many_parts_are_refused(tmp_path):
    parts = {f"extra/{number}": "" for number in range(1000)}
    assert "found 1006 parts in one file" in refusal(workbook(tmp_path / "book.xlsx", **parts))


def test_a_file_that_grows_too_much_is_refused(tmp_path):
    path = workbook(tmp_path / "book.xlsx", strings=b" " * 5_000_000)
    assert "times when unpacked; expected a workbook; those grow at most 100 times" in refusal(path)


def noise(size: int) -> str:
    """Text that packs badly, so that the file stays under the ratio."""
    return Random(1).randbytes(size // 2).hex()


def test_too_much_text_is_refused_though_the_file_is_small_enough(tmp_path):
    path = workbook(tmp_path / "book.xlsx", strings=f"<sst><si><t>{noise(17_000_000)}</t></si></sst>")
    assert path.stat().st_size < 20_000_000
    assert "found cells and texts of 17 MB; expected an answer sheet, at most 16 MB" in refusal(path)


def test_too_many_cells_are_refused(tmp_path):
    rows = "<row/>" * 500_001 + f"<!--{noise(100_000)}-->"
    assert "found far more cells than an answer sheet has" in refusal(workbook(tmp_path / "book.xlsx", rows))


READ = """
import re, sys, time
from pathlib import Path
from tessera.frameworks.errors import SheetError
from tessera.frameworks.sheets.workbook_cells import read_workbook
try:
    read_workbook(Path(sys.argv[1]))
except SheetError as error:
    print(error)
peak = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(time.process_time(), int(peak) / 1024)
"""


def strings(count: int) -> str:
    return "".join(f"<si><t>{number * 7919 % 99991}</t></si>" for number in range(count))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from Linux's /proc")
@pytest.mark.parametrize(
    "parts",
    # Made when a test asks for them: together they are too much to be made while tests are collected.
    [
        lambda: {"strings": f"<sst>{'<si/>' * 3_000_000}<!--{noise(900_000)}--></sst>"},
        lambda: {"strings": f"<sst>{strings(240_000)}</sst>"},
        lambda: {"strings": f"<sst><si><t>{noise(15_000_000)}\U0001f600</t></si></sst>"},
        lambda: {"strings": f'<sst a="{noise(15_000_000)}"/>'},
        lambda: {"rows": "<c><v>1234.5</v></c>" * 240_000 + f"<!--{noise(900_000)}-->"},
        lambda: {"rows": "<c/>" * 3_700_000 + f"<!--{noise(900_000)}-->"},
        lambda: {"strings": f"<sst>{'<si>' * 3_000_000}<!--{noise(900_000)}-->"},
    ],
    ids=["empty texts", "texts", "one text", "one attribute", "cells", "empty cells", "nesting"],
)
def test_the_worst_that_passes_the_first_caps_takes_under_five_seconds_and_256_mib(
    tmp_path: Path, parts: Callable[[], dict[str, str]]
) -> None:
    path = workbook(tmp_path / "book.xlsx", **parts())
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
    *said, figures = done.stdout.splitlines()
    assert not [line for line in said if "times when unpacked" in line], "the file must pass the first caps"
    seconds, mebibytes = map(float, figures.split())
    assert seconds < 5
    assert mebibytes < 256
