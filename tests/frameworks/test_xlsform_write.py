"""A questionnaire as a form for KoboToolbox and ODK. What it must be is said by pyxform, which both use."""

from dataclasses import replace
from io import BytesIO
from shutil import which
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.xls2xform import convert
from tests.frameworks.forms import Form, in_form, ruled_framework
from tests.frameworks.invented import values
from tests.frameworks.sheets import WORDED

from tessera.frameworks.load import find_framework, shipped_frameworks
from tessera.frameworks.schema import Pathway, QuestionText
from tessera.frameworks.when_rules import holds
from tessera.frameworks.xlsforms.write import write_xlsform

RULED = ruled_framework()


@pytest.fixture(scope="module")
def worded(tmp_path_factory):
    return Form(tmp_path_factory.mktemp("worded") / "form.xlsx", WORDED, Pathway.FULL)


@pytest.fixture(scope="module")
def ruled(tmp_path_factory):
    return Form(tmp_path_factory.mktemp("ruled") / "form.xlsx", RULED, Pathway.FULL)


def rows(path, tab):
    headings, *found = load_workbook(path)[tab].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in found]


@pytest.mark.parametrize("pathway", Pathway)
@pytest.mark.parametrize(("id_", "version"), shipped_frameworks())
def test_each_shipped_questionnaire_becomes_a_form_without_a_warning(tmp_path, id_, version, pathway):
    framework = find_framework(id_, version)

    form = Form(tmp_path / "form.xlsx", framework, pathway, "lv")

    assert form.warnings == []
    keys = {key.replace("-", "_") for key in (each.key for each in framework.questions(pathway))}
    answered = {name.removesuffix("__years") for name in form.paths}
    assert keys <= answered
    assert len({each.get("lang") for each in form.xform.iterfind(".//{*}translation")}) == 2


def test_the_validator_of_odk_takes_the_form(tmp_path):
    if not which("java"):
        pytest.skip("java is not installed (Debian: default-jre-headless)")
    framework = find_framework("intercultural-review")
    write_xlsform(framework, pathway=Pathway.FULL, language="en", target=tmp_path / "form.xlsx")

    assert convert(tmp_path / "form.xlsx", validate=True).warnings == []


def test_the_areas_are_groups_inside_their_composite_area_and_each_is_a_page(worded):
    assert worded.paths["strategy"] == "/data/area__commitment/strategy"
    assert worded.paths["trained_teachers"] == "/data/area__lens/area__schools/trained_teachers"
    pages = worded.xform.xpath("//*[local-name() = 'group'][@appearance='field-list']/@ref")
    assert pages == [
        "/data/about__answers",
        "/data/area__commitment",
        "/data/area__lens/area__schools",
        "/data/area__lens/area__business",
        "/data/area__interaction",
    ]


def test_the_core_pathway_asks_core_questions_only(tmp_path):
    form = Form(tmp_path / "form.xlsx", WORDED, Pathway.CORE)
    assert "languages_offered" in form.paths
    assert not {"arabic_forms", "foreign_born", "area__interaction"} & set(form.paths)
    assert form.bind("about__pathway")["calculate"] == "'core'"


def test_every_wording_is_there_in_every_language(tmp_path):
    write_xlsform(WORDED, pathway=Pathway.FULL, language="lv", target=tmp_path / "form.xlsx")

    survey, choices = rows(tmp_path / "form.xlsx", "survey"), rows(tmp_path / "form.xlsx", "choices")
    (lead,) = [row for row in survey if row["name"] == "lead"]
    (born,) = [row for row in survey if row["name"] == "foreign_born"]
    assert lead["label::English (en)"] == "Lead?"
    assert lead["hint::English (en)"] == "What counts, and an example.\nWhy we ask: Because it matters."
    assert "A number from 0 to 100: per cent" in born["hint::English (en)"]
    assert [row["label::Latviešu (lv)"] for row in choices if row["list_name"] == "lead"] == [
        "Mērs vai vietnieks",
        "Nodaļa",
        "Neviens",
    ]
    assert [row["label::Latviešu (lv)"] for row in choices if row["list_name"] == "yes_no"] == ["jā", "nē"]
    assert rows(tmp_path / "form.xlsx", "settings") == [
        {
            "form_title": "Izmēģinājuma anketa",
            "form_id": "worded-3-full",
            "version": "3",
            "default_language": "Latviešu (lv)",
            "style": "pages",
        }
    ]


