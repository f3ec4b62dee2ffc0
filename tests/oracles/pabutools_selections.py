"""What pabutools 1.2.3 chooses on 200 invented ballots, many of them with ties.

S. Rey and others, pabutools 1.2.3 (PyPI, June 2026), in exact fractions (its default). Each line of the
file is an instance: costs and budget in cents, ballots and an order for ties, a character for each project,
and what the rules choose. `record_pabutools.py` tells how it was made.
"""

import json
from pathlib import Path

VERSION = "1.2.3"

INSTANCES = [
    json.loads(line) for line in Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
]
