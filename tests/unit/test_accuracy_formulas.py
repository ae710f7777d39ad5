# SPDX-License-Identifier: GPL-2.0-or-later
"""Formulas of accuracy: against published examples, plain definitions, and scikit-learn where it is installed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from classify_pixels.inference.accuracy.allocation import allocate, sample_size
from classify_pixels.inference.accuracy.estimates import Estimates, estimate
from classify_pixels.inference.accuracy.matrix import measures_of
from classify_pixels.inference.errors import SampleSizeError

# Olofsson et al. 2014, section 5 and table 8: deforestation, forest gain, stable forest, stable non-forest.
PAPER = np.array([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000])
HECTARES_PER_PIXEL = 0.09

# Stehman 2014, table 2: for each stratum, pairs of map class and reference class.
STEHMAN = (
    "AA AA AA AA AA AC AB BA BB BC",
    "AA BB BB BB BB BB BA BA BB BB",
    "BC BC CC CC CC CD CD CB BB BA",
    "DD DD DD DD DD DD DD DC DC DB",
)
STEHMAN_SIZES = (40_000, 30_000, 20_000, 10_000)


def by_map_class(counts: np.ndarray, sizes: np.ndarray) -> Estimates:
    """Estimates with the classes of the map as strata."""
    strata = np.zeros((len(counts), *counts.shape), np.int64)
    for row, numbers in enumerate(counts):
        strata[row, row] = numbers
    return estimate(strata, np.diag(np.asarray(sizes, float)))


@pytest.fixture
def paper() -> Estimates:
    """The paper's example."""
    return by_map_class(PAPER, PIXELS)


def test_the_area_of_deforestation_is_that_of_the_paper(paper: Estimates) -> None:
    assert round(float(paper.shares.value[0]) * PIXELS.sum()) == 235_086
    hectares = PIXELS.sum() * HECTARES_PER_PIXEL
    assert round(float(paper.shares.value[0]) * hectares) == 21_158
    assert round(float(paper.shares.margin[0]) * hectares) == 6_158


def test_the_accuracies_are_those_of_the_paper(paper: Estimates) -> None:
    assert (round(float(paper.overall.value), 2), round(float(paper.overall.margin), 2)) == (0.95, 0.02)
    assert np.round(paper.users.value, 2).tolist() == [0.88, 0.73, 0.93, 0.96]
    assert np.round(paper.users.margin, 2).tolist() == [0.07, 0.10, 0.04, 0.02]
    assert np.round(paper.producers.value, 2).tolist() == [0.75, 0.85, 0.93, 0.96]
    assert np.round(paper.producers.margin, 2).tolist() == [0.21, 0.25, 0.03, 0.02]


def test_the_error_matrix_is_that_of_the_paper(paper: Estimates) -> None:
    expected = [
        [0.0176, 0, 0.0013, 0.0011],
        [0, 0.0110, 0.0016, 0.0024],
        [0.0019, 0, 0.2967, 0.0213],
        [0.0040, 0.0020, 0.0179, 0.6212],
    ]
    assert np.round(paper.proportions, 4).tolist() == expected


def test_standard_errors_are_those_of_the_equations_written_out(paper: Estimates) -> None:
    """Equations 5, 6, 7 and 10, one class after the other."""
    weights, rows = PIXELS / PIXELS.sum(), PAPER.sum(axis=1)
    users = np.diag(PAPER) / rows
    spread = users * (1 - users) / (rows - 1)
    assert float(paper.overall.deviation) == pytest.approx(math.sqrt((weights**2 * spread).sum()))
    assert paper.users.deviation == pytest.approx(np.sqrt(spread))
    for j in range(4):
        share = PAPER[:, j] / rows
        deviation = math.sqrt((weights**2 * share * (1 - share) / (rows - 1)).sum())
        assert paper.shares.deviation[j] == pytest.approx(deviation)
        estimated = (PIXELS * share).sum()
        producer = PIXELS[j] * users[j] / estimated
        others = [i for i in range(4) if i != j]
        rest = sum(PIXELS[i] ** 2 * share[i] * (1 - share[i]) / (rows[i] - 1) for i in others)
        variance = (PIXELS[j] ** 2 * (1 - producer) ** 2 * spread[j] + producer**2 * rest) / estimated**2
        assert paper.producers.deviation[j] == pytest.approx(math.sqrt(variance))


