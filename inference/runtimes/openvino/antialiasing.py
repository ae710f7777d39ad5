# SPDX-License-Identifier: GPL-2.0-or-later
"""Antialiased bilinear resizing of ONNX networks, which OpenVINO reads as plain interpolation.

ONNX's Resize with `antialias` and `exclude_outside` widens the triangular filter where it shrinks an image, as Pillow
does. OpenVINO has that as its mode `bilinear_pillow`, but its reader of ONNX files keeps `linear_onnx`, which ignores
`antialias`. Sources: onnx.ai, operator Resize 18; docs.openvino.ai, operation Interpolate 11.
"""

from __future__ import annotations

from typing import Any

import numpy as np

PILLOW, LINEAR, HALF_PIXEL = "bilinear_pillow", "linear_onnx", "half_pixel"

# The axes of rows and columns of an image (N, C, H, W).
IMAGE_AXES, RANK = (2, 3), 4


def keep_antialiasing(network: Any, operations: Any) -> None:
    """Replaces antialiased resizing of images in a network by Pillow's; `operations` are OpenVINO's, of set 11."""
    for node in network.get_ops():
        if node.get_type_name() == "Interpolate" and _is_antialiased(node):
            _replace(node, operations)


def shrink_by_convolution(network: Any, operations: Any) -> bool:
    """Replaces Pillow's resizing by a strided convolution for each band where known sizes shrink by a whole factor.

    OpenVINO needs seconds to prepare Pillow's resizing, a time that grows with the area of the image. Returns True if
    the network has changed.
    """
    changed = False
    for node in network.get_ops():
        factor = _whole_factor(node) if node.get_type_name() == "Interpolate" else None
        if factor == 1:
            _put_instead(node, node.input(0).get_source_output())
        elif factor is not None:
            _convolve(node, operations, factor)
        changed = changed or factor is not None
    return changed


def _whole_factor(node: Any) -> int | None:
    """Returns the factor by which Pillow's resizing shrinks both sides, None if there is none that is whole."""
    told, shapes = node.get_attributes(), (node.input(0).get_partial_shape(), node.output(0).get_partial_shape())
    # A given scale need not be the ratio of the sizes, which are whole.
    if told["mode"] != PILLOW or told["shape_calculation_mode"] != "sizes" or not all(s.is_static for s in shapes):
        return None
    if not _is_of_image(node):
        return None
    (height, width), (less_height, less_width) = (shape.to_shape()[-2:] for shape in shapes)
    factor: int = height // less_height
    return factor if (height, width) == (factor * less_height, factor * less_width) else None


def _is_of_image(node: Any) -> bool:
    """Returns True for rows and columns of (N, C, H, W) without padding, as other formats need not have them."""
    told, axes = node.get_attributes(), node.input_value(node.get_input_size() - 1).get_node()
    padded = any(any(told[side]) for side in ("pads_begin", "pads_end"))
    if padded or axes.get_type_name() != "Constant" or len(node.input(0).get_shape()) != RANK:
        return False
    return tuple(axes.get_data().ravel()) == IMAGE_AXES


def _convolve(node: Any, operations: Any, factor: int) -> None:
    """Replaces a node by the triangular filter that is as wide as two pixels of the result.

    Pixels beyond the edges do not count: there the sum of the weights is smaller.
    """
    image = node.input(0).get_source_output()
    _, bands, *sides = image.get_shape()
    taps = 2 * factor - factor % 2
    before = (taps - factor) // 2
    weights = (1 - np.abs(np.arange(taps) - (taps - 1) / 2) / factor) / factor
    kernel = np.broadcast_to(np.outer(weights, weights), (bands, 1, 1, taps, taps)).astype(np.float32)
    sums = [np.convolve(np.ones(side), weights)[taps - 1 - before :][:side:factor] for side in sides]
    share = (1 / np.outer(*sums))[np.newaxis, np.newaxis].astype(np.float32)
    pads = [before] * 2, [taps - factor - before] * 2
    summed = operations.group_convolution(image, operations.constant(kernel), [factor] * 2, *pads, [1, 1])
    _put_instead(node, operations.multiply(summed, operations.constant(share)).output(0))


def _is_antialiased(node: Any) -> bool:
    told = node.get_attributes()
    rank = node.input(0).get_partial_shape().rank
    of_image = rank.is_static and rank.get_length() == RANK and len(node.inputs()) == 2  # noqa: PLR2004
    linear = told["mode"] == LINEAR and told["coordinate_transformation_mode"] == HALF_PIXEL
    return bool(told["antialias"] and linear and of_image)


def _replace(node: Any, operations: Any) -> None:
    image, sizes = (each.get_source_output() for each in node.inputs())
    axes = operations.constant(np.array(IMAGE_AXES))
    wanted = operations.gather(sizes, axes, operations.constant(0))
    calculation = node.get_attributes()["shape_calculation_mode"]
    _put_instead(node, operations.interpolate(image, wanted, PILLOW, calculation, axes=axes).output(0))


def _put_instead(node: Any, resized: Any) -> None:
    for target in node.output(0).get_target_inputs():
        target.replace_source_output(resized)
