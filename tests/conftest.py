"""What every test may use, and the policy on skips: a skipped test is shown, and in CI it is a failure."""

import gc
import os
import shutil
import subprocess
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.utils import translation

# A deadline would judge what else the machine is doing; how fast something must be is asked where it matters.
hypothesis.settings.register_profile("tessera", deadline=None)
hypothesis.settings.load_profile("tessera")

NO_SKIPS = os.environ.get("TESSERA_NO_SKIPS") == "1"


@pytest.fixture(scope="session")
def shared():
    """The folder of real data that lies beside the clone; tests that need it are skipped without it."""
    folder = Path(os.environ.get("TESSERA_SHARED", Path(__file__).parents[2] / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no shared data in {folder}: set TESSERA_SHARED to the folder that holds it")
    return folder


@pytest.fixture(autouse=True)
def no_language_stays():
    """A page in Latvian leaves its language behind, and the next test would reverse its addresses in it."""
    yield
    if settings.configured:
        translation.deactivate()


@pytest.fixture(scope="session")
def soffice():
    """LibreOffice's command."""
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("no LibreOffice here: install libreoffice-calc to try its files")
    return found


@pytest.fixture
def read_print(tmp_path):
    """Reads the words of a PDF in the order in which a person reads them."""
    found = shutil.which("pdftotext")
    if found is None:
        pytest.skip("no pdftotext here: install poppler-utils to read print as a person does")

    def read(printed: bytes) -> str:
        file = tmp_path / "read.pdf"
        file.write_bytes(printed)
        done = subprocess.run([found, "-raw", file, "-"], check=True, capture_output=True, text=True)
        return done.stdout

    return read


def storages_in(folder):
    """The setting STORAGES, with what people give kept in a folder."""
    usual = settings.STORAGES["default"]
    return {**settings.STORAGES, "default": {**usual, "OPTIONS": {**usual["OPTIONS"], "location": folder}}}


@pytest.fixture
def files_folder(settings, tmp_path):
    """Where this test's files lie."""
    folder = tmp_path / "files"
    settings.STORAGES = storages_in(folder)
    return folder


def pytest_collection_finish():
    """What is there by now stays: to look through it for litter again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_unconfigure():
    # Modules in C count at the end whether all of theirs was given back.
    gc.unfreeze()


KINDS_OF_FILE = ["document", "stylesheet", "script", "font", "other"]


def pytest_terminal_summary(terminalreporter):
    """Show what the pages weigh, so that one sees a page grow before it breaks its limit.

    Not beside the tests that weigh them: where workers run the tests, the process that shows the summary
    reads no conftest of a folder below.
    """
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [value for report in reports for name, value in report.user_properties if name == "weight"]
    if told:
        terminalreporter.section("bytes of a first visit, compressed")
        terminalreporter.line(" " * 26 + "".join(f"{kind:>12}" for kind in KINDS_OF_FILE))
    for page, found in sorted(told):
        figures = "".join(f"{found.get(kind, 0):>12,}" for kind in KINDS_OF_FILE)
        terminalreporter.line(f"{page:<26}{figures}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _without_skips((yield))


def _without_skips(report):
    # pytest reports an expected failure as skipped, too.
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        path, line, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{path}:{line}: {reason} (and TESSERA_NO_SKIPS=1 allows no skipped test)"
    return report
