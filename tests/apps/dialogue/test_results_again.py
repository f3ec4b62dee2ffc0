"""Whoever has the votes of a consultation counts again, and finds what its page says."""

import hashlib
from dataclasses import replace

import pytest
from django.utils import timezone
from tests.apps.dialogue.finished import finish, hold_evening, people_of
from tests.builders import make_city
from tests.cli.running import tessera
from tests.dialogues import make_consultation
from tests.people import make_person
from tests.reports.landscape.evening import camps

from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.landscapes import read_votes
from tessera.apps.dialogue.models import HidingReason
from tessera.apps.dialogue.results import build_results
from tessera.apps.dialogue.vote_files import write_statements, write_votes
from tessera.reports.landscape.page import render_landscape

pytestmark = pytest.mark.django_db


def count_again(consultation, folder, seed=1):
    """The page that the command line makes of the files of its votes and statements."""
    votes, statements = folder / "VOTES.csv", folder / "STATEMENTS.csv"
    votes.write_bytes(write_votes(read_votes(consultation)))
    statements.write_bytes(write_statements(consultation.statements.decided()))
    asked = ("--statements", statements, "--title", "Arriving in the city (en)", "--seed", seed)
    about = ("--about", "The city asks, because it writes its strategy. (en)")
    day = ("--day", consultation.landscape.found_on.isoformat(), "-o", folder / "report.html")
    run = tessera("opinion", "report", votes, *asked, *about, *day)
    assert run.returncode == 0, run.stderr
    return (folder / "report.html").read_text(encoding="utf-8")


def from_votes_alone(consultation):
    """The file of the site, without what no file of votes can tell: who came how, and what is invented."""
    report = build_results(consultation, "en")
    return render_landscape(replace(report, took_part=None, remarks=()))


def test_every_list_figure_and_checksum_comes_out_again(tmp_path):
    consultation = hold_evening()

    again = count_again(consultation, tmp_path)

    assert again == from_votes_alone(consultation)
    assert hashlib.sha256((tmp_path / "VOTES.csv").read_bytes()).hexdigest() in again
    assert hashlib.sha256((tmp_path / "STATEMENTS.csv").read_bytes()).hexdigest() in again


def test_so_they_do_where_a_statement_was_hidden_before_the_end(tmp_path):
    consultation = make_consultation(make_city(), seeds=[f"Statement {place}" for place in range(7)])
    people_of(consultation, camps())
    hide_statement(
        by=make_person("ilze"),
        statement=consultation.statements.first(),
        reason=HidingReason.OFF_TOPIC,
        at=timezone.now(),
    )

    again = count_again(finish(consultation), tmp_path)

    assert "1 statement was taken out" in again
    assert again == from_votes_alone(consultation)


def test_another_seed_is_told_from_ours(tmp_path):
    consultation = hold_evening()

    assert count_again(consultation, tmp_path, seed=2) != from_votes_alone(consultation)
