"""What experts do with a city's answers: judge them, ask about them, verify areas, return and validate.

An expert never changes an answer.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import coordinators_of, officers_of
from tessera.apps.records.mail import send_mail_to
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import areas_asked, check_acts_for, questions_open
from tessera.apps.review.access.checking import experts_to_tell, experts_who_count, may_reply
from tessera.apps.review.actions.locks import begin_checking, lock_review, lock_to_check
from tessera.apps.review.agreement import not_reconciled
from tessera.apps.review.drafts import are_findings_seen
from tessera.apps.review.findings import baseless_findings
from tessera.apps.review.lifecycle import SETTLING, Act, QueryAct, State, move, move_query
from tessera.apps.review.models import (
    Answer,
    Finding,
    OpenedAnswer,
    Opinion,
    Query,
    QueryMessage,
    Reconciliation,
    Review,
    Signature,
    Strength,
    Verification,
    written_value,
)
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.schema import Question

_HELD = ("accepts", "value", "not_applicable", "answer_revision")
"""What an opinion holds, apart from why and how surely."""


class CannotJudge(ValueError):
    """An opinion cannot be given so."""


class CannotAsk(ValueError):
    """There is a query about this answer already, or nothing is asked or said."""


class CannotReturn(ValueError):
    """Nothing waits for the city, or for the expert."""


@dataclass(frozen=True)
class Obstacles:
    """What stands against the validation of a review."""

    areas: tuple[str, ...]
    """That nobody has verified."""
    queries: tuple[Query, ...]
    """That are not settled."""
    apart: tuple[str, ...]
    """Questions on which the experts differ."""
    baseless: tuple[Finding, ...]
    """That rest on nothing any more."""
    unseen: bool
    """There are findings, and the latest draft did not show the city the same ones."""

    def __bool__(self) -> bool:
        return bool(self.areas or self.queries or self.apart or self.baseless or self.unseen)


class CannotValidate(ValueError):
    """Something stands against it."""

    def __init__(self, obstacles: Obstacles) -> None:
        self.obstacles = obstacles
        super().__init__(
            f"{len(obstacles.areas)} areas are not verified, {len(obstacles.queries)} queries not settled, "
            f"on {len(obstacles.apart)} answers the experts differ, {len(obstacles.baseless)} findings rest "
            f"on nothing, and the city has {'not ' if obstacles.unseen else ''}seen the findings."
        )


class Overtaken(Exception):
    """What the expert read was changed since. Nothing was saved."""


@transaction.atomic
def give_opinion(
    *,
    expert: Person,
    review: Review,
    question: str,
    other: GivenAnswer | None,
    reason: str,
    strength: Strength,
    answer_revision: int,
    at: datetime,
) -> Opinion:
    """Say what the answer should be: None for `other` accepts it as the city gave it.

    A later opinion takes the place of the expert's own earlier one; the same again is harmless.
    `answer_revision` is that of the answer which the expert read, 0 where there was none. Raises
    PermissionDenied for anybody but an expert who took on the review, KeyError for a question that it does
    not ask, CannotJudge for another answer without a reason or one that the question does not take,
    Overtaken, and MoveError unless experts have it.
    """
    review = lock_to_check(expert, review, at)
    asked = _asked(review)[question]
    said = _judgement(asked, other, reason)
    _check_revision(review, question, answer_revision)
    said |= {"strength": strength, "answer_revision": answer_revision}
    standing = Opinion.objects.filter(review=review, question=question, expert=expert).first()
    if standing is not None and all(getattr(standing, name) == value for name, value in said.items()):
        return standing
    opinion, _ = Opinion.objects.update_or_create(
        review=review, question=question, expert=expert, defaults={**said, "given_at": at}
    )
    if standing is None or any(getattr(standing, name) != said[name] for name in _HELD):
        # What two agreed on before does not bind one who thinks otherwise now.
        for joint in Reconciliation.objects.filter(review=review, question=question):
            joint.delete()
    begin_checking(review)
    return opinion


@transaction.atomic
def reconcile(
    *,
    expert: Person,
    review: Review,
    question: str,
    other: GivenAnswer | None,
    reason: str,
    answer_revision: int,
    at: datetime,
) -> Reconciliation:
    """Propose what two experts hold together after they differed, and tell the other one.

    It counts once the other agrees. A later proposal, of either, takes its place and has to be agreed to
    anew; the same again by the same expert is harmless. Raises as `give_opinion` does, and CannotJudge unless
    the expert and another who takes part have given an opinion: who was released agrees to nothing any more.
    """
    review = lock_to_check(expert, review, at)
    asked = _asked(review)[question]
    said = _judgement(asked, other, reason)
    others = _other_judges(expert, review, question)
    _check_revision(review, question, answer_revision)
    said |= {"written_by": expert, "answer_revision": answer_revision}
    standing = Reconciliation.objects.filter(review=review, question=question).first()
    if standing is not None and all(getattr(standing, name) == value for name, value in said.items()):
        return standing
    joint, _ = Reconciliation.objects.update_or_create(
        review=review,
        question=question,
        defaults={**said, "given_at": at, "agreed_by": None, "agreed_at": None},
    )
    context = {"review": review, "by": expert, "question": question}
    for other_expert in others:
        send_mail_to(other_expert, "review/mail/joint-opinion", context, "joint-opinion")
    return joint


@transaction.atomic
def agree(*, expert: Person, review: Review, question: str, shown: str, at: datetime) -> None:
    """Hold what the other expert proposed: from now on it is the joint opinion. Twice is harmless.

    `shown` is the mark of the proposal that the expert read. Raises PermissionDenied and MoveError as
    `give_opinion` does; CannotJudge for one's own proposal, and unless both have given an opinion and take
    part; and Overtaken where the proposal is another by now, or none, or the answer was changed since.
    """
    review = lock_to_check(expert, review, at)
    joint = Reconciliation.objects.filter(review=review, question=question).first()
    if joint is None or joint.mark != shown:
        raise Overtaken(f"{question}: the proposal was changed since it was read.")
    if joint.written_by not in _other_judges(expert, review, question):
        raise CannotJudge(f"{question}: the other expert agrees, who must take part and have an own opinion.")
    _check_revision(review, question, joint.answer_revision)
    if joint.agreed_by_id is None:
        joint.agreed_by, joint.agreed_at = expert, at
        joint.save(update_fields=["agreed_by", "agreed_at"])


@transaction.atomic
def ask(*, expert: Person, review: Review, question: str, text: str, at: datetime) -> Query:
    """Ask the city about an answer. Raises as `give_opinion` does; CannotAsk where a query stands already."""
    review = lock_to_check(expert, review, at)
    if question not in _asked(review):
        raise KeyError(question)
    if not text.strip():
        raise CannotAsk("A query asks something.")
    if Query.objects.unsettled().filter(review=review, question=question).exists():
        raise CannotAsk(f"{question}: there is a query about this answer already.")
    query = Query.objects.create(review=review, question=question, asked_by=expert, asked_at=at)
    QueryMessage.objects.create(query=query, author=expert, text=text, written_at=at, is_of_city=False)
    begin_checking(review)
    return query


@transaction.atomic
def reply(*, person: Person, query: Query, text: str, at: datetime) -> None:
    """Answer a query for the city.

    Raises PermissionDenied for anybody but its officers and the colleague who fills the area, MoveError where
    the query does not wait for the city, and CannotAsk for an empty reply.
    """
    query = _lock_query(query)
    if not may_reply(person, query, timezone.localdate(at)):
        raise PermissionDenied(f"{person} does not answer for {query.review.city}.")
    _say(query, person, text, QueryAct.REPLY, is_of_city=True, at=at)


@transaction.atomic
def ask_again(*, expert: Person, query: Query, text: str, at: datetime) -> None:
    """Say what is still open. Raises as `ask` does, and MoveError where the query waits for the city."""
    query = _lock_query(query)
    lock_to_check(expert, query.review, at)
    _say(query, expert, text, QueryAct.REOPEN, is_of_city=False, at=at)


@transaction.atomic
def settle(*, expert: Person, query: Query, act: QueryAct, at: datetime) -> None:
    """Close a query that is answered, or withdraw one that is not. Raises as `ask_again` does."""
    if act not in SETTLING:
        raise ValueError(f"To {act} is no way to settle a query.")
    query = _lock_query(query)
    lock_to_check(expert, query.review, at)
    query.state = move_query(query.state, act)
    query.save(update_fields=["state"])


@transaction.atomic
def open_answer(*, expert: Person, review: Review, question: str, at: datetime) -> None:
    """Let the city change an answer about which nothing was asked. Twice is harmless."""
    review = lock_to_check(expert, review, at)
    if question not in _asked(review):
        raise KeyError(question)
    OpenedAnswer.objects.get_or_create(
        review=review, question=question, defaults={"opened_by": expert, "opened_at": at}
    )
    begin_checking(review)


@transaction.atomic
def shut_answer(*, expert: Person, review: Review, question: str, at: datetime) -> None:
    """Take back that the city may change an answer. Twice is harmless.

    Raises as `open_answer` does, and MoveError while the review is returned: the city may be changing it.
    """
    review = lock_to_check(expert, review, at)
    if question not in _asked(review):
        raise KeyError(question)
    if review.state == State.RETURNED:
        raise MoveError(f"{review} is with the city, which may be changing {question}.")
    for opened in review.opened_answers.filter(question=question):
        opened.delete()


@transaction.atomic
def verify_area(*, expert: Person, review: Review, area: str, shown: str, at: datetime) -> None:
    """Stand for every answer of an area. Twice is harmless.

    `shown` is the area's mark, `Review.area_hash`, as the expert had it before them. Raises PermissionDenied,
    MoveError, also while the city may change an answer of the area, KeyError for one that the review does not
    ask, and Overtaken where its answers or their evidence are others by now.
    """
    review = lock_to_check(expert, review, at)
    asked = {found.key: found for found in areas_asked(review)}[area]
    if questions_open(review) & {question.key for question in asked.questions}:
        raise MoveError(f"{area} of {review} can be changed by the city and cannot be verified meanwhile.")
    if Review.objects.with_answers().get(pk=review.pk).area_hash(area) != shown:
        raise Overtaken(f"{area} of {review} was changed since it was read.")
    for left in review.verifications.filter(area=area).exclude(expert__in=experts_who_count(review)):
        left.delete()
    Verification.objects.get_or_create(
        review=review, area=area, defaults={"expert": expert, "verified_at": at}
    )
    begin_checking(review)


@transaction.atomic
def unverify_area(*, expert: Person, review: Review, area: str, at: datetime) -> None:
    """Take that back, whichever expert said it. Raises as `verify_area` does."""
    review = lock_to_check(expert, review, at)
    if area not in {found.key for found in areas_asked(review)}:
        raise KeyError(area)
    for verification in Verification.objects.filter(review=review, area=area):
        verification.delete()


@transaction.atomic
def return_review(*, expert: Person, review: Review, message: str, at: datetime) -> None:
    """Give the answers back to the city, to reply to queries and to change what is asked about or opened.

    Raises PermissionDenied for anybody but an expert who took on the review, MoveError unless it is being
    checked, and CannotReturn where the city would have nothing to do.
    """
    review = lock_to_check(expert, review, at)
    after = move(review.state, Act.RETURN)
    waiting = Query.objects.waiting_for_city().filter(review=review)
    if not waiting.exists() and not review.opened_answers.exists():
        raise CannotReturn(f"Nothing in {review} waits for the city.")
    review.state, review.returned_at = after, review.returned_at or at
    review.save(update_fields=["state", "returned_at"])
    context = {
        "review": review,
        "by": expert,
        "message": message,
        "queries": waiting.count(),
        "opened": review.opened_answers.count(),
    }
    for officer in officers_of(review.city, timezone.localdate(at)):
        send_mail_to(officer, "review/mail/returned", context, "review-returned")


@transaction.atomic
def send_back(*, person: Person, review: Review, at: datetime) -> None:
    """Give the answers to the experts again, once every query has its reply, and tell them.

    Where nobody checks the review any more, who coordinates the network is told instead. Raises
    PermissionDenied for anybody but the officers of the city, MoveError unless the review is returned, and
    CannotReturn where a query still waits.
    """
    day = timezone.localdate(at)
    review = lock_review(review)
    check_acts_for(person, review, day)
    after = move(review.state, Act.SEND_BACK)
    if Query.objects.waiting_for_city().filter(review=review).exists():
        raise CannotReturn(f"A query about {review} still waits for a reply.")
    review.state = after
    review.save(update_fields=["state"])
    for opened in review.opened_answers.all():
        opened.delete()
    experts, context = experts_to_tell(review, day), {"review": review, "by": person}
    for expert in experts:
        send_mail_to(expert, "review/mail/sent-back", context, "review-sent-back")
    if not experts:
        assert review.cycle is not None
        for coordinator in coordinators_of(review.cycle.network, day):
            send_mail_to(coordinator, "review/mail/nobody-checks", context, "review-nobody-checks")


@transaction.atomic
def validate_review(*, expert: Person, review: Review, at: datetime) -> None:
    """Stand for the review as a whole: the city may publish it from now on.

    Raises PermissionDenied for anybody but an expert who took on the review and did not sign it, MoveError
    unless it is being checked, and CannotValidate for an area that is not verified, a query that is not
    settled, an answer on which two experts differ, a finding that rests on nothing, or findings that the city
    has not seen in a draft.
    """
    review = lock_to_check(expert, review, at)
    after = move(review.state, Act.VALIDATE)
    if Signature.objects.filter(review=review, person=expert).exists():
        raise PermissionDenied(f"{expert} signed {review}, and nobody validates what one submitted.")
    obstacles = obstacles_to(review)
    if obstacles:
        raise CannotValidate(obstacles)
    review.state, review.validated_by, review.validated_at = after, expert, at
    review.save(update_fields=["state", "validated_by", "validated_at"])
    for opened in review.opened_answers.all():
        opened.delete()
    for officer in officers_of(review.city, timezone.localdate(at)):
        send_mail_to(officer, "review/mail/validated", {"review": review, "by": expert}, "review-validated")


def obstacles_to(review: Review) -> Obstacles:
    counting = review.verifications.filter(expert__in=experts_who_count(review))
    verified = set(counting.values_list("area", flat=True))
    return Obstacles(
        areas=tuple(area.key for area in areas_asked(review) if area.key not in verified),
        queries=tuple(Query.objects.unsettled().filter(review=review)),
        apart=tuple(not_reconciled(review)),
        baseless=tuple(baseless_findings(review)),
        unseen=not are_findings_seen(review),
    )


def _lock_query(query: Query) -> Query:
    lock_review(query.review)
    return Query.objects.select_related("review__city", "review__cycle__network").get(pk=query.pk)


def _asked(review: Review) -> dict[str, Question]:
    return {question.key: question for question in review.framework.questions(review.sheet_pathway)}


def _judgement(question: Question, other: GivenAnswer | None, reason: str) -> dict[str, object]:
    if other is None:
        return {"accepts": True, "value": None, "not_applicable": False, "reason": reason}
    if not reason.strip():
        raise CannotJudge(f"{question.key}: another answer needs a reason.")
    if other.value is None and not other.not_applicable:
        raise CannotJudge(f"{question.key}: say which answer it should be.")
    if other.not_applicable and not question.may_not_apply:
        raise CannotJudge(f"{question.key}: this question always applies.")
    if other.value is not None:
        try:
            question.points(other.value)
        except ValueError as error:
            raise CannotJudge(str(error)) from error
    return {
        "accepts": False,
        "value": written_value(other.value),
        "not_applicable": other.not_applicable,
        "reason": reason,
    }


def _other_judges(expert: Person, review: Review, question: str) -> list[Person]:
    """Who takes part and has given an opinion, as the expert has. Raises CannotJudge unless both have."""
    counting = review.opinions.filter(question=question, expert__in=experts_who_count(review))
    judges = [opinion.expert for opinion in counting.select_related("expert")]
    if expert not in judges or len(judges) < 2:
        raise CannotJudge(f"{question}: two experts must have given an opinion before they hold a joint one.")
    return [judge for judge in judges if judge != expert]


def _check_revision(review: Review, question: str, answer_revision: int) -> None:
    answer = Answer.objects.filter(review=review, question=question).first()
    if (answer.revision if answer else 0) != answer_revision:
        raise Overtaken(f"{question}: the answer was changed since it was read.")


def _say(query: Query, author: Person, text: str, act: QueryAct, *, is_of_city: bool, at: datetime) -> None:
    if not text.strip():
        raise CannotAsk("An empty message says nothing.")
    query.state = move_query(query.state, act)
    query.save(update_fields=["state"])
    QueryMessage.objects.create(query=query, author=author, text=text, written_at=at, is_of_city=is_of_city)
