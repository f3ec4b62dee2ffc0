"""What experts do on a review of many answers."""

from tests.builders import CHECKED_AT, verify
from tests.people import make_person

from tessera.apps.review.actions.checking import ask, give_opinion
from tessera.apps.review.models import Strength
from tessera.frameworks.answers import Answer


def check_in_part(review):
    """Nuria and Piotr differ on 20 answers and ask about 20 others; ten areas are verified."""
    keys = [question.key for question in review.framework.questions()]
    for key in keys[:20]:
        for who, other in (("nuria", None), ("piotr", Answer(value="no"))):
            give_opinion(
                expert=make_person(who),
                review=review,
                question=key,
                other=other,
                reason="So." if other else "",
                strength=Strength.HIGH,
                answer_revision=1,
                at=CHECKED_AT,
            )
    for key in keys[20:40]:
        ask(expert=make_person("nuria"), review=review, question=key, text="Which year?", at=CHECKED_AT)
    for number in range(5, 15):
        verify(review, f"area-{number}")
