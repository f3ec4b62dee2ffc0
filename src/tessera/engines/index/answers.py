"""How likely each option of a question is, given what was answered and how far the answer can be trusted.

Options are numbered from 0. Shares over options sum to 1.
"""

import numpy as np
from numpy.typing import NDArray

from tessera.engines.index.errors import DataError

SUM_TOLERANCE = 1e-9


def with_evidence(
    given: int | None, n_options: int, quality: float, prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Trust an answer as far as its evidence goes, and what is usual for the rest.

    q 1[given] + (1 - q) prior; the prior alone while the answer is missing.

    Parameters
    ----------
    given : int or None
        The option answered; None is a missing answer.
    quality : float
        Of the evidence, a share: 0 says nothing, 1 settles it.
    prior : ndarray of float, shape (n_options,)
        From 0, summing to 1 within 1e-9.

    Returns
    -------
    ndarray of float, shape (n_options,)

    Raises
    ------
    DataError
        No such option, a quality outside 0 to 1, or a prior that is no distribution over the options.

    Examples
    --------
    >>> with_evidence(2, 3, 0.5, np.array([0.5, 0.25, 0.25])).tolist()
    [0.25, 0.125, 0.625]
    """
    if not 0 <= quality <= 1:
        raise DataError(f"the quality of the evidence is {quality:g}; a share from 0 to 1 is expected")
    if prior.shape != (n_options,):
        raise DataError(f"the prior has the shape {prior.shape}; the question has {n_options} options")
    if not (prior >= 0).all() or abs(prior.sum() - 1) > SUM_TOLERANCE:
        raise DataError(f"the prior {prior.tolist()} is no distribution: shares from 0 that sum to 1")
    if given is None:
        return prior.copy()
    _refuse_unknown(given, n_options)
    found = (1 - quality) * prior
    found[given] += quality
    return found


def ordinal_doubt(given: int, n_options: int, doubt: float) -> NDArray[np.float64]:
    """Doubt an answer on an ordered scale: the further an option lies from it, the less likely it is.

    Proportional to doubt^|k - given|.

    Parameters
    ----------
    given : int
        The option answered.
    doubt : float
        0, certain, to below 1: the chance of an option against that of its neighbour nearer to the answer.

    Returns
    -------
    ndarray of float, shape (n_options,)

    Raises
    ------
    DataError
        No such option, or a doubt outside its range.

    Examples
    --------
    >>> ordinal_doubt(1, 3, 0.5).tolist()
    [0.25, 0.5, 0.25]
    """
    _refuse_unknown(given, n_options)
    if not 0 <= doubt < 1:
        raise DataError(f"the doubt is {doubt:g}; a number from 0 to below 1 is expected")
    found = np.float64(doubt) ** np.abs(np.arange(n_options) - given)
    shares: NDArray[np.float64] = found / found.sum()
    return shares


def posterior_shares(counts: NDArray[np.float64], prior_counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of the options from counts of answers: the mean of a Dirichlet(prior + counts) distribution.

    The counts are of several respondents to one question, or of the units of a class that answered it.

    Parameters
    ----------
    counts : ndarray of float, shape (..., n_options)
        From 0; weighted answers need not be whole.
    prior_counts : ndarray of float, shape (n_options,)
        From 0, as if so many had answered before. Something must be above 0 in all.

    Returns
    -------
    ndarray of float, shape (..., n_options)

    Raises
    ------
    DataError
        Another number of options, a count that is negative or not finite, or nothing counted at all.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 3.4 (multinomial data).

    Examples
    --------
    >>> posterior_shares(np.array([3.0, 0.0, 1.0]), np.array([1.0, 1.0, 2.0])).tolist()
    [0.5, 0.125, 0.375]
    """
    if counts.shape[-1:] != prior_counts.shape:
        raise DataError(
            f"the counts have the shape {counts.shape} and the prior {prior_counts.shape}; "
            "both need a number for each option"
        )
    for name, array in (("counts", counts), ("prior counts", prior_counts)):
        unfit = array[~(np.isfinite(array) & (array >= 0))]
        if len(unfit):
            raise DataError(f"the {name} hold {unfit[0]:g}; numbers from 0 are expected")
    total = prior_counts + counts
    number = total.sum(axis=-1, keepdims=True)
    if not number.all():
        raise DataError("nothing is counted and the prior is 0: give the options prior counts above 0")
    shares: NDArray[np.float64] = total / number
    return shares


def _refuse_unknown(given: int, n_options: int) -> None:
    if not 0 <= given < n_options:
        raise DataError(f"there is no option {given}; the question has {n_options}, numbered from 0")