def stehman() -> Estimates:
    """The example of Stehman 2014, with every class in every stratum."""
    counts = np.zeros((4, 4, 4), np.int64)
    for stratum, pairs in enumerate(STEHMAN):
        for pair in pairs.split():
            counts[stratum, "ABCD".index(pair[0]), "ABCD".index(pair[1])] += 1
    sizes = np.repeat(np.array(STEHMAN_SIZES, float)[:, None] / 4, 4, axis=1)
    return estimate(counts, sizes)


def test_strata_other_than_the_classes_are_those_of_stehman() -> None:
    found = stehman()
    assert np.round(found.shares.value[[0, 2]], 2).tolist() == [0.35, 0.20]
    assert np.round(found.shares.deviation[[0, 2]], 3).tolist() == [0.082, 0.064]
    assert (round(float(found.overall.value), 2), round(float(found.overall.deviation), 3)) == (0.63, 0.085)
    assert (round(float(found.users.value[1]), 3), round(float(found.users.deviation[1]), 3)) == (0.574, 0.125)
    assert round(float(found.producers.value[1]), 3) == 0.794
    assert round(float(found.proportions[1, 2]), 2) == 0.08


def test_ratios_have_the_error_of_their_residuals() -> None:
    """Stehman's table 2, sample by sample: the paper's 0.114 leaves out the variance of stratum 4 of its table 3."""
    weights = np.array(STEHMAN_SIZES) / sum(STEHMAN_SIZES)
    hits = [np.array([pair == "BB" for pair in pairs.split()], float) for pairs in STEHMAN]
    referred = [np.array([pair[1] == "B" for pair in pairs.split()], float) for pairs in STEHMAN]
    whole = sum(w * x.mean() for w, x in zip(weights, referred))
    ratio = sum(w * y.mean() for w, y in zip(weights, hits)) / whole
    variance = sum(w**2 * np.var(y - ratio * x, ddof=1) / len(x) for w, y, x in zip(weights, hits, referred))
    found = stehman()
    assert found.producers.value[1] == pytest.approx(ratio)
    assert found.producers.deviation[1] == pytest.approx(math.sqrt(variance) / whole)


# --- undefined numbers --------------------------------------------------------------------------------


def test_a_stratum_without_samples_makes_the_whole_map_unknown() -> None:
    counts = PAPER.copy()
    counts[1] = 0
    found = by_map_class(counts, PIXELS)
    assert np.isnan(found.overall.value)
    assert np.isnan(found.overall.deviation)
    assert np.isnan(found.shares.value).all()
    assert np.isnan(found.producers.value).all()
    # User's accuracies of the other classes do not depend on it.
    assert np.isnan(found.users.value).tolist() == [False, True, False, False]
    assert np.isnan(found.proportions).all(axis=1).tolist() == [False, True, False, False]


def test_a_stratum_without_area_does_not_matter() -> None:
    counts = PAPER.copy()
    counts[1] = 0
    found = by_map_class(counts, np.array([200_000, 0, 3_200_000, 6_450_000]))
    assert np.isfinite([found.overall.value, found.overall.deviation]).all()
    assert np.isnan(found.users.value[1])
    assert np.isfinite(found.shares.value).all()


def test_a_single_sample_has_no_standard_error() -> None:
    counts = PAPER.copy()
    counts[0] = [1, 0, 0, 0]
    found = by_map_class(counts, PIXELS)
    assert np.isfinite(found.overall.value)
    assert np.isnan(found.overall.deviation)
    assert np.isnan(found.users.deviation[0])
    assert np.isfinite(found.users.deviation[1:]).all()
    assert np.isnan(found.shares.deviation).all()


