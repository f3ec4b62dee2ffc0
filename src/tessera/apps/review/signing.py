"""Who signed the answers of a review as they are, and whose signature is missing.

Until the answers are sent, a signature counts only while its person is an officer of the city. Those under
answers that are sent stay, whatever becomes of their people.
"""

from dataclasses import dataclass
from datetime import date

from tessera.apps.accounts.models import Person
from tessera.apps.network.access import officers_of
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Review, Signature


@dataclass(frozen=True)
class Signing:
    standing: tuple[Signature, ...]
    """Under the answers as they are."""
    void: tuple[Signature, ...]
    """Under earlier answers: they count no more."""
    left: tuple[Signature, ...]
    """Under the answers as they are, of people who are no officers any more: they do not count."""
    missing: int
    """So many signatures are still needed."""
    unsigned: tuple[Person, ...]
    """Officers of the city who have not signed the answers as they are."""

    @property
    def sent(self) -> tuple[Signature, ...]:
        """Those under the answers as they were sent, once they are: the last signature sends them."""
        given = sorted((*self.standing, *self.void), key=lambda signature: signature.signed_at)
        return tuple(signature for signature in given if signature.content_hash == given[-1].content_hash)

    @property
    def is_changed_since(self) -> bool:
        """Whether an answer that was sent is another one now: experts may have returned it."""
        return bool(self.sent) and self.sent[-1] not in self.standing

    def includes(self, person: Person) -> bool:
        return any(signature.person == person for signature in self.standing)


def read_signing(review: Review, day: date) -> Signing:
    """For a review of a cycle."""
    # Only reviews that were recorded as a whole have none.
    assert review.cycle is not None
    content_hash = review.content_hash()
    given = list(review.signatures.select_related("person"))
    officers = officers_of(review.city, day).order_by("name", "pk")
    signed = [signature for signature in given if signature.content_hash == content_hash]
    if review.state == State.FILLING:
        standing = tuple(signature for signature in signed if signature.person in officers)
    else:
        standing = tuple(signed)
    signers = [signature.person for signature in standing]
    return Signing(
        standing=standing,
        left=tuple(signature for signature in signed if signature not in standing),
        void=tuple(signature for signature in given if signature.content_hash != content_hash),
        missing=max(0, review.cycle.signatures - len(standing)),
        unsigned=tuple(officer for officer in officers if officer not in signers),
    )
