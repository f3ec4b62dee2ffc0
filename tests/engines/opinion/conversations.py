"""Four real conversations and two outputs of Polis' server, from the shared data; see the READMEs there."""

import csv
import json

import numpy as np

from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.votes import collect_votes

REFERENCES = (
    "brexit-consensus",
    "scoop-hivemind.biodiversity",
    "vtaiwan.uberx",
    "american-assembly.bowling-green",
)
SERVER_OUTPUTS = ("production.biodiversity", "production.above-100-ptpts")


def votes_in(path, loops=None):
    rows = rows_of(path)
    participants = list(dict.fromkeys(row["participant"] for row in rows))
    statements = list(dict.fromkeys(row["statement"] for row in rows))
    place = {name: at for at, name in enumerate(participants)}
    number = {name: at for at, name in enumerate(statements)}
    time = "timestamp" if "timestamp" in rows[0] else "timestamp_ms"
    return collect_votes(
        participants,
        statements,
        np.array([place[row["participant"]] for row in rows], dtype=np.int32),
        np.array([number[row["statement"]] for row in rows], dtype=np.int32),
        np.array([int(row["vote"]) for row in rows], dtype=np.int8),
        np.array([int(row[time]) for row in rows], dtype=np.int64) if time in rows[0] else None,
        loops=loops or fastest(),
    )


class Reference:
    """A conversation, and what the definition gives for it."""

    def __init__(self, shared, name, loops=None):
        folder = shared / "data" / "polis"
        self.votes = votes_in(folder / name / "votes.csv", loops)
        moderated = {
            row["statement"]: int(row["moderated"]) for row in rows_of(folder / name / "statements.csv")
        }
        self.moderated_out = np.array([moderated[name] == -1 for name in self.votes.statement_ids.tolist()])
        expected = folder / "reference" / name
        self.participants = rows_of(expected / "participants.csv")
        self.statements = rows_of(expected / "statements.csv")
        self.group_stats = rows_of(expected / "group_stats.csv")
        self.summary = json.loads((expected / "summary.json").read_text(encoding="utf-8"))

    def labels(self, name):
        return np.array([int(row[f"label_{name}"] or -1) for row in self.participants], dtype=np.int32)


class ServerOutput:
    """Votes, and what Polis' server made of them."""

    def __init__(self, shared, name):
        folder = shared / "data" / "polis" / "reference" / name
        self.votes = votes_in(folder / "votes.csv")
        self.math = json.loads((folder / "math.json").read_text(encoding="utf-8"))
        self.tids = [str(tid) for tid in self.math["tids"]]
        out = {str(tid) for tid in self.math["mod_out"]}
        self.moderated_out = np.array([name in out for name in self.votes.statement_ids.tolist()])
        groups = self.math["participant_group"]
        self.groups = np.array(
            [groups.get(name, -1) for name in self.votes.participant_ids.tolist()], dtype=np.int32
        )


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def numbers(rows, column):
    return np.array([float(row[column]) for row in rows])
