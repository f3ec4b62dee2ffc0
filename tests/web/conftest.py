import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    """A page that a test asked for leaves its language behind; the next test begins in English."""
    with translation.override("en"):
        yield
