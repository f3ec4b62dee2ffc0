"""changes.yaml held against the version before and this one."""

from tests.frameworks.broken import TINY, Broken, assert_refused, copy_definition, edit, table

from tessera.frameworks.load import check_definition, load_framework
from tessera.frameworks.schema import Change

FILE = "changes.yaml"


def test_every_question_of_both_versions_has_its_change():
    changes = load_framework(TINY / "revised" / "2").changes
    assert changes is not None
    assert changes.from_version == 1
    assert changes.old == {
        "kept": Change.SAME,
        "reworded": Change.REWORDED,
        "scored-anew": Change.CHANGED,
        "two-in-one": Change.SPLIT,
        "half": Change.MERGED,
        "other-half": Change.MERGED,
        "old-fashioned": Change.DROPPED,
    }
    assert changes.new == {
        "kept": Change.SAME,
        "reworded": Change.REWORDED,
        "scored-anew": Change.CHANGED,
        "maps": Change.SPLIT,
        "lists": Change.SPLIT,
        "all-take-part": Change.MERGED,
        "website": Change.NEW,
    }
    assert changes.origin == {
        "maps": ("two-in-one",),
        "lists": ("two-in-one",),
        "all-take-part": ("half", "other-half"),
    }
    assert changes.heirs == {
        "two-in-one": ("maps", "lists"),
        "half": ("all-take-part",),
        "other-half": ("all-take-part",),
    }


@table(
    Broken("no version that it starts from", "from: 1\n", "", 1, None, "lacks the key 'from'"),
    Broken("another version that it starts from", "from: 1", "from: 0", 1, None, "it must be 1"),
    Broken("an unknown key", "from: 1", "from: 1\nmoved: [kept]", 2, None, "'moved' is not known here"),
    Broken(
        "an empty list", "new: [website]", "new: [website]\nunclear: []", 9, None, "'unclear' is not known"
    ),
    Broken(
        "a question that is gone without a word",
        "dropped: [old-fashioned]",
        "",
        1,
        "old-fashioned",
        "is gone",
    ),
    Broken(
        "a question that came without a word", "new: [website]\n", "", 1, "website", "was not in version 1"
    ),
    Broken(
        "a change without a word", "reworded: [reworded]\n", "", 1, "reworded", "its wording in en differs"
    ),
    Broken(
        "other points without a word", "changed: [scored-anew]\n", "", 1, "scored-anew", "its points differ"
    ),
    Broken("a rewording of nothing", "[reworded]", "[reworded, kept]", 2, "kept", "nothing about it differs"),
    Broken(
        "a change of nothing", "[scored-anew]", "[scored-anew, kept]", 3, "kept", "nothing about it differs"
    ),
    Broken(
        "a dropped question that is there",
        "[old-fashioned]",
        "[old-fashioned, kept]",
        9,
        "kept",
        "still in version 2",
    ),
    Broken(
        "a new question that was there", "[website]", "[website, kept]", 8, "kept", "already in version 1"
    ),
    Broken("a new question that is not there", "[website]", "[website, app]", 8, "app", "not in version 2"),
    Broken(
        "a dropped question that never was",
        "[old-fashioned]",
        "[old-fashioned, telex]",
        9,
        "telex",
        "not in version 1",
    ),
    Broken(
        "a split into a question that stays",
        "[maps, lists]",
        "[maps, lists, kept]",
        5,
        "kept",
        "already in version 1",
    ),
    Broken(
        "a merger of a question that stays",
        "[half, other-half]",
        "[half, other-half, kept]",
        7,
        "kept",
        "still in version 2",
    ),
)
def test_a_change_map_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, FILE, "revised/2")


def test_points_that_differ_are_more_than_a_rewording(tmp_path):
    folder = copy_definition("revised/2", tmp_path)
    edit(folder / FILE, "reworded: [reworded]\nchanged: [scored-anew]", "reworded: [reworded, scored-anew]")
    (complaint,) = check_definition(folder)
    assert (complaint.line, complaint.question) == (2, "scored-anew")
    assert "its points differ; name it under 'changed'" in complaint.message


def test_a_question_is_named_only_once(tmp_path):
    folder = copy_definition("revised/2", tmp_path)
    edit(folder / FILE, "changed: [scored-anew]", "changed: [scored-anew, reworded]")
    found = [(each.line, each.question, each.message) for each in check_definition(folder)]
    assert found == [
        (2, "reworded", "it is named 2 times; once is enough"),
        (3, "reworded", "it is named 2 times; once is enough"),
    ]


def test_a_split_into_one_question_is_none(tmp_path):
    folder = copy_definition("revised/2", tmp_path)
    edit(folder / FILE, "[maps, lists]", "[maps]")
    edit(folder / FILE, "[website]", "[website, lists]")
    (complaint,) = check_definition(folder)
    assert complaint.line == 5
    assert "'split' of two-in-one names one question; it must name at least two" in complaint.message


def test_invariant_1_a_later_version_needs_a_change_map(tmp_path):
    folder = copy_definition("revised/2", tmp_path)
    (folder / FILE).unlink()
    assert [str(each) for each in check_definition(folder)] == ["changes.yaml:1: the file is missing"]


def test_a_faulty_version_before_is_named(tmp_path):
    folder = copy_definition("revised/2", tmp_path)
    edit(folder.parent / "1" / "text.en.yaml", ", why: To send.", "")
    (complaint,) = check_definition(folder)
    assert (complaint.file, complaint.line) == (FILE, 1)
    assert (
        "its first complaint: text.en.yaml:13: question old-fashioned: the wording lacks" in complaint.message
    )


def test_a_version_before_that_is_missing_is_named(tmp_path):
    folder = copy_definition("revised/2", tmp_path)
    (folder.parent / "1").rename(folder.parent / "0")
    (complaint,) = check_definition(folder)
    assert "version 1, beside this one, is not in order; its first complaint: framework.yaml:1" in str(
        complaint
    )
