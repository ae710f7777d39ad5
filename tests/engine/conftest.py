# SPDX-License-Identifier: GPL-2.0-or-later
"""Declared tiles stay as they are in these tests, so that small scenes have many of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from classify_pixels.inference.network import prepared_model
from classify_pixels.inference.network.probe import TileSize

OF_SIZES = "test_sizes_of_tiles"


@pytest.fixture(autouse=True, scope="module")
def declared_tiles(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leaves the choice of the size by time to its own tests."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.module.__name__.endswith(OF_SIZES):
            patch.setattr(prepared_model, "find_size", lambda *_: TileSize(0))
        yield
