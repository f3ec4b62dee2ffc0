"""While a consultation is prepared, it is tried out as residents will see it; opening leaves none of that."""

from datetime import date

import numpy as np
import pytest
from django.http import Http404
from django.utils import timezone
from tests.apps.dialogue.asking_about_oneself import hold_asking
from tests.apps.dialogue.panels import make_panel
from tests.apps.dialogue.staff import days, give_to
from tests.apps.dialogue.trials import make_token, try_out
from tests.builders import make_city
from tests.dialogues import (
    TODAY,
    hold_consultation,
    make_consultation,
    make_entrance,
    speak,
    vote,
)
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.dialogue.access import find_consultation_to_try_out, get_consultation_to_take_part
from tessera.apps.dialogue.access.panels import get_panel_member
from tessera.apps.dialogue.actions.about_oneself import declare
from tessera.apps.dialogue.actions.appeals import appeal
from tessera.apps.dialogue.actions.moderation import (
    WrongTarget,
    accept_statement,
    hide_statement,
    keep_shown,
    merge_statement,
    translate_statement,
)
from tessera.apps.dialogue.actions.setting_up import (
    CannotOpen,
    Obstacle,
    close_consultation,
    make_own_links,
    open_consultation,
)
from tessera.apps.dialogue.actions.taking_part import NotNow, report_statement, withdraw_everything
from tessera.apps.dialogue.actions.trial import clear_trial, make_trial_link
from tessera.apps.dialogue.jobs import refresh_landscapes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import (
    Appeal,
    Consultation,
    Declaration,
    HidingReason,
    Moderation,
    Participant,
    Report,
    Rule,
    Statement,
    Tally,
    Translation,
    Vote,
)
from tessera.apps.dialogue.on_paper import draw_for_paper
from tessera.apps.network.models import Kind, Membership
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db


def models_that_lead_to(model, found=None):
    """All whose rows refer to a row of the model, or to one that does."""
    found = set() if found is None else found
    for relation in model._meta.get_fields(include_hidden=True):
        is_pointed_at = relation.auto_created and not relation.concrete
        if is_pointed_at and relation.related_model not in found:
            found.add(relation.related_model)
            models_that_lead_to(relation.related_model, found)
    return found


def count_rows():
    kept = {*models_that_lead_to(Consultation), Consultation, Tally}
    return {model: model.objects.count() for model in kept if model._meta.app_label == "dialogue"}


def draft_of(city=None, **about):
    return hold_asking(city, state=State.DRAFT, **about)


def leave_everything_behind(tried):
    """All that people can do in a trial, and all that staff decide about it."""
    ilze, now = make_person("ilze"), timezone.now()
    first, second, third = tried.statements.order_by("pk")[:3]
    one, other, gone = make_entrance(), make_entrance(), make_entrance()
    for key, seed in enumerate((first, second, third)):
        for entrance in (one, other, gone):
            participant = vote(tried, seed, entrance=entrance, key=key, day=TODAY)
    shown, hidden, same, withdrawn = [
        speak(tried, f"More {what}.", entrance=entrance, key=20 + key, day=TODAY)
        for key, (what, entrance) in enumerate(
            [("benches", one), ("noise", other), ("bench", other), ("rain", gone)]
        )
    ]
    attribute = tried.attributes.get()
    declare(consultation=tried, code=one.code, answers={attribute.pk: attribute.values.first().pk}, day=TODAY)
    accept_statement(by=ilze, statement=shown, at=now)
    accept_statement(by=ilze, statement=withdrawn, at=now)
    translate_statement(by=ilze, statement=shown, texts={"lv": "Vairāk solu."}, at=now)
    merge_statement(by=ilze, statement=same, into=first, at=now)
    hide_statement(by=ilze, statement=hidden, reason=HidingReason.UNCLEAR, at=now)
    appeal(participant=hidden.author, statement=hidden, words="Why?", language="en", day=TODAY)
    report_statement(participant=shown.author, statement=second, reason=HidingReason.HOSTILE)
    withdraw_everything(participant)


def test_what_a_trial_leaves_is_of_every_kind():
    draft = draft_of()
    before = count_rows()
    leave_everything_behind(try_out(draft))
    left = {model for model, count in count_rows().items() if count != before[model]}
    assert left == {Participant, Vote, Statement, Translation, Declaration, Moderation, Appeal, Report}


