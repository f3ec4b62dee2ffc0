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
    apart = runpy.run_path(str(ROOT / "tools" / "check.py"))["ON_SQLITE_ALONE"]

    assert [walk for walk in apart if not (ROOT / walk).is_file()] == []
