"""Votes on statements, in words, bars and tables; too few votes give no share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tessera.engines.opinion.consensus import FEWEST_VOTES_IN_A_GROUP
from tessera.engines.opinion.landscape import Reading
from tessera.engines.opinion.overview import Overview
from tessera.engines.opinion.representative import FEWEST_VOTES
from tessera.engines.opinion.shares import wilson_interval
from tessera.engines.opinion.statistics import Tally
from tessera.reports.landscape.parts import StatementText, VoteBar, VotesInWords
from tessera.reports.parts import Table, WrittenText
from tessera.reports.wording import Wording

AGREE, DISAGREE = "agree", "disagree"


@dataclass(frozen=True)
class Counts:
    """Votes of some people on one statement."""

    agree: int
    passed: int
    disagree: int
    fewest: int
    """Votes from which a share is given."""

    @property
    def n(self) -> int:
        return self.agree + self.passed + self.disagree

    @property
    def too_few(self) -> bool:
        return self.n < self.fewest

    def on(self, direction: str) -> int:
        return self.agree if direction == AGREE else self.disagree


@dataclass(frozen=True)
class VoteWriting:
    """Says how people voted.

    Parameters
    ----------
    words : Wording
    overview : Overview
    texts : mapping of statement id to WrittenText
        Those that are known.
    """

    words: Wording
    overview: Overview
    texts: Mapping[str, WrittenText]

    @property
    def reading(self) -> Reading:
        return self.overview.reading

    def statement(self, place: int) -> StatementText:
        number = self.overview.statement_ids[place]
        written = self.texts.get(number, WrittenText("", ""))
        name = self.words.gettext("Statement %(number)s") % {"number": number}
        return StatementText(name, written.text, written.language)

    def group_name(self, row: int) -> str:
        letter = letter_of(self.reading.statistics.numbers[row])
        return self.words.gettext("Group %(letter)s") % {"letter": letter}

    def others_name(self, row: int) -> str:
        """Of all groups but one; where there are two, the other has a name."""
        if len(self.reading.statistics.numbers) == 2:
            return self.group_name(1 - row)
        return self.words.gettext("All other groups")

    def of_everybody(self, place: int) -> Counts:
        return _counts(self.reading.everybody, (place,), FEWEST_VOTES)

    def of_group(self, row: int, place: int) -> Counts:
        return _counts(self.reading.statistics.tally, (row, place), FEWEST_VOTES_IN_A_GROUP)

    def of_others(self, row: int, place: int) -> Counts:
        """Of all groups but one."""
        own = self.of_group(row, place)
        grouped = _counts(self.reading.statistics.everybody, (place,), FEWEST_VOTES_IN_A_GROUP)
        return Counts(
            grouped.agree - own.agree,
            grouped.passed - own.passed,
            grouped.disagree - own.disagree,
            FEWEST_VOTES_IN_A_GROUP,
        )

    def in_words(self, who: str, counts: Counts, direction: str) -> VotesInWords:
        """How many agreed, or disagreed, with the share and its interval; ``who`` may be empty."""
        words = self.words
        if counts.too_few:
            few = words.gettext("Fewer than %(n)s votes: too few for a share.") % {"n": counts.fewest}
            return VotesInWords(who, few, None)
        low, high = interval(counts.on(direction), counts.n)
        if direction == AGREE:
            sentence = words.ngettext(
                "%(agree)s of %(n)s agrees: %(share)s (95%% interval: %(low)s to %(high)s). "
                "Pass: %(passed)s. Disagree: %(disagree)s.",
                "%(agree)s of %(n)s agree: %(share)s (95%% interval: %(low)s to %(high)s). "
                "Pass: %(passed)s. Disagree: %(disagree)s.",
                counts.agree,
            )
            ends = low, high
        else:
            sentence = words.ngettext(
                "%(disagree)s of %(n)s disagrees: %(share)s (95%% interval: %(low)s to %(high)s). "
                "Pass: %(passed)s. Agree: %(agree)s.",
                "%(disagree)s of %(n)s disagree: %(share)s (95%% interval: %(low)s to %(high)s). "
                "Pass: %(passed)s. Agree: %(agree)s.",
                counts.disagree,
            )
            ends = 1 - high, 1 - low
        figures = {
            "agree": words.number(counts.agree),
            "passed": words.number(counts.passed),
            "disagree": words.number(counts.disagree),
            "n": words.number(counts.n),
            "share": words.percent(counts.on(direction) / counts.n),
            "low": words.percent(low),
            "high": words.percent(high),
        }
        bar = VoteBar(counts.agree / counts.n, counts.passed / counts.n, counts.disagree / counts.n, *ends)
        return VotesInWords(who, sentence % figures, bar)

    def table(self, caption: str, rows: Sequence[tuple[int, Counts, str]]) -> Table:
        """Rows of a statement, its votes, and the direction whose share is given."""
        return Table(
            caption,
            (self.words.gettext("Statement"), *self._header()),
            tuple(
                (self.statement(place).name, *self._figures(counts, direction))
                for place, counts, direction in rows
            ),
        )

    def table_of_groups(self, caption: str, rows: Sequence[tuple[int, str, Counts, str]]) -> Table:
        """Rows of a statement, the name of a group, its votes, and the direction whose share is given."""
        gettext = self.words.gettext
        return Table(
            caption,
            (gettext("Statement"), gettext("Group"), *self._header()),
            tuple(
                (self.statement(place).name, group, *self._figures(counts, direction))
                for place, group, counts, direction in rows
            ),
            words=2,
        )

    def _header(self) -> tuple[str, ...]:
        gettext = self.words.gettext
        return (
            gettext("Votes"),
            gettext("Agreed"),
            gettext("Passed"),
            gettext("Disagreed"),
            gettext("Share"),
            gettext("Interval (95%)"),
        )

    def _figures(self, counts: Counts, direction: str) -> tuple[str, ...]:
        words = self.words
        if counts.too_few:
            return (words.gettext("fewer than %(n)s") % {"n": counts.fewest}, "", "", "", "", "")
        count = counts.on(direction)
        return (
            *map(words.number, (counts.n, counts.agree, counts.passed, counts.disagree)),
            words.percent(count / counts.n),
            interval_in_figures(words, count, counts.n),
        )


def interval(count: int, total: int) -> tuple[float, float]:
    found = wilson_interval(count, total)
    return float(found.low), float(found.high)


def interval_in_figures(words: Wording, count: int, total: int) -> str:
    low, high = interval(count, total)
    return f"{words.percent(low)}–{words.percent(high)}"


def letter_of(number: int) -> str:
    """A, B and so on for the groups 0, 1 and so on; AA comes after Z."""
    return ("" if number < 26 else letter_of(number // 26 - 1)) + chr(ord("A") + number % 26)


def _counts(tally: Tally, at: tuple[int, ...], fewest: int) -> Counts:
    return Counts(int(tally.agree[at]), int(tally.passed[at]), int(tally.disagree[at]), fewest)