def test_opening_leaves_as_many_rows_of_each_kind_as_there_were_before_the_trial():
    draft, other = draft_of(), hold_consultation(make_city("graz"), slug="other")
    vote(other, other.statements.first(), day=TODAY)
    before, seeds = count_rows(), list(draft.statements.values())
    leave_everything_behind(try_out(draft))
    open_consultation(by=make_person("ilze"), consultation=draft, at=timezone.now())
    assert count_rows() == before
    assert list(draft.statements.values()) == seeds
    draft.refresh_from_db()
    assert (draft.state, draft.trial_hash) == (State.OPEN, "")


def test_the_trial_is_erased_at_any_time_and_its_link_ends():
    draft = draft_of()
    before, token = count_rows(), make_token(draft)
    leave_everything_behind(find_consultation_to_try_out(draft.slug, token))
    clear_trial(by=make_person("ilze"), consultation=draft, at=timezone.now())
    assert count_rows() == before
    assert find_consultation_to_try_out(draft.slug, token) is None


def test_what_was_decided_about_the_citys_own_statements_stays():
    draft, now, ilze = draft_of(), timezone.now(), make_person("ilze")
    tried, seed = try_out(draft), draft.statements.first()
    participant = vote(tried, seed, day=TODAY)
    report_statement(participant=participant, statement=seed, reason=HidingReason.HOSTILE)
    keep_shown(by=ilze, statement=seed, at=now)
    open_consultation(by=ilze, consultation=draft, at=now)
    assert Moderation.objects.get().statement == seed


def test_what_people_say_in_a_trial_is_no_statement_to_begin_with():
    draft, now, ilze = draft_of(), timezone.now(), make_person("ilze")
    said = speak(try_out(draft), "More benches.", day=TODAY)
    accept_statement(by=ilze, statement=said, at=now)
    hide_statement(by=ilze, statement=draft.statements.first(), reason=HidingReason.UNCLEAR, at=now)
    with pytest.raises(CannotOpen) as refused:
        open_consultation(by=ilze, consultation=draft, at=now)
    assert refused.value.obstacles == [Obstacle.FEW_STATEMENTS]
    assert Participant.objects.count() == 1


def test_the_citys_own_is_not_merged_into_what_goes():
    draft, now, ilze = draft_of(), timezone.now(), make_person("ilze")
    said = speak(try_out(draft), "More benches.", day=TODAY)
    accept_statement(by=ilze, statement=said, at=now)
    with pytest.raises(WrongTarget):
        merge_statement(by=ilze, statement=draft.statements.first(), into=said, at=now)


def test_what_goes_is_not_printed():
    draft = draft_of()
    said = speak(try_out(draft), "More benches.", day=TODAY)
    accept_statement(by=make_person("ilze"), statement=said, at=timezone.now())
    drawn = {each.pk for each in draw_for_paper(draft, "en", np.random.default_rng(1))}
    assert drawn == set(draft.statements.exclude(pk=said.pk).values_list("pk", flat=True))


@pytest.mark.parametrize(("begins", "ends"), [(-30, -10), (-1, 1), (10, 30)])
def test_any_day_is_one_of_the_first_phase(begins, ends):
    phases = [days(begins, ends, Rule.SAY), days(ends + 1, ends + 9, Rule.VOTE)]
    draft = make_consultation(make_city(), state=State.DRAFT, at=timezone.now(), phases=phases)
    tried = try_out(draft)
    assert tried.phase_on(TODAY).rule == Rule.SAY
    assert speak(tried, "More benches.", day=TODAY).consultation == draft
    with pytest.raises(NotNow):
        vote(tried, draft.statements.first(), day=TODAY)
    assert draft.phase_on(TODAY) is None


def test_what_comes_after_the_trial_from_one_of_its_pages_is_not_taken():
    draft, known = draft_of(), make_entrance()
    tried, seed = try_out(draft), draft.statements.first()
    vote(tried, seed, entrance=known, day=TODAY)
    open_consultation(by=make_person("ilze"), consultation=draft, at=timezone.now())
    before = count_rows()
    for entrance in (known, make_entrance()):
        with pytest.raises(NotNow):
            vote(tried, seed, entrance=entrance, key=5, day=TODAY)
        with pytest.raises(NotNow):
            speak(tried, "More benches.", entrance=entrance, key=6, day=TODAY)
    assert count_rows() == before


def test_without_its_token_nobody_takes_part_in_a_draft():
    draft = draft_of()
    try_out(draft)
    with pytest.raises(NotNow):
        vote(draft, draft.statements.first(), day=TODAY)


