"""People by what they said about themselves, beside those who live in the city: shares, and who is missing.

A count that is not shown is None, whatever the reason. Everything is reckoned from the counts that are shown,
so that it gives away nothing more; what they leave open stays open.
"""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from tessera.reports.wording import display_points

Label = TypeVar("Label")
"""A text, in one language or in several."""


@dataclass(frozen=True)
class CountedGroup(Generic[Label]):
    """Those who gave one answer about themselves."""

    label: Label
    people: int | None
    """Who take part; None where it is hidden."""
    residents: int | None
    """Of the city; None where nobody stated it."""


@dataclass(frozen=True)
class Share:
    """Of people, 0 to 1: between two figures, where hidden groups leave it open; else they are the same."""

    least: float
    most: float


@dataclass(frozen=True)
class Comparison(Generic[Label]):
    """A group's share of those who take part, beside its share of the city, 0 to 1."""

    group: CountedGroup[Label]
    share: Share | None
    """None where the group is hidden."""
    share_of_city: float

    @property
    def difference(self) -> float | None:
        """Under 0: fewer of them take part than live in the city. None where the group is hidden.

        Of all that it can be, what is nearest to 0: nothing is said of a group that may not be so.
        """
        if self.share is None:
            return None
        return min(self.share.most - self.share_of_city, 0) + max(self.share.least - self.share_of_city, 0)

    @property
    def is_missing(self) -> bool:
        """Whether it is known that they are heard less than they are there: by a point or more, as shown."""
        return self.difference is not None and display_points(100 * self.difference) < 0

    @property
    def place(self) -> float:
        """In an order in which those who are missing most come first, and hidden groups last."""
        return float("inf") if self.difference is None else self.difference


@dataclass(frozen=True)
class AskedAttribute(Generic[Label]):
    """A question about oneself, with how many gave each answer.

    Parameters
    ----------
    question : Label
    groups : tuple of CountedGroup
        One for each answer that was offered.
    everybody : int
        People who take part.
    not_said : int or None
        Those of them who gave no answer; None where it is hidden.
    source : str
        Of the residents; empty where nobody stated them.
    counted_on : date or None
        Day of the residents.
    """

    question: Label
    groups: tuple[CountedGroup[Label], ...]
    everybody: int
    not_said: int | None
    source: str
    counted_on: date | None

    @property
    def compared(self) -> tuple[CountedGroup[Label], ...]:
        """Groups whose residents are stated; all of them, where none are."""
        return tuple(group for group in self.groups if group.residents is not None) or self.groups

    @property
    def is_whole(self) -> bool:
        """Whether every answer is among those that are compared."""
        return len(self.compared) == len(self.groups)

    @property
    def base(self) -> tuple[int, int]:
        """Of which shares are taken: the people in the groups that are compared; at least, and at most."""
        counts = [group.people for group in self.compared]
        shown = sum(people for people in counts if people is not None)
        if None not in counts:
            return shown, shown
        others = [self.not_said, *(group.people for group in self.groups if group not in self.compared)]
        return shown, self.everybody - sum(people or 0 for people in others)

    def share(self, group: CountedGroup[Label]) -> Share | None:
        """Of a group that is compared; None where it is hidden."""
        if group.people is None:
            return None
        least, most = self.base
        return Share(group.people / most, group.people / least)

    def comparisons(self) -> list[Comparison[Label]]:
        """Groups of which it is stated how many live in the city, those first that are missing most.

        Hidden groups come last.
        """
        stated = [(group, group.residents) for group in self.groups if group.residents is not None]
        city = sum(residents for _, residents in stated)
        found = [Comparison(group, self.share(group), residents / city) for group, residents in stated]
        return sorted(found, key=lambda each: each.place)

    def left_out(self) -> list[CountedGroup[Label]]:
        """Groups that are compared with nothing, as nobody stated their residents."""
        return [group for group in self.groups if group.residents is None]
