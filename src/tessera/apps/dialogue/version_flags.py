"""Statements on which readers of one language vote otherwise: their translation may say something else."""

from collections.abc import Sequence

from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Consultation, Landscape, Participant, Statement, Translation
from tessera.engines.opinion.cluster import Groups
from tessera.engines.opinion.language_versions import compare_versions
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.votes import Votes


def find_flags(
    consultation_id: int, votes: Votes, groups: Groups, statements: Sequence[Statement]
) -> dict[str, list[str]]:
    """The languages by the number of the statement, as a landscape keeps them; two queries.

    Of each participant the language counts in which they take part. No figure is kept: that somebody should
    look says nothing about anybody.
    """
    people_now = Participant.objects.filter(consultation=consultation_id)
    reads = dict(people_now.values_list("pk", "language"))
    versions = _current_versions(statements)
    # Who withdrew a moment ago reads in no language any more, and is in the sums of votes still.
    languages = [reads.get(int(name), "") for name in votes.participant_ids.tolist()]
    flags: dict[str, list[str]] = {}
    for each in compare_versions(votes, groups.of_participants, languages, versions, loops=fastest()):
        if each.is_flagged:
            flags.setdefault(str(votes.statement_ids[each.statement]), []).append(each.language)
    return flags


def read_flags(consultation: Consultation) -> dict[int, list[str]]:
    """As they were found with the last landscape, for those who keep the consultation; one query."""
    kept = Landscape.objects.filter(consultation=consultation).values_list("language_flags", flat=True)
    return {int(name): languages for name, languages in (kept.first() or {}).items()}


def _current_versions(statements: Sequence[Statement]) -> dict[str, list[str]]:
    """In which languages each statement that is shown can be read as it is now."""
    shown = {each.pk: each for each in statements if each.state == StatementState.SHOWN}
    versions = {str(pk): [each.language] for pk, each in shown.items()}
    translations = Translation.objects.filter(statement__in=shown)
    for pk, language, digest in translations.values_list("statement", "language", "source_digest"):
        if digest == shown[pk].digest:
            versions[str(pk)].append(language)
    return versions
