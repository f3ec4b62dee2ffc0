import pytest


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    """People who see what is not public sign in with two steps; `tests/web` asks for that."""
    settings.SECOND_STEP_REQUIRED = False
