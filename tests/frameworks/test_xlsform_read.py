"""What people answered in KoboToolbox or ODK comes back as an export."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.frameworks.forms import Form, central_csv, in_form, kobo_csv, kobo_xlsx, ruled_framework, table
from tests.frameworks.invented import answers_to, texts
from tests.frameworks.sheets import WORDED

from tessera.frameworks.answers import Answer, AnswerSheet
from tessera.frameworks.errors import SheetError
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import Pathway
from tessera.frameworks.xlsforms.read import read_xlsform_export

ABOUT = {
    "about__city": "Rīga",
    "about__year": "2026",
    "about__invented": "no",
    "about__framework": "worded",
    "about__version": "3",
    "about__pathway": "full",
}
FILLED = ABOUT | {
    "statement": "yes",
    "statement__note": 'Said by the mayor; "twice".\n=1+1',
    "strategy": "partly",
    "trained_teachers__does_not_apply": "yes",
    "trained_teachers__reason": "The schools belong to the state.",
    "languages_offered": "english ukrainian",
    "foreign_born": "1.234",
    "last_survey": "never",
}
ANSWERS = {
    "statement": Answer("yes", note='Said by the mayor; "twice".\n=1+1'),
    "strategy": Answer("partly"),
    "trained-teachers": Answer(not_applicable=True, reason="The schools belong to the state."),
    "languages-offered": Answer(("ukrainian", "english")),
    "foreign-born": Answer(1.234),
    "last-survey": Answer("never"),
}


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms")
    frameworks = [
        WORDED,
        ruled_framework(),
        find_framework("intercultural-review"),
        find_framework("mipex-2015"),
    ]
    return [(each, Form(folder / f"{each.id}.xlsx", each, Pathway.FULL)) for each in frameworks]


@pytest.fixture(scope="module")
def form(forms):
    return forms[0][1]


def read(path, pathway=Pathway.FULL):
    return read_xlsform_export(path, WORDED, pathway)


def faults(path, pathway=Pathway.FULL):
    with pytest.raises(SheetError) as caught:
        read(path, pathway)
    return str(caught.value).split("\n")


@pytest.mark.parametrize("several", ["both", "summary", "details"])
@pytest.mark.parametrize(
    ("write", "groups", "before_option"),
    [
        (kobo_csv, "", "/"),
        (kobo_csv, "/", "/"),
        (kobo_csv, ":", ":"),
        (kobo_xlsx, "", "/"),
        (kobo_xlsx, "/", "/"),
        (central_csv, "-", "/"),
    ],
)
def test_an_export_is_read_however_it_was_asked_for(tmp_path, form, write, groups, before_option, several):
    wished = table(form, FILLED, groups=groups, before_option=before_option, several=several)

    found = read(write(tmp_path / "export", wished))

    assert found.sheet == AnswerSheet("worded", 3, Pathway.FULL, "Rīga", 2026, False, ANSWERS)
    assert (found.framework, found.marks) == (WORDED, {})


@pytest.mark.parametrize("write", [kobo_csv, kobo_xlsx, central_csv])
@pytest.mark.parametrize("number", range(4))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_answers_come_back_as_they_were_given(tmp_path, forms, number, write, data):
    framework, form = forms[number]
    # Any text at all where there are few questions; a hundred of them would take long to invent.
    beside = texts if framework is WORDED else st.sampled_from(["", "Since spring; see the law.\nAll of it."])
    drawn = data.draw(answers_to(framework, Pathway.FULL, beside))
    submission = ABOUT | {"about__framework": framework.id, "about__version": str(framework.version)}
    expected = {}
    for question in framework.questions():
        answer, name = drawn.get(question.key, Answer()), question.key.replace("-", "_")
        if answer.value is not None:
            submission |= in_form(question, answer.value)
        if answer.not_applicable:
            submission |= {f"{name}__does_not_apply": "yes", f"{name}__reason": answer.reason}
        evidence = answer.evidence if question.evidence_wished else ""
        submission |= {f"{name}__note": answer.note, f"{name}__evidence": evidence}
        said = Answer(answer.value, answer.not_applicable, answer.reason, answer.note, evidence)
        if said != Answer():
            expected[question.key] = said

    found = read_xlsform_export(write(tmp_path / "export", table(form, submission)), framework, Pathway.FULL)

    assert found.sheet.answers == expected


def test_a_form_that_was_sent_blank_holds_no_answers(tmp_path, form):
    assert read(kobo_csv(tmp_path / "export.csv", table(form, ABOUT))).sheet.answers == {}


def test_invented_answers_are_called_so(tmp_path, form):
    path = kobo_csv(tmp_path / "export.csv", table(form, ABOUT | {"about__invented": "yes"}))
    assert read(path).sheet.invented


def test_an_export_that_a_spreadsheet_program_saved_is_read(tmp_path, form):
    # Such programs make numbers and truths of texts, and put a mark before UTF-8.
    path = kobo_xlsx(tmp_path / "export.xlsx", table(form, FILLED, several="details"))
    book = load_workbook(path)
    for cell in next(book.active.iter_rows(min_row=2)):
        if cell.value in ("0", "1"):
            cell.value = cell.value == "1"
        elif cell.value in ("2026", "3", "1.234"):
            cell.value = float(cell.value)
    book.save(path)
    again = kobo_csv(tmp_path / "export.csv", table(form, FILLED | {"foreign_born": "1,5"}))
    again.write_bytes(b"\xef\xbb\xbf" + again.read_bytes())

    assert read(path).sheet.answers == ANSWERS
    assert read(again).sheet.answers["foreign-born"] == Answer(1.5)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"strategy": "Partly"}, "found “Partly”; expected one of “yes”, “partly”, “no”"),
        ({"foreign_born": "101"}, "found “101”; expected a number from 0 to 100, written like 1234 or 12.5"),
        (
            {"last_survey__years": "soon", "last_survey": "years"},
            "found “soon”; expected a number of years from 0 to 200, written like 3 or 2.5",
        ),
        (
            {"last_survey__years": "1e300", "last_survey": "years"},
            "found “1e300”; expected a number of years from 0 to 200, written like 3 or 2.5",
        ),
        ({"last_survey__years": "3"}, "found “never” beside a number; expected one of the two"),
        (
            {"languages_offered": "english french"},
            "found “french”; expected some of “ukrainian”, “arabic”, “english”, “none_of_these”",
        ),
        (
            {"languages_offered": "english none_of_these"},
            "found “none_of_these” together with other answers; expected it alone, or the others without it",
        ),
        (
            {"trained_teachers__reason": ""},
            "found “does not apply” without a reason; expected the reason",
        ),
        ({"trained_teachers": "all"}, "found “does not apply” beside an answer; expected one of the two"),
        ({"about__city": ""}, "found a blank cell; expected the name of the city"),
        (
            {"about__year": "26"},
            "found “26”; expected the year that the answers describe, from 1900 to 2100",
        ),
        ({"about__framework": "mipex-2015"}, "found the framework “mipex-2015”; expected “worded”"),
        ({"about__version": "2"}, "found the version “2”; expected “3”"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_cell(tmp_path, form, values, found):
    wished = table(form, FILLED | values)
    named = (
        next(iter(values)) if values.get("trained_teachers") != "all" else "trained_teachers__does_not_apply"
    )
    named = f"{named.removesuffix('__reason')}__does_not_apply" if named.endswith("__reason") else named
    column = [heading.rpartition("/")[2] for heading in wished[0]].index(named)

    (fault,) = faults(kobo_xlsx(tmp_path / "export.xlsx", wished))

    cell = load_workbook(tmp_path / "export.xlsx").active.cell(2, column + 1).coordinate
    assert fault == f"tab “Intercultural review”, cell {cell}: {found}"


def test_every_fault_is_named_at_once_in_the_order_of_the_columns(tmp_path, form):
    broken = FILLED | {"about__year": "soon", "strategy": "perhaps", "foreign_born": "many"}

    found = faults(kobo_csv(tmp_path / "export.csv", table(form, broken, groups="")))

    assert [fault.split("found ")[1].split(";")[0] for fault in found] == ["“soon”", "“perhaps”", "“many”"]


def test_a_tick_that_is_none_and_an_option_that_nobody_knows_are_faults(tmp_path, form):
    wished = table(form, FILLED, several="details")
    at = [heading.rpartition("/")[2] for heading in wished[0]].index("arabic")
    wished[1][at] = "maybe"
    wished[0][at + 1] = wished[0][at + 1].replace("english", "french")

    found = faults(kobo_csv(tmp_path / "export.csv", wished))

    assert [fault.partition("found ")[2] for fault in found] == [
        "“maybe”; expected “1”, “0” or a blank cell",
        "the unknown option “french”; expected one of “ukrainian”, “arabic”, “english”, “none_of_these”",
    ]


def test_two_submissions_are_refused_by_name(tmp_path, form):
    wished = table(form, FILLED, ABOUT | {"about__city": "Liepāja"})

    (found,) = faults(kobo_csv(tmp_path / "export.csv", wished))

    assert found == (
        "the file: found 2 submissions: row 2: Rīga 2026 2026-03-02T09:15:00; "
        "row 3: Liepāja 2026 2026-03-02T09:15:00; "
        "expected one submission: delete the other rows, or export only the one that counts"
    )


def test_only_the_first_of_many_submissions_are_named(tmp_path, form):
    (found,) = faults(kobo_csv(tmp_path / "export.csv", table(form, *[FILLED] * 12)))
    assert "found 12 submissions: row 2:" in found
    assert "row 11: Rīga 2026 2026-03-02T09:15:00; …; expected" in found


def test_submissions_are_named_in_short_whatever_is_in_them(tmp_path, form):
    (found,) = faults(
        kobo_csv(tmp_path / "export.csv", table(form, *[FILLED | {"about__city": "R" * 500}] * 2))
    )
    assert f"row 3: {'R' * 59}… 2026 2026-03-02T09:15:00;" in found


def test_an_export_without_a_submission_says_so(tmp_path, form):
    assert faults(kobo_csv(tmp_path / "export.csv", table(form))) == [
        "the file: found no submission; expected one submission"
    ]


def test_labels_in_place_of_names_are_refused(tmp_path):
    labels = [["City", "Year that the answers describe", "Statement?"], ["Rīga", "2026", "Yes"]]

    (fault,) = faults(kobo_csv(tmp_path / "export.csv", labels))

    assert fault.startswith("the file: found no column “about__framework” and no column “about__version”")
    assert "with “XML values and headers” in place of labels" in fault


def test_answers_to_the_other_pathway_are_refused(tmp_path, form):
    path = kobo_csv(tmp_path / "export.csv", table(form, FILLED))
    (fault,) = faults(path, Pathway.CORE)
    assert "found the pathway “full”; expected “core”" in fault


def test_a_column_that_stands_twice_is_a_fault(tmp_path, form):
    wished = table(form, FILLED)
    twice = [[*row, row[wished[0].index("area__commitment/strategy")]] for row in wished]

    (fault,) = faults(kobo_csv(tmp_path / "export.csv", twice))

    assert (
        "found the column “area__commitment/strategy” a second time; expected each column only once" in fault
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "found neither an XLSX workbook nor CSV in UTF-8"),
        (b"PK\x03\x04 and nothing more", "found a file of another kind, or a damaged one"),
        (b"\xd0\xcf\x11\xe0" * 9, "found an old .xls file, or one with a password"),
        (b"city\n" + b"a" * 200_000, "found CSV that cannot be read"),
        (b"a,\n" * 250_000, "found far more cells than the answers of a city have"),
        (b"a," * 16_385, "found a table of more than 16384 columns; expected one that a spreadsheet program"),
        (b"a" * 5_000_001, "found a CSV file of 5 MB"),
        (b"", "found no column “about__framework”"),
    ],
)
def test_a_file_that_is_no_export_is_refused(tmp_path, content, found):
    (tmp_path / "export").write_bytes(content)

    (fault,) = faults(tmp_path / "export")

    assert fault.startswith(f"the file: {found}")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert faults(tmp_path / "none")[0].startswith("the file: found no file that can be opened")
