# SPDX-License-Identifier: GPL-2.0-or-later
"""Style of a raster of scores: a colour ramp of the largest score, the confidence in the class of a pixel."""

from __future__ import annotations

import numpy as np
from qgis.core import (
    QgsColorRampShader,
    QgsDataProvider,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsMapLayer,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRasterTransparency,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from .layer_styler import LayerStyler
from .layer_tree import unfold

# Matplotlib's Viridis, readable for colour-blind people: https://bids.github.io/colormap/.
LOW, MIDDLE, HIGH = "#440154", "#21908d", "#fde725"
# Columns and rows of the sample for the ends of the ramp.
SAMPLE = 500
# A formula of more bands nests too deeply.
MOST_BANDS = 200
INPUT = "scores"
# Values below are those of pixels without scores, which a virtual raster does not declare as NoData.
LEAST, MOST = -3.4e38, -3.5e38


class ScoreStyler(LayerStyler):
    """Styles a loaded raster of scores, and names it after its run."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._name = name

    def style(self, layer: QgsMapLayer) -> None:
        """Styles the layer."""
        if isinstance(layer, QgsRasterLayer):
            style_scores(layer)
            layer.setName(self._name or layer.name())
            unfold(layer)


def style_scores(layer: QgsRasterLayer) -> None:
    """Shows the largest score of each pixel; of several bands, by a virtual raster that computes it."""
    if 1 < layer.bandCount() <= MOST_BANDS:
        source = largest_score(layer)
        layer.setDataSource(source, layer.name(), "virtualraster", QgsDataProvider.ProviderOptions())
    layer.setRenderer(confidence_renderer(layer))
    layer.triggerRepaint()
    layer.emitStyleChanged()


def largest_score(layer: QgsRasterLayer) -> str:
    """Returns the source of a virtual raster with the largest value of all bands."""
    formula = f'"{INPUT}@1"'
    for band in range(2, layer.bandCount() + 1):
        formula = f'max({formula}, "{INPUT}@{band}")'
    scores = QgsRasterDataProvider.VirtualRasterInputLayers()
    scores.name, scores.uri, scores.provider = INPUT, layer.source(), layer.providerType()
    wanted = QgsRasterDataProvider.VirtualRasterParameters()
    wanted.crs, wanted.extent = layer.crs(), layer.extent()
    wanted.width, wanted.height = layer.width(), layer.height()
    wanted.formula, wanted.rInputLayers = formula, [scores]
    return str(QgsRasterDataProvider.encodeVirtualRasterProviderUri(wanted))


def confidence_renderer(layer: QgsRasterLayer) -> QgsSingleBandPseudoColorRenderer:
    """Returns a renderer whose ramp covers the values of a sample of the first band."""
    provider = layer.dataProvider()
    low, high = _ends(layer)
    ramp = QgsGradientColorRamp(QColor(LOW), QColor(HIGH), False, [QgsGradientStop(0.5, QColor(MIDDLE))])
    function = QgsColorRampShader(low, high, ramp, QgsColorRampShader.Type.Interpolated)
    function.classifyColorRamp(5, 1, layer.extent(), provider)
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(provider, 1, shader)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    without = QgsRasterTransparency.TransparentSingleValuePixel()
    without.min, without.max, without.percentTransparent = MOST, LEAST, 100.0
    transparency = QgsRasterTransparency()
    transparency.setTransparentSingleValuePixelList([without])
    renderer.setRasterTransparency(transparency)
    return renderer


def _ends(layer: QgsRasterLayer) -> tuple[float, float]:
    """Returns the least and the largest value of a sample."""
    block = layer.dataProvider().block(1, layer.extent(), min(SAMPLE, layer.width()), min(SAMPLE, layer.height()))
    kind = {4: np.float32, 8: np.float64}.get(block.dataTypeSize())
    values = np.frombuffer(bytes(block.data()), kind) if kind is not None else np.zeros(0)
    values = values[np.isfinite(values) & (values > LEAST)]
    if block.hasNoDataValue():
        values = values[values != block.noDataValue()]
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if low < high else (low - 0.5, low + 0.5)