def test_a_class_without_reference_samples_has_no_error_of_its_area() -> None:
    counts = PAPER.copy()
    counts[:, 1] = 0
    found = by_map_class(counts, PIXELS)
    assert np.isnan(found.producers.value[1])
    assert np.isnan(found.shares.deviation).tolist() == [False, True, False, False]
    assert found.shares.value[1] == 0


def test_perfect_agreement_has_no_error() -> None:
    found = by_map_class(np.diag([10, 20, 30, 40]), PIXELS)
    assert float(found.overall.value) == 1
    assert float(found.overall.deviation) == 0
    assert found.shares.value == pytest.approx(PIXELS / PIXELS.sum())


# --- the sample as it is ------------------------------------------------------------------------------


def test_measures_of_the_sample() -> None:
    found = measures_of(PAPER)
    assert found.overall == pytest.approx((66 + 55 + 153 + 313) / 640)
    assert found.users == pytest.approx([66 / 75, 55 / 75, 153 / 165, 313 / 325])
    assert found.producers == pytest.approx([66 / 69, 55 / 56, 153 / 175, 313 / 340])
    assert found.iou[0] == pytest.approx(66 / (75 + 69 - 66))
    assert found.f1[0] == pytest.approx(2 / (75 / 66 + 69 / 66))


def test_measures_without_samples_are_undefined() -> None:
    found = measures_of(np.array([[5, 0, 0], [0, 0, 2], [0, 0, 0]]))
    assert np.isnan(found.users).tolist() == [False, False, True]
    assert np.isnan(found.producers).tolist() == [False, True, False]
    assert found.users[1] == found.producers[2] == found.iou[1] == 0


def test_agreement_by_chance_alone_has_no_kappa() -> None:
    assert math.isnan(measures_of(np.array([[5, 0], [0, 0]])).kappa)


def test_measures_are_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is optional")
    random = np.random.default_rng(3)
    for classes in (2, 5, 12):
        truth = random.integers(0, classes, 500)
        found = np.where(random.random(500) < 0.6, truth, random.integers(0, classes, 500))
        counts = metrics.confusion_matrix(found, truth)
        measures = measures_of(counts)
        assert measures.overall == pytest.approx(metrics.accuracy_score(truth, found))
        assert measures.kappa == pytest.approx(metrics.cohen_kappa_score(truth, found))
        assert measures.f1 == pytest.approx(metrics.f1_score(truth, found, average=None))
        assert measures.iou == pytest.approx(metrics.jaccard_score(truth, found, average=None))
        assert measures.users == pytest.approx(metrics.precision_score(truth, found, average=None))
        assert measures.producers == pytest.approx(metrics.recall_score(truth, found, average=None))


# --- size and allocation ------------------------------------------------------------------------------

SHARES = [0.020, 0.015, 0.320, 0.645]


def test_the_sample_size_is_that_of_the_paper() -> None:
    assert sample_size(SHARES, [0.7, 0.6, 0.9, 0.95], 0.01) == 641


def test_allocations_are_those_of_table_5() -> None:
    assert allocate(641, SHARES, "PROPORTIONAL", 0) == [13, 10, 205, 413]
    assert sum(allocate(641, SHARES, "EQUAL", 0)) == 641
    assert max(allocate(641, SHARES, "EQUAL", 0)) == 161
    mixed = allocate(640, SHARES, "MIXED", 75)
    # The paper rounds the rest of 490 to 165 and 325.
    assert mixed == [75, 75, 162, 328]


def test_a_class_below_the_minimum_only_after_the_division_gets_it_too() -> None:
    assert allocate(200, [0.01, 0.26, 0.73], "MIXED", 50) == [50, 50, 100]


def test_impossible_samples_are_refused() -> None:
    with pytest.raises(SampleSizeError):
        allocate(100, SHARES, "MIXED", 50)
    with pytest.raises(SampleSizeError):
        allocate(0, SHARES, "EQUAL", 0)
    with pytest.raises(SampleSizeError):
        sample_size(SHARES, [0.5] * 4, 1e-6)
