# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs of neighbouring strips: every strip is given once, whatever workers come and go."""

from __future__ import annotations

import random

import pytest

from classify_pixels.inference.cluster.runs import Runs


def taken(runs: Runs, workers: list[str]) -> list[tuple[str, int]]:
    found = []
    for worker in workers:
        index = runs.take(worker)
        if index is not None:
            found.append((worker, index))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_every_missing_strip_is_given_once(seed: int) -> None:
    chance = random.Random(seed)
    total = chance.randrange(60)
    finished = {index for index in range(total) if chance.random() < 0.3}
    runs, found = Runs(total, finished), []
    while True:
        # Workers join, and others never ask again.
        index = runs.take(f"worker {chance.randrange(1 + len(found) // 3)}")
        if index is None:
            break
        found.append(index)
    assert sorted(found) == sorted({*range(total)} - finished)
    assert runs.take("another") is None


def test_workers_in_turn_change_in_the_middle_only() -> None:
    found = taken(Runs(100, ()), ["a", "b"] * 50)
    order = [worker for worker, _ in sorted(found, key=lambda pair: pair[1])]
    assert order == ["a"] * 50 + ["b"] * 50


def test_the_strips_of_a_worker_that_is_lost_are_taken_over() -> None:
    runs = Runs(100, ())
    begun = taken(runs, ["lost", "here"] * 3)
    rest = taken(runs, ["here"] * 100)
    assert sorted(index for _, index in begun + rest) == [*range(100)]


def test_indices_that_are_no_strips_do_not_count() -> None:
    assert [index for _, index in taken(Runs(3, (1, 7, -2)), ["a"] * 5)] in ([0, 2], [2, 0])
