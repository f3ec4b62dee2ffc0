"""A common odds ratio as R prints it, and p values adjusted by another program.

Admissions to six departments of the University of California, Berkeley, in 1973: P. J. Bickel, E. A. Hammel
and J. W. O'Connell (1975), Sex bias in graduate admissions: data from Berkeley, Science 187, 398-403; the
data set UCBAdmissions of R. The figures are those of R's own example of mantelhaen.test, and statsmodels
0.15.0 (StratifiedTable) gives the same to the digits shown.
"""

# Departments A to F; men, then women: admitted, rejected
ADMISSIONS = [
    [[512, 313], [89, 19]],
    [[353, 207], [17, 8]],
    [[120, 205], [202, 391]],
    [[138, 279], [131, 244]],
    [[53, 138], [94, 299]],
    [[22, 351], [24, 317]],
]
RATIO, LOW, HIGH = 0.9046968, 0.7719074, 1.0603298
STATISTIC, P = 1.4269, 0.2323

# By statsmodels 0.15.0, multipletests(method="fdr_bh")
P_VALUES = [0.01, 0.04, 0.03, 0.005, 0.55, 0.04]
ADJUSTED = [0.03, 0.048, 0.048, 0.03, 0.55, 0.048]
