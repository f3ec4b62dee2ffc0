"""What a panel came to: of a Delphi each item in every round, of a MaxDiff the items in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan

import numpy as np
from django.db.models import Count, QuerySet

from tessera.apps.dialogue.lifecycle import PanelState
from tessera.apps.dialogue.models import Panel, PanelItem, PanelRound
from tessera.apps.network.local_text import LocalText
from tessera.engines.portfolio.delphi import Delphi, Shift, Verdict, summarise_delphi
from tessera.engines.portfolio.delphi import Round as DelphiRound
from tessera.engines.portfolio.maxdiff import Choice, count_choices

FEWEST_SHOWN = 3
"""Members behind a figure that staff and the panel itself see: of two, each knows what the other said."""
FEWEST_PUBLIC = 5
"""Members behind a figure that everybody sees. They are few and may be known: with fewer than five, a share
of all or of nobody would tell what each of them said, and one who speaks up would lay the others open."""


@dataclass(frozen=True)
class RatedItem:
    """The figures of an item in one round."""

    n: int
    """Ratings."""
    median: float
    quartile_low: float
    quartile_high: float
    share_high: float
    """Rated 7 to 9."""
    share_low: float
    """Rated 1 to 3."""
    verdict: Verdict

    @property
    def iqr(self) -> float:
        return self.quartile_high - self.quartile_low


@dataclass(frozen=True)
class MovedItem:
    """What became of the ratings of an item since the round before, of those who rated it in both."""

    n: int
    entered: int
    left: int
    p: float
    """McNemar's exact test."""
    is_stable: bool


@dataclass(frozen=True)
class DelphiItem:
    text: LocalText
    rated: RatedItem | None
    """None where too few rated it."""
    moved: MovedItem | None
    """None in the first round, and where too few rated it in both."""


@dataclass(frozen=True)
class Order:
    """How far the members order the items alike: Kendall's W."""

    w: float
    p: float
    n_members: int
    n_items: int


@dataclass(frozen=True)
class DelphiRoundResults:
    number: int
    closed_on: date
    n_members: int
    """Who answered."""
    items: tuple[DelphiItem, ...]
    """In the order of the panel."""
    order: Order | None

    def count(self, verdict: Verdict) -> int:
        return sum(item.rated is not None and item.rated.verdict is verdict for item in self.items)


@dataclass(frozen=True)
class DelphiResults:
    rounds: tuple[DelphiRoundResults, ...]
    """Those that are closed, and in which enough answered."""

    @property
    def last(self) -> DelphiRoundResults:
        return self.rounds[-1]


@dataclass(frozen=True)
class ScoredItem:
    text: LocalText
    rank: int
    score: float
    """-1 to 1."""
    low: float
    high: float
    """Of the interval of 95 %."""
    shown: int
    best: int
    worst: int


@dataclass(frozen=True)
class MaxDiffResults:
    closed_on: date
    n_members: int
    n_tasks: int
    """Answered, by all of them together."""
    items: tuple[ScoredItem, ...]
    """The most important first."""


PanelResults = DelphiResults | MaxDiffResults


def rounds_with_answers(panel: Panel) -> QuerySet[PanelRound]:
    """In their order, each with `n_answered`: how many members said something, and never which."""
    said = "ratings__member" if panel.is_delphi else "picks__member"
    # Django drops the order of a model where it counts.
    return panel.rounds.annotate(n_answered=Count(said, distinct=True)).order_by("number")


def read_results(panel: Panel, *, fewest: int) -> PanelResults | None:
    """Of the rounds that are closed; None before fewer than `fewest` members answered one.

    In a Delphi a figure with fewer ratings than that is left out.
    """
    closed = [each for each in panel.rounds.all() if each.closed_on is not None]
    items = list(panel.items.all())
    if not closed or not items:
        return None
    if panel.is_delphi:
        return _read_delphi(panel, closed, items, fewest)
    return _read_maxdiff(panel, closed[-1], items, fewest)


def read_public_results(panel: Panel) -> PanelResults | None:
    """What everybody can read; None before the panel ended, and where too few answered."""
    if panel.state != PanelState.ENDED:
        return None
    return read_results(panel, fewest=FEWEST_PUBLIC)


