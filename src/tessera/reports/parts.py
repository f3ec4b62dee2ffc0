"""What a report is made of. Every text in these parts is final in the report's language.

The renderings (`pages`, `pdf`) add no word and no figure of their own, so they cannot tell different things.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    column: str
    """The heading of its column."""
    is_figure: bool
    language: str
    """Of the text; empty where it is that of the report."""


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of each row is the row's own heading."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    """The columns from the left that hold words; those after them hold figures."""
    total: tuple[str, ...] = ()
    """A last row that the others add up to; empty for none."""
    caption_language: str = ""
    """Empty where it is that of the report."""
    row_languages: tuple[str, ...] = ()
    """Of the heading of each row, as that of the caption; empty where all are in that of the report."""

    @property
    def columns(self) -> tuple[Cell, ...]:
        return self._cells(self.header)

    @property
    def body(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows without the total."""
        languages = self.row_languages or ("",) * len(self.rows)
        return tuple(self._cells(row, language) for row, language in zip(self.rows, languages, strict=True))

    @property
    def foot(self) -> tuple[Cell, ...]:
        return self._cells(self.total) if self.total else ()

    def _cells(self, row: tuple[str, ...], language: str = "") -> tuple[Cell, ...]:
        return tuple(
            Cell(text, column, at >= self.words, "" if at else language)
            for at, (text, column) in enumerate(zip(row, self.header, strict=True))
        )


@dataclass(frozen=True, slots=True)
class DotRow:
    """One score on a scale of 0 to 100 points, with what surrounds it. None is not drawn."""

    label: str
    inside: bool
    """Part of the composite row above it."""
    figure: str
    points: float | None
    outer: tuple[float, float] | None
    likely: tuple[float, float] | None
    class_range: tuple[float, float, float] | None
    """Lowest, median, highest."""
    previous: float | None


@dataclass(frozen=True, slots=True)
class DotPlot:
    rows: tuple[DotRow, ...]
    legend: tuple[tuple[str, str], ...]
    """Pairs of a mark that is drawn (*score*, *likely*, *outer*, *class*, *previous*) and its name."""


@dataclass(frozen=True, slots=True)
class BarRow:
    label: str
    figure: str
    value: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from a zero line to both sides."""

    rows: tuple[BarRow, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    name: str
    """Of its file."""
    title: str
    description: str
    """For those who do not see it."""
    sentence: str
    drawing: DotPlot | BarChart
    table: Table


@dataclass(frozen=True, slots=True)
class ScoreText:
    title: str
    scored: bool
    figure: str
    """Points, or in words why there are none."""
    unit: str
    basis: str
    """What the figure rests on and where it can lie."""

    @property
    def sentence(self) -> str:
        figure = f"{self.figure} {self.unit}" if self.scored else self.figure
        return f"{figure}. {self.basis}".strip()


@dataclass(frozen=True, slots=True)
class OverallScore:
    score: ScoreText
    about: str
    with_experts: str
    """What the score would be with the experts' answers; empty where they hold no other answer right."""
    chart: Chart


@dataclass(frozen=True, slots=True)
class WrittenText:
    """What somebody wrote, in one of the languages in which it is there."""

    text: str
    language: str
    """Empty where it is that of the report."""


@dataclass(frozen=True, slots=True)
class AreaBasis:
    title: str
    anchor: str
    """Where the area stands among the details; empty where it does not."""


@dataclass(frozen=True, slots=True)
class AnswerBasis:
    question: str
    answer: str
    anchor: str
    """Where the question stands among the details; empty where it does not."""


@dataclass(frozen=True, slots=True)
class FindingText:
    kind: str
    """A value of `tessera.frameworks.expert_words.FindingKind`."""
    heading: str
    """Its place and its kind."""
    text: WrittenText
    next_step: WrittenText | None
    areas: tuple[AreaBasis, ...]
    answers: tuple[AnswerBasis, ...]
    evidence: tuple[str, ...]
    kept_evidence: str
    """How many pieces more the city keeps to itself, in words; empty for none."""


