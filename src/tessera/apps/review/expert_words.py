"""What the experts who check a review say of it, as it is published and as the city reads it before."""

from collections.abc import Iterator

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.review.access.checking import experts_who_count, joint_opinions_shown_to, opinions_shown_to
from tessera.apps.review.agreement import held_together
from tessera.apps.review.findings import evidence_that_counts
from tessera.apps.review.models import Finding, Opinion, Reconciliation, Review
from tessera.frameworks import expert_words as words
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.profile import QuestionState
from tessera.frameworks.scores.reading import read_answers


def read_expert_words(review: Review, *, only_public: bool, shown_to: Person | None = None) -> ExpertWords:
    """Findings in their order, and the opinions of those who count on the answers as they stand.

    Without opinions on an answer that was changed since, and on questions that another answer rules out.
    Where `only_public`, pieces of evidence that the city keeps to itself are counted and not named. Where an
    expert is given in `shown_to`, without the opinions that the expert does not see yet.
    """
    review = Review.objects.with_answers().get(pk=review.pk)
    return ExpertWords(
        findings=tuple(
            finding_in_words(review, finding, only_public=only_public)
            for finding in review.findings.prefetch_related("bases__evidence__file")
        ),
        opinions=tuple(_opinions(review, shown_to)),
    )


def finding_in_words(review: Review, finding: Finding, *, only_public: bool) -> words.Finding:
    """A finding with what it rests on, in the order of the questionnaire; `only_public` as above.

    Without questions that another answer rules out, and evidence that serves none that is asked.
    """
    states = read_answers(review.framework, review.sheet()).states
    bases = list(finding.bases.all())
    areas = {base.area for base in bases}
    asked = {question for question, state in states.items() if state is not QuestionState.HIDDEN}
    questions = asked & {base.question for base in bases}
    # What no answer rests on any more, the city does not say any more.
    serving = evidence_that_counts(review, states)
    pieces = [base.evidence for base in bases if base.evidence in serving]
    named = [piece for piece in pieces if piece.is_public or not only_public]
    return words.Finding(
        kind=words.FindingKind(finding.kind),
        text=_translated(finding.text),
        next_step=_translated(finding.next_step) if finding.next_step else None,
        areas=tuple(area.key for area in review.framework.all_areas() if area.key in areas),
        questions=tuple(
            question.key for question in review.framework.questions() if question.key in questions
        ),
        evidence=tuple(piece.in_words for piece in named),
        kept_evidence=len(pieces) - len(named),
    )


def _translated(text: LocalText) -> words.TranslatedText:
    return words.TranslatedText(text.source, dict(text.texts))


def _opinions(review: Review, shown_to: Person | None) -> Iterator[words.Opinion]:
    revisions = {answer.question: answer.revision for answer in review.answers.all()}
    states = read_answers(review.framework, review.sheet()).states
    experts = experts_who_count(review)
    names = tuple(expert.name for expert in experts)
    opinions = review.opinions.all() if shown_to is None else opinions_shown_to(shown_to, review)
    single = list(opinions.filter(expert__in=experts).select_related("expert"))
    joint = held_together(review)
    if shown_to is not None:
        shown = joint_opinions_shown_to(shown_to, review)
        joint = [each for each in joint if each in shown]
    for question in review.framework.questions(review.sheet_pathway):
        if states[question.key] is QuestionState.HIDDEN:
            continue
        revision = revisions.get(question.key, 0)
        for each in single:
            if each.question == question.key and each.is_about(revision):
                yield _opinion(each, (each.expert.name,))
        for held in joint:
            if held.question == question.key:
                yield _opinion(held, names)


def _opinion(judgement: Opinion | Reconciliation, experts: tuple[str, ...]) -> words.Opinion:
    return words.Opinion(
        question=judgement.question,
        experts=experts,
        answer=None if judgement.accepts else _other(judgement),
        reason=judgement.reason,
        sureness=words.Sureness(judgement.strength) if isinstance(judgement, Opinion) else None,
    )


def _other(judgement: Opinion | Reconciliation) -> GivenAnswer:
    held = judgement.given(GivenAnswer())
    return GivenAnswer(held.value, held.not_applicable)
