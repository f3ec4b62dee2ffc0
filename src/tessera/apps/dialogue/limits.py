"""How many may join a consultation in one day from one network, and from one device.

Against one machine that makes up a crowd, on a link that is open to everybody. Neither an address nor the
name of a program is kept: only counts, under names that are mixed with a salt of the day, and both are
forgotten when the day is over.
"""

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from tessera.apps.dialogue.models import Consultation, Salt, Tally

FROM_ONE_NETWORK = 300
"""A school, a reception centre or a mobile network hides hundreds of people behind one address."""
FROM_ONE_DEVICE = 60
"""A tablet in a community centre, that one after the other takes in hand."""

IPV6_NETWORK_BITS = 64
"""What one household or phone is given; within it, it takes as many addresses as it likes."""


class TooManyJoined(Exception):
    """Today no more can join from this network or device."""


@dataclass(frozen=True)
class Origin:
    """Where a request came from; it is never kept."""

    address: str
    program: str
    """What the browser says of itself."""

    @property
    def network(self) -> str:
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(address, ipaddress.IPv6Address):
            if address.ipv4_mapped is not None:
                return str(address.ipv4_mapped)
            return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
        return str(address)


def count_join(consultation: Consultation, origin: Origin, day: date) -> None:
    """Count somebody who joins. Raises TooManyJoined beyond what one network, or one device, may bring.

    Belongs into the transaction in which the participant is made: what is taken back was not counted.
    """
    salt = _salt_of(day)
    for bound, words in (
        (FROM_ONE_NETWORK, ("network", origin.network)),
        (FROM_ONE_DEVICE, ("device", origin.network, origin.program)),
    ):
        said = "\x00".join((str(consultation.pk), *words)).encode()
        if _add(salt, hmac.new(bytes(salt.value), said, hashlib.sha256).hexdigest()) > bound:
            raise TooManyJoined(f"More than {bound} joined from one {words[0]} on {day}.")


def forget_tallies(day: date) -> int:
    """Forget the salts and counts of other days; returns how many salts there were."""
    with transaction.atomic():
        # Whoever is joining at midnight comes before or after: see `_add`.
        old = list(Salt.objects.select_for_update().exclude(day=day).order_by("pk"))
        # The tallies go with them.
        Salt.objects.filter(pk__in=[salt.pk for salt in old]).delete()
    return len(old)


def _salt_of(day: date) -> Salt:
    found = Salt.objects.filter(day=day).first()
    if found is None:
        # Whoever comes first in a day forgets the day before, even where nothing runs by the clock.
        forget_tallies(day)
        found, _ = Salt.objects.get_or_create(day=day, defaults={"value": secrets.token_bytes(32)})
    return found


def _add(salt: Salt, bucket: str) -> int:
    """Count one more; gives 0 where the day was over, and its salt forgotten, a moment ago."""
    # Until it is counted, nobody forgets the salt. SQLite lets one write at a time in any case.
    lock = "FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(lock=lock), [bucket, salt.pk])
        row = cursor.fetchone()
    return 0 if row is None else int(row[0])


_ADD = f"""
INSERT INTO {Tally._meta.db_table} (salt_id, bucket, count)
SELECT id, %s, 1 FROM {Salt._meta.db_table} WHERE id = %s
{{lock}}
ON CONFLICT (bucket) DO UPDATE SET count = {Tally._meta.db_table}.count + 1
RETURNING count
"""
