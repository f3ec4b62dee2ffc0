"""What a closed consultation came to, for anybody: the report of its landscape."""

from django.db.models import Prefetch

from tessera.apps.dialogue.asking import word_statement
from tessera.apps.dialogue.landscapes import Shown, read_shown
from tessera.apps.dialogue.models import Channel, Consultation, Translation
from tessera.apps.dialogue.published_tables import PublishedAttribute, read_published
from tessera.apps.network.local_text import LocalText
from tessera.apps.records.made_once import make_once
from tessera.reports.landscape.compared_groups import AskedAttribute, CountedGroup
from tessera.reports.landscape.method import Made
from tessera.reports.landscape.page import render_landscape
from tessera.reports.landscape.parts import LandscapeReport
from tessera.reports.landscape.print import print_landscape
from tessera.reports.landscape.report import build_landscape_report
from tessera.reports.landscape.took_part import Background, Way
from tessera.reports.parts import WrittenText

KEPT_SECONDS = 3600
"""For which a printed report is kept: a statement that is hidden is not in it for much longer."""

_WAYS = {
    Channel.OPEN_LINK: Way.OPEN_LINK,
    Channel.OWN_LINK: Way.OWN_LINK,
    Channel.PAPER: Way.PAPER,
    Channel.ASSISTED: Way.ASSISTED,
    Channel.IMPORTED: Way.ELSEWHERE,
}


def build_results(consultation: Consultation, language: str) -> LandscapeReport | None:
    """The results in a language of reports; None until the figures stand, after the end.

    Statements stand in the language where a person put them into it, else as they were written. What people
    said about themselves is in it once that was made public for good. Seven queries, whatever the size.
    """
    shown = read_shown(consultation)
    if shown is None or not shown.is_final:
        return None
    published = read_published(consultation)
    attributes = published.attributes if published is not None and published.is_final else ()
    return build_landscape_report(
        shown.overview,
        texts=texts_of_statements(consultation, language),
        title=_written(consultation.title, language),
        about=_written(consultation.asked_by, language),
        day=shown.found_on,
        day_is_of_votes=True,
        made=Made(shown.votes_digest, shown.statements_digest, shown.seed, shown.engine),
        language=language,
        background=Background(
            invented=consultation.invented,
            attribution=consultation.attribution,
            came=_ways(shown),
            asked=tuple(_asked(each, language) for each in attributes),
        ),
    )


def write_file(report: LandscapeReport) -> str:
    """As one HTML file."""
    return make_once("results", repr(report), lambda: render_landscape(report), seconds=KEPT_SECONDS)


def print_results(report: LandscapeReport) -> bytes:
    """As a PDF."""
    return make_once("results-pdf", repr(report), lambda: print_landscape(report), seconds=KEPT_SECONDS)


def texts_of_statements(consultation: Consultation, language: str) -> dict[str, WrittenText]:
    """Of the shown statements. What only a machine put into the language is not quoted here."""
    by_people = Translation.objects.filter(language=language, machine="")
    shown = consultation.statements.shown().prefetch_related(Prefetch("translations", by_people))
    worded = [word_statement(each, language) for each in shown]
    return {str(each.pk): WrittenText(each.text, each.language.code) for each in worded}


def _written(text: LocalText, language: str) -> WrittenText:
    return WrittenText(text.in_language(language), "" if text.texts.get(language) else text.source)


def _ways(shown: Shown) -> dict[Way, int | None]:
    return {_WAYS[Channel(name)]: people for name, people in shown.people_by_channel.items()}


def _asked(published: PublishedAttribute, language: str) -> AskedAttribute[WrittenText]:
    return AskedAttribute(
        question=_written(published.question, language),
        groups=tuple(
            CountedGroup(_written(each.label, language), each.people, each.residents)
            for each in published.groups
        ),
        everybody=published.everybody,
        not_said=published.not_said,
        source=published.source,
        counted_on=published.counted_on,
    )
