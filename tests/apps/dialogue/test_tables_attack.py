"""All that a consultation makes public over time, against a reader who reckons with all of it at once."""

from datetime import timedelta

import numpy as np
import pytest
from tests.apps.dialogue.asking_about_oneself import DAY, join, make_asking
from tests.builders import make_city
from tests.dialogues import OPENED_AT
from tests.people import make_person

from tessera.apps.dialogue.actions.setting_up import close_consultation
from tessera.apps.dialogue.jobs import publish_tables, refresh_landscapes
from tessera.apps.dialogue.landscapes import read_votes
from tessera.apps.dialogue.models import Declaration, Participant
from tessera.apps.dialogue.publish_tables import as_published, count_tables
from tessera.engines.opinion.disclosure.attack import pin_down
from tessera.engines.opinion.disclosure.tables import Publication

pytestmark = pytest.mark.django_db

SEEDS = range(12)
ALIKE = (1, 2, 5, 12, 25)
GENDERS = ("woman", "man", "other", None)
BORN = ("here", "eu", "elsewhere", None)


def live(seed, city):
    """A consultation of some weeks: people come, a few withdraw or take back what they said, it closes."""
    rng = np.random.default_rng(seed)
    asking = make_asking(city, keys=("gender", "born"), slug=f"asking-{seed}")
    shares = rng.dirichlet(np.full(len(GENDERS), 1.2))
    leanings = rng.dirichlet([1.5, 1.5, 1.0], size=len(GENDERS))
    statements = list(asking.statements.order_by("pk")[:2])
    for week in range(int(rng.integers(2, 5))):
        for _ in range(int(rng.integers(1, 9))):
            # Several alike, so that some groups are large enough to be shown.
            gender = int(rng.choice(len(GENDERS), p=shares))
            said = {"gender": GENDERS[gender], "born": BORN[int(rng.integers(len(BORN)))]}
            votes = {each: int(rng.choice([1, -1, 0], p=leanings[gender])) for each in statements}
            alike = int(rng.choice(ALIKE))
            join(asking, alike, votes=votes, **{key: it for key, it in said.items() if it is not None})
        _undo(asking, rng)
        publish_tables(DAY + timedelta(days=7 * week))
    close_consultation(by=make_person("ilze"), consultation=asking, reason="Enough.", at=OPENED_AT)
    refresh_landscapes(DAY)
    publish_tables(DAY + timedelta(days=60))
    return asking


def _undo(asking, rng):
    here = list(asking.participants.values_list("pk", flat=True))
    gone = rng.choice(here, size=min(len(here), int(rng.integers(3))), replace=False).tolist()
    Participant.objects.filter(pk__in=gone).delete()
    back = rng.choice(here, size=min(len(here), int(rng.integers(3))), replace=False).tolist()
    Declaration.objects.filter(participant__in=back, attribute__key="born").delete()


def publications(asking):
    return [as_published(each) for each in asking.publications.order_by("pk")]


def exposed(published):
    attack = pin_down(published, enough=1)
    return [*attack.revealed, *attack.pinned]


def test_all_publications_together_give_nobody_away():
    riga, hidden, shown = make_city("riga"), 0, 0
    for seed in SEEDS:
        published = publications(live(seed, riga))
        assert exposed(published) == [], seed
        for table in (table for each in published for table in each.tables if table.attributes):
            hidden += int((table.counts < 0).sum())
            shown += int((table.counts >= 0).sum())
    # To show nothing would be safe, too.
    assert min(hidden, shown) > 50


def test_the_same_weeks_unprotected_give_people_away():
    asking = live(next(iter(SEEDS)), make_city("riga"))
    assert len(publications(asking)) > 1
    tables = count_tables(asking, read_votes(asking), with_answers=True)
    only_few = (table.with_hidden(table.counts < 10) if table.attributes else table for table in tables)
    assert exposed([Publication(tuple(only_few), 10)]) != []
