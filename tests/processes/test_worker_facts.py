# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts about a network from another Python are those from this one."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from classify_pixels.inference.runtimes import BackendOptions, open_backend
from tests.state_dicts import state_dict, tiny_unet_shapes

torch = pytest.importorskip("torch", reason="PyTorch is optional")
# It needs PyTorch as well.
from tests.engine.test_torch_first_steps import ranges, traced, trained  # noqa: E402

PYTHON = Path(sys.executable)


def test_the_ranges_of_the_training(tmp_path: Path) -> None:
    weights = traced(trained(110, 60), tmp_path)
    np.testing.assert_array_equal(ranges(weights, PYTHON), ranges(weights))


def test_the_name_of_an_architecture(tmp_path: Path) -> None:
    torch.save(state_dict(tiny_unet_shapes()), str(tmp_path / "net.pth"))
    with closing(open_backend(tmp_path / "net.pth", BackendOptions(processor="CPU"))) as here:
        with closing(open_backend(tmp_path / "net.pth", BackendOptions(processor="CPU", python=PYTHON))) as there:
            assert there.metadata == here.metadata
        assert "architecture" in here.metadata
