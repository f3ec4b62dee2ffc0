"""`tessera opinion report`: from a file of votes to a page."""

import csv
import hashlib
import re

import pytest
from tests.cli.running import tessera
from tests.reports.landscape.evening import camps, far_apart
from tests.reports.read_page import Page


def written(folder, rows):
    path = folder / "VOTES.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("participant", "statement", "vote"))
        for person, row in enumerate(rows):
            cast = [(statement, vote) for statement, vote in enumerate(row) if vote is not None]
            writer.writerows((f"person-{person}", statement, vote) for statement, vote in cast)
    return path


@pytest.fixture
def votes(tmp_path):
    return written(tmp_path, camps())


def statements(folder):
    path = folder / "STATEMENTS.csv"
    lines = [f"{number},{-1 if number == 0 else 1},Words on {number},lv" for number in range(7)]
    path.write_text("\n".join(["statement,moderated,text,lang", *lines]) + "\n")
    return path


def page_of(path):
    return Page(path.read_text(encoding="utf-8"))


def test_it_writes_one_page(votes, tmp_path):
    out = tmp_path / "new" / "report.html"
    run = tessera("opinion", "report", votes, "--title", "Transport", "--day", "2026-05-04", "-o", out)
    assert (run.returncode, run.stderr) == (0, "")
    assert re.fullmatch(rf"The page on \d+ people is written to {out}", run.stdout.splitlines()[0])
    page = page_of(out)
    assert "4 May 2026" in page.text
    assert "Statement 6" in page.text
    assert hashlib.sha256(votes.read_bytes()).hexdigest() in page.text
    assert "person-" not in out.read_text()


def test_texts_and_moderation_come_from_the_statements(votes, tmp_path):
    out = tmp_path / "report.html"
    run = tessera(
        "opinion", "report", votes, "--statements", statements(tmp_path), "--title", "Transport", "-o", out
    )
    assert run.returncode == 0, run.stderr
    page = page_of(out)
    assert "Words on 6" in page.text
    assert hashlib.sha256((tmp_path / "STATEMENTS.csv").read_bytes()).hexdigest() in page.text
    assert "Words on 0" not in page.text
    assert {"lv"} == {
        attrs.get("lang") for _, attrs in page.elements if attrs.get("class") == "t-statement__text"
    }


def test_the_same_votes_and_seed_give_the_same_page(votes, tmp_path):
    pages = []
    for name in ("one.html", "two.html"):
        asked = ("--title", "Transport", "--day", "2026-05-04", "--seed", 3, "-o", tmp_path / name)
        assert tessera("opinion", "report", votes, *asked).returncode == 0
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert b">3</dd>" in pages[0]


def test_without_a_day_the_page_names_its_own(votes, tmp_path):
    out = tmp_path / "report.html"
    assert tessera("opinion", "report", votes, "--title", "Transport", "-o", out).returncode == 0
    assert "Page made on" in page_of(out).text
    assert "Votes as of" not in page_of(out).text


@pytest.mark.parametrize("written", ["31.12.2025", "2025-02-30", "yesterday"])
def test_a_day_that_is_none_is_refused_in_plain_words(votes, tmp_path, written):
    out = tmp_path / "report.html"
    run = tessera("opinion", "report", votes, "--title", "Transport", "--day", written, "-o", out)
    assert run.returncode == 2
    assert f"'{written}' was found; a day such as 2025-12-31 is expected" in " ".join(run.stderr.split())
    assert "--day" in run.stderr
    assert "Value error" not in run.stderr
    assert not out.exists()


def test_the_page_can_be_in_latvian(votes, tmp_path):
    out = tmp_path / "report.html"
    run = tessera("opinion", "report", votes, "--title", "Satiksme", "--language", "lv", "-o", out)
    assert run.returncode == 0, run.stderr
    assert "Par ko vairākums ir vienisprātis" in page_of(out).text


def test_a_language_without_reports_is_refused(votes, tmp_path):
    out = tmp_path / "report.html"
    run = tessera("opinion", "report", votes, "--title", "Transport", "--language", "xx", "-o", out)
    assert run.returncode == 2
    assert "there are no reports in 'xx'" in run.stderr
    assert "en, lv" in " ".join(run.stderr.split())
    assert not out.exists()


def test_it_says_when_no_groups_are_shown(tmp_path):
    path = tmp_path / "VOTES.csv"
    path.write_text("participant,statement,vote\n1,1,1\n")
    run = tessera("opinion", "report", path, "--title", "Alone", "-o", tmp_path / "report.html")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        f"The page on 1 person is written to {tmp_path / 'report.html'}",
        "It shows no groups, and says why.",
    ]


def test_groups_that_no_map_can_show_are_still_groups(tmp_path):
    out = tmp_path / "report.html"
    run = tessera("opinion", "report", written(tmp_path, far_apart()), "--title", "Far apart", "-o", out)
    assert run.returncode == 0, run.stderr
    assert "It shows no groups" not in run.stdout
    assert "Group A: 10 people" in page_of(out).text


def test_a_fault_in_the_votes_is_named_and_nothing_is_written(tmp_path):
    path = tmp_path / "VOTES.csv"
    path.write_text("participant,statement,vote\n1,1,5\n")
    run = tessera("opinion", "report", path, "--title", "Transport", "-o", tmp_path / "report.html")
    assert run.returncode == 2
    assert "VOTES.csv, row 2, column vote" in run.stderr
    assert not (tmp_path / "report.html").exists()


CONVERSATIONS = {
    "brexit-consensus": True,
    "vtaiwan.uberx": True,
    "scoop-hivemind.biodiversity": True,
    # Its groups do not come back: with all its votes and 20 trials the median likeness is about 0.3.
    "american-assembly.bowling-green": False,
}


@pytest.mark.parametrize(("name", "shown"), CONVERSATIONS.items())
def test_real_conversations_make_pages(shared, tmp_path, name, shown):
    folder, out = shared / "data/polis" / name, tmp_path / "report.html"
    files = (folder / "votes.csv", "--statements", folder / "statements.csv")
    run = tessera("opinion", "report", *files, "--title", name, "-o", out)
    assert run.returncode == 0, run.stderr
    page = page_of(out)
    assert ("Group A" in page.text) is shown
    assert "10 statements that together speak for most people" in page.text
