"""Everything that gates a landing, in one command: uv run tools/check.py

The quick checks all run, so that a slip in the formatting does not hide one in the types. If any of them
fails, the tests are not started. Then the tests that know a database run on PostgreSQL, after them the whole
suite on SQLite, and at last the browser tests, so that it ends with pytest's own closing line.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pin

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
UV = os.environ.get("UV") or shutil.which("uv") or "uv"

# An address of a package index ties everyone to one machine's mirror. The odd brackets keep the pattern
# from finding itself.
REGISTRY_ADDRESS = re.compile(
    r'registry = ["]http|["]resolved": *"http|extra-index-ur[l]|find-link[s]'
    r"|files\.[a-z]*hosted|registry\.npm"
)

# What a real installation sets; without it check --deploy would judge the developer's settings.
PRODUCTION = {
    "TESSERA_DEBUG": "false",
    "TESSERA_DEMO": "false",
    "TESSERA_SECRET_KEY": "only-for-this-check-" + "0123456789abcdef" * 4,
    "TESSERA_ALLOWED_HOSTS": "tessera.example",
    "TESSERA_CONTACT_EMAIL": "tessera@example.org",
    "TESSERA_EMAIL_URL": "smtp+tls://user:password@mail.tessera.example",
}


# Whoever adds a folder of tests with a database adds it here; a test holds that none is forgotten.
WITH_DATABASE = ("tests/apps", "tests/cli", "tests/demo", "tests/project", "tests/web")

# As many workers as the machine has processors, up to four: each builds its own database. A file stays with
# one worker, so that what it builds once is built once.
IN_WORKERS = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")

# A browser, the site and the test keep two processors busy; beside another browser, waits run out.
IN_A_BROWSER = "tests/browser"

# Long walks over every page, which meet the same code on either database. What PostgreSQL refuses to keep is
# asked on both, in tests/web/test_hostile_words.py; who sees what, in the tests of each app. The
# demonstration lies in a file of SQLite wherever it runs: that PostgreSQL takes it, one of its tests asks.
ON_SQLITE_ALONE = (
    "tests/demo/test_consultation.py",
    "tests/demo/test_what_became.py",
    "tests/web/test_access_matrix.py",
    "tests/web/test_hostile_inputs.py",
    "tests/web/test_pseudo_language.py",
)

# Files in, figures out: pytest-django refuses these tests any database. The last ones start a site in a
# process of its own, with a database of its own, whatever DATABASE_URL says; so do those of tests/faults.
WITHOUT_THE_DATABASE = (
    "tests/cli/test_index_*.py",
    "tests/cli/test_opinion_*.py",
    "tests/cli/test_portfolio_*.py",
    "tests/cli/test_long_tables.py",
    "tests/cli/test_framework_*.py",
    "tests/cli/test_review_command.py",
    "tests/cli/test_faults_of_a_sheet.py",
    "tests/cli/test_workers.py",
    "tests/cli/test_demo_command.py",
    "tests/project/test_production.py",
    "tests/project/test_outage.py",
)


@dataclass(frozen=True)
class Step:
    """One check: its name, and a function that returns what is wrong (nothing means passed)."""

    name: str
    complaint: Callable[[], str]


def main() -> int:
    parser = argparse.ArgumentParser(description="Run everything that gates a landing.")
    parser.add_argument("--no-skips", action="store_true", help="a skipped test is a failure (CI uses this)")
    no_skips = parser.parse_args().no_skips

    os.chdir(ROOT)
    # The developer's own settings must not decide what lands.
    for name in [n for n in os.environ if n.startswith("TESSERA_") and n != "TESSERA_SHARED"] + [
        "DATABASE_URL"
    ]:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="tessera-check-") as data:
        failed = _quick_checks(Path(data))
        if failed:
            _say(f"Failed: {', '.join(failed)}. The tests were not started.")
            return 1
        return _tests(no_skips=no_skips)


def _quick_checks(data: Path) -> list[str]:
    def ran(*command: str, **environment: str) -> Callable[[], str]:
        return lambda: _complaint(list(command), {"TESSERA_DATA_DIR": str(data), **environment})

    steps = [
        Step("environment: every extra and group", ran(UV, "sync", "-q", "--all-extras", "--all-groups")),
        Step("no address of a package registry", _registry_addresses),
        Step("every version is fixed", _unpinned_versions),
        Step("format", ran(PYTHON, "-m", "ruff", "format", "--check", ".")),
        Step("lint", ran(PYTHON, "-m", "ruff", "check", ".")),
        Step("types", ran(PYTHON, "-m", "mypy")),
        Step("import contracts", ran(str(Path(PYTHON).with_name("lint-imports")))),
        Step("migrations", ran(PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", **PRODUCTION)),
        Step(
            "deployment settings",
            ran(PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION),
        ),
        Step(
            "documentation", ran(PYTHON, "-m", "sphinx", "-q", "-W", "-n", "-E", "docs", str(data / "docs"))
        ),
    ]
    failed = []
    for step in steps:
        print(f"{step.name:<40}", end="", flush=True)
        started = time.monotonic()
        complaint = step.complaint()
        print(f"{'FAILED' if complaint else 'ok':<8}{time.monotonic() - started:6.1f} s", flush=True)
        if complaint:
            print(complaint.rstrip(), flush=True)
            failed.append(step.name)
            if step is steps[0]:
                break
    return failed


def _tests(*, no_skips: bool) -> int:
    environment = {**os.environ, "TESSERA_NO_SKIPS": "1"} if no_skips else dict(os.environ)
    pytest = [PYTHON, "-m", "pytest", "--durations=20"]
    apart = [f"--ignore-glob={pattern}" for pattern in (*ON_SQLITE_ALONE, *WITHOUT_THE_DATABASE)]
    with_postgres = [PYTHON, "tools/with_postgres.py"]
    runs = {
        "tests on PostgreSQL": [*with_postgres, *pytest, *IN_WORKERS, *WITH_DATABASE, *apart],
        "tests on SQLite": [*pytest, *IN_WORKERS, f"--ignore={IN_A_BROWSER}"],
        "tests in a browser": [*pytest, IN_A_BROWSER],
    }
    for name, command in runs.items():
        _say(name)
        if code := subprocess.run(command, env=environment, check=False).returncode:
            return code
    return 0


def _complaint(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return (
        done.stdout + done.stderr
        or f"{' '.join(command)} ended with code {done.returncode} and said nothing."
    )


def _registry_addresses() -> str:
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
    found = []
    for name in filter(None, tracked.split("\0")):
        path = Path(name)
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1):
            if REGISTRY_ADDRESS.search(line):
                found.append(f"{name}:{number}: {line.strip()[:120]}")
    return "\n".join(found)


def _unpinned_versions() -> str:
    listed, resolved = pin.LIST.findall(pin.PROJECT.read_text(encoding="utf-8")), pin.constraints()
    if listed[:1] != [resolved]:
        return "The constraints in pyproject.toml are not what uv resolves: uv run tools/pin.py"
    if pin.REQUIREMENTS.read_text(encoding="utf-8") != pin.requirements():
        return "requirements.lock is not what uv resolves: uv run tools/pin.py"
    return ""


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
