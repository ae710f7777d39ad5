# SPDX-License-Identifier: GPL-2.0-or-later
"""The result of a job as a layer of the project."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsLayerTreeLayer, QgsLayerTreeNode, QgsProject, QgsRasterLayer

from ...inference.raster import read_class_record
from ...processing_provider.layer_tree import unfold
from ...processing_provider.score_styling import style_scores
from ...processing_provider.styling import apply_classes, describe_layer
from .job import Job
from .job_title import title_of

# Custom property of a result layer: the id of its input layer.
INPUT = "classify_pixels/input"
# Its file: scores are shown by a virtual raster.
OUTPUT = "classify_pixels/output"


def load_result(job: Job, project: QgsProject) -> QgsRasterLayer | None:
    """Adds the result above its input and returns its layer, None if QGIS cannot open it.

    The classes come from the file, so that the style does not depend on the model.
    """
    layer = QgsRasterLayer(job.request.output, job.request.raster)
    if not layer.isValid():
        return None
    record = read_class_record(job.request.output)
    model = record.items.get("MODEL") or Path(job.request.model).stem
    layer.setName(title_of(job, model))
    describe_layer(layer, record)
    if record.classes:
        apply_classes(layer, [count.legend_class for count in record.classes])
    else:
        style_scores(layer)
    layer.setCustomProperty(OUTPUT, job.request.output)
    # Not added to the layer tree by QGIS, which would choose another position.
    project.addMapLayer(layer, False)
    layer.setCustomProperty(INPUT, job.request.layer)
    parent, position = _place_above(job.request.layer, project)
    parent.insertLayer(position, layer)
    unfold(layer)
    return layer


def layer_of_result(job: Job, project: QgsProject) -> QgsRasterLayer | None:
    """Returns the existing layer of a result, None if there is none."""
    path = Path(job.request.output)
    layers = project.mapLayers().values()
    return next(
        (
            layer
            for layer in layers
            if Path(layer.source().split("|")[0]) == path or layer.customProperty(OUTPUT) == job.request.output
        ),
        None,
    )


def _place_above(layer_id: str, project: QgsProject) -> tuple[QgsLayerTreeLayer, int]:
    """Returns group and position above a layer and its older results, or the top of the tree if it is gone."""
    root = project.layerTreeRoot()
    node = root.findLayer(layer_id)
    if node is None:
        return root, 0
    siblings = node.parent().children()
    older = [place for place, each in enumerate(siblings) if _is_result_of(each, layer_id)]
    return node.parent(), min([*older, siblings.index(node)])


def _is_result_of(node: QgsLayerTreeNode, layer_id: str) -> bool:
    layer = node.layer() if isinstance(node, QgsLayerTreeLayer) else None
    return layer is not None and bool(layer_id) and layer.customProperty(INPUT) == layer_id
