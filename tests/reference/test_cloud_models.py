# SPDX-License-Identifier: GPL-2.0-or-later
"""The cloud networks of ukis-csmask against the results of their authors' own tool."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from classify_pixels.inference.models import normalize, open_model, read_model_reference
from classify_pixels.inference.raster import Channel, GdalInput, GdalSource
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from classify_pixels.inference.window import Window
from tests.conftest import ROOT
from tests.runs import classify, read, write

# Landsat 7 ETM+, bands 1, 2, 3, 4, 5 and 7: smallest and largest radiance of high gain, and solar irradiance.
# Source: G. Chander, B. Markham, D. Helder, Remote Sensing of Environment 113 (2009), tables 4 and 5.
RADIANCE_MIN = np.array([-6.2, -6.4, -5.0, -5.1, -1.0, -0.35])
RADIANCE_MAX = np.array([191.6, 196.5, 152.9, 157.4, 31.06, 10.80])
IRRADIANCE = np.array([1997, 1812, 1533, 1039, 230.8, 84.90])


@pytest.fixture(scope="session")
def packages() -> Path:
    """The packages of all networks used here; the wheel that holds them comes from PyPI once."""
    folder = ROOT / "build" / "models"
    script = ROOT / "scripts" / "package_cloud_model.py"
    for variant in ("6b_l1c", "4b_l1c", "6b_l2a"):
        if not (folder / f"ukis_csmask_{variant}.dlpk").is_file():
            command = [sys.executable, str(script), str(folder), "--variant", variant]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"the cloud networks could not be fetched: {done.stderr.strip()[-200:]}")
    return folder


@pytest.mark.parametrize("scene", ["ukis_sentinel2_6b_toa_nocrs", "l5_amazon_6b_toa_utm22n"])
@pytest.mark.parametrize("bands", [6, 4])
def test_logits_of_one_tile_are_the_authors_own(
    packages: Path, reference_data: Path, tmp_path: Path, scene: str, bands: int
) -> None:
    package = packages / f"ukis_csmask_{bands}b_l1c.dlpk"
    model = open_model(read_model_reference(package), tmp_path)
    assert model.definition is not None
    assert model.definition.normalization is not None
    raster = GdalInput(str(reference_data / "scenes" / f"{scene}.tif"))
    with closing(GdalSource(raster)) as source, closing(open_backend(model.weights, BackendOptions())) as backend:
        source.select([Channel(number) for number in range(1, bands + 1)])
        pixels, _ = source.read(Window(0, 0, 256, 256))
        logits = backend.run(normalize(pixels[np.newaxis], model.definition.normalization))[0]
    truth = np.load(reference_data / "truth" / f"{scene}__ukis_csmask_{bands}b_l1c_tile00_logits.npy")
    # The weights have 16 bits; libraries add up in another order.
    assert np.abs(logits - truth).max() < 1e-3 * np.ptp(truth)


@pytest.mark.parametrize(
    ("scene", "variant"),
    [
        ("ukis_sentinel2_6b_toa_nocrs", "6b_l1c"),
        ("ukis_sentinel2_6b_toa_nocrs", "4b_l1c"),
        ("l5_amazon_6b_toa_utm22n", "6b_l1c"),
        ("l5_amazon_6b_toa_utm22n", "4b_l1c"),
    ],
)
def test_class_maps_agree_with_the_authors_tool(
    packages: Path, reference_data: Path, tmp_path: Path, scene: str, variant: str
) -> None:
    """Their tool blends overlapping tiles, ours crops them: so the maps agree, but are not equal."""
    result = tmp_path / "classes.tif"
    classify(reference_data / "scenes" / f"{scene}.tif", packages / f"ukis_csmask_{variant}.dlpk", result)
    theirs = read(reference_data / "truth" / f"{scene}__ukis_csmask_{variant}_csm.tif")
    ours = read(result)
    agreement = (ours == theirs)[ours != 255].mean()
    assert agreement >= 0.975


def test_the_sample_is_a_clear_scene(packages: Path, sample: Path, tmp_path: Path) -> None:
    numbers = read(sample / "landsat7_olinda.tif").astype(np.float32)
    scene = write(tmp_path / "reflectance.tif", reflectance(numbers), like=sample / "landsat7_olinda.tif")
    result = classify(scene, packages / "ukis_csmask_6b_l1c.dlpk", tmp_path / "clouds.tif")
    shares = {count.legend_class.name: count.pixels for count in result.classes}
    assert shares["Background"] > 0.98 * sum(shares.values())


def reflectance(numbers: np.ndarray, sun_elevation: float = 55.0) -> np.ndarray:
    """Returns top-of-atmosphere reflectance for digital numbers (6, height, width), with an assumed sun elevation."""
    gain = (RADIANCE_MAX - RADIANCE_MIN) / 254
    radiance = RADIANCE_MIN[:, None, None] + gain[:, None, None] * (numbers - 1)
    scaled = np.pi * radiance / (IRRADIANCE[:, None, None] * np.sin(np.radians(sun_elevation)))
    return scaled.clip(0, None).astype(np.float32)