def _read_delphi(
    panel: Panel, closed: Sequence[PanelRound], items: Sequence[PanelItem], fewest: int
) -> DelphiResults | None:
    ratings = [
        (each.pk, rating.member_id, rating.item_id, rating.value)
        for each in closed
        for rating in each.ratings.all()
    ]
    answered = {each.pk: {row[1] for row in ratings if row[0] == each.pk} for each in closed}
    counted = [each for each in closed if len(answered[each.pk]) >= fewest]
    if not counted:
        return None
    rounds = {each.pk: place for place, each in enumerate(counted)}
    members = {pk: place for place, pk in enumerate(sorted(set().union(*answered.values())))}
    places = {item.pk: place for place, item in enumerate(items)}
    table = np.full((len(rounds), len(members), len(places)), np.nan)
    for of_round, member, item, value in ratings:
        if value is not None and of_round in rounds:
            table[rounds[of_round], members[member], places[item]] = value
    found = summarise_delphi(table, panel.rule)
    return DelphiResults(
        tuple(
            _round_results(each, len(answered[each.pk]), place, items, found, fewest)
            for place, each in enumerate(counted)
        )
    )


def _round_results(
    closed: PanelRound, n_members: int, place: int, items: Sequence[PanelItem], found: Delphi, fewest: int
) -> DelphiRoundResults:
    assert closed.closed_on is not None
    of_round, shift = found.rounds[place], found.shifts[place - 1] if place else None
    ordered = of_round.concordance
    return DelphiRoundResults(
        number=closed.number,
        closed_on=closed.closed_on,
        n_members=n_members,
        items=tuple(
            DelphiItem(item.text, _rated(of_round, column, fewest), _moved(shift, column, fewest))
            for column, item in enumerate(items)
        ),
        order=None
        if ordered.n_experts < fewest or isnan(ordered.w)
        else Order(ordered.w, ordered.p, ordered.n_experts, ordered.n_items),
    )


def _rated(of_round: DelphiRound, column: int, fewest: int) -> RatedItem | None:
    if of_round.n[column] < fewest:
        return None
    return RatedItem(
        n=int(of_round.n[column]),
        median=float(of_round.median[column]),
        quartile_low=float(of_round.quartile_low[column]),
        quartile_high=float(of_round.quartile_high[column]),
        share_high=float(of_round.share_high[column]),
        share_low=float(of_round.share_low[column]),
        verdict=of_round.verdicts[column],
    )


def _moved(shift: Shift | None, column: int, fewest: int) -> MovedItem | None:
    if shift is None or shift.n[column] < fewest:
        return None
    return MovedItem(
        n=int(shift.n[column]),
        entered=int(shift.entered[column]),
        left=int(shift.left[column]),
        p=float(shift.p[column]),
        is_stable=bool(shift.stable[column]),
    )


def _read_maxdiff(
    panel: Panel, closed: PanelRound, items: Sequence[PanelItem], fewest: int
) -> MaxDiffResults | None:
    picks = list(closed.picks.all())
    tasks = {member.pk: member.tasks for member in panel.members.all()}
    if len({each.member_id for each in picks}) < fewest:
        return None
    assert closed.closed_on is not None
    choices = [
        Choice(
            person=str(each.member_id),
            shown=tuple(str(pk) for pk in tasks[each.member_id][each.task - 1]),
            best=str(each.best_id),
            worst=str(each.worst_id),
        )
        for each in picks
    ]
    counts = count_choices(choices, [str(item.pk) for item in items])
    scored = [
        ScoredItem(
            text=item.text,
            rank=int(counts.rank[place]),
            score=float(counts.score[place]),
            low=float(counts.low[place]),
            high=float(counts.high[place]),
            shown=int(counts.shown[place]),
            best=int(counts.best[place]),
            worst=int(counts.worst[place]),
        )
        for place, item in enumerate(items)
        if counts.shown[place]
    ]
    return MaxDiffResults(
        closed_on=closed.closed_on,
        n_members=counts.n_persons,
        n_tasks=counts.n_tasks,
        items=tuple(sorted(scored, key=lambda item: item.rank)),
    )
