"""The consultations of the demonstration, from one that is prepared to those that are answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import reviews_to_discuss
from tessera.apps.dialogue.actions.appeals import answer_appeal, appeal
from tessera.apps.dialogue.actions.moderation import (
    accept_statement,
    hide_statement,
    seed_statement,
    translate_statement,
)
from tessera.apps.dialogue.actions.setting_up import (
    Plan,
    PlannedPhase,
    choose_facilitators,
    make_own_links,
    open_consultation,
    prepare_consultation,
)
from tessera.apps.dialogue.actions.stewardship import name_steward
from tessera.apps.dialogue.actions.taking_part import Entrance, cast_vote, report_statement, say
from tessera.apps.dialogue.codes import ALPHABET, LENGTH
from tessera.apps.dialogue.jobs import (
    close_past_consultations,
    publish_groups,
    publish_tables,
    refresh_landscapes,
)
from tessera.apps.dialogue.limits import Origin
from tessera.apps.dialogue.models import Choice, Consultation, HidingReason, Rule, Statement
from tessera.apps.network.access import officers_of
from tessera.apps.network.models import City
from tessera.demo.about_oneself import ask_about_oneself, invent_answers, say_about_oneself
from tessera.demo.data import invented, invented_consultations
from tessera.demo.findings import find_findings
from tessera.demo.in_the_room import Excerpts, meet
from tessera.demo.summing_up import sum_up
from tessera.demo.texts import local_text

SPREAD_OF_VOTES = 0.8
"""Of the logarithm of how many statements a person votes on."""
SPREAD_OF_LEANING = 0.4
"""How much more readily than others of the group a person agrees: of the logarithm of the odds."""
SHARE_PASSED = 0.09
SHARE_WITH_OWN_LINK = 0.15
"""Of the group that takes part with the help of advice desks and schools."""
GROUP_WITH_OWN_LINKS = "services-first"


@dataclass(frozen=True)
class Visitor:
    """Somebody who is invented, before they take part."""

    entrance: Entrance
    group: str
    day: int
    """Since the opening."""
    votes: int
    """On how many statements they vote, if there are as many."""
    leaning: float
    said: Mapping[str, str]
    """About themselves, by the keys of the questions; empty where they say nothing."""
    rng: np.random.Generator


@dataclass
class _Said:
    """A statement of a participant, and what the data hold about it."""

    statement: Statement
    about: Mapping[str, Any]


@dataclass(frozen=True)
class _Held:
    about: Mapping[str, Any]
    consultation: Consultation
    officer: Person
    excerpts: Excerpts


def hold_consultations(now: datetime) -> None:
    """Prepare each, and take those that the data open up to their end, or to today."""
    today = timezone.localdate(now)
    held = [_hold(about, now) for about in invented_consultations()]
    close_past_consultations(today)
    refresh_landscapes(today)
    for each in held:
        if "themes" in each.about:
            each.consultation.refresh_from_db()
            sum_up(each.about, each.consultation, each.officer, each.excerpts, now)
    publish_tables(today)
    publish_groups(today)


def _hold(about: Mapping[str, Any], now: datetime) -> _Held:
    city = City.objects.get(slug=about["city"])
    officer = officers_of(city, timezone.localdate(now)).get()
    # Without a keeper, the officer does it all.
    keeper = (
        Person.objects.get(email=invented()["people"][about["keeper"]]["email"])
        if "keeper" in about
        else officer
    )
    consultation, seeds = _prepare(about, city, officer, keeper, now)
    if "opened_days_ago" in about:
        opened_at = now - timedelta(days=about["opened_days_ago"])
        open_consultation(by=officer, consultation=consultation, at=opened_at)
        tokens = make_own_links(by=keeper, consultation=consultation, count=about["own_links"], at=opened_at)
        consultation.refresh_from_db()
        odds = {seed: _odds(about, entry) for seed, entry in seeds.items()}
        _take_part(about, consultation, keeper, invent_visitors(about, tokens), odds, now)
        _appeal(about, consultation, officer, now)
        if "steward" in about:
            name_steward(
                by=officer, consultation=consultation, person=keeper, purpose=about["steward"], at=opened_at
            )
    excerpts: Excerpts = {}
    if "sessions" in about:
        coders = {person.name.lower(): person for person in (officer, keeper)}
        excerpts = meet(about, consultation, coders, now)
    return _Held(about, consultation, officer, excerpts)


def _prepare(
    about: Mapping[str, Any], city: City, officer: Person, keeper: Person, now: datetime
) -> tuple[Consultation, dict[int, Mapping[str, Any]]]:
    """With what the data hold about each statement of the city, by the keys of the statements."""
    at = now - timedelta(days=about["prepared_days_ago"])
    consultation = prepare_consultation(
        by=officer,
        city=city,
        slug=about["slug"],
        plan=_plan(about, city, timezone.localdate(now)),
        invented=True,
        at=at,
    )
    if keeper != officer:
        choose_facilitators(by=officer, consultation=consultation, people=[keeper], at=at)
    if "about_oneself" in about:
        ask_about_oneself(about, consultation, officer, at)
    seeds = {}
    for entry in about["statements"]:
        seeded = seed_statement(
            by=officer,
            consultation=consultation,
            text=local_text(about["languages"], entry),
            finding=find_findings(city, [entry["finding"]])[0] if "finding" in entry else None,
            at=at,
        )
        seeds[seeded.pk] = entry
    return consultation, seeds


def _plan(about: Mapping[str, Any], city: City, today: date) -> Plan:
    languages = about["languages"]
    return Plan(
        title=local_text(languages, about["title"]),
        asked_by=local_text(languages, about["asked_by"]),
        what_follows=local_text(languages, about["what_follows"]),
        contact=local_text(languages, about["contact"]),
        languages=languages,
        phases=[
            PlannedPhase(
                Rule(phase["rule"]),
                today + timedelta(days=phase["from_day"]),
                today + timedelta(days=phase["to_day"]),
            )
            for phase in about["phases"]
        ],
        has_open_link=True,
        kept_days=about["kept_days"],
        review=reviews_to_discuss(city).first(),
        findings=find_findings(city, about.get("findings", [])),
        areas=about["areas"],
    )


def _odds(about: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, float]:
    """The logarithm of the odds that somebody of a group agrees, by the group's name."""
    names = [group["name"] for group in about["groups"]]
    return {
        name: float(np.log(chance / (1 - chance))) for name, chance in zip(names, entry["agree"], strict=True)
    }


