"""How sure a count is: Wilson's interval for a share, and a mean over interviews with its own."""

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


def wilson(so: float, of: int) -> tuple[float, float]:
    """The 95% interval of a share by Wilson's score (Journal of the American Statistical Association 22, 1927); (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    share = so / of
    middle = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z * sqrt(share * (1 - share) / of + Z**2 / (4 * of**2)) / (1 + Z**2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def mean_of(counts: Mapping[float, int], units: int) -> tuple[float, float, float, float]:
    """Mean, its 95% interval, and the standard deviation of values that were counted.

    The interval takes as many independent units as given, which are fewer than the values where several come from one interview; for few
    of them it is widened as Student's t would, by Hill's approximation to its quantile to the first order.
    """
    many = sum(counts.values())
    mean = sum(value * n for value, n in counts.items()) / many
    spread = sqrt(sum(n * (value - mean) ** 2 for value, n in counts.items()) / max(1, many - 1))
    freedom = max(1, units - 1)
    quantile = Z + (Z**3 + Z) / (4 * freedom) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * freedom**2)
    half = quantile * spread / sqrt(max(1, units))
    return mean, mean - half, mean + half, spread
