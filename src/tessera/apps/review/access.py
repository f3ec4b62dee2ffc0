"""Who may see a review, and who may act on it. Views and the API get a review from here only."""

from datetime import date

from django.http import Http404

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import acts_for, has_worked_for
from tessera.apps.network.models import City
from tessera.apps.review.models import Review, ReviewQuerySet


def public_reviews() -> ReviewQuerySet:
    return Review.objects.public().select_related("city")


def get_public_review(city_slug: str, framework_id: str, year: int) -> Review:
    """A review that anybody may see. Raises Http404 for any other, whether it exists or not."""
    people_and_past = ("validated_by", "publication__published_by", "publication__previous__publication")
    try:
        return (
            public_reviews()
            .select_related(*people_and_past)
            .get(city__slug=city_slug, framework_id=framework_id, year=year)
        )
    except Review.DoesNotExist:
        raise Http404 from None


def may_publish(person: Person, review: Review, day: date) -> bool:
    """The city publishes its own review; nobody else does it for the city or holds it back."""
    return acts_for(person, review.city, day)


def may_validate(person: Person, city: City, day: date) -> bool:
    """Nobody judges a city that one works for, or worked for in the two years before."""
    return not has_worked_for(person, city, day)
