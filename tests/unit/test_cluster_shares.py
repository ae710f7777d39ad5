# SPDX-License-Identifier: GPL-2.0-or-later
"""Shares of neighbouring strips: every strip is given once, whatever workers come and go."""

from __future__ import annotations

import random

import pytest

from classify_pixels.inference.cluster.shares import Shares


def taken(shares: Shares, workers: list[str]) -> list[tuple[str, int]]:
    found = []
    for worker in workers:
        index = shares.take(worker)
        if index is not None:
            found.append((worker, index))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_every_missing_strip_is_given_once(seed: int) -> None:
    chance = random.Random(seed)
    total = chance.randrange(60)
    finished = {index for index in range(total) if chance.random() < 0.3}
    shares, found = Shares(total, finished), []
    while True:
        # Workers join, and others never ask again.
        index = shares.take(f"worker {chance.randrange(1 + len(found) // 3)}")
        if index is None:
            break
        found.append(index)
    assert sorted(found) == sorted({*range(total)} - finished)
    assert shares.take("another") is None


def test_workers_in_turn_change_in_the_middle_only() -> None:
    found = taken(Shares(100, ()), ["a", "b"] * 50)
    order = [worker for worker, _ in sorted(found, key=lambda pair: pair[1])]
    assert order == ["a"] * 50 + ["b"] * 50


def test_the_strips_of_a_worker_that_is_lost_are_taken_over() -> None:
    shares = Shares(100, ())
    begun = taken(shares, ["lost", "here"] * 3)
    rest = taken(shares, ["here"] * 100)
    assert sorted(index for _, index in begun + rest) == [*range(100)]


def test_indices_that_are_no_strips_do_not_count() -> None:
    assert [index for _, index in taken(Shares(3, (1, 7, -2)), ["a"] * 5)] in ([0, 2], [2, 0])
