"""Who hears what is said at sessions, and who marks and codes it. Who coordinates a network does not."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.access import (
    consultations_heard_by,
    consultations_kept_by,
    consultations_seen_as_a_whole_by,
    find_consultation,
)
from tessera.apps.dialogue.models import (
    Code,
    Coding,
    Consultation,
    ContactSlip,
    Excerpt,
    Note,
    Session,
    SessionParticipant,
    Stakeholder,
)


def get_consultation_with_sessions(person: Person, pk: int, day: date) -> Consultation:
    """One whose sessions the person sees: when and where, and what came out. Raises Http404 for any other."""
    return find_consultation(consultations_seen_as_a_whole_by(person, day), pk)


def get_consultation_to_hear(person: Person, pk: int, day: date) -> Consultation:
    """One of which the person reads what was said at its sessions. Raises Http404 for any other."""
    return find_consultation(consultations_heard_by(person, day), pk)


def get_session_to_see(person: Person, pk: int, day: date) -> Session:
    """One of which the person sees when and where it is. Raises Http404 for any other."""
    found = _get_session(Session.objects.select_related("consultation__city", "led_by", "consent"), pk)
    get_consultation_with_sessions(person, found.consultation_id, day)
    return found


def sessions_read_by(person: Person, day: date) -> QuerySet[Session]:
    """Those whose notes a person reads."""
    return Session.objects.select_related("consultation__city", "led_by", "consent").filter(
        consultation__in=consultations_heard_by(person, day).values("pk")
    )


def get_session_to_read(person: Person, pk: int, day: date) -> Session:
    """One whose notes the person reads. Raises Http404 for any other."""
    return _get_session(sessions_read_by(person, day), pk)


def get_session_to_keep(person: Person, pk: int, day: date) -> Session:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    return _get_session(_sessions_kept_by(person, day), pk)


def lock_session_to_keep(person: Person, pk: int, day: date) -> Session:
    """The same, and whoever else changes it, or writes down what is said there, waits."""
    return _get_session(_sessions_kept_by(person, day).select_for_update(of=("self",)), pk)


def _sessions_kept_by(person: Person, day: date) -> QuerySet[Session]:
    kept = consultations_kept_by(person, day).values("pk")
    return Session.objects.select_related("consultation__city").filter(consultation__in=kept)


def _get_session(sessions: QuerySet[Session], pk: int) -> Session:
    found = sessions.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_session_participant_to_keep(person: Person, pk: int, day: date) -> SessionParticipant:
    """Somebody at a session of a consultation that the person keeps. Raises Http404 for any other."""
    found = (
        SessionParticipant.objects.select_related("held_in__consultation__city", "stakeholder")
        .filter(held_in__in=_sessions_kept_by(person, day).values("pk"), pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_note_to_read(person: Person, pk: int, day: date) -> Note:
    """One of a session whose notes the person reads. Raises Http404 for any other."""
    return _get_note(Note.objects.filter(held_in__in=sessions_read_by(person, day).values("pk")), pk)


def get_note_to_keep(person: Person, pk: int, day: date) -> Note:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    return _get_note(_notes_kept_by(person, day), pk)


def lock_note_to_keep(person: Person, pk: int, day: date) -> Note:
    """The same, and whoever else changes it, or marks something in it, waits."""
    return _get_note(_notes_kept_by(person, day).select_for_update(of=("self",)), pk)


def _notes_kept_by(person: Person, day: date) -> QuerySet[Note]:
    return Note.objects.filter(held_in__in=_sessions_kept_by(person, day).values("pk"))


def _get_note(notes: QuerySet[Note], pk: int) -> Note:
    found = notes.select_related("held_in__consultation__city", "speaker").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_stakeholder_to_keep(person: Person, pk: int, day: date) -> Stakeholder:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    kept = consultations_kept_by(person, day).values("pk")
    stakeholders = Stakeholder.objects.select_related("consultation__city", "organisation")
    found = stakeholders.filter(consultation__in=kept, pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_contact_slip_to_keep(person: Person, pk: int, day: date) -> ContactSlip:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    kept = consultations_kept_by(person, day).values("pk")
    slips = ContactSlip.objects.select_related("consultation__city")
    found = slips.filter(consultation__in=kept, pk=pk).first()
    if found is None:
        raise Http404
    return found


def excerpts_of(consultation: Consultation) -> QuerySet[Excerpt]:
    """Of all its sessions, with these, in the order in which they were said."""
    excerpts = Excerpt.objects.select_related("note__held_in").filter(
        note__held_in__consultation=consultation
    )
    return excerpts.order_by("note__held_in__held_on", "note__held_in", "note", "starts", "pk")


def get_excerpt_to_keep(person: Person, pk: int, day: date) -> Excerpt:
    """One of a consultation that the person keeps. Raises Http404 for any other."""
    kept = consultations_kept_by(person, day)
    excerpts = Excerpt.objects.select_related("note__held_in__consultation__city", "finding", "cleared_by")
    found = excerpts.filter(note__held_in__consultation__in=kept, pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_code_to_keep(person: Person, pk: int, day: date) -> Code:
    """One of a codebook that the person keeps. Raises Http404 for any other."""
    codes = Code.objects.select_related("consultation__city")
    found = codes.filter(consultation__in=consultations_kept_by(person, day), pk=pk).first()
    if found is None:
        raise Http404
    return found


def excerpts_coded_by(person: Person, consultation: Consultation) -> QuerySet[Excerpt]:
    """Those on which a person sees the codes of others, too: nobody codes as another did before."""
    return excerpts_of(consultation).filter(codings__coder=person)


def excerpts_to_code(person: Person, consultation: Consultation) -> QuerySet[Excerpt]:
    """Those that a person has not coded yet."""
    return excerpts_of(consultation).exclude(codings__coder=person)


def codings_shown_to(person: Person, excerpt: Excerpt) -> QuerySet[Coding]:
    """One's own, and those of others once one has coded the excerpt oneself."""
    codings = excerpt.codings.select_related("coder").prefetch_related("codes")
    return codings if excerpt.codings.filter(coder=person).exists() else codings.none()
