from tessera.apps.review.models.checking import (
    Appointment,
    OpenedAnswer,
    Opinion,
    Phrase,
    Query,
    QueryMessage,
    QueryQuerySet,
    Reconciliation,
    Strength,
    Verification,
)
from tessera.apps.review.models.cycles import Cycle, PathwayChoices
from tessera.apps.review.models.evidence import Evidence, EvidenceKind, EvidenceUse, pieces_in
from tessera.apps.review.models.filling import AreaWork, Assignment, Presence, Reminder, Signature
from tessera.apps.review.models.findings import CityReply, Draft, Finding, FindingBasis, FindingKind
from tessera.apps.review.models.publications import Correction, Publication, PublishedPiece
from tessera.apps.review.models.reviews import Answer, Review, ReviewQuerySet, read_value, written_value
from tessera.apps.review.models.sharing import Sharing
from tessera.apps.review.models.uploads import Upload

__all__ = [
    "Answer",
    "Appointment",
    "AreaWork",
    "Assignment",
    "CityReply",
    "Correction",
    "Cycle",
    "Draft",
    "Evidence",
    "EvidenceKind",
    "EvidenceUse",
    "Finding",
    "FindingBasis",
    "FindingKind",
    "OpenedAnswer",
    "Opinion",
    "PathwayChoices",
    "Phrase",
    "Presence",
    "Publication",
    "PublishedPiece",
    "Query",
    "QueryMessage",
    "QueryQuerySet",
    "Reconciliation",
    "Reminder",
    "Review",
    "ReviewQuerySet",
    "Sharing",
    "Signature",
    "Strength",
    "Upload",
    "Verification",
    "pieces_in",
    "read_value",
    "written_value",
]
