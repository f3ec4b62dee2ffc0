import pytest
from tests.engines.opinion.conversations import REFERENCES, SERVER_OUTPUTS, Reference, ServerOutput

from tessera.engines.opinion.landscape import find_landscape
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.loops.compiled import Compiled
from tessera.engines.opinion.loops.plain import Plain


@pytest.fixture(params=[Plain, Compiled], ids=["plain", "compiled"])
def loops(request):
    """Both ways to pass over the votes."""
    return request.param()


@pytest.fixture(scope="session", params=REFERENCES)
def reference(request, shared):
    return Reference(shared, request.param)


@pytest.fixture(scope="session")
def landscape(reference):
    return find_landscape(reference.votes, reference.moderated_out, loops=fastest())


@pytest.fixture(scope="session", params=SERVER_OUTPUTS)
def server(request, shared):
    return ServerOutput(shared, request.param)
