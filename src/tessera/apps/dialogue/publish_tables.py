"""Making tables by attribute public: when, of what, and hidden against all that was public before."""

from datetime import date, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef

from tessera.apps.dialogue.landscapes import count_voters, is_counted, is_found_from, read_votes
from tessera.apps.dialogue.live_counts import STEP
from tessera.apps.dialogue.models import Attribute as AskedAttribute
from tessera.apps.dialogue.models import (
    Consultation,
    ConsultationQuerySet,
    Declaration,
    Publication,
)
from tessera.engines.opinion.disclosure.as_json import from_json, to_json
from tessera.engines.opinion.disclosure.breakdown import Attribute, break_down
from tessera.engines.opinion.disclosure.protect import protect
from tessera.engines.opinion.disclosure.tables import Publication as Tables
from tessera.engines.opinion.disclosure.tables import Table
from tessera.engines.opinion.votes import Votes

WAIT = timedelta(days=7)
"""Between two publications while people vote: each one more hides more of all that follow."""


def publish_due_tables(consultation: Consultation, day: date) -> bool:
    """Make tables public if it is time; whether it was.

    While people vote, only who takes part is counted, at most once in seven days and once ten more have come.
    After the end all is counted once, what people answered, too; so long as codes are kept, since then it is
    forgotten what people said about themselves. What they answered stays out where somebody withdrew since
    the landscape was found: from the totals of the two one could read how that person voted.
    """
    if not _is_due(consultation, day):
        return False
    earlier = [as_published(each) for each in consultation.publications.order_by("pk")]
    is_final = consultation.has_ended
    votes = read_votes(consultation)
    with_answers = is_final and is_found_from(consultation, votes)
    # Nothing is locked meanwhile: it takes seconds, and people vote.
    found = protect(count_tables(consultation, votes, with_answers=with_answers), earlier)
    return _keep(consultation, found, len(earlier), day, is_final=is_final)


def as_published(publication: Publication) -> Tables:
    return Tables(from_json(publication.tables), publication.threshold)


def count_tables(consultation: Consultation, votes: Votes, *, with_answers: bool) -> tuple[Table, ...]:
    """Who has voted, by what they said about themselves, and how they voted on what is shown.

    The true counts: for nobody's eyes. Without answers, who takes part is counted alone.
    """
    attributes = _declared(consultation, votes)
    if not with_answers:
        nothing = np.zeros(0, dtype=np.int64)
        return break_down(attributes, [], [], nothing, nothing, nothing)
    statements = [
        str(key) for key in consultation.statements.shown().order_by("pk").values_list("pk", flat=True)
    ]
    places = {name: place for place, name in enumerate(statements)}
    column_of = np.array([places.get(name, -1) for name in votes.statement_ids.tolist()], dtype=np.int64)
    on = column_of[votes.statements]
    by = np.repeat(np.arange(len(votes.participant_ids)), votes.n_votes)
    kept = on >= 0
    return break_down(attributes, [], statements, by[kept], on[kept], votes.values[kept].astype(np.int64))


def consultations_to_publish() -> ConsultationQuerySet:
    """In which tables can still be made public: something is asked, and not yet forgotten or told whole."""
    asking = Exists(AskedAttribute.objects.filter(consultation=OuterRef("pk")))
    told_whole = Exists(Publication.objects.filter(consultation=OuterRef("pk"), is_final=True))
    return Consultation.objects.public().filter(asking, ~told_whole, codes_forgotten_on=None)


def _is_due(consultation: Consultation, day: date) -> bool:
    if not consultations_to_publish().filter(pk=consultation.pk).exists():
        return False
    last = consultation.publications.order_by("pk").defer("tables").last()
    is_closed = consultation.has_ended
    if is_closed and not is_counted(consultation):
        return False
    if last is not None and not is_closed and day < last.made_on + WAIT:
        return False
    known = 0 if last is None or is_closed else _people_in(last)
    return count_voters(consultation) - known >= STEP


def _people_in(publication: Publication) -> int:
    everybody = as_published(publication).table(None)
    assert everybody is not None, "who takes part is in every publication"
    return int(everybody.counts[0, 0])


def _declared(consultation: Consultation, votes: Votes) -> list[Attribute]:
    """What those who voted said about themselves; nothing that was asked had to be said."""
    people = {name: place for place, name in enumerate(votes.participant_ids.tolist())}
    asked = list(consultation.attributes.prefetch_related("values"))
    codes = {each.pk: np.full(len(people), -1, dtype=np.int64) for each in asked}
    code_of = {value.pk: code for each in asked for code, value in enumerate(each.values.all())}
    said = Declaration.objects.filter(participant__consultation=consultation)
    for participant, attribute, value in said.values_list("participant", "attribute", "value"):
        # Somebody may have come, or gone, since the votes were read.
        if (place := people.get(str(participant))) is not None:
            codes[attribute][place] = code_of[value]
    return [
        Attribute(each.key, tuple(value.key for value in each.values.all()), codes[each.pk], optional=True)
        for each in asked
    ]


@transaction.atomic
def _keep(consultation: Consultation, found: Tables, n_earlier: int, day: date, *, is_final: bool) -> bool:
    """False where something else was made public meanwhile, or it was closed: the next round does it."""
    locked = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    is_as_before = locked.publications.count() == n_earlier and locked.has_ended == is_final
    if not is_as_before or locked.codes_forgotten_on is not None:
        return False
    Publication.objects.create(
        consultation=locked,
        made_on=day,
        is_final=is_final,
        tables=to_json(found.tables),
        threshold=found.threshold,
    )
    return True
