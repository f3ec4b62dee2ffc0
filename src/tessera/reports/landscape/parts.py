"""What the report of a landscape is made of. Every text in these parts is final in the report's language.

Whatever may not be shown is not in them, so that no rendering can show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tessera.reports.parts import Table


@dataclass(frozen=True, slots=True)
class StatementText:
    name: str
    """By its number, in words."""
    text: str
    """As it was written; empty where there is no text."""
    language: str
    """Of the text; empty where it is not known."""


@dataclass(frozen=True, slots=True)
class VoteBar:
    """Shares 0 to 1 of the votes on one statement, with the 95 % interval of one of them, as it is drawn."""

    agree: float
    passed: float
    disagree: float
    low: float
    """Where the interval begins, from the left end of the bar."""
    high: float

    @property
    def places(self) -> Mapping[str, str]:
        """Where the parts stand, in per cent of the width, as SVG takes them.

        Examples
        --------
        >>> VoteBar(0.5, 0.25, 0.25, 0.4, 0.6).places["disagree_from"]
        '75.00%'
        """
        places = {
            "agree": self.agree,
            "passed": self.passed,
            "disagree": self.disagree,
            "disagree_from": self.agree + self.passed,
            "low": self.low,
            "high": self.high,
        }
        return {name: f"{100 * share:.2f}%" for name, share in places.items()}


@dataclass(frozen=True, slots=True)
class VotesInWords:
    who: str
    """Whose votes they are; empty for those of everybody."""
    sentence: str
    bar: VoteBar | None
    """None where there are too few votes for a share."""


@dataclass(frozen=True, slots=True)
class ListedStatement:
    statement: StatementText
    stance: str
    """What the group holds of it; empty in lists in which it is the same for all."""
    votes: tuple[VotesInWords, ...]


@dataclass(frozen=True, slots=True)
class StatementList:
    name: str
    """Of its place on the page."""
    heading: str
    """Empty where the heading of the section is enough."""
    intro: str
    items: tuple[ListedStatement, ...]
    """Empty where there is none; the intro says so."""
    table: Table | None


@dataclass(frozen=True, slots=True)
class Bubble:
    """People of one group who stand near each other, drawn at the middle of their cell."""

    group: str
    row: int
    """Place of the group among the groups."""
    x: float
    y: float
    people: int
    """At least 10."""


@dataclass(frozen=True, slots=True)
class StatementMark:
    number: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class OpinionMap:
    title: str
    description: str
    """For those who do not see it."""
    sentence: str
    how_to_read: str
    cell: float
    """Distance between the middles of two neighbouring cells."""
    bubbles: tuple[Bubble, ...]
    statements: tuple[StatementMark, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Differences:
    intro: str
    """Where nothing is shown, or no map, the reasons."""
    map: OpinionMap | None
    """None as well where groups are shown, and no ten people of one stand together."""
    groups: tuple[StatementList, ...]
    """Empty where they may not be shown."""


@dataclass(frozen=True, slots=True)
class Counted:
    paragraphs: tuple[tuple[str, str], ...]
    """Pairs of a term and what it means."""
    origin_heading: str
    origin: tuple[tuple[str, str], ...]
    """Pairs of a label and a figure, version or hash."""


@dataclass(frozen=True, slots=True)
class ComparedGroups:
    """Who took part by one question about oneself, beside who lives in the city."""

    heading: str
    """The question."""
    language: str
    """Of the question; empty where it is that of the report."""
    sentences: tuple[str, ...]
    table: Table
    """Groups that are missing most stand first."""
    source: str
    """Of the residents, with its day; empty where they are not known."""


@dataclass(frozen=True, slots=True)
class WhoTookPart:
    intro: str
    channels_heading: str
    """How people came to take part; empty where it is not known."""
    channels_intro: str
    channels: tuple[tuple[str, str], ...]
    """Pairs of a way with its people, and how sure it is that each is one person."""
    compared: tuple[ComparedGroups, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know before reading on."""

    kind: str
    """*info*, or *invented*."""
    title: str
    text: str
    is_quoted: bool
    """Whether somebody wrote the text, in a language of their own."""


@dataclass(frozen=True, slots=True)
class LandscapeHeadings:
    agree: str
    accept: str
    differ: str
    together: str
    took_part: str
    trust: str
    counted: str


@dataclass(frozen=True, slots=True)
class LandscapeReport:
    language: str
    kicker: str
    title: str
    title_language: str
    """Empty where it is that of the report, or not known."""
    about: str
    """Who asked what, as it was written; empty where nobody said."""
    about_language: str
    """As that of the title."""
    remarks: tuple[Remark, ...]
    facts: tuple[tuple[str, str], ...]
    """Pairs of a label and a figure: who took part, how much they voted, and the day."""
    notice: str
    headings: LandscapeHeadings
    legend: tuple[tuple[str, str], ...]
    """Pairs of a part of a bar (*agree*, *passed*, *disagree*, *interval*) and its name."""
    agree: tuple[StatementList, ...]
    accept: StatementList
    differ: Differences
    together: StatementList
    took_part: WhoTookPart | None
    """None where nothing is known of the people."""
    trust: tuple[str, ...]
    counted: Counted
    contents_heading: str
    table_label: str
    """Opens the table under a chart."""
    generated_by: str

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Pairs of an anchor and the heading of a section, in their order."""
        headings = self.headings
        return (
            ("agree", headings.agree),
            ("accept", headings.accept),
            ("differ", headings.differ),
            ("together", headings.together),
            *((("took-part", headings.took_part),) if self.took_part else ()),
            ("trust", headings.trust),
            ("counted", headings.counted),
        )
