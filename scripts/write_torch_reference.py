# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the scores of other libraries' networks, the reference for the rebuilt networks.

Needs torchvision, fastai 1.0.61 (pip install --no-deps torchvision fastai==1.0.61 fastprogress==1.0.3) and
segmentation-models-pytorch 0.6.0, depending on the networks, in a separate environment. Each file
holds the names and shapes of the tensors and every eighth row and column of the scores; weights and image follow from
`tests/state_dicts.py`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.reference.torch_oracles import CASES, FOLDER, Case, build  # noqa: E402
from tests.state_dicts import image, state_dict  # noqa: E402

STEP = 8


def main(names: list[str]) -> int:
    """Writes the reference of these networks, of all if none is named."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or CASES:
        shapes, scores = reference(CASES[name])
        np.savez_compressed(
            FOLDER / f"{name}.npz", tensors=np.array(json.dumps(shapes)), scores=scores[..., ::STEP, ::STEP]
        )
        print(f"{name}: {len(shapes)} tensors, scores {scores.shape}, deviation {scores.std():.3g}")
    return 0


def reference(case: Case) -> tuple[dict[str, list[int]], np.ndarray]:
    """Returns names and shapes of a network's tensors and its scores for the image."""
    network = build(case)
    shapes = {name: list(tensor.shape) for name, tensor in network.state_dict().items()}
    network.load_state_dict(state_dict(shapes), strict=True)
    with torch.inference_mode():
        scores = network(torch.from_numpy(image(case.bands, *case.run_size, count=2)))
    scores = scores["out"] if isinstance(scores, dict) else scores
    return shapes, scores.numpy()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
