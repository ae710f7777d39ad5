# SPDX-License-Identifier: GPL-2.0-or-later
"""The values that a network of PyTorch's was trained on, seen from its first layers and their statistics."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.bands import trained_ranges
from classify_pixels.inference.notices import Caution
from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.unit.rasters import write_raster
from tests.unit.runs import Recorder, classify

torch = pytest.importorskip("torch", reason="PyTorch is optional")

Save = Callable[[Any, Path], Path]


def traced(network: Any, folder: Path) -> Path:
    torch.jit.trace(network, torch.zeros(1, 3, 32, 32)).save(str(folder / "n.pt"))
    return folder / "n.pt"


def exported(network: Any, folder: Path) -> Path:
    pytest.importorskip("torch.export.pt2_archive", reason="this PyTorch exports programs in another form")
    torch.export.save(torch.export.export(network, (torch.zeros(1, 3, 32, 32),)), str(folder / "n.pt2"))
    return folder / "n.pt2"


def ranges(weights: Path, python: Path | None = None) -> Any:
    with closing(open_backend(weights, BackendOptions(processor="CPU", bands=3, python=python))) as backend:
        found = backend.first_steps
    return None if found is None else np.array(trained_ranges(found))


def smooth_images(mean: float, std: float) -> Any:
    """Images whose pixels and bands are correlated as those of photographs are, and vary so much about their mean."""
    random = np.random.default_rng(4)
    frequencies = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
    frequencies[0, 0] = 1
    shared, own = (
        np.fft.ifft2(np.fft.fft2(random.normal(size=(16, bands, 32, 32))) / frequencies**1.2).real for bands in (1, 3)
    )
    pixels = shared / shared.std() + 0.3 * own / own.std()
    return torch.tensor(mean + std * pixels / pixels.std(), dtype=torch.float32)


def trained(mean: float, std: float, train: bool = True) -> Any:
    torch.manual_seed(3)
    layers = (
        torch.nn.Conv2d(3, 24, 3, padding=1),
        torch.nn.BatchNorm2d(24, momentum=None),
        torch.nn.ReLU(),
        torch.nn.Conv2d(24, 2, 1),
    )
    network = torch.nn.Sequential(*layers).train()
    if train:
        network(smooth_images(mean, std))
    return network.eval()


@pytest.mark.parametrize("save", [traced, exported])
@pytest.mark.parametrize(("mean", "std"), [(0, 1), (0.45, 0.25), (110, 60), (1500, 800)])
def test_statistics_behind_a_convolution_show_the_image(save: Save, mean: float, std: float, tmp_path: Path) -> None:
    expected = [[mean - 3 * std, mean + 3 * std]] * 3
    np.testing.assert_allclose(ranges(save(trained(mean, std), tmp_path)), expected, atol=std)


def test_statistics_that_no_training_has_touched_show_nothing(tmp_path: Path) -> None:
    assert ranges(traced(trained(0, 1, train=False), tmp_path)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers_show_nothing(value: float, tmp_path: Path) -> None:
    for place in ("0.weight", "1.running_mean", "1.running_var"):
        network = trained(110, 60)
        network.state_dict()[place].fill_(value)
        assert ranges(traced(network, tmp_path)) is None


class Beginning(torch.nn.Module):
    def __init__(self, begin: Callable[[Any], Any], norm: bool = False) -> None:
        super().__init__()
        self.begin, self.norm, self.last = begin, torch.nn.BatchNorm2d(3) if norm else None, torch.nn.Conv2d(3, 2, 3)
        if norm:
            self.norm.running_mean.fill_(100)
            self.norm.running_var.fill_(400)

    def forward(self, image: Any) -> Any:
        begun = self.begin(image)
        return self.last(begun if self.norm is None else self.norm(begun))


@pytest.mark.parametrize("save", [traced, exported])
@pytest.mark.parametrize(
    ("begin", "norm", "expected"),
    [
        (lambda x: x / 255, False, (0, 255)),
        (lambda x: x / 127.5 - 1, False, (0, 255)),
        (lambda x: (x / 255 - torch.tensor([0.4, 0.4, 0.4]).view(1, 3, 1, 1)) / 0.2, False, (51, 153)),
        (lambda x: x, True, (40, 160)),
        (lambda x: x * 0.1, True, (400, 1600)),
        (lambda x: torch.nn.functional.pad(x / 255, (1, 1, 1, 1)), False, (0, 255)),
        (lambda x: x - 5, False, None),
        (lambda x: x.log(), False, None),
        (lambda x: 255 / x, False, None),
        (lambda x: -x, False, None),
        (lambda x: x / x.max(), False, None),
        (lambda x: torch.where(x > 3, x, x / 255), False, None),
    ],
)
def test_constants_and_statistics_of_the_image_itself(
    begin: Callable[[Any], Any], norm: bool, expected: Any, save: Save, tmp_path: Path
) -> None:
    found = ranges(save(Beginning(begin, norm).eval(), tmp_path))
    if expected is None:
        assert found is None
    else:
        np.testing.assert_allclose(found, [expected] * 3, rtol=1e-3, atol=0.01)


@pytest.mark.parametrize(("mean", "std", "warns"), [(0, 1, True), (0.45, 0.25, True), (110, 60, False)])
def test_a_raster_of_another_range_is_warned_of_before_the_run(
    mean: float, std: float, warns: bool, tmp_path: Path
) -> None:
    weights = traced(trained(mean, std), tmp_path)
    scene = write_raster(
        tmp_path / "scene.tif", np.random.default_rng(0).integers(0, 255, (3, 40, 40)).astype(np.uint8)
    )
    recorder = Recorder()
    classify(scene, weights, tmp_path / "o.tif", progress=recorder)
    assert bool(recorder.said(Caution.RANGE_CONTRADICTS)) is warns
