"""What the open data of a consultation are made of, as it is kept."""

from tessera.apps.dialogue.group_tables import read_group_tables
from tessera.apps.dialogue.landscapes import read_shown
from tessera.apps.dialogue.models import Attribute, Consultation
from tessera.apps.dialogue.open_data import Asked, AskedAnswer, OpenData, OpenStatement
from tessera.engines.opinion.disclosure.as_json import from_json
from tessera.engines.opinion.disclosure.tables import Publication


def read_open_data(consultation: Consultation, url: str) -> OpenData | None:
    """None until the figures are final. Seven queries at most, whatever the size.

    `url` is where people took part. Texts are in the first language of the consultation.
    """
    shown = read_shown(consultation)
    if shown is None or not shown.is_final:
        return None
    language = consultation.first_language
    asked = [_asked(each, language) for each in consultation.attributes.prefetch_related("values")]
    assert consultation.closed_on is not None, "only what is closed is final"
    return OpenData(
        slug=consultation.slug,
        title=consultation.title.in_language(language),
        city=consultation.city.name.in_language(language),
        url=url,
        invented=consultation.invented,
        attribution=consultation.attribution,
        closed_on=consultation.closed_on,
        found_on=shown.found_on,
        engine=f"tessera {shown.engine}",
        seed=shown.seed,
        votes_digest=shown.votes_digest,
        statements_digest=shown.statements_digest,
        statements=[
            OpenStatement(each.pk, each.text, each.language, each.is_seeded)
            for each in consultation.statements.shown()
        ],
        overview=shown.overview,
        channels=shown.people_by_channel,
        groups=read_group_tables(consultation, shown.votes_digest),
        asked=asked,
        by_attribute=_by_attribute(consultation),
    )


def _asked(attribute: Attribute, language: str) -> Asked:
    return Asked(
        attribute.key,
        attribute.question.in_language(language),
        [
            AskedAnswer(each.key, each.label.in_language(language), each.population)
            for each in attribute.values.all()
        ],
        attribute.population_source,
        attribute.population_on,
    )


def _by_attribute(consultation: Consultation) -> Publication | None:
    """Those that were made public last: only of all votes they say how people answered."""
    kept = consultation.publications.last()
    return None if kept is None else Publication(from_json(kept.tables), kept.threshold)
