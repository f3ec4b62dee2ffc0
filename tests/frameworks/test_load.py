"""Definitions as they come out of their files, exactly."""

from datetime import date
from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.frameworks.broken import TINY, copy_definition, edit

from tessera.frameworks.errors import Complaint, DefinitionError, UnknownFramework
from tessera.frameworks.load import check_definition, find_framework, load_framework
from tessera.frameworks.parsing.rules import read_rule, rule_as_data
from tessera.frameworks.parsing.yaml_nodes import Page
from tessera.frameworks.schema import Kind, Pathway, QuestionType
from tessera.frameworks.when_rules import All, Any, AtLeast, AtMost, Includes, Is, Not, Rule

EVERY_TYPE = TINY / "every-type" / "1"
TINY_DEFINITIONS = sorted(path.parent for path in TINY.glob("*/*/framework.yaml"))


@pytest.mark.parametrize("folder", TINY_DEFINITIONS, ids=lambda folder: f"{folder.parent.name} {folder.name}")
def test_a_sound_definition_has_no_complaint(folder):
    assert check_definition(folder) == []
    framework = load_framework(folder)
    assert (framework.id, str(framework.version)) == (folder.parent.name, folder.name)


def test_questions_of_every_type_are_read_with_their_points():
    framework = load_framework(EVERY_TYPE)
    points = {
        question.key: (question.type, [(option.key, option.points) for option in question.options])
        for question in framework.questions()
    }
    assert points == {
        "statement": (QuestionType.YES_NO, [("yes", 1), ("no", 0)]),
        "strategy": (QuestionType.YES_PARTLY_NO, [("yes", 2), ("partly", 1), ("no", 0)]),
        "meetings": (QuestionType.FREQUENCY, [("often", 3), ("sometimes", 2), ("rarely", 1), ("never", 0)]),
        "staff-trained": (
            QuestionType.SHARE,
            [("all", 10), ("most", Fraction(15, 2)), ("some", Fraction(5, 2)), ("none", 0)],
        ),
        "lead-office": (QuestionType.SINGLE, [("mayor", 2), ("department", 1), ("nobody", 0)]),
        "channels": (
            QuestionType.MULTIPLE,
            [("letters", 1), ("radio", 1), ("visits", 2), ("none-of-these", 0)],
        ),
        "foreign-born": (QuestionType.NUMBER, []),
        "strategy-age": (QuestionType.PERIOD, [("never", 0)]),
        "strategy-renewed": (QuestionType.YES_NO, [("yes", 1), ("no", 0)]),
    }


def test_what_is_said_of_a_question_is_read():
    framework = load_framework(EVERY_TYPE)
    strategy = framework.question("strategy")
    assert (strategy.kind, strategy.pathway, strategy.evidence_wished) == (Kind.INPUT, Pathway.CORE, True)
    assert (strategy.weight, strategy.may_not_apply, strategy.line) == (1, False, 9)
    trained = framework.question("staff-trained")
    assert (trained.kind, trained.pathway, trained.evidence_wished) == (Kind.IMPACT, Pathway.FULL, False)
    assert trained.may_not_apply
    channels = framework.question("channels")
    assert (channels.exclusive, channels.cap) == ("none-of-these", 3)
    assert framework.question("foreign-born").scale == ((0, 0), (Fraction(41, 2), 1), (100, 1))
    assert framework.question("strategy-age").weight == Fraction(1, 2)


def test_without_a_cap_several_options_may_give_all_their_points(tmp_path):
    folder = copy_definition("every-type/1", tmp_path)
    edit(folder / "framework.yaml", "        cap: 3\n", "")
    assert load_framework(folder).question("channels").cap == 4


def test_rules_and_constraints_are_read():
    framework = load_framework(EVERY_TYPE)
    assert framework.question("strategy").when is None
    assert framework.question("meetings").when == Is("strategy", ("yes", "partly"))
    assert framework.question("strategy-age").when == All(
        (
            Is("strategy", ("yes",)),
            Any((Includes("channels", ("radio", "visits")), Not(AtMost("foreign-born", 10.0)))),
        )
    )
    assert framework.question("strategy-renewed").when == AtLeast("strategy-age", 3.0)
    (constraint,) = framework.constraints
    assert constraint.key == "statement-needs-a-plan"
    assert constraint.condition == Is("statement", ("yes",))
    assert constraint.consequence == Not(Is("strategy", ("no",)))


