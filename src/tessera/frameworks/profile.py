"""The profile of one review: every figure that is computed from a sheet of answers, without a word of text.

It is what `profile.json` holds (docs/reference/profile.md). Figures keep their full precision; whole points
are a matter of display.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tessera.frameworks.schema import Change, Pathway


class _Part(BaseModel):
    # Strict JSON numbers: a profile never holds NaN or infinity.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class QuestionState(StrEnum):
    ANSWERED = "answered"
    MISSING = "missing"
    """Applies, or may apply, and counts as not answered."""
    NOT_APPLICABLE = "not-applicable"
    """The city said so, with a reason."""
    HIDDEN = "hidden"
    """A rule says that it does not apply; an answer to it is kept and does not count."""


class AreaState(StrEnum):
    SCORED = "scored"
    NOT_ENOUGH = "not-enough-answers"
    NOT_APPLICABLE = "not-applicable"
    NOT_FILLED = "not-filled"
    """An optional area without a single answer."""
    NOT_ASKED = "not-asked"
    """The pathway has no question of this area."""


class DrawnFrom(StrEnum):
    """Where the missing answers of an 80 % interval were drawn from."""

    CLASS = "class"
    """The answers of the class, where at least five of its cities answered the question."""
    OPTIONS = "options"
    """The question's own possible answers, each as likely as the others."""


class Interval(_Part):
    low: float
    high: float


class Score(_Part):
    """Points 0 to 100 with what they rest on."""

    points: float | None = Field(description="0 to 100; null when there are not enough answers")
    coverage: float | None = Field(
        description="share 0 to 1 of the weight that applies and was answered; null when nothing applies"
    )
    outer_band: Interval | None = Field(
        description="lowest and highest points over all ways to answer what is missing"
    )
    likely_band: Interval | None = Field(
        description="80 % interval, missing answers drawn from the class or evenly"
    )
    likely_from: tuple[DrawnFrom, ...] = Field(
        default=(), description="what its missing answers were drawn from; empty when none is missing"
    )
    left_out: tuple[str, ...] = Field(
        default=(), description="areas inside that have no score and were left out of the mean"
    )


class QuestionProfile(_Part):
    key: str
    state: QuestionState
    value: str | tuple[str, ...] | float | None
    points: float | None = Field(description="0 to 100; null unless answered")
    weight: float
    share: float | None = Field(
        description="share of the area's score that rests on this question; null unless answered"
    )


class AreaProfile(_Part):
    key: str
    parent: str | None = Field(description="the composite area that this one is part of")
    weight: float
    optional: bool
    state: AreaState
    score: Score
    questions: tuple[QuestionProfile, ...] = Field(description="empty for a composite area")


class Highlight(_Part):
    """An area that stands out, with the questions that make it so, the most telling first."""

    area: str
    points: float
    questions: tuple[str, ...]


class ClassRange(_Part):
    n: int
    median: float
    low: float
    high: float


class Comparison(_Part):
    """The city beside a class of similar cities. A range is null where fewer than five have a score."""

    cities: int
    minimum: int = Field(description="the smallest number of cities for which a range is shown")
    overall: dict[str, ClassRange | None]
    areas: dict[str, ClassRange | None]
    left_out: tuple[str, ...] = Field(
        description="cities whose sheet is of another framework, version or pathway"
    )


class QuestionMove(_Part):
    key: str
    change: Change
    before: float
    now: float
    contribution: float = Field(description="points of the area's difference that come from this question")


class NotCompared(_Part):
    key: str
    reason: str = Field(
        description="a kind of change of the questionnaire, or 'not-answered-then', 'not-answered-now'"
    )


class AreaMove(_Part):
    """What moved in an area, over the questions that are comparable and were answered both times."""

    key: str
    difference: float | None = Field(description="like for like; null when too little can be compared")
    contribution: float | None = Field(
        description="points of the overall difference that come from this area"
    )
    compared_share: float = Field(description="share of the area's weight now that could be compared")
    questions: tuple[QuestionMove, ...]
    not_compared: tuple[NotCompared, ...]


class Movement(_Part):
    previous_year: int
    previous_version: int
    previous_answers_hash: str
    overall: dict[str, float | None] = Field(description="like-for-like difference of each overall score")
    areas: tuple[AreaMove, ...]
    previous_points: dict[str, float | None] = Field(
        description="points of each area then, as published then"
    )
    previous_overall: dict[str, float | None]


class Hashes(_Part):
    answers: str
    framework: str
    scheme: str


class Profile(_Part):
    format: Literal["tessera-profile-1"] = "tessera-profile-1"
    city: str
    year: int
    invented: bool
    framework: str
    version: int
    pathway: Pathway
    engine: str = Field(description="version of Tessera that computed the profile")
    hashes: Hashes
    min_coverage: float
    overall: dict[str, Score] = Field(
        description="'core': over the areas that are not optional; 'extended': over all, "
        "present when every optional area has a score"
    )
    areas: tuple[AreaProfile, ...] = Field(
        description="in the order of the questionnaire, a composite area before its parts"
    )
    strongest: tuple[Highlight, ...]
    weakest: tuple[Highlight, ...]
    contradictions: tuple[str, ...] = Field(
        description="keys of the framework's constraints that the answers break"
    )
    comparison: Comparison | None = None
    movement: Movement | None = None
    compared_with_invented: bool = Field(
        default=False, description="whether the class or the earlier review holds invented answers"
    )

    def area(self, key: str) -> AreaProfile:
        """Raises KeyError for an unknown key."""
        for area in self.areas:
            if area.key == key:
                return area
        raise KeyError(key)
