"""The function of Ishigami and Homma and its exact Sobol' indices.

T. Ishigami and T. Homma (1990), An importance quantification technique in uncertainty analysis for computer
models, Proceedings of ISUMA '90; with a = 7 and b = 0.1 and the printed indices as in Saltelli et al.
(2008), Global Sensitivity Analysis: The Primer. Three factors, uniform from -pi to pi:

    f(x) = sin x1 + a sin^2 x2 + b x3^4 sin x1

The variance is a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2. Its parts are V1 = (1 + b pi^4/5)^2 / 2, V2 = a^2/8,
V3 = 0 and V13 = 8 b^2 pi^8/225; the others are 0.
"""

import math

A = 7.0
B = 0.1

VARIANCE = A**2 / 8 + B * math.pi**4 / 5 + B**2 * math.pi**8 / 18 + 1 / 2
_V1 = (1 + B * math.pi**4 / 5) ** 2 / 2
_V2 = A**2 / 8
_V13 = 8 * B**2 * math.pi**8 / 225

FIRST = (_V1 / VARIANCE, _V2 / VARIANCE, 0.0)
TOTAL = ((_V1 + _V13) / VARIANCE, _V2 / VARIANCE, _V13 / VARIANCE)
FIRST_PRINTED = (0.3139, 0.4424, 0.0)
TOTAL_PRINTED = (0.5576, 0.4424, 0.2437)
