# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks for tasks other than pixel classification, recognised by names and shapes of inputs and outputs.

Sources: the exporters of Ultralytics (docs.ultralytics.com), torchvision's detection models, the outputs of
transformers (huggingface.co/docs/transformers), and the ONNX exports of Segment Anything (github.com/facebookresearch).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Union

from ..models.other_task import (
    DEPTH,
    DETECTION,
    EMBEDDINGS,
    INSTANCES,
    PROMPTS,
    QUERIES,
    SCENES,
    SUPER_RESOLUTION,
    other_task_error,
)
from .output_form import NCHW, GivenOutput, is_map, takes_rows, times_coarser

# A size is a number, or anything else if it is free.
Sizes = Sequence[Union[int, str, None]]

# Each cell of YOLO's grids has one or three candidate objects; some networks have a fourth grid.
STRIDES, ANCHORS = ((8, 16, 32), (8, 16, 32, 64)), (1, 3)
# A box after non-maximum suppression: corners, score, class, and mask coefficients.
BOX, MIXED, MOST_BOXES = 6, 32, 1000
# The features of Segment Anything: channels, rows and columns.
FEATURES = (256, 64, 64)
# Factors of super-resolution.
ENLARGED = (2, 3, 4, 8)

# Exporters' names of outputs, in sets that must be complete.
OUTPUTS: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = (
    (QUERIES, (frozenset({"class_queries_logits", "masks_queries_logits"}), frozenset({"pred_logits", "pred_masks"}))),
    (
        INSTANCES,
        (frozenset({"boxes", "labels", "scores", "masks"}), frozenset({"detection_boxes", "detection_masks"})),
    ),
    (
        DETECTION,
        (
            frozenset({"boxes", "scores"}),
            frozenset({"pred_boxes"}),
            frozenset({"detection_boxes"}),
            frozenset({"num_dets"}),
            frozenset({"det_boxes"}),
        ),
    ),
    (DEPTH, (frozenset({"predicted_depth"}),)),
    (PROMPTS, (frozenset({"iou_predictions", "low_res_masks"}), frozenset({"iou_scores", "pred_masks"}))),
    (EMBEDDINGS, (frozenset({"image_embeddings"}), frozenset({"image_embeds"}))),
)
# Names of outputs that denote features only if there are no other outputs.
FEATURE_NAMES = frozenset({"last_hidden_state", "pooler_output", "embeddings", "features", "image_embed"})
PROMPT_INPUTS = frozenset({"point_coords", "input_points", "image_embeddings", "point_labels", "input_boxes"})


class Tensor(NamedTuple):
    """An input or output of a network: a name, and sizes of which some may be free."""

    name: str
    shape: Sizes


