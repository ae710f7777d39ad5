# SPDX-License-Identifier: GPL-2.0-or-later
"""A result read where it lies: by GDAL in ranges, with and without tokens, and by QGIS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.service import jobs
from classify_pixels.service.settings import hash_of
from tests.unit.rasters import random_pixels, write_raster

from .conftest import VALUES, Stores
from .test_serve import Serving

OWN, OTHER = "t" * 20, "u" * 20
SIDE = 1800
# Prints the size of a raster, values in the middle of it and of its smallest overview, and the bytes on the network.
READER = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
dataset = gdal.Open(sys.argv[1])
band = dataset.GetRasterBand(1)
least = band.GetOverview(band.GetOverviewCount() - 1).ReadAsArray().tolist()
window = band.ReadAsArray(1400, 1500, 64, 32).tolist()
network = json.loads(gdal.NetworkStatsGetAsSerializedJSON())
print(json.dumps({"size": [band.XSize, band.YSize], "window": window, "least": least, "network": network}))
"""
# Prints the values of a raster layer and the cells of each.
LAYER = """
import json, sys
from collections import Counter
from qgis.core import QgsApplication, QgsRasterLayer
application = QgsApplication([], False)
application.initQgis()
layer = QgsRasterLayer(sys.argv[1], "result", "gdal")
assert layer.isValid()
block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
counts = Counter(block.value(row, column) for row in range(layer.height()) for column in range(layer.width()))
print(json.dumps([*counts.items()]))
del layer
application.exitQgis()
"""


def classified(serving: Serving, stores: Stores, **more: str) -> tuple[str, Path, np.ndarray]:
    """Returns a result's name for GDAL, its file, and its classes by numpy."""
    write_raster(stores.folder / "scene.tif", pixels := random_pixels(3, SIDE, SIDE), options=["TILED=YES"])
    job = serving.submit(**more)
    serving.wait(lambda: serving.store.read(job).has_ended)
    assert serving.store.read(job).status == jobs.SUCCEEDED
    file = serving.store.folder_of(job) / "classified.tif"
    return f"/vsicurl/{serving.address}/files/{job}/classified.tif", file, stores.expected(pixels)


def read_there(place: str, **environment: str) -> dict[str, Any]:
    """Returns what a GDAL of its own reads."""
    given = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "CPL_VSIL_NETWORK_STATS_ENABLED": "YES", **environment}
    command = [sys.executable, "-c", READER, place]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **given})
    return dict(json.loads(done.stdout))


def check(found: dict[str, Any], expected: np.ndarray) -> None:
    assert found["size"] == [SIDE, SIDE]
    assert np.array_equal(found["window"], expected[1500:1532, 1400:1464])
    assert set(np.unique(found["least"])) <= {*VALUES}


def test_gdal_reads_ranges_and_qgis_all_of_it(stores: Stores, tmp_path: Path) -> None:
    serving = Serving(stores.file, tmp_path / "jobs")
    try:
        place, file, expected = classified(serving, stores)
        found = read_there(place)
        check(found, expected)
        assert 0 < found["network"]["methods"]["GET"]["downloaded_bytes"] < file.stat().st_size / 2
        if find_spec("qgis") is None:
            pytest.skip("QGIS is not installed")
        assert counted_by_qgis(place) == counts_of(expected)
    finally:
        serving.end()


def counted_by_qgis(place: str) -> dict[int, int]:
    """Returns the number of cells of each value, as a layer of QGIS has them."""
    command = [sys.executable, "-c", LAYER, place]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return {int(float(value)): count for value, count in json.loads(done.stdout.splitlines()[-1])}


def counts_of(classes: np.ndarray) -> dict[int, int]:
    return {int(value): int(count) for value, count in zip(*np.unique(classes, return_counts=True))}


def test_gdal_sends_the_token_of_its_owner(stores: Stores, tmp_path: Path) -> None:
    tokens, header = tmp_path / "tokens", tmp_path / "header"
    tokens.write_text(f"ann {hash_of(OWN)}\nben {hash_of(OTHER)}\n")
    header.write_text(f"Authorization: Bearer {OWN}\n")
    serving = Serving(stores.file, tmp_path / "jobs", "--tokens", str(tokens))
    try:
        place, _, expected = classified(serving, stores, token=OWN)
        check(read_there(place, GDAL_HTTP_HEADER_FILE=str(header)), expected)
        header.write_text(f"Authorization: Bearer {OTHER}\n")
        for environment in ({}, {"GDAL_HTTP_HEADER_FILE": str(header)}):
            with pytest.raises(subprocess.CalledProcessError):
                read_there(place, **environment)
    finally:
        serving.end()
    assert OWN not in serving.log.read_text()
