"""Whatever stands in a definition, the checker answers with complaints and not with a failure."""

import shutil

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.frameworks.broken import TINY

from tessera.frameworks.errors import DefinitionError
from tessera.frameworks.load import check_definition, load_framework

JUNK = st.recursive(
    st.sampled_from(
        ["", "0", "-1", "yes", "never", "strategy", "plan", "Ā", "1e9", "999999999999999", "2026-01-31"]
    ),
    lambda parts: st.one_of(
        st.lists(parts, max_size=2),
        st.dictionaries(
            st.sampled_from(["key", "question", "is", "all", "areas", "yes", ""]), parts, max_size=2
        ),
    ),
    max_leaves=4,
)


def places(content, way=()):
    """The way to each value inside, as keys and positions."""
    found = [way] if way else []
    if isinstance(content, dict):
        return found + [place for key in content for place in places(content[key], (*way, key))]
    if isinstance(content, list):
        return found + [place for i, item in enumerate(content) for place in places(item, (*way, i))]
    return found


def spoiled(content, way, junk, drop):
    first, rest = way[0], way[1:]
    copy = dict(content) if isinstance(content, dict) else list(content)
    if rest:
        copy[first] = spoiled(copy[first], rest, junk, drop)
    elif drop:
        del copy[first]
    else:
        copy[first] = junk
    return copy


@pytest.mark.parametrize(
    ("definition", "file"),
    [
        ("every-type/1", "framework.yaml"),
        ("every-type/1", "text.en.yaml"),
        ("nested-areas/1", "framework.yaml"),
        ("revised/2", "framework.yaml"),
        ("revised/2", "changes.yaml"),
    ],
)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_value_that_is_dropped_or_replaced_by_anything_is_loaded_or_refused(
    tmp_path_factory, definition, file, data
):
    folder = tmp_path_factory.mktemp("spoiled") / definition
    shutil.copytree((TINY / definition).parent, folder.parent)
    content = yaml.load((folder / file).read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    way = data.draw(st.sampled_from(places(content)))
    drop = data.draw(st.booleans())
    junk = None if drop else data.draw(JUNK)
    text = yaml.safe_dump(spoiled(content, way, junk, drop), sort_keys=False, allow_unicode=True)
    (folder / file).write_text(text, encoding="utf-8")
    complaints = check_definition(folder)
    lines = len(text.splitlines())
    assert all(1 <= complaint.line <= lines for complaint in complaints if complaint.file == file)
    if complaints:
        with pytest.raises(DefinitionError):
            load_framework(folder)
    else:
        assert load_framework(folder).content_hash
