import pytest
from django.core.exceptions import ImproperlyConfigured

from tessera.project.settings import parse_scanner


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", None),
        ("tcp://clamav:3311", ("clamav", 3311)),
        ("tcp://clamav", ("clamav", 3310)),
        ("tcp://[::1]:3310", ("::1", 3310)),
        ("unix:/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_an_address_of_the_scanner_is_read(address, found):
    assert parse_scanner(address) == found


@pytest.mark.parametrize(
    "address",
    [
        "clamav:3310",
        "/run/clamd.ctl",
        "http://clamav",
        "tcp://",
        "tcp://clamav:many",
        "tcp://[",
        "unix:clamd.ctl",
    ],
)
def test_any_other_address_stops_the_program(address):
    with pytest.raises(ImproperlyConfigured, match="TESSERA_CLAMAV is"):
        parse_scanner(address)
