"""Definitions that are broken in one place: a tiny sound one and an edit."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from tessera.frameworks.errors import Complaint
from tessera.frameworks.load import check_definition

TINY = Path(__file__).parent / "tiny"


class Broken(NamedTuple):
    """An edit of one file of `every-type/1`, and the one complaint that it must give rise to."""

    sentence: str
    old: str
    new: str
    line: int
    question: str | None
    words: str


def table(*rows: Broken) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("broken", rows, ids=[row.sentence for row in rows])


def copy_definition(name: str, tmp_path: Path) -> Path:
    """A copy of a tiny definition, with every version of it; returns the folder of the version named."""
    shutil.copytree(TINY / Path(name).parent, tmp_path / Path(name).parent)
    return tmp_path / name


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path.name}"
    path.write_text(content.replace(old, new), encoding="utf-8")


def complaints_after(
    broken: Broken, tmp_path: Path, file: str, definition: str = "every-type/1"
) -> list[Complaint]:
    folder = copy_definition(definition, tmp_path)
    edit(folder / file, broken.old, broken.new)
    return check_definition(folder)


def assert_refused(broken: Broken, tmp_path: Path, file: str, definition: str = "every-type/1") -> None:
    """Exactly one complaint, in the right place: a fault must not set off others about sound parts."""
    complaints = complaints_after(broken, tmp_path, file, definition)
    found = [(complaint.file, complaint.line, complaint.question) for complaint in complaints]
    assert found == [(file, broken.line, broken.question)], "\n".join(map(str, complaints))
    assert broken.words in complaints[0].message
