"""What the members of a panel say, by their link. Nothing here knows who they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tessera.apps.dialogue.access.panels import lock_panel_of
from tessera.apps.dialogue.actions.taking_part import NotNow, tidy_words
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import LONGEST_COMMENT, BestWorst, PanelMember, PanelRound, Rating
from tessera.engines.portfolio.delphi import HIGHEST, LOWEST


class WrongAnswer(ValueError):
    """No answer that the panel asks for: an item that is not in it, points beyond the scale."""


class CommentTooLong(ValueError):
    """A comment has more letters than are kept."""


@dataclass(frozen=True)
class Opinion:
    """What a member says about one item."""

    value: int | None
    """None where they cannot say."""
    comment: str


@transaction.atomic
def rate_items(*, member: PanelMember, number: int, opinions: Mapping[int, Opinion], day: date) -> None:
    """Keep what a member of a Delphi says about items, by their keys, until the round closes.

    What was said about them before in the round is replaced; about others it stays. Raises NotNow unless
    round `number` takes answers on the day, WrongAnswer, and CommentTooLong.
    """
    running = _lock_round(member, number, day)
    if not member.panel.is_delphi:
        raise WrongAnswer(f"{member.panel} rates nothing.")
    if not opinions.keys() <= set(member.panel.items.values_list("pk", flat=True)):
        raise WrongAnswer(f"Not all of {sorted(opinions)} are items of {member.panel}.")
    kept = {each.item_id: each for each in running.ratings.filter(member=member)}
    for item, opinion in opinions.items():
        rating = kept.get(item) or Rating(round=running, member=member, item_id=item)
        _write(rating, opinion)


def _write(rating: Rating, opinion: Opinion) -> None:
    comment = tidy_words(opinion.comment)
    if opinion.value is not None and not LOWEST <= opinion.value <= HIGHEST:
        raise WrongAnswer(f"{opinion.value} is not from {LOWEST} to {HIGHEST}.")
    if len(comment) > LONGEST_COMMENT:
        raise CommentTooLong(f"{len(comment)} letters; at most {LONGEST_COMMENT} are kept.")
    rating.value, rating.comment = opinion.value, comment
    rating.comment_state = StatementState.PENDING
    rating.save()


@transaction.atomic
def pick(*, member: PanelMember, number: int, task: int, best: int, worst: int, day: date) -> None:
    """Keep which item of a task is the most important to a member of a MaxDiff, and which the least.

    Until the round closes, the next pick replaces it. Raises NotNow unless round `number` takes answers on
    the day, and WrongAnswer.
    """
    running = _lock_round(member, number, day)
    tasks = member.tasks
    if not 1 <= task <= len(tasks):
        raise WrongAnswer(f"{member.panel} gives {member} {len(tasks)} tasks; there is no task {task}.")
    shown = tasks[task - 1]
    if best == worst or best not in shown or worst not in shown:
        raise WrongAnswer(f"{best} and {worst} are not two of {shown}.")
    BestWorst.objects.update_or_create(
        round=running, member=member, task=task, defaults={"best_id": best, "worst_id": worst}
    )


def _lock_round(member: PanelMember, number: int, day: date) -> PanelRound:
    running = lock_panel_of(member).round_on(day)
    if running is None or running.number != number:
        raise NotNow(f"Round {number} of {member.panel} takes no answers on {day}.")
    return running
