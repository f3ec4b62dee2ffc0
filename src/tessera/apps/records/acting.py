"""Who acts while a request is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

from tessera.apps.accounts.models import Invitation, Person


class Acting:
    """Asks for the person only when an entry is written.

    Looking at every request would make every public page depend on the cookie.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.stand_in: Person | None = None

    @property
    def person(self) -> Person | None:
        """Who acts by a link of their own, or else who is signed in."""
        if self.stand_in is not None:
            return self.stand_in
        user = self._request.user
        return user if isinstance(user, Person) else None


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def acting_now() -> Acting | None:
    """None where no request is answered: in a job, or a command on the server."""
    return _acting.get()


@contextmanager
def acting_in(request: HttpRequest) -> Iterator[None]:
    token = _acting.set(Acting(request))
    try:
        yield
    finally:
        _acting.reset(token)


def stand_in(person: Person) -> None:
    """In the rest of this request a person acts who came by a link of their own, whoever is signed in.

    The caller has made sure that the link is theirs.
    """
    acting = acting_now()
    if acting is not None:
        acting.stand_in = person


def let_invited_act(instance: Invitation, **signal: object) -> None:
    """Whoever uses an invitation has the link from their own mailbox, and acts before they are signed in."""
    if instance.used_at is not None:
        stand_in(instance.person)
