"""The themes of the demonstration, and what its cities answer. All of it is made up."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.answering import decide_statements, decide_theme, publish_answer
from tessera.apps.dialogue.actions.themes import Bases, choose_bases, publish_themes, write_theme
from tessera.apps.dialogue.models import Consultation, Outcome, Theme
from tessera.apps.dialogue.what_became import undisposed
from tessera.demo.findings import find_findings
from tessera.demo.in_the_room import Excerpts
from tessera.demo.on_the_panel import weigh
from tessera.demo.texts import local_text


def sum_up(
    about: Mapping[str, Any], consultation: Consultation, officer: Person, excerpts: Excerpts, now: datetime
) -> None:
    """Write the themes and publish them; let a panel weigh them where the data have one; then answer."""
    published_at = now + timedelta(days=about["synthesised_day"])
    themes = [_write(entry, consultation, officer, excerpts, published_at) for entry in about["themes"]]
    publish_themes(by=officer, consultation=consultation, at=published_at)
    if "panel" in about:
        weigh(about["panel"], consultation, officer, themes, now)
    _answer(about, consultation, officer, themes, now + timedelta(days=about["answered_day"]))


def _write(
    entry: Mapping[str, Any], consultation: Consultation, officer: Person, excerpts: Excerpts, at: datetime
) -> Theme:
    theme = write_theme(
        by=officer,
        consultation=consultation,
        pk=None,
        title=local_text(consultation.languages, entry["title"]),
        summary=local_text(consultation.languages, entry["summary"]),
        area=entry["area"],
        at=at,
    )
    bases = Bases(
        statements=_find_statements(consultation, entry["statements"]),
        excerpts=frozenset(excerpts[key].pk for key in entry.get("excerpts", [])),
        findings=frozenset(each.pk for each in find_findings(consultation.city, entry.get("findings", []))),
    )
    choose_bases(by=officer, theme=theme, add=bases, remove=Bases(), at=at)
    return theme


def _find_statements(consultation: Consultation, texts: Iterable[str]) -> frozenset[int]:
    """By their original words. Raises KeyError for words that nobody wrote."""
    found = dict(consultation.statements.values_list("text", "pk"))
    return frozenset(found[text] for text in texts)


def _answer(
    about: Mapping[str, Any],
    consultation: Consultation,
    officer: Person,
    themes: Iterable[Theme],
    at: datetime,
) -> None:
    for theme, entry in zip(themes, about["themes"], strict=True):
        decide_theme(
            by=officer,
            theme=theme,
            outcome=Outcome(entry["outcome"]),
            reason=local_text(consultation.languages, entry["reason"]),
            at=at,
        )
    if outside := undisposed(consultation).statements:
        decide_statements(
            by=officer,
            consultation=consultation,
            statements=[each.pk for each in outside],
            outcome=Outcome(about["outside"]["outcome"]),
            reason=local_text(consultation.languages, about["outside"]["reason"]),
            at=at,
        )
    publish_answer(by=officer, consultation=consultation, at=at)
