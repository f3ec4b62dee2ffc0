"""The files themselves: what is there, and whether it is the plain YAML that we read."""

import pytest
from tests.frameworks.broken import Broken, assert_refused, copy_definition, table

from tessera.frameworks.load import check_definition
from tessera.frameworks.parsing.yaml_nodes import DEEPEST, MOST_BYTES


@table(
    Broken("a key that stands twice", "version: 1", "version: 1\nid: every-type", 4, None, "first in line 2"),
    Broken("an anchor", "languages: [en]", "languages: &all [en]", 4, None, "anchors and aliases"),
    Broken("an alias", "version: 1", "version: *one", 3, None, "anchors and aliases"),
    Broken("a tag", "version: 1", "version: !!int 1", 3, None, "tags (!) are not allowed"),
    Broken("a list for a key", "version: 1", "version: 1\n[a]: 1", 4, None, "a key must be a word"),
    Broken("an unclosed list", "languages: [en]", "languages: [en", 5, None, "no YAML"),
    Broken("a tab", "    questions:", "\tquestions:", 7, None, "no YAML"),
    Broken("a control character", "version: 1", "version: \x07", 3, None, "a control character"),
    Broken("deep nesting", "version: 1", f"version: {'[' * DEEPEST}{']' * DEEPEST}", 3, None, "20 deep"),
    Broken("a second document", "constraints:", "---\nconstraints:", 49, None, "a second YAML document"),
)
def test_yaml_is_refused_with(broken, tmp_path):
    assert_refused(broken, tmp_path, "framework.yaml")


def replaced(tmp_path, file, content):
    folder = copy_definition("every-type/1", tmp_path)
    (folder / file).write_bytes(content)
    return [(each.file, each.line, each.message) for each in check_definition(folder)]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"- a list\n", 1, "the file must hold keys with values, each as 'key: value'"),
        (b"id: every-type\ntitle: M\xfcnchen\n", 2, "the file is not written in UTF-8"),
        (b"#" * (MOST_BYTES + 1), 1, "the file is larger than 2 MB"),
    ],
)
def test_a_file_that_holds_no_definition_is_refused(tmp_path, content, line, message):
    assert replaced(tmp_path, "framework.yaml", content) == [("framework.yaml", line, message)]


def test_nothing_that_an_alias_could_unfold_is_ever_built(tmp_path):
    # Nine levels of nine aliases each would be 387 million words.
    levels = [b"a0: &a0 [x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]".encode() for n in range(1, 10)]
    found = replaced(tmp_path, "framework.yaml", b"\n".join(levels))
    assert [(file, line) for file, line, _ in found] == [("framework.yaml", 1)]


def test_a_folder_without_a_structure_is_refused(tmp_path):
    (complaint,) = check_definition(tmp_path)
    assert str(complaint) == "framework.yaml:1: the file is missing"


def test_a_source_is_needed(tmp_path):
    folder = copy_definition("every-type/1", tmp_path)
    (folder / "SOURCE.md").unlink()
    (complaint,) = check_definition(folder)
    assert str(complaint).startswith("SOURCE.md:1: the file is missing; it says who wrote the framework")


@pytest.mark.parametrize(
    ("content", "words"), [(b" \n", "is empty"), (b"M\xfcnchen", "not written in UTF-8")]
)
def test_a_source_must_say_something(tmp_path, content, words):
    ((file, line, message),) = replaced(tmp_path, "SOURCE.md", content)
    assert (file, line) == ("SOURCE.md", 1)
    assert words in message


@pytest.mark.parametrize("file", ["text.lv.yaml", "rules.py", "changes.yml"])
def test_a_file_that_does_not_belong_there_is_refused(tmp_path, file):
    ((found, line, message),) = replaced(tmp_path, file, b"title: Everything\n")
    assert (found, line) == (file, 1)
    assert "does not belong here" in message


def test_a_language_without_its_file_is_refused(tmp_path):
    folder = copy_definition("two-languages/1", tmp_path)
    (folder / "text.lv.yaml").unlink()
    assert [str(each) for each in check_definition(folder)] == ["text.lv.yaml:1: the file is missing"]


def test_a_first_version_has_no_change_map(tmp_path):
    ((file, line, message),) = replaced(tmp_path, "changes.yaml", b"from: 0\n")
    assert (file, line) == ("changes.yaml", 1)
    assert "no version before" in message


def test_all_faults_of_all_files_are_named_at_once_in_their_order(tmp_path):
    folder = copy_definition("every-type/1", tmp_path)
    structure = (folder / "framework.yaml").read_text()
    structure = structure.replace("kind: impact", "kind: outcome").replace("cap: 3", "cap: 9")
    (folder / "framework.yaml").write_text(structure.replace("is: [yes, partly]", "is: maybe"))
    texts = (folder / "text.en.yaml").read_text()
    (folder / "text.en.yaml").write_text(texts.replace(", why: Words open doors.", ""))
    (folder / "SOURCE.md").write_text("")
    assert [(each.file, each.line, each.question) for each in check_definition(folder)] == [
        ("framework.yaml", 13, "meetings"),
        ("framework.yaml", 16, "staff-trained"),
        ("framework.yaml", 28, "channels"),
        ("text.en.yaml", 19, "statement"),
        ("SOURCE.md", 1, None),
    ]
