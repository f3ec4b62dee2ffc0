import re
from pathlib import Path

LICENCE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")


def test_the_licence_is_whole():
    """EUPL 1.2 has fifteen articles and an appendix (Commission Implementing Decision (EU) 2017/863)."""
    assert LICENCE.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert re.findall(r"^(\d+)\.", LICENCE, re.MULTILINE) == [str(n) for n in range(1, 16)]
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in LICENCE
    assert LICENCE.rstrip().endswith("require the production of a new EUPL version.")
