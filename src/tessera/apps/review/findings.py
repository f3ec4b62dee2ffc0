"""What a finding may rest on, what it rests on now, and how it reads in a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tessera.apps.network.local_text import page_language
from tessera.apps.review.access import areas_asked
from tessera.apps.review.models import Evidence, Finding, Review
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.schema import Area
from tessera.frameworks.scores.reading import read_answers

ANSWERED = (QuestionState.ANSWERED, QuestionState.NOT_APPLICABLE)


@dataclass(frozen=True)
class Bases:
    """Areas, answers and pieces of evidence of one review."""

    areas: frozenset[str] = frozenset()
    """Their keys."""
    questions: frozenset[str] = frozenset()
    """Keys of those whose answers are meant."""
    evidence: frozenset[int] = frozenset()
    """Numbers of the pieces."""

    def __bool__(self) -> bool:
        return bool(self.areas or self.questions or self.evidence)

    def __sub__(self, other: "Bases") -> "Bases":
        return Bases(
            self.areas - other.areas, self.questions - other.questions, self.evidence - other.evidence
        )

    def __and__(self, other: "Bases") -> "Bases":
        return Bases(
            self.areas & other.areas, self.questions & other.questions, self.evidence & other.evidence
        )


@dataclass(frozen=True)
class OfferedArea:
    """An area with what a finding may rest on in it."""

    area: Area
    title: str
    questions: tuple[tuple[str, str], ...]
    """Those with an answer that counts: key and words."""
    evidence: tuple[Evidence, ...]
    """Pieces that serve an answer here; one that serves several areas stands in the first of them."""


def read_offered(review: Review, language: str) -> tuple[OfferedArea, ...]:
    """In the order of the questionnaire."""
    review = Review.objects.with_answers().get(pk=review.pk)
    states = read_answers(review.framework, review.sheet()).states
    text = review.framework.text(language)
    left = evidence_that_counts(review, states)
    found = []
    for area in areas_asked(review):
        asked = area.asked(review.sheet_pathway)
        keys = {question.key for question in asked}
        here = [piece for piece in left if keys & {use.question for use in piece.uses.all()}]
        left = [piece for piece in left if piece not in here]
        found.append(
            OfferedArea(
                area=area,
                title=text.areas[area.key].title,
                questions=tuple(
                    (question.key, text.questions[question.key].text)
                    for question in asked
                    if states[question.key] in ANSWERED
                ),
                evidence=tuple(here),
            )
        )
    return tuple(found)


def evidence_that_counts(review: Review, states: Mapping[str, QuestionState]) -> list[Evidence]:
    """Pieces that serve an answer which is asked for, of a review of `ReviewQuerySet.with_answers`."""
    asked = {question for question, state in states.items() if state is not QuestionState.HIDDEN}
    return [piece for piece in review.evidence.all() if asked & {use.question for use in piece.uses.all()}]


def bases_offered(offered: Iterable[OfferedArea]) -> Bases:
    """All that a finding may rest on."""
    offered = list(offered)
    return Bases(
        areas=frozenset(each.area.key for each in offered),
        questions=frozenset(key for each in offered for key, _words in each.questions),
        evidence=frozenset(piece.pk for each in offered for piece in each.evidence),
    )


def bases_of(finding: Finding) -> Bases:
    """As they were named, whatever became of them."""
    bases = list(finding.bases.all())
    return Bases(
        areas=frozenset(base.area for base in bases if base.area),
        questions=frozenset(base.question for base in bases if base.question),
        evidence=frozenset(base.evidence_id for base in bases if base.evidence_id is not None),
    )


@dataclass(frozen=True)
class ListedFinding:
    finding: Finding
    rests_on: tuple[str, ...]
    """In words: what still stands of it, areas before answers before evidence."""

    @property
    def is_baseless(self) -> bool:
        return not self.rests_on


def read_findings(review: Review) -> list[ListedFinding]:
    """The most urgent first, in the page's language."""
    offered = read_offered(review, page_language())
    possible, words = bases_offered(offered), words_of(offered)
    findings = review.findings.select_related("written_by").prefetch_related("bases")
    return [
        ListedFinding(finding, tuple(in_words(bases_of(finding) & possible, words))) for finding in findings
    ]


def baseless_findings(review: Review) -> list[Finding]:
    """Those of which nothing is left that they rested on: an answer or a piece may be taken away."""
    return [listed.finding for listed in read_findings(review) if listed.is_baseless]


Key = tuple[str, str | int]


def words_of(offered: Iterable[OfferedArea]) -> Mapping[Key, str]:
    """What each basis is called, in the order in which they are listed."""
    offered = list(offered)
    return {
        **{("area", each.area.key): each.title for each in offered},
        **{("question", key): asked for each in offered for key, asked in each.questions},
        **{("evidence", piece.pk): piece.in_words for each in offered for piece in each.evidence},
    }


def in_words(bases: Bases, words: Mapping[Key, str]) -> list[str]:
    named = {
        *(("area", key) for key in bases.areas),
        *(("question", key) for key in bases.questions),
        *(("evidence", number) for number in bases.evidence),
    }
    return [said for key, said in words.items() if key in named]
