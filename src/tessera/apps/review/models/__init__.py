from tessera.apps.review.models.publications import Publication
from tessera.apps.review.models.reviews import Answer, Review, ReviewQuerySet, answer_rows

__all__ = ["Answer", "Publication", "Review", "ReviewQuerySet", "answer_rows"]