def check_declared(weights: str, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
    """Raises a ModelTypeError if the declared names or shapes are those of another task."""
    task = _by_names(inputs, outputs)
    if not task and len(inputs) == 1:
        task = _by_shapes(inputs[0].shape, [output.shape for output in outputs])
    if task:
        raise other_task_error(weights, task)


def check_given(weights: str, layout: str, image: Sequence[int], outputs: Sequence[GivenOutput]) -> None:
    """Raises a ModelTypeError if the outputs are those of another task.

    `image` is (images, bands, rows, columns). Shapes count only if none of them is a map of the image.
    """
    tensors = [Tensor(output.name, output.shape) for output in outputs]
    task = _by_names((), tensors)
    if not task and not takes_rows(layout):
        scores = (image[0], image[2], image[3])
        if not any(is_map(output, scores) for output in outputs):
            task = _by_shapes(image, [output.shape for output in outputs]) or _other_size(image, outputs)
    if task:
        raise other_task_error(weights, task)


def _by_names(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> str:
    if not PROMPT_INPUTS.isdisjoint(tensor.name.lower() for tensor in inputs):
        return PROMPTS
    # PyTorch's nested outputs are named by their position, as in "0.boxes".
    ranks = {tensor.name.rpartition(".")[2].lower(): len(tensor.shape) for tensor in outputs}
    names = set(ranks)
    for task, sets in OUTPUTS:
        # Scores of objects are lists, those of pixels are images.
        of_pixels = task in (DETECTION, INSTANCES) and ranks.get("scores") == len(NCHW)
        if any(wanted <= names for wanted in sets) and not of_pixels:
            return task
    return EMBEDDINGS if names and names <= FEATURE_NAMES else ""


def _by_shapes(image: Sizes, outputs: Sequence[Sizes]) -> str:
    """Detects other tasks from shapes.

    Scores of a whole image are (N, classes), objects (N, 4 numbers of a box and scores, candidates), and instance
    segmentation adds prototype images for masks.
    """
    ranks = [len(shape) for shape in outputs]
    sized = list(image) if len(image) == 4 and _is_fixed(image[2:]) else []
    objects = [shape for shape in outputs if len(shape) == 3 and _is_fixed(shape[1:])]
    masks = [shape for shape in outputs if len(shape) == 4 and _is_fixed(shape[1:])]
    if sized and ranks == [3, 4] and objects and masks:
        if _mixes(objects[0], masks[0], sized):
            return INSTANCES
        if _are_queries(objects[0], masks[0], sized):
            return QUERIES
    if sized and len(outputs) == 1 and objects and _are_objects(objects[0], sized):
        return DETECTION
    return SCENES if outputs and all(_is_of_scene(shape, image) for shape in outputs) else ""


def _other_size(image: Sequence[int], outputs: Sequence[GivenOutput]) -> str:
    """Detects features and enlarged images, which are single outputs."""
    shapes = [output.shape for output in outputs]
    if len(shapes) != 1 or len(shapes[0]) != len(image):
        return ""
    shape = shapes[0]
    if shape[1:] == FEATURES and times_coarser(shape, (image[0], image[2], image[3])) > 1:
        return EMBEDDINGS
    larger = (shape[2] == times * image[2] and shape[3] == times * image[3] for times in ENLARGED)
    return SUPER_RESOLUTION if any(larger) else ""


def _mixes(objects: Sizes, mask: Sizes, image: Sizes) -> bool:
    """True if each object has a coefficient per prototype image, besides box and score.

    There are more objects than the image has rows or columns, unlike a map of classes.
    """
    first, second, channels, rows, columns, height, width = _numbers(*objects[1:], *mask[1:], *image[2:])
    is_coarse = 2 * rows <= height and 2 * columns <= width
    return is_coarse and min(first, second) >= channels + 4 and max(first, second) > max(height, width)


def _are_queries(objects: Sizes, mask: Sizes, image: Sizes) -> bool:
    """Distinguishes masks per query from maps: (N, queries, classes) and (N, queries, rows, columns)."""
    queries, classes, masks, rows, columns, height, width = _numbers(*objects[1:], *mask[1:], *image[2:])
    return queries == masks and (queries, classes) != (height, width) and rows * width == columns * height


def _are_objects(shape: Sizes, image: Sizes) -> bool:
    first, second, height, width = _numbers(*shape[1:], *image[2:])
    if not {first, second}.isdisjoint(_candidates(height, width)):
        return True
    # Rows of a map would be as wide as the image.
    return second in (BOX, BOX + MIXED) and first <= MOST_BOXES and second != width and first > 1


def _candidates(height: int, width: int) -> Iterator[int]:
    """Yields the possible numbers of YOLO's candidate objects in an image."""
    for strides in STRIDES:
        cells = sum((height // stride) * (width // stride) for stride in strides)
        yield from (cells * anchors for anchors in ANCHORS)


def _is_of_scene(shape: Sizes, image: Sizes) -> bool:
    """Distinguishes scores per image of a batch from rows and columns of one image without a batch axis."""
    # Some exports keep rows and columns of size one.
    if len(shape) == 4 and list(shape[2:]) == [1, 1] and len(image) == 4 and image[2] != 1:
        shape = shape[:2]
    if len(shape) != 2 or len(image) != 4 or not _is_fixed(shape[1:]):
        return False
    batch, height = image[0], image[2]
    return bool(shape[0] == batch if isinstance(batch, str) else shape[0] == batch and height != batch)


def _is_fixed(sizes: Sizes) -> bool:
    return all(isinstance(size, int) and size > 0 for size in sizes)


def _numbers(*sizes: int | str | None) -> list[int]:
    return [size for size in sizes if isinstance(size, int)]
