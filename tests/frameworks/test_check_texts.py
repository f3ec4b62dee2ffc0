"""text.LANG.yaml held against the structure."""

from tests.frameworks.broken import Broken, assert_refused, copy_definition, edit, table

from tessera.frameworks.load import check_definition

FILE = "text.en.yaml"


@table(
    Broken("no title", "title: Every type\n", "", 1, None, "lacks the key 'title'"),
    Broken("an empty title", "title: Every type", "title:", 1, None, "'title' has no value"),
    Broken(
        "a review that is neither yes nor no",
        "native_review: yes",
        "native_review: soon",
        3,
        None,
        "one of yes, no",
    ),
    Broken(
        "an unknown key",
        "native_review: yes",
        "native_review: yes\nauthor: me",
        4,
        None,
        "'author' is not known here",
    ),
    Broken(
        "an area that does not exist",
        "areas:",
        "areas:\n  plans: {title: Plans, about: Plans.}",
        5,
        None,
        "'plans' is no area",
    ),
    Broken("an area without about", ", about: What the city plans.", "", 5, None, "lacks the key 'about'"),
    Broken(
        "an option that no type has",
        "  none: None",
        "  none: None\n  maybe: Maybe",
        18,
        None,
        "any type with fixed options",
    ),
    Broken(
        "a shared option without a wording",
        "  some: Some\n",
        "",
        6,
        None,
        "the option 'some' is missing, which staff-trained uses",
    ),
    Broken(
        "a question without a wording",
        "  strategy-renewed: {text: Was it renewed?, help: By the council., why: Plans age.}\n",
        "",
        18,
        "strategy-renewed",
        "is missing",
    ),
    Broken(
        "a question that does not exist",
        "  meetings: {",
        "  talks: {text: A?, help: B., why: C.}\n  meetings: {",
        25,
        None,
        "'talks' is no question",
    ),
    Broken("no help", ", help: Count meetings.", "", 25, "meetings", "lacks the key 'help'"),
    Broken("an empty reason", "why: A plan can be checked.", "why: ''", 23, "strategy", "'why' has no value"),
    Broken(
        "a list for a text",
        "help: A written one.",
        "help: [A written one.]",
        22,
        "strategy",
        "must be a text",
    ),
    Broken(
        "an unknown option",
        "{partly: In parts}",
        "{half: In parts}",
        24,
        "strategy",
        "'half' is not an option of strategy; its options are yes,",
    ),
    Broken(
        "an own option without a wording",
        ", nobody: Nobody",
        "",
        31,
        "lead-office",
        "the option 'nobody' is missing",
    ),
    Broken(
        "options of a number",
        "unit: per cent",
        "unit: per cent, options: {few: Few}",
        37,
        "foreign-born",
        "it has none",
    ),
    Broken("a number without a unit", ", unit: per cent", "", 37, "foreign-born", "lacks the key 'unit'"),
    Broken(
        "a unit of something else",
        "why: Plans need people.",
        "why: Plans need people., unit: hours",
        25,
        "meetings",
        "only a number has a unit",
    ),
    Broken(
        "no wording of constraints",
        "constraints:\n  statement-needs-a-plan: You say that the city has said so in public, "
        "and that it has no strategy.\n",
        "",
        1,
        None,
        "lacks the key 'constraints'",
    ),
    Broken(
        "a constraint without a wording",
        "  statement-needs-a-plan: You say that the city has said so in public, and that it has no strategy.",
        "  {}",
        40,
        None,
        "is missing",
    ),
    Broken(
        "a wording for an unknown constraint",
        "constraints:",
        "constraints:\n  other: Words.",
        41,
        None,
        "'other' is no constraint",
    ),
)
def test_a_text_file_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE)


def test_each_own_option_without_a_wording_is_named(tmp_path):
    folder = copy_definition("every-type/1", tmp_path)
    edit(folder / FILE, "    options: {mayor: The mayor, department: A department, nobody: Nobody}\n", "")
    found = [(each.line, each.question, each.message.split("'")[1]) for each in check_definition(folder)]
    assert found == [(28, "lead-office", option) for option in ("mayor", "department", "nobody")]


def test_every_language_must_be_complete(tmp_path):
    folder = copy_definition("two-languages/1", tmp_path)
    edit(folder / "text.lv.yaml", "yes: Jā, ", "")
    (complaint,) = check_definition(folder)
    assert (complaint.file, complaint.line) == ("text.lv.yaml", 5)
    assert "the option 'yes' is missing" in complaint.message


def test_a_shared_wording_that_no_question_uses_is_refused(tmp_path):
    folder = copy_definition("two-languages/1", tmp_path)
    edit(folder / "text.lv.yaml", "no: Nē", "no: Nē, partly: Daļēji")
    (complaint,) = check_definition(folder)
    assert (complaint.file, complaint.line) == ("text.lv.yaml", 5)
    assert "no question has the option 'partly'" in complaint.message
