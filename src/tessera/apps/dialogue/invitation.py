"""What people are invited with on paper: a poster, and cards with a link for one person each.

Its words stand in templates, as those of all that residents read, so that their translators find them.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import override

from tessera.apps.dialogue.models import Consultation, Panel
from tessera.apps.network.local_text import LocalText
from tessera.reports.poster import Cards, CardWords, Poster, PosterWords, print_cards, print_poster


def print_invitation(consultation: Consultation, address: str) -> bytes:
    """The poster of a consultation that has days, as a PDF."""
    assert consultation.last_day is not None
    # While it is prepared, some may still be missing.
    written = [code for code in consultation.languages if consultation.title.texts.get(code)]
    words = [_poster_words(consultation, code) for code in written]
    return print_poster(Poster(_city(consultation), address, consultation.last_day, words))


def print_own_links(consultation: Consultation, addresses: Sequence[str]) -> bytes:
    """A card for each address, as a PDF."""
    return _print_cards(consultation, consultation.title, "one_person", addresses)


def print_panel_links(panel: Panel, addresses: Sequence[str]) -> bytes:
    """A card for each member of a panel, as a PDF."""
    return _print_cards(panel.consultation, panel.title, "panel_member", addresses)


def _print_cards(consultation: Consultation, title: LocalText, says: str, addresses: Sequence[str]) -> bytes:
    words = [CardWords(code, _say(says, code)) for code in consultation.languages]
    return print_cards(
        Cards(_city(consultation), title.in_language(consultation.first_language), addresses, words)
    )


def _city(consultation: Consultation) -> str:
    return consultation.city.name.in_language(consultation.first_language)


def _poster_words(consultation: Consultation, language: str) -> PosterWords:
    return PosterWords(
        language=language,
        title=consultation.title.in_language(language),
        call=_say("call", language),
        how_long=_say("how_long", language),
        last_day=_say("last_day", language),
        notice=_say("invented", language) if consultation.invented else "",
    )


def _say(words: str, language: str) -> str:
    with override(language):
        return render_to_string(f"dialogue/resident/poster/{words}.txt").strip()
