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
    resized = operations.interpolate(image, wanted, PILLOW, calculation, axes=axes)
    for target in node.output(0).get_target_inputs():
        target.replace_source_output(resized.output(0))
