# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks rebuilt from their tensors return the scores of their original libraries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify_pixels.inference.runtimes.torch.architectures import StateDict, build_network, unwrapped
from tests.reference.torch_oracles import CASES, FOLDER, Case, build, why_absent
from tests.state_dicts import image, state_dict

torch = pytest.importorskip("torch", reason="PyTorch is optional")

# The reference has every eighth row and column.
STEP = 8
TOLERANCE = 1e-4
HEAVY = ("unet-resnet50-batch", "unet-resnet101", "unet-resnet152")


def rebuilt_scores(case: Case, tensors: dict[str, Any]) -> np.ndarray:
    """Returns the scores of the network rebuilt from these tensors."""
    with torch.inference_mode():
        state = StateDict(torch, torch.device("cpu"), unwrapped(tensors) or {})
        network = build_network(Path("weights.pth"), state, None)
        assert (network.bands, network.name) == (case.bands, case.name)
        return network.run(torch.from_numpy(image(case.bands, *case.run_size, count=2))).numpy()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in HEAVY else []) for name in CASES]
)
def test_the_scores_of_the_library_that_the_weights_come_from(name: str) -> None:
    with np.load(FOLDER / f"{name}.npz") as reference:
        shapes, expected = json.loads(str(reference["tensors"])), reference["scores"]
    scores = rebuilt_scores(CASES[name], state_dict(shapes))
    assert scores.shape == (2, CASES[name].channels, *CASES[name].run_size)
    assert expected.std() > 100 * TOLERANCE
    np.testing.assert_allclose(scores[..., ::STEP, ::STEP], expected, rtol=0, atol=TOLERANCE)


@pytest.mark.skipif(bool(why_absent()), reason=f"a direct comparison is not possible: {why_absent()}")
@pytest.mark.parametrize("name", [name for name in CASES if name not in HEAVY])
def test_the_scores_of_the_library_itself_for_random_weights(name: str) -> None:
    torch.manual_seed(3)
    network = build(CASES[name])
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
            torch.nn.init.normal_(module.running_mean, std=0.1)
    with torch.inference_mode():
        expected = network(torch.from_numpy(image(CASES[name].bands, *CASES[name].run_size, count=2)))
    expected = (expected["out"] if isinstance(expected, dict) else expected).numpy()
    scores = rebuilt_scores(CASES[name], network.state_dict())
    np.testing.assert_allclose(scores, expected, rtol=0, atol=TOLERANCE * max(1.0, expected.std()))
