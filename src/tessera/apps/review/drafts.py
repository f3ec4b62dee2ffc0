"""A report before it is published: as experts would show it to the city now, or as they showed it."""

from dataclasses import dataclass, replace

from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.models import Draft, Review
from tessera.frameworks.expert_words import ExpertWords, Finding
from tessera.frameworks.scoring import score_sheet
from tessera.reports.parts import ReviewReport
from tessera.reports.review import build_review_report


def read_draft_report(review: Review, words: ExpertWords, language: str) -> ReviewReport:
    """The report of the answers as they are, with what the experts say.

    The class and the earlier review are left out: what other cities have not published must not show through.
    """
    review = Review.objects.with_answers().get(pk=review.pk)
    sheet = replace(review.sheet(), city=review.city.name.in_language(language))
    profile = score_sheet(review.framework, sheet)
    return build_review_report(review.framework, sheet, profile, language=language, expert_words=words)


def latest_draft(review: Review) -> Draft | None:
    """None where the experts showed none."""
    return review.drafts.select_related("shown_by").order_by("shown_at", "pk").last()


@dataclass(frozen=True)
class DraftChange:
    """What the city has not seen of what the experts say now."""

    written: tuple[Finding, ...]
    """Findings that are new, or read otherwise now."""
    gone: tuple[Finding, ...]
    """Those of the draft that are dropped, or read otherwise now."""
    is_reordered: bool
    """The same findings, in another order."""
    opinions: int
    """So many answers on which the opinions are others now."""

    def __bool__(self) -> bool:
        return bool(self.written or self.gone or self.is_reordered or self.opinions)


def compare_with_draft(words: ExpertWords, draft: ExpertWords) -> DraftChange:
    written = tuple(finding for finding in words.findings if finding not in draft.findings)
    gone = tuple(finding for finding in draft.findings if finding not in words.findings)
    judged = {opinion.question for opinion in (*words.opinions, *draft.opinions)}
    return DraftChange(
        written=written,
        gone=gone,
        is_reordered=not (written or gone) and words.findings != draft.findings,
        opinions=sum(words.opinions_on(question) != draft.opinions_on(question) for question in judged),
    )


def are_findings_seen(review: Review) -> bool:
    """Whether the city has before it the findings that would be published now; also where there are none."""
    findings = read_expert_words(review, only_public=False).findings
    if not findings:
        return True
    draft = latest_draft(review)
    return draft is not None and draft.words.findings == findings
