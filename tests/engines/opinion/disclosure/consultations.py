"""Invented consultations that are published several times, with people coming, leaving and thinking again."""

import numpy as np

from tessera.engines.opinion.disclosure.breakdown import Attribute, break_down


class Consultation:
    """Participants with declared attributes, and their votes; small groups are common on purpose."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.n_publications = int(self.rng.choice([1, 2, 3], p=[0.5, 0.4, 0.1]))
        self.n_statements = int(self.rng.choice([1, 2, 3], p=[0.85, 0.1, 0.05]))
        self.sizes = self.rng.choice([2, 3, 4], p=[0.4, 0.4, 0.2], size=self.rng.choice([1, 2], p=[0.7, 0.3]))
        self.optional = bool(self.rng.random() < 0.3)
        self.shares = [self.rng.dirichlet(np.full(size + self.optional, 1.5)) for size in self.sizes]
        self.leanings = self.rng.dirichlet([1.5, 1.5, 1.0], size=(self.n_statements, self.sizes[0] + 1))
        self.seen = self.rng.uniform(0.3, 1.0)
        self.crossed = len(self.sizes) == 2 and self.sizes.prod() <= 6 and self.rng.random() < 0.4
        self.people = np.zeros((0, len(self.sizes)), dtype=np.int64)
        self.votes = np.zeros((0, self.n_statements), dtype=np.int64)
        self.join(int(self.rng.integers(15, 300)))

    def join(self, n):
        declared = [self.rng.choice(len(share), size=n, p=share) - self.optional for share in self.shares]
        people = np.stack(declared, axis=1)
        votes = np.stack(
            [
                [self.rng.choice([1, -1, 0], p=self.leanings[statement, person]) for person in people[:, 0]]
                for statement in range(self.n_statements)
            ],
            axis=1,
        ).reshape(n, self.n_statements)
        votes[self.rng.random(votes.shape) > self.seen] = UNSEEN
        self.people = np.concatenate([self.people, people])
        self.votes = np.concatenate([self.votes, votes])

    def erase(self, n):
        gone = self.rng.choice(len(self.people), size=min(n, len(self.people)), replace=False)
        self.people = np.delete(self.people, gone, axis=0)
        self.votes = np.delete(self.votes, gone, axis=0)

    def think_again(self, n):
        for person in self.rng.choice(len(self.people), size=min(n, len(self.people)), replace=False):
            self.votes[person, self.rng.integers(self.n_statements)] = self.rng.integers(-1, 2)

    def live_on(self):
        """What happens until the next publication: nothing, a trickle, or a crowd; seldom an erasure."""
        self.join(int(self.rng.choice([0, 1, 3, 12, 60, 300])))
        if self.rng.random() < 0.4:
            self.think_again(int(self.rng.integers(1, 6)))
        if self.rng.random() < 0.3:
            self.erase(int(self.rng.integers(1, 4)))

    def tables(self):
        attributes = [
            Attribute(f"a{i}", tuple(f"v{value}" for value in range(size)), self.people[:, i], self.optional)
            for i, size in enumerate(self.sizes)
        ]
        by, on = np.nonzero(self.votes != UNSEEN)
        return break_down(
            attributes,
            [("a0", "a1")] if self.crossed else [],
            [f"s{statement}" for statement in range(self.n_statements)],
            by,
            on,
            self.votes[by, on],
        )


UNSEEN = 9