def test_nobody_who_tries_it_out_is_counted_or_uses_up_a_link():
    draft = draft_of(has_open_link=False)
    [link] = make_own_links(by=make_person("ilze"), consultation=draft, count=1, at=timezone.now())
    tried, seed = try_out(draft), draft.statements.first()
    vote(tried, seed, day=TODAY)
    vote(tried, seed, entrance=make_entrance(link_token=link), day=TODAY)
    assert Participant.objects.count() == 2
    assert Tally.objects.count() == 0
    assert not draft.own_links.get().is_used


def test_no_landscape_is_found_of_a_trial():
    draft = draft_of()
    tried = try_out(draft)
    for _ in range(12):
        me = make_entrance()
        for key, seed in enumerate(draft.statements.all()):
            vote(tried, seed, entrance=me, key=key, day=TODAY)
    before = count_rows()
    assert refresh_landscapes(TODAY) == 0
    assert count_rows() == before


def test_nobody_answers_in_a_panel_by_way_of_a_trial():
    draft = draft_of()
    panel = make_panel(draft)
    assert get_panel_member(draft, panel.tokens[0]).panel == panel
    with pytest.raises(Http404):
        get_panel_member(try_out(draft), panel.tokens[0])


def test_only_the_last_link_leads_to_a_draft_and_none_to_what_is_public():
    draft, ilze, now = draft_of(), make_person("ilze"), timezone.now()
    tokens = [make_token(draft), make_token(draft)]
    for wrong in (tokens[0], "", "x" * 22):
        assert find_consultation_to_try_out(draft.slug, wrong) is None
        with pytest.raises(Http404):
            get_consultation_to_take_part(draft.slug, wrong)
    assert get_consultation_to_take_part(draft.slug, tokens[1]).is_tried_out
    open_consultation(by=ilze, consultation=draft, at=now)
    assert find_consultation_to_try_out(draft.slug, tokens[1]) is None
    assert not get_consultation_to_take_part(draft.slug, tokens[1]).is_tried_out


def test_a_draft_without_a_link_is_not_found_by_the_hash_of_nothing():
    draft = draft_of()
    assert draft.trial_hash == ""
    assert find_consultation_to_try_out(draft.slug, "") is None


@pytest.fixture
def riga():
    """A city of the network, and everybody in their places. Piotr is facilitator in Riga here."""
    network = make_network()
    cities = {slug: make_city(slug) for slug in ("riga", "ravenna", "graz")}
    for slug in ("riga", "ravenna"):
        Membership.objects.create(
            city=cities[slug], network=network, since=date(2015, 1, 1), source_name="A site"
        )
    make_officer("ilze", cities["riga"])
    give("andris", Kind.CONTRIBUTOR, cities["riga"])
    make_officer("chiara", cities["ravenna"])
    give("nuria", Kind.EXPERT, network)
    give("mihai", Kind.COORDINATOR, network)
    make_person("greta")
    make_officer("jonas", cities["graz"])
    return cities["riga"]


def outcome_of(act):
    try:
        act()
    except Http404:
        return "not there"
    except MoveError:
        return "not now"
    return "done"


@pytest.mark.parametrize("state", [State.DRAFT, State.OPEN, State.CLOSED, State.SYNTHESISED, State.ANSWERED])
@pytest.mark.parametrize("act", [make_trial_link, clear_trial])
@pytest.mark.parametrize("who", EVERYBODY)
def test_those_who_keep_it_make_links_and_clear_a_trial_while_it_is_prepared(riga, who, act, state):
    kept = hold_consultation(riga, state=State.DRAFT)
    give_to("piotr", kept)
    ilze, now = make_person("ilze"), timezone.now()
    if state is not State.DRAFT:
        open_consultation(by=ilze, consultation=kept, at=now)
    if state not in (State.DRAFT, State.OPEN):
        close_consultation(by=ilze, consultation=kept, reason="Enough.", at=now)
        Consultation.objects.filter(pk=kept.pk).update(
            state=state,
            synthesised_on=TODAY if state is not State.CLOSED else None,
            answered_on=TODAY if state is State.ANSWERED else None,
        )
    expected = "not there"
    if who in ("ilze", "piotr"):
        expected = "done" if state is State.DRAFT else "not now"
    assert outcome_of(lambda: act(by=make_person(who), consultation=kept, at=now)) == expected
    kept.refresh_from_db()
    assert bool(kept.trial_hash) == (expected == "done" and act is make_trial_link)
