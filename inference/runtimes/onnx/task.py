# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks that do something else than to classify pixels, told from the shapes that they declare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...errors import ModelTypeError

# The strides of YOLO's three grids: each cell of them is a candidate for an object (docs.ultralytics.com).
STRIDES = (8, 16, 32)
DETECTION, INSTANCES, SCENES = "object detection", "instance segmentation", "classification of whole images"


def check_task(weights: Path, inputs: list[Any], outputs: list[Any]) -> None:
    """Raises a ModelTypeError where the declared shapes are those of another task.

    Scores of a whole image are (N, classes), objects (N, 4 numbers of a box and scores, candidates), and the objects of
    an instance segmentation come with images of which their masks are mixed.
    """
    task = _task([list(node.shape or ()) for node in inputs], [list(node.shape or ()) for node in outputs])
    if task:
        raise ModelTypeError(model=weights.name, type=task)


def _task(inputs: list[list[Any]], outputs: list[list[Any]]) -> str:
    ranks = [len(shape) for shape in outputs]
    objects = [shape for shape in outputs if len(shape) == 3 and _is_fixed(shape[1:])]
    masks = [shape for shape in outputs if len(shape) == 4 and _is_fixed(shape[1:])]
    image = inputs[0] if len(inputs) == 1 and len(inputs[0]) == 4 and _is_fixed(inputs[0][2:]) else []
    if image and ranks == [3, 4] and objects and masks and _mixes(objects[0], masks[0], image):
        return INSTANCES
    if image and len(outputs) == 1 and objects and _candidates(image) in objects[0][1:]:
        return DETECTION
    return SCENES if outputs and all(_is_of_scene(shape, inputs) for shape in outputs) else ""


def _mixes(objects: list[Any], mask: list[Any], image: list[Any]) -> bool:
    """Tells whether each object has a number for each of the images that masks are mixed of, besides box and score.

    There are more objects than the image has rows or columns, which a map of classes has not.
    """
    is_coarse = bool(2 * mask[2] <= image[2] and 2 * mask[3] <= image[3])
    return is_coarse and bool(min(objects[1:]) >= mask[1] + 4 and max(objects[1:]) > max(image[2:]))


def _candidates(image: list[Any]) -> int:
    """Returns how many objects YOLO tells at most in an image (N, bands, height, width)."""
    return sum((image[2] // stride) * (image[3] // stride) for stride in STRIDES)


def _is_of_scene(shape: list[Any], inputs: list[list[Any]]) -> bool:
    """Tells scores for each image of a batch from rows and columns of one image without a place for the batch."""
    if len(shape) != 2 or len(inputs) != 1 or len(inputs[0]) != 4 or not _is_fixed(shape[1:]):
        return False
    batch, height = inputs[0][0], inputs[0][2]
    return bool(shape[0] == batch if isinstance(batch, str) else shape[0] == batch == 1 and height != 1)


def _is_fixed(sizes: list[Any]) -> bool:
    return all(isinstance(size, int) and size > 0 for size in sizes)