def invent_visitors(about: Mapping[str, Any], tokens: Sequence[str]) -> list[Visitor]:
    """The same ones every time, in the order in which they come; some by the links that have these tokens."""
    groups = about["groups"]
    left = list(tokens)
    visitors = []
    for number in range(about["participants"]):
        # A stream of its own for each: one more participant changes no other.
        rng = np.random.default_rng([about["seed"], number])
        group = groups[rng.choice(len(groups), p=[each["share"] for each in groups])]
        languages = list(group["languages"])
        language = languages[rng.choice(len(languages), p=list(group["languages"].values()))]
        comes_by_link = group["name"] == GROUP_WITH_OWN_LINKS and rng.random() < SHARE_WITH_OWN_LINK
        token = left.pop() if comes_by_link and left else ""
        entrance = Entrance(_code(rng), language, _origin(number), token)
        # Many come in the first days, and fewer and fewer later.
        day = int(rng.triangular(0, 0, _days_held(about)))
        votes = round(rng.lognormal(np.log(about["votes_of_half"]), SPREAD_OF_VOTES))
        leaning = rng.normal(0, SPREAD_OF_LEANING)
        said = invent_answers(about, group["name"], number)
        visitors.append(Visitor(entrance, group["name"], day, max(1, votes), leaning, said, rng))
    return sorted(visitors, key=lambda visitor: visitor.day)


def _days_held(about: Mapping[str, Any]) -> int:
    """On which people can have taken part by now."""
    days_over = max(0, -max(phase["to_day"] for phase in about["phases"]))
    return int(about["opened_days_ago"]) + 1 - days_over


def _code(rng: np.random.Generator) -> str:
    """Not `make_code`: the demonstration is the same each time it is built."""
    return "".join(ALPHABET[place] for place in rng.integers(len(ALPHABET), size=LENGTH))


def _origin(number: int) -> Origin:
    """A network of one's own, of those that are set aside for documentation (RFC 3849)."""
    return Origin(f"2001:db8:0:{number:x}::1", "An invented phone")


