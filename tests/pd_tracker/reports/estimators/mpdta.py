"""The published example of group-time differences: enough of its data to compute them, and its results."""

import numpy as np
import pandas as pd

# County teen employment 2003-07, data set mpdta of the R package did (bcallaway11/did): for each year of the first
# minimum wage (0 never) the counties, and mean and covariance (x 10,000, upper triangle) of the four yearly changes of
# log employment. Differences in differences without covariates depend on nothing else.
MPDTA = {
    0: (309, [-0.06263, 0.012808, 0.034088, 0.022236],
        [296.773, -94.828, 20.286, 6.38, 227.853, -57.679, -13.045, 401.839, -123.107, 266.127]),
    2004: (20, [-0.073133, -0.047111, -0.032748, 0.058684],
           [93.659, -25.123, 12.5, -58.059, 135.957, -16.33, 16.9, 62.818, -47.288, 145.499]),
    2006: (40, [-0.05611, 0.010058, 0.029493, -0.014394],
           [183.962, 23.964, -1.607, -8.069, 126.785, -27.528, 19.384, 76.153, -32.725, 101.367]),
    2007: (131, [-0.032123, 0.010083, 0.003001, -0.003818],
           [171.974, -34.113, 16.645, 11.507, 257.842, -69.156, -0.75, 250.79, -72.034, 252.87]),
}  # fmt: skip
# README of bcallaway11/did 2.5.1 (never treated, no covariates); standard errors by the influence function, which the
# PyPI package diff-diff 3.13.0 prints too.
ATT_GT = [
    (2004, 2004, -0.0105, 0.0233), (2004, 2005, -0.0704, 0.0310), (2004, 2006, -0.1373, 0.0364),
    (2004, 2007, -0.1008, 0.0344), (2006, 2004, 0.0065, 0.0233), (2006, 2005, -0.0028, 0.0196),
    (2006, 2006, -0.0046, 0.0178), (2006, 2007, -0.0412, 0.0202), (2007, 2004, 0.0305, 0.0150),
    (2007, 2005, -0.0027, 0.0164), (2007, 2006, -0.0311, 0.0179), (2007, 2007, -0.0261, 0.0167),
]  # fmt: skip
BY_EVENT = {-3: 0.0305, -2: -0.0006, -1: -0.0245, 0: -0.0199, 1: -0.0510, 2: -0.1373, 3: -0.1008}
BY_COHORT = {2004: -0.0797, 2006: -0.0229, 2007: -0.0261}


def with_moments(size, mean, upper, random):
    """Rows whose mean and covariance are exactly these."""
    covariance = np.zeros((4, 4))
    covariance[np.triu_indices(4)] = np.array(upper) / 1e4
    covariance = covariance + np.triu(covariance, 1).T
    rows = random.normal(size=(size, 4))
    rows -= rows.mean(axis=0)
    return rows @ np.linalg.inv(np.linalg.cholesky(np.cov(rows.T))).T @ np.linalg.cholesky(covariance).T + mean


def counties():
    """A panel with these moments and made-up levels."""
    random, parts = np.random.default_rng(1), []
    for first, (size, mean, upper) in MPDTA.items():
        level = np.column_stack([np.zeros(size), np.cumsum(with_moments(size, mean, upper, random), axis=1)])
        parts.append(
            pd.DataFrame(level + random.normal(6, 1, (size, 1)), columns=range(2003, 2008)).assign(first=first)
        )
    wide = pd.concat(parts, ignore_index=True)
    return wide.reset_index(names="county").melt(["county", "first"], var_name="year", value_name="y")
