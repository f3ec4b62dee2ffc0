"""What nobody may read who gets hold of a copy of the database, locked with the secret key of the site."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Of its own, so that no other use of the secret key ever makes the same one.
PURPOSE = b"tessera.accounts.second-step"


class Unreadable(ValueError):
    """It was sealed with a key that the site does not have any more, or it was changed since."""


def seal(text: str) -> str:
    return _locks()[0].encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    try:
        return MultiFernet(_locks()).decrypt(sealed).decode()
    except InvalidToken as error:
        raise Unreadable("Neither the secret key of the site nor an earlier one opens it.") from error


def is_sealed_with_newest_key(sealed: str) -> bool:
    try:
        _locks()[0].decrypt(sealed)
    except InvalidToken:
        return False
    return True


def _locks() -> list[Fernet]:
    """One for each key of the site, today's first."""
    return [_lock(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _lock(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
