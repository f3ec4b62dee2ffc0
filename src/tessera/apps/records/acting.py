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
        self.invited: Person | None = None

    @property
    def person(self) -> Person | None:
        """Who is signed in, or else who has just used the link of an invitation."""
        user = self._request.user
        return user if isinstance(user, Person) else self.invited


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


def let_invited_act(instance: Invitation, **signal: object) -> None:
    """Whoever uses an invitation has the link from their own mailbox, and acts before they are signed in."""
    acting = acting_now()
    if acting is not None and instance.used_at is not None:
        acting.invited = instance.person
