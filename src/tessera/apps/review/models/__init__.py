from tessera.apps.review.models.cycles import Cycle, PathwayChoices
from tessera.apps.review.models.evidence import Evidence, EvidenceKind, EvidenceUse, pieces_in
from tessera.apps.review.models.filling import AreaWork, Assignment, Presence, Reminder, Signature
from tessera.apps.review.models.publications import Publication
from tessera.apps.review.models.reviews import Answer, Review, ReviewQuerySet, written_value
from tessera.apps.review.models.uploads import Upload

__all__ = [
    "Answer",
    "AreaWork",
    "Assignment",
    "Cycle",
    "Evidence",
    "EvidenceKind",
    "EvidenceUse",
    "PathwayChoices",
    "Presence",
    "Publication",
    "Reminder",
    "Review",
    "ReviewQuerySet",
    "Signature",
    "Upload",
    "pieces_in",
    "written_value",
]