@dataclass(frozen=True, slots=True)
class FindingLabels:
    next_step: str
    rests_on: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Findings:
    heading: str
    intro: str
    labels: FindingLabels
    items: tuple[FindingText, ...]
    """The most urgent first."""


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Highlight:
    anchor: str
    title: str
    figure: str
    questions: tuple[QuestionAnswer, ...]


@dataclass(frozen=True, slots=True)
class Highlights:
    heading: str
    intro: str
    items: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class AreaMoved:
    title: str
    sentence: str
    table: Table | None
    not_compared: tuple[QuestionAnswer, ...]
    """Questions, each with the reason."""


@dataclass(frozen=True, slots=True)
class Moved:
    heading: str
    sentences: tuple[str, ...]
    chart: Chart | None
    areas_heading: str
    areas: tuple[AreaMoved, ...]
    not_compared_label: str


@dataclass(frozen=True, slots=True)
class OpinionText:
    by: str
    """Whose it is, as a label."""
    held: str
    """That the answer is accepted, or which other one is held right."""
    sureness: str
    """How sure the expert is; empty where two hold it together."""
    reason: str
    """Empty only where the answer is accepted."""


@dataclass(frozen=True, slots=True)
class QuestionDetail:
    key: str
    anchor: str
    text: str
    state: str
    """A value of `tessera.frameworks.profile.QuestionState`."""
    answer: str
    points: str
    weight: str
    share: str
    remarks: tuple[tuple[str, str], ...]
    """Pairs of a label (note, evidence, reason) and what the city wrote."""
    opinions: tuple[OpinionText, ...]
    """What experts hold of the answer, as far as it says more than that they accept it."""


@dataclass(frozen=True, slots=True)
class AreaDetail:
    anchor: str
    title: str
    about: str
    inside: bool
    score: ScoreText
    with_experts: str
    """As that of an overall score; empty where the experts hold no other answer of the area right."""
    questions: tuple[QuestionDetail, ...]


@dataclass(frozen=True, slots=True)
class QuestionLabels:
    question: str
    answer: str
    points: str
    weight: str
    share: str


@dataclass(frozen=True, slots=True)
class Details:
    heading: str
    intro: str
    opinions: str
    """How many of the answers the experts accept; empty where there are no opinions."""
    labels: QuestionLabels
    areas: tuple[AreaDetail, ...]


@dataclass(frozen=True, slots=True)
class Contradictions:
    heading: str
    intro: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    heading: str
    paragraphs: tuple[tuple[str, str], ...]
    """Pairs of a term and what it means."""
    weights: Table
    origin_heading: str
    origin: tuple[tuple[str, str], ...]
    """Pairs of a label and a version, hash or licence."""


@dataclass(frozen=True, slots=True)
class AreaScores:
    heading: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class ReviewReport:
    language: str
    framework_title: str
    city: str
    year: str
    title: str
    lead: str
    notice: str
    """Which answers are invented; empty for real ones."""
    overall_heading: str
    overall: tuple[OverallScore, ...]
    findings: Findings | None
    areas: AreaScores
    strengths: Highlights
    gaps: Highlights
    moved: Moved | None
    contradictions: Contradictions | None
    details: Details
    method: Method
    contents_heading: str
    table_label: str
    """Opens the table under a chart."""
    generated_by: str

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Pairs of an anchor and the heading of a section, in their order."""
        sections = {
            "overall": self.overall_heading,
            "findings": self.findings.heading if self.findings else "",
            "areas": self.areas.heading,
            "strengths": self.strengths.heading,
            "gaps": self.gaps.heading,
            "moved": self.moved.heading if self.moved else "",
            "contradictions": self.contradictions.heading if self.contradictions else "",
            "questions": self.details.heading,
            "method": self.method.heading,
        }
        return tuple((anchor, heading) for anchor, heading in sections.items() if heading)

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart, in the order of the report."""
        moved = self.moved.chart if self.moved else None
        return (*(part.chart for part in self.overall), self.areas.chart, *([moved] if moved else []))
