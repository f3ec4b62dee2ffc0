"""What voters have left to pay with: in floating point to search, in fractions to decide.

A payment is a fraction whose denominator grows with every project, so that a fraction for each voter would be
slow. But a voter who has money left has paid in full for each chosen project that he or she is for. So the
money of any set of such voters is, exactly,

    voters x endowment - sum over the chosen projects of (those in the set who paid for it) x (what it took)

and to count those who paid is fast. Floating point finds who has less than a price; voters so near to it that
rounding could have moved them across are compared in fractions, one comparison for all with the same
payments. The result is then checked, so that it does not depend on how well its error was estimated.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

_ULP = 2.0**-52
_TINY = 5e-324
_BITS = (np.arange(256)[:, None] >> np.arange(8)) & 1
"""Row for row the bits of a byte, the lowest first."""


@dataclass(frozen=True)
class Estimate:
    """What a supporter would pay at most, in cents: certainly no less than ``price - error``."""

    price: float
    error: float


UNPAYABLE = Estimate(np.inf, 0.0)


@dataclass(frozen=True)
class Price:
    """What a supporter pays at most, exactly, and what that leaves."""

    amount: Fraction
    """In cents."""
    left: NDArray[np.float64]
    """What each supporter has left afterwards."""
    pay_all: int
    """Supporters who have less than the amount."""


class Purses:
    """The money of all voters, who begin with the same."""

    def __init__(self, n_voters: int, endowment: Fraction) -> None:
        """Give each voter an endowment, in cents."""
        self._endowment = endowment
        self._left = np.full(n_voters, float(endowment))
        self._payments: list[Fraction] = []
        # Eight payments in a byte, a bit for each: set if the voter paid in full.
        self._paid: list[NDArray[np.uint8]] = []
        # How far what a voter has left may be from the truth: some roundings, and two more with each payment.
        self._rounding = 4 * _ULP * float(endowment)
        self._slack = self._rounding

    def estimate(self, supporters: NDArray[np.intp], cost: int, least: float, enough: float) -> Estimate:
        """Look for the price q at which the sum of min(money, q) over the supporters is the cost.

        Newton's method from below: the sum is concave in q, so that no step goes beyond the solution.

        Parameters
        ----------
        supporters : ndarray of int, shape (n_supporters,)
        cost : int
            In cents.
        least : float
            The price is no lower than this, in cents.
        enough : float
            Stop once the price is certainly above this. The estimate is then a lower bound.
        """
        left = self._left[supporters]
        error = self._error(left.size, cost)
        price, richer = least, left.size + 1
        while (count := int(np.count_nonzero(left > price))) < richer:
            if count == 0:
                enough_money = float(left.sum()) >= cost - error
                return Estimate(float(left.max(initial=0.0)), error) if enough_money else UNPAYABLE
            richer = count
            price += (cost - float(np.minimum(left, price).sum())) / count
            if price - error / count > enough:
                break
        return Estimate(price, error / richer)

    def exact(self, supporters: NDArray[np.intp], cost: int, near: Estimate) -> Price | None:
        """Find the price in fractions.

        Parameters
        ----------
        supporters : ndarray of int, shape (n_supporters,)
        cost : int
            In cents.
        near : Estimate
            Of the same price, and not stopped early.

        Returns
        -------
        Price or None
            None if the supporters have less than the cost.
        """
        if near is UNPAYABLE:
            return None
        left = self._left[supporters]
        window = near.error + self._slack
        while True:
            found, certain = self._solve(supporters, left, cost, near.price, window)
            if certain:
                return found
            window *= 1024

    def pay(self, supporters: NDArray[np.intp], price: Price) -> None:
        """Let the supporters of a project pay for it."""
        byte, bit = divmod(len(self._payments), 8)
        if bit == 0:
            self._paid.append(np.zeros(self._left.size, dtype=np.uint8))
        self._paid[byte][supporters] |= np.uint8(1 << bit)
        self._payments.append(price.amount)
        self._left[supporters] = price.left
        self._slack += self._rounding

    def money(self, supporters: NDArray[np.intp]) -> Fraction:
        """What these voters have left together, in cents, exactly."""
        return self._total(supporters[self._left[supporters] > 0])

    def with_money(self, supporters: NDArray[np.intp]) -> int:
        """How many of these voters have anything left."""
        return int(np.count_nonzero(self._left[supporters]))

    def _error(self, n_supporters: int, cost: int) -> float:
        """How far the sum of what supporters pay may be from the truth. Pairwise summation is far below."""
        return n_supporters * self._slack + 64 * _ULP * cost

    def _solve(
        self, supporters: NDArray[np.intp], left: NDArray[np.float64], cost: int, price: float, window: float
    ) -> tuple[Price | None, bool]:
        """The price if no one outside the window is on the wrong side of it, and whether that is so."""
        poor = left < price - window
        rich = left > price + window
        unsure = np.flatnonzero(~(poor | rich) & (left > 0))
        missing = cost - self._total(supporters[poor & (left > 0)])
        groups, group_of = self._alike(supporters[unsure])
        sizes = np.bincount(group_of, minlength=len(groups)).tolist()
        payers = int(np.count_nonzero(rich)) + unsure.size
        for money, size in sorted(zip(groups, sizes, strict=True)):
            if missing <= money * payers:
                break
            missing -= money * size
            payers -= size
        if payers == 0:
            # All have given what they have: what is missing is exact, whoever was taken for poor.
            return None, missing > 0
        amount = missing / payers
        after = np.where(poor, 0.0, np.maximum(left - float(amount), 0.0))
        if unsure.size:
            # Who has money left is told from who has none by a float that is not 0.
            remainders = [max(float(money - amount), _TINY) if money > amount else 0.0 for money in groups]
            after[unsure] = np.array(remainders)[group_of]
        most_of_poor, least_of_rich = left[poor].max(initial=-np.inf), left[rich].min(initial=np.inf)
        certain = float(most_of_poor + 2 * self._slack) < amount < float(least_of_rich - 2 * self._slack)
        return Price(amount, after, left.size - payers), certain

    def _alike(self, voters: NDArray[np.intp]) -> tuple[list[Fraction], NDArray[np.intp]]:
        """What voters with the same payments have left, and to which of these groups each belongs."""
        if voters.size == 0:
            return [], voters
        if not self._paid:
            return [self._endowment], np.zeros(voters.size, dtype=np.intp)
        histories = np.stack([byte[voters] for byte in self._paid], axis=1)
        kinds, group_of = np.unique(histories, axis=0, return_inverse=True)
        bits = np.unpackbits(kinds, axis=1, bitorder="little")[:, : len(self._payments)]
        groups = [
            self._endowment - sum(self._payments[number] for number in np.flatnonzero(row)) for row in bits
        ]
        return groups, group_of

    def _total(self, voters: NDArray[np.intp]) -> Fraction:
        """The money of voters who have some left."""
        paid: list[int] = []
        for byte in self._paid:
            paid.extend((np.bincount(byte[voters], minlength=256) @ _BITS).tolist())
        spent = sum(count * payment for count, payment in zip(paid, self._payments, strict=False) if count)
        return voters.size * self._endowment - spent
