# SPDX-License-Identifier: GPL-2.0-or-later
"""Tile images as arrays."""

from __future__ import annotations

import numpy as np
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, Qt
from qgis.PyQt.QtGui import QImage, QImageReader

from ...inference.phrase import Phrase
from ...inference.raster.web import Picture, PictureError
from .layer_pixels import split_words

# Pixel formats only: an SVG could refer to other files.
FORMATS = frozenset(("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"))
# Cells along an edge: a small file may declare an image that fills the memory.
LARGEST = 4096
JPEG, JPEG_END = b"\xff\xd8", b"\xff\xd9"


def read_picture(content: bytes, size: tuple[int, int]) -> Picture:
    """Returns the decoded image, resampled to this width and height if necessary.

    Raises a PictureError for anything but a complete image.
    """
    image = _decoded(content)
    if (image.width(), image.height()) != size:
        image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied).scaled(
            *size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    # Rows of four bytes a pixel have no padding.
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    words = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint32)
    colours, alpha = split_words(words.reshape(image.height(), image.width()))
    return Picture(colours, alpha > 0)


def _decoded(content: bytes) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    # The declared type may be wrong.
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format()).decode().lower() not in FORMATS:
        raise PictureError(Phrase("its response is not an image"))
    claimed = reader.size()
    if claimed.isEmpty():
        raise PictureError(Phrase("its response is an image without a size"))
    if max(claimed.width(), claimed.height()) > LARGEST:
        size = {"width": claimed.width(), "height": claimed.height()}
        raise PictureError(Phrase("its image of {width} x {height} pixels is too large", size))
    image = reader.read()
    # Qt fills the missing part of a JPEG with grey.
    if image.isNull() or (content.startswith(JPEG) and JPEG_END not in content):
        raise PictureError(Phrase("its response is a damaged image"))
    return image
