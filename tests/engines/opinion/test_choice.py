import subprocess
import sys

import pytest

WHO = "from tessera.engines.opinion.loops.choice import fastest; print(type(fastest()).__name__)"


@pytest.mark.parametrize(
    ("before", "who"), [("", "Compiled"), ("import sys; sys.modules['numba'] = None; ", "Plain")]
)
def test_the_loops_are_compiled_where_numba_is_installed(before, who):
    ran = subprocess.run([sys.executable, "-c", before + WHO], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == who