def test_areas_nest_and_carry_their_weights():
    framework = load_framework(TINY / "nested-areas" / "1")
    lens, voice = framework.areas
    assert (lens.key, lens.weight, lens.optional, lens.composite) == ("lens", 2, False, True)
    assert [(area.key, area.weight) for area in lens.areas] == [("schools", 3), ("streets", 1)]
    assert (voice.optional, [question.key for question in voice.questions]) == (True, ["council"])
    assert (framework.published, framework.min_coverage) == (date(2026, 1, 31), Fraction(3, 5))
    assert framework.question("street").area == "streets"


def test_a_draft_has_no_date_and_half_is_enough_by_default():
    framework = load_framework(EVERY_TYPE)
    assert (framework.published, framework.min_coverage) == (None, Fraction(1, 2))


def test_texts_are_read_and_shared_wordings_filled_in():
    texts = load_framework(EVERY_TYPE).text("en")
    assert (texts.title, texts.native_review) == ("Every type", True)
    assert texts.areas["plan"].about == "What the city plans."
    assert texts.questions["strategy"].options == {"yes": "Yes", "partly": "In parts", "no": "No"}
    assert texts.questions["strategy-age"].options == {"never": "Never"}
    assert texts.questions["lead-office"].options["nobody"] == "Nobody"
    assert texts.questions["foreign-born"].unit == "per cent"
    assert texts.constraints["statement-needs-a-plan"].startswith("You say that")


def test_the_first_language_is_the_source():
    framework = load_framework(TINY / "two-languages" / "1")
    assert framework.languages == ("lv", "en")
    assert framework.text("lv").areas["welcome"].title == "Uzņemšana"
    assert framework.text("en").areas["welcome"].title == "Welcome"
    assert framework.text("ro").title == "Divas valodas"
    assert not framework.text("lv").native_review


def test_a_faulty_definition_is_not_loaded_and_the_error_has_every_complaint(tmp_path):
    folder = copy_definition("every-type/1", tmp_path)
    edit(folder / "framework.yaml", "is: [yes, partly]", "is: maybe")
    edit(folder / "framework.yaml", "cap: 3", "cap: 0")
    with pytest.raises(DefinitionError) as refused:
        load_framework(folder)
    assert refused.value.complaints[0] == Complaint(
        "framework.yaml",
        13,
        "meetings",
        "'maybe' is not an option of strategy; its options are yes, partly, no",
    )
    assert str(refused.value).splitlines() == [
        f"framework.yaml:13: question meetings: {refused.value.complaints[0].message}",
        f"framework.yaml:28: question channels: {refused.value.complaints[1].message}",
    ]


def test_an_unknown_framework_is_refused_by_naming_those_there_are():
    with pytest.raises(UnknownFramework, match="there is no framework 'icc'; there are: "):
        find_framework("icc")


# Hashes


def rewritten(folder, file, write):
    """The framework after one of its files was written anew from what it holds."""
    path = folder / file
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    path.write_text(write(content), encoding="utf-8")
    return load_framework(folder)


def in_other_order(content):
    """The same keys and values, the keys of every record the other way round."""
    if isinstance(content, dict):
        return {key: in_other_order(content[key]) for key in reversed(content)}
    if isinstance(content, list):
        return [in_other_order(item) for item in content]
    return content


@pytest.mark.parametrize("file", ["framework.yaml", "text.en.yaml"])
def test_hashes_do_not_depend_on_the_order_of_keys_or_on_layout(tmp_path, file):
    # Options are keys too, but in an order that people read: those of framework.yaml stay as they are.
    before = load_framework(TINY / "nested-areas" / "1")
    after = rewritten(
        copy_definition("nested-areas/1", tmp_path),
        file,
        lambda content: "# a comment\n" + yaml.safe_dump(in_other_order(content), sort_keys=False),
    )
    assert (after.content_hash, after.scheme_hash) == (before.content_hash, before.scheme_hash)