def _take_part(
    about: Mapping[str, Any],
    consultation: Consultation,
    keeper: Person,
    visitors: Sequence[Visitor],
    odds: dict[int, dict[str, float]],
    now: datetime,
) -> None:
    waiting: list[_Said] = []
    authors: set[str] = set()
    asked = list(consultation.attributes.prefetch_related("values"))
    for number in range(_days_held(about)):
        at = now - timedelta(days=about["opened_days_ago"] - number)
        day = timezone.localdate(now) - timedelta(days=about["opened_days_ago"] - number)
        for said in waiting:
            _decide(about, said, keeper, at)
            if "agree" in said.about:
                odds[said.statement.pk] = _odds(about, said.about)
        waiting = []
        for visitor in visitors:
            if visitor.day == number:
                _vote(consultation, visitor, odds, day)
                if visitor.said:
                    say_about_oneself(consultation, asked, visitor.entrance.code, visitor.said, day)
        for entry in about["said"]:
            if entry["day"] == number:
                author = _author(entry, visitors, authors)
                authors.add(author.entrance.code)
                statement = say(
                    consultation=consultation,
                    entrance=author.entrance,
                    text=entry["text"],
                    key=_key(0),
                    day=day,
                )
                waiting.append(_Said(statement, entry))
    _report(consultation, about["said"])


def _vote(
    consultation: Consultation, visitor: Visitor, odds: Mapping[int, Mapping[str, float]], day: date
) -> None:
    """On statements that are shown, in an order of the visitor's own."""
    shown = visitor.rng.permutation(list(odds))[: visitor.votes]
    chances = 1 / (1 + np.exp([-odds[key][visitor.group] - visitor.leaning for key in shown]))
    agrees = visitor.rng.random(len(shown)) < chances
    passes = visitor.rng.random(len(shown)) < SHARE_PASSED
    for number, key in enumerate(shown):
        choice = Choice.PASS if passes[number] else Choice.AGREE if agrees[number] else Choice.DISAGREE
        cast_vote(
            consultation=consultation,
            entrance=visitor.entrance,
            statement=int(key),
            choice=choice,
            key=_key(number),
            day=day,
        )


def _key(number: int) -> str:
    """Of an act of one person."""
    return f"{number:016x}"


def _author(entry: Mapping[str, Any], visitors: Iterable[Visitor], authors: set[str]) -> Visitor:
    """The last who came by then, sees things so and speaks so, and has said nothing yet."""
    *_, author = (
        visitor
        for visitor in visitors
        if visitor.day <= entry["day"]
        and visitor.group == entry["group"]
        and visitor.entrance.language == entry["language"]
        and visitor.entrance.code not in authors
    )
    return author


def _decide(about: Mapping[str, Any], said: _Said, keeper: Person, at: datetime) -> None:
    """What the data do not speak of stays waiting."""
    if "hidden" in said.about:
        reason = HidingReason(said.about["hidden"])
        hide_statement(by=keeper, statement=said.statement, reason=reason, at=at)
    elif "agree" in said.about:
        accept_statement(by=keeper, statement=said.statement, at=at)
        texts = {language: said.about[language] for language in about["languages"] if language in said.about}
        if texts:
            translate_statement(by=keeper, statement=said.statement, texts=texts, at=at)


def _appeal(about: Mapping[str, Any], consultation: Consultation, officer: Person, now: datetime) -> None:
    """By whoever wrote a hidden statement, a day after the decision; answered on the next, or not yet."""
    for entry in about["said"]:
        if "appeal" not in entry:
            continue
        at = now - timedelta(days=about["opened_days_ago"] - entry["day"] - 2)
        statement = consultation.statements.get(text=entry["text"])
        assert statement.author is not None, "nobody's code is forgotten yet"
        asked = appeal(
            participant=statement.author,
            statement=statement,
            words=entry["appeal"]["words"],
            language=entry["language"],
            day=timezone.localdate(at),
        )
        if "answer" in entry["appeal"]:
            answered_at = at + timedelta(days=1)
            words = entry["appeal"]["answer"]
            answer_appeal(by=officer, appeal=asked, is_granted=False, words=words, at=answered_at)


def _report(consultation: Consultation, entries: Iterable[Mapping[str, Any]]) -> None:
    """By the last of those who disagree."""
    for entry in entries:
        if "reported" not in entry:
            continue
        statement = consultation.statements.get(text=entry["text"])
        against = statement.votes.filter(value=Choice.DISAGREE).order_by("-participant_id")
        for vote, reason in zip(against.select_related("participant"), entry["reported"], strict=False):
            report_statement(participant=vote.participant, statement=statement, reason=HidingReason(reason))
