# SPDX-License-Identifier: GPL-2.0-or-later
"""A published network through the command line, against its authors' own classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ..runs import read
from .command import classify, needs_qgis_process

pytestmark = needs_qgis_process


@pytest.mark.parametrize("tile", [64, 128])
def test_dynamic_world_gives_the_authors_classes_on_every_pixel(
    tile: int, reference_data: Path, tmp_path: Path
) -> None:
    run = classify(
        tmp_path,
        INPUT=reference_data / "scenes" / "s2_amazon_dw9_boa_dn_244x236_epsg4326.tif",
        MODEL=reference_data / "models" / "dynamicworld" / "dynamicworld.emd",
        MODEL_ARGUMENTS=f"tile_size {tile};padding 24",
        OUTPUT="classes.tif",
    )
    truth = read(reference_data / "truth" / "s2_amazon_244x236__dynamicworld_minus1000_class.tif")
    assert run.results["TILES"] > 1
    np.testing.assert_array_equal(read(tmp_path / "classes.tif"), truth)
