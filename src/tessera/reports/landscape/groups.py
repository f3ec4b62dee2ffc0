"""What a report says of the groups: why they are not shown, or what sets them apart and what all accept."""

from dataclasses import dataclass
from math import ceil

from tessera.engines.opinion.cells import Cells
from tessera.engines.opinion.consensus import accepted_by_all
from tessera.engines.opinion.overview import Overview
from tessera.engines.opinion.representative import Representative
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP, fewest_in_a_group
from tessera.reports.landscape.method import stability_in_words
from tessera.reports.landscape.parts import (
    Bubble,
    Differences,
    ListedStatement,
    OpinionMap,
    StatementList,
    StatementMark,
)
from tessera.reports.landscape.votes import AGREE, VoteWriting, interval_in_figures, letter_of
from tessera.reports.parts import Table

MOST_ACCEPTED = 10
"""Statements that all groups accept, as they are listed."""


@dataclass(frozen=True)
class GroupWriting:
    """Says what may be said of the groups.

    Parameters
    ----------
    writing : VoteWriting
    """

    writing: VoteWriting

    @property
    def overview(self) -> Overview:
        return self.writing.overview

    @property
    def _rows(self) -> range:
        """Of the groups."""
        return range(len(self.overview.numbers))

    def accepted(self) -> StatementList:
        writing, reading = self.writing, self.overview.reading
        gettext = writing.words.gettext
        if self.overview.withheld:
            intro = gettext("This rests on the groups, and they are not shown. “%(heading)s” says why.")
            heading = gettext("Where people differ")
            return StatementList("accepted", "", intro % {"heading": heading}, (), None)
        found = accepted_by_all(reading.statistics, reading.consensus, self.overview.axes.moderated_out)
        names = [writing.group_name(row) for row in self._rows]
        items, rows = [], []
        for one in found[:MOST_ACCEPTED]:
            place = one.statement
            counted = [(name, writing.of_group(row, place)) for row, name in enumerate(names)]
            votes = tuple(writing.in_words(name, counts, AGREE) for name, counts in counted)
            items.append(ListedStatement(writing.statement(place), "", votes))
            rows += [(place, name, counts, AGREE) for name, counts in counted]
        table = writing.table_of_groups(gettext("What all groups can accept"), rows) if rows else None
        return StatementList("accepted", "", self._accepted_intro(len(found)), tuple(items), table)

    def differences(self) -> Differences:
        if self.overview.withheld:
            return Differences(self._withheld(), None, ())
        gettext = self.writing.words.gettext
        intro = gettext(
            "People who vote alike make up a group. Under each group stand the statements that best set "
            "it apart from the others."
        )
        cells = self.overview.cells
        groups = tuple(map(self._group, self._rows))
        if cells and cells.drawn:
            return Differences(intro, self._map(cells), groups)
        no_map = gettext(
            "There is no map: people stand so far apart that it could give away how somebody voted."
        )
        return Differences(f"{intro} {self._found()} {no_map}", None, groups)

    def _accepted_intro(self, n_found: int) -> str:
        words = self.writing.words
        if not n_found:
            return words.gettext("There is no statement with which more than half of every group agree.")
        sentence = words.ngettext(
            "With %(n)s statement, more than half of every group agree.",
            "With %(n)s statements, more than half of every group agree.",
            n_found,
        ) % {"n": n_found}
        if n_found <= MOST_ACCEPTED:
            return sentence
        most = words.gettext("Here are the %(n)s that the groups share most.") % {"n": MOST_ACCEPTED}
        return f"{sentence} {most}"

    def _withheld(self) -> str:
        words, reasons = self.writing.words, self.overview.withheld
        said = []
        if "alike" in reasons:
            said.append(words.gettext("There are no groups: the votes do not set people apart."))
        if "unstable" in reasons:
            said += [
                words.gettext("The groups that were found are not firm enough to be shown."),
                self._stability(),
            ]
        if "small" in reasons:
            said.append(
                words.gettext(
                    "One of the groups has fewer than %(n)s people. To show so small a group could give away "
                    "how somebody voted."
                )
                % {"n": ceil(fewest_in_a_group(self.overview.n_grouped, public=True))}
            )
        return " ".join(said)

    def _stability(self) -> str:
        stability = self.overview.stability
        return stability_in_words(self.writing.words, stability) if stability else ""

    def _apart(self, row: int) -> list[Representative]:
        """What sets a group apart, and enough of it voted on."""
        reading = self.overview.reading
        found = reading.representative[reading.statistics.numbers[row]]
        return [one for one in found if not self.writing.of_group(row, one.statement).too_few]

    def _group(self, row: int) -> StatementList:
        """The statements that set a group apart, with the votes of all others beside its own."""
        writing = self.writing
        gettext = writing.words.gettext
        heading = gettext("%(group)s: %(people)s") % {
            "group": writing.group_name(row),
            "people": self._sizes()[row],
        }
        items, rows = [], []
        for one in self._apart(row):
            place, direction = one.statement, one.direction
            counted = [
                (writing.group_name(row), writing.of_group(row, place)),
                (writing.others_name(row), writing.of_others(row, place)),
            ]
            votes = tuple(writing.in_words(name, counts, direction) for name, counts in counted)
            stance = gettext("This group agrees:") if direction == AGREE else gettext("This group disagrees:")
            items.append(ListedStatement(writing.statement(place), stance, votes))
            rows += [(place, name, counts, direction) for name, counts in counted]
        few = gettext("Too few people of this group voted on what might set it apart.")
        return StatementList(
            f"group-{letter_of(self.overview.numbers[row]).lower()}",
            heading,
            "" if items else few,
            tuple(items),
            writing.table_of_groups(heading, rows) if rows else None,
        )

    def _map(self, cells: Cells) -> OpinionMap:
        gettext, overview = self.writing.words.gettext, self.overview
        shown = {one.statement for row in self._rows for one in self._apart(row)}
        places = overview.axes.statement_places
        sizes = [
            gettext("%(group)s (%(people)s)") % {"group": self.writing.group_name(row), "people": people}
            for row, people in enumerate(self._sizes())
        ]
        title = gettext("Map of the groups")
        return OpinionMap(
            title=title,
            description=gettext("Who votes alike stands close together. The groups: %(groups)s.")
            % {"groups": self.writing.words.listed(sizes)},
            sentence=self._found(),
            how_to_read=self._how_to_read(cells.n_left_out),
            cell=cells.width,
            bubbles=tuple(
                Bubble(letter_of(overview.numbers[cell.row]), cell.row, cell.x, cell.y, cell.people)
                for cell in cells.drawn
            ),
            statements=tuple(
                StatementMark(overview.statement_ids[place], *places[place].tolist())
                for place in sorted(shown)
            ),
            table=self._table(title),
        )

    def _found(self) -> str:
        """How many groups there are, of how many people, and how firm they are."""
        words, overview = self.writing.words, self.overview
        grouped = words.gettext(
            "Of the %(people)s people who took part, %(grouped)s voted often enough to be put into a group. "
            "There are %(groups)s groups."
        ) % {
            "people": words.number(overview.n_people),
            "grouped": words.number(overview.n_grouped),
            "groups": len(overview.numbers),
        }
        return f"{grouped} {self._stability()}"

    def _how_to_read(self, n_left_out: int) -> str:
        words = self.writing.words
        fewest = FEWEST_IN_A_PUBLIC_GROUP
        how = words.gettext(
            "How to read the map: who votes alike stands close together. A circle stands for %(fewest)s "
            "people or more of the group that its letter names; the larger it is, the more people. The "
            "squares are statements with their numbers; each lies on the side of those who agree with it. "
            "Left, right, up and down mean nothing in themselves."
        ) % {"fewest": fewest}
        if not n_left_out:
            return how
        left_out = words.ngettext(
            "So that nobody can be picked out, %(n)s person is not drawn who stands where there are fewer "
            "than %(fewest)s of the group.",
            "So that nobody can be picked out, %(n)s people are not drawn who stand where there are fewer "
            "than %(fewest)s of their group.",
            n_left_out,
        ) % {"n": words.number(n_left_out), "fewest": fewest}
        return f"{how} {left_out}"

    def _sizes(self) -> list[str]:
        words = self.writing.words
        return [
            words.ngettext("%(n)s person", "%(n)s people", size) % {"n": words.number(size)}
            for size in self.overview.sizes
        ]

    def _table(self, caption: str) -> Table:
        words, sizes = self.writing.words, self.overview.sizes
        grouped = self.overview.n_grouped
        return Table(
            caption,
            (
                words.gettext("Group"),
                words.gettext("People"),
                words.gettext("Share of those in a group"),
                words.gettext("Interval (95%)"),
            ),
            tuple(
                (
                    self.writing.group_name(row),
                    words.number(size),
                    words.percent(size / grouped),
                    interval_in_figures(words, size, grouped),
                )
                for row, size in enumerate(sizes)
            ),
        )
