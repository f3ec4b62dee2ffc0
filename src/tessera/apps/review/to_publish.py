"""What anybody may read of a review once its city publishes it, before it does and when it does."""

from dataclasses import dataclass

from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.models import Review, ReviewQuerySet
from tessera.frameworks.answers import AnswerSheet
from tessera.frameworks.expert_words import ExpertWords
from tessera.frameworks.profile import Profile
from tessera.frameworks.scoring import score_sheet


@dataclass(frozen=True)
class PublicResult:
    sheet: AnswerSheet
    profile: Profile
    words: ExpertWords
    previous: Review | None
    """The city's earlier review, which it compares with."""
    class_reviews: tuple[Review, ...]


def standing_before(review: Review) -> ReviewQuerySet:
    """What stands for the city until a review of the same questionnaire is published: one at most."""
    return Review.objects.published().filter(city=review.city, framework_id=review.framework_id)


def read_public_result(review: Review, previous: Review | None) -> PublicResult:
    """The answers, the figures and the words of the experts, as they would be published at this moment.

    `previous` is the city's earlier review, None where there is none.
    """
    class_reviews = tuple(Review.objects.in_class_of(review).with_answers())
    # What a rule hides scores nothing. So whoever has the published answers comes to the same figures.
    sheet = review.public_sheet()
    profile = score_sheet(
        review.framework,
        sheet,
        previous=(previous.framework, previous.sheet()) if previous else None,
        class_sheets=[other.sheet() for other in class_reviews],
    )
    words = read_expert_words(review, only_public=True)
    return PublicResult(sheet, profile, words, previous, class_reviews)
