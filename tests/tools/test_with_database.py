"""The check runs on both databases whatever knows one."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]
USES_A_DATABASE = re.compile(r"django_db|transactional_db|\(db[,)]|, db[,)]")


def test_every_test_with_a_database_runs_on_postgresql_too():
    named = [ROOT / folder for folder in runpy.run_path(str(ROOT / "tools" / "check.py"))["WITH_DATABASE"]]
    using = [
        path
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__) and USES_A_DATABASE.search(path.read_text(encoding="utf-8"))
    ]
    others = [path for path in using if not any(folder in path.parents for folder in named)]

    assert len(using) > 50
    assert others == []


def test_what_runs_on_sqlite_alone_is_there():
    check = runpy.run_path(str(ROOT / "tools" / "check.py"))
    apart = [*check["ON_SQLITE_ALONE"], *check["WITHOUT_THE_DATABASE"]]

    assert [pattern for pattern in apart if not [*ROOT.glob(pattern)]] == []


def test_nothing_that_uses_the_database_is_said_to_be_without():
    patterns = runpy.run_path(str(ROOT / "tools" / "check.py"))["WITHOUT_THE_DATABASE"]
    files = [file for pattern in patterns for file in ROOT.glob(pattern)]

    assert len(files) > len(patterns)
    assert [file for file in files if USES_A_DATABASE.search(file.read_text(encoding="utf-8"))] == []
