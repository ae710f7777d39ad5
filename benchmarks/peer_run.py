# SPDX-License-Identifier: GPL-2.0-or-later
"""Classifies a scene with another program, as its documentation says, and prints the seconds.

    PYTHON peer_run.py geodeep|habitat-mapper SCENE MODEL OUTPUT

is run by the Python with the program, in a separate process. The start of the process and the
imports are not counted; opening the network, reading and writing are.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def geodeep(scene: str, model: str, output: str) -> float:
    """Segments with GeoDeep; resolution, tile and overlap are in the metadata of the network."""
    from geodeep import segment
    from geodeep.segmentation import save_mask_to_raster

    started = time.perf_counter()
    save_mask_to_raster(scene, segment(scene, model), output)
    return time.perf_counter() - started


def habitat_mapper(scene: str, model: str, output: str) -> float:
    """Segments with Habitat-Mapper; its overlap is always half a tile."""
    from habitat_mapper import ModelConfig, ONNXModel

    config = ModelConfig(
        name="light",
        revision="20260101",
        dependencies=[model],
        model_filename=Path(model).name,
        activation="softmax",
        mean=(0, 0, 0),
        std=(1, 1, 1),
    )
    started = time.perf_counter()
    ONNXModel(config).process(
        img_path=Path(scene), output_path=Path(output), blur_kernel_size=0, morph_kernel_size=0, quiet=True
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    print(f"seconds {(geodeep if sys.argv[1] == 'geodeep' else habitat_mapper)(*sys.argv[2:])}")