def test_a_field_asks_for_what_its_question_takes(worded):
    kinds = {name: worded.bind(name).get("type") for name in worded.paths}
    assert kinds["about__year"] == "int"
    assert kinds["foreign_born"] == "decimal"
    assert kinds["last_survey__years"] == "decimal"
    assert kinds["statement__note"] == "string"
    assert worded.choices("last_survey") == ["years", "never"]
    assert worded.choices("languages_offered") == ["ukrainian", "arabic", "english", "none_of_these"]
    (several,) = worded.xform.xpath(f"//*[@ref='{worded.paths['languages_offered']}']")
    assert several.tag.endswith("}select")


def test_does_not_apply_is_asked_where_a_city_may_say_it_and_has_said_nothing_else(worded):
    assert "statement__does_not_apply" not in worded.paths  # this question concerns every city
    assert worded.filled({}).shows("trained_teachers__does_not_apply")
    assert not worded.filled({"trained_teachers": "all"}).shows("trained_teachers__does_not_apply")
    assert not worded.filled({}).shows("trained_teachers__reason")
    assert worded.filled({"trained_teachers__does_not_apply": "yes"}).shows("trained_teachers__reason")
    assert worded.bind("trained_teachers__reason")["required"] == "true()"


def test_evidence_is_asked_only_where_it_is_wished(worded, tmp_path):
    form = Form(tmp_path / "form.xlsx", find_framework("mipex-2015"), Pathway.CORE)
    assert "health_score__evidence" in form.paths
    assert "statement__evidence" not in worded.paths


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("foreign_born", "0", True),
        ("foreign_born", "100", True),
        ("foreign_born", "-0.1", False),
        ("foreign_born", "100.5", False),
        ("last_survey__years", "200", True),
        ("last_survey__years", "200.5", False),
        ("last_survey__years", "-1", False),
        ("languages_offered", "arabic english", True),
        ("languages_offered", "none_of_these", True),
        ("languages_offered", "arabic none_of_these", False),
        ("about__year", "2026", True),
        ("about__year", "26", False),
    ],
)
def test_a_field_takes_only_what_is_an_answer(worded, name, given, taken):
    assert worded.filled({name: given}).takes(name) is taken


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_form_shows_the_questions_that_the_rules_show(ruled, data):
    given_answers = {
        question.key: data.draw(values(question))
        for question in RULED.questions()
        if data.draw(st.booleans())
    }
    # Answers to hidden questions stay in the fields here: some programs clear them only when sending.
    fields = {}
    for question in RULED.questions():
        if question.key in given_answers:
            fields |= in_form(question, given_answers[question.key])

    filled = ruled.filled(fields)

    counted = {}
    for question in RULED.questions():
        shown = question.when is None or holds(question.when, counted)
        name = question.key.replace("-", "_")
        assert filled.shows(f"{name}__note") is shown, question.key
        if name in ruled.paths:
            assert filled.shows(name) is shown, question.key
        if shown and question.key in given_answers:
            counted[question.key] = given_answers[question.key]


def test_years_are_asked_of_whoever_will_not_say_never(ruled):
    assert ruled.filled({"survey": "years"}).shows("survey__years")
    assert not ruled.filled({"survey": "never"}).shows("survey__years")
    assert ruled.filled({}).shows("residence__years")
    # What was typed before "never" was chosen counts no more.
    assert not ruled.filled({"survey": "never", "survey__years": "2"}).shows("survey_fresh")
    assert ruled.filled({"survey": "never", "survey__years": "2"}).shows("survey_late")


def test_no_text_becomes_a_formula_or_a_reference(tmp_path):
    text = WORDED.texts["en"]
    hostile = {key: QuestionText("=1+1", "@SUM(A1)", "${strategy} ${", each.options, each.unit)
               for key, each in text.questions.items()}  # fmt: skip
    framework = replace(WORDED, texts={"en": replace(text, title="=cmd", questions=hostile)})

    form = Form(tmp_path / "form.xlsx", framework, Pathway.FULL)

    for part in ZipFile(tmp_path / "form.xlsx").namelist():
        assert b"<f>" not in ZipFile(tmp_path / "form.xlsx").read(part), part
    assert form.warnings == []
    assert {"=1+1", "=cmd"} <= {element.text for element in form.xform.iter()}


def test_a_language_that_the_framework_lacks_is_refused():
    with pytest.raises(ValueError, match="worded is not in 'de', only in en, lv"):
        write_xlsform(WORDED, pathway=Pathway.FULL, language="de", target=BytesIO())


def test_two_questions_that_would_share_a_field_are_refused():
    (first, *others) = RULED.areas[0].questions
    twin = replace(first, key="strategy--note")
    framework = replace(RULED, areas=(replace(RULED.areas[0], questions=(first, twin, *others)),))
    with pytest.raises(ValueError, match="'strategy' and 'strategy--note' would both have a field"):
        write_xlsform(framework, pathway=Pathway.FULL, language="en", target=BytesIO())