@pytest.mark.parametrize("file", ["framework.yaml", "text.en.yaml", "SOURCE.md"])
def test_hashes_do_not_depend_on_line_endings(tmp_path, file):
    before = load_framework(EVERY_TYPE)
    path = copy_definition("every-type/1", tmp_path) / file
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    after = load_framework(path.parent)
    assert (after.content_hash, after.scheme_hash) == (before.content_hash, before.scheme_hash)


@pytest.mark.parametrize(
    ("file", "old", "new", "scheme_differs"),
    [
        ("framework.yaml", "weight: 0.5", "weight: 0.50", None),
        ("framework.yaml", "weight: 0.5", "weight: 0.6", True),
        ("framework.yaml", "cap: 3", "cap: 2", True),
        ("framework.yaml", "is: [yes, partly]", "is: yes", True),
        ("framework.yaml", "version: 1", "version: 1\nmin_coverage: 0.6", True),
        ("framework.yaml", "not_applicable: allowed", "not_applicable: refused", True),
        ("framework.yaml", "kind: impact", "kind: fact", False),
        ("framework.yaml", "is: no}}", "is: partly}}", False),
        ("text.en.yaml", "What the city plans.", "What the city intends.", False),
        ("text.en.yaml", "native_review: yes", "native_review: no", False),
        ("SOURCE.md", "Made for", "Written for", False),
    ],
)  # fmt: skip
def test_hashes_change_with_what_they_stand_for(tmp_path, file, old, new, scheme_differs):
    before = load_framework(EVERY_TYPE)
    folder = copy_definition("every-type/1", tmp_path)
    edit(folder / file, old, new)
    after = load_framework(folder)
    assert (after.content_hash != before.content_hash) is (scheme_differs is not None)
    assert (after.scheme_hash != before.scheme_hash) is bool(scheme_differs)


def test_the_order_of_questions_changes_what_is_read_and_not_what_is_scored(tmp_path):
    before = load_framework(EVERY_TYPE)
    folder = copy_definition("every-type/1", tmp_path)
    statement = "      - {key: statement, type: yes-no, kind: input, pathway: core}\n"
    edit(folder / "framework.yaml", statement, "")
    edit(folder / "framework.yaml", "constraints:\n", f"{statement}constraints:\n")
    after = load_framework(folder)
    assert after.content_hash != before.content_hash
    assert after.scheme_hash == before.scheme_hash


# Rules, there and back


NAMED = {question.key: question for question in load_framework(EVERY_TYPE).questions()}
CONDITIONS: st.SearchStrategy[Rule] = st.one_of(
    st.sets(st.sampled_from(["yes", "partly", "no"]), min_size=1).map(
        lambda o: Is("strategy", tuple(sorted(o)))
    ),
    st.sets(st.sampled_from(["letters", "radio"]), min_size=1).map(
        lambda o: Includes("channels", tuple(sorted(o)))
    ),
    st.decimals(0, 100, places=3).map(lambda n: AtLeast("foreign-born", float(n))),
    st.decimals(1, 50, places=3).map(lambda n: AtMost("strategy-age", float(n))),
)
RULES = st.recursive(
    CONDITIONS,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda rules: All(tuple(rules))),
        st.lists(parts, min_size=1, max_size=3).map(lambda rules: Any(tuple(rules))),
        parts.map(Not),
    ),
    max_leaves=6,
)


@given(RULES)
def test_a_rule_written_as_data_is_read_as_the_same_rule(tmp_path_factory, rule):
    complaints: list[Complaint] = []
    page = Page("rule.yaml", complaints)
    path = tmp_path_factory.getbasetemp() / "rule.yaml"
    path.write_text(yaml.safe_dump(rule_as_data(rule)), encoding="utf-8")
    node = page.read(path)
    assert complaints == []
    assert node is not None
    assert read_rule(page, node, NAMED, lambda _: None) == rule
