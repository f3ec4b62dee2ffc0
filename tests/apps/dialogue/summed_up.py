"""A consultation that is over, whose themes are written, public or answered by the city."""

from django.utils import timezone
from tests.apps.dialogue.finished import finish
from tests.builders import make_city
from tests.dialogues import hold_consultation, make_entrance, speak, words
from tests.people import make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.answering import decide_statements, decide_theme, publish_answer
from tessera.apps.dialogue.actions.moderation import accept_statement
from tessera.apps.dialogue.actions.themes import Bases, choose_bases, publish_themes, write_theme
from tessera.apps.dialogue.models import (
    Consultation,
    Excerpt,
    Note,
    Outcome,
    Session,
    SessionParticipant,
    Statement,
)


def hold_and_end(city=None, *, said=("We need benches.", "We need lamps."), entrance=None, **about):
    """One in which people said something that was shown; it is closed, and its votes are counted."""
    consultation = hold_consultation(city or make_city("riga"), **about)
    ilze = make_person("ilze")
    for number, text in enumerate(said, start=1):
        statement = speak(
            consultation, text, entrance=entrance or make_entrance(), key=number, day=timezone.localdate()
        )
        accept_statement(by=ilze, statement=statement, at=timezone.now())
    Person.objects.update(language="en")
    return finish(consultation)


def write(consultation, title="Places to sit", *, statements=(), excerpts=(), findings=(), area="", **others):
    """A theme that Ilze writes, in English unless a test says more, and what it rests on."""
    theme = write_theme(
        by=make_person("ilze"),
        consultation=consultation,
        pk=None,
        title=words(title, **{code: f"{title} ({code})" for code in others.get("also", ())}),
        summary=words(
            f"Summary of {title}.", **{code: f"Summary ({code})" for code in others.get("also", ())}
        ),
        area=area,
        at=timezone.now(),
    )
    add = Bases(
        frozenset(each.pk for each in statements),
        frozenset(each.pk for each in excerpts),
        frozenset(each.pk for each in findings),
    )
    choose_bases(by=make_person("ilze"), theme=theme, add=add, remove=Bases(), at=timezone.now())
    return theme


def said_by_people(consultation):
    """What people said, in order."""
    return list(consultation.statements.filter(is_seeded=False))


def publish(consultation):
    publish_themes(by=make_person("ilze"), consultation=consultation, at=timezone.now())
    return Consultation.objects.get(pk=consultation.pk)


def sum_up(city=None, **about):
    """Of two things that people said the first is in a theme, which is public."""
    consultation = hold_and_end(city, **about)
    write(consultation, statements=said_by_people(consultation)[:1], also=consultation.languages[1:])
    return publish(consultation)


def decide(consultation, *, outcome=Outcome.ADOPTED, reason="We put up ten.", also=()):
    """The same about everything."""
    reason = words(reason, **{code: f"{reason} ({code})" for code in also})
    ilze, now = make_person("ilze"), timezone.now()
    for theme in consultation.themes.all():
        decide_theme(by=ilze, theme=theme, outcome=outcome, reason=reason, at=now)
    shown = Statement.objects.shown().filter(consultation=consultation, is_seeded=False)
    outside = shown.filter(theme_bases=None)
    keys = list(outside.values_list("pk", flat=True))
    decide_statements(
        by=ilze, consultation=consultation, statements=keys, outcome=outcome, reason=reason, at=now
    )


def answer(consultation):
    """Everything is decided, and the answer is public."""
    decide(consultation, also=consultation.languages[1:])
    publish_answer(by=make_person("ilze"), consultation=consultation, at=timezone.now())
    return Consultation.objects.get(pk=consultation.pk)


def say_at_a_session(consultation, text="We sit on the kerb.", *, quote=None, kind="focus-group", people=1):
    """An excerpt that is all of a note, by the first of so many people; with a quotation that is cleared."""
    ilze = make_person("ilze")
    session = Session.objects.create(
        consultation=consultation,
        kind=kind,
        title=words("In the library"),
        held_on=timezone.localdate(),
        place="The library",
        languages=["en"],
        led_by=ilze,
    )
    speakers = [
        SessionParticipant.objects.create(held_in=session, code=f"P{number}")
        for number in range(1, people + 1)
    ]
    note = Note.objects.create(
        held_in=session, speaker=speakers[0], text=text, language="en", written_by=ilze
    )
    return Excerpt.objects.create(
        note=note,
        starts=0,
        ends=len(text),
        marked_by=ilze,
        quote=words(quote) if quote else None,
        cleared_by=ilze if quote else None,
    )
