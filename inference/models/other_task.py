# SPDX-License-Identifier: GPL-2.0-or-later
"""Models for other tasks than pixel classification, and programs that run them.

Sources: the deep learning tools of ArcGIS Pro (pro.arcgis.com), the model types of the plugin Deepness
(qgis-plugin-deepness.readthedocs.io), and the post-processing of transformers (huggingface.co/docs/transformers).
"""

from __future__ import annotations

import re

from ..errors import ModelTypeError
from ..phrase import Phrase

DETECTION, INSTANCES, SCENES = "object detection", "instance segmentation", "classification of whole images"
QUERIES, EMBEDDINGS = "mask queries (Mask2Former)", "image features (an encoder)"
PROMPTS = "segmentation by prompts (SAM)"
DEPTH, REGRESSION, SUPER_RESOLUTION = "depth estimation", "regression", "super-resolution"

CHOOSE = Phrase("Choose a pixel classification (ImageClassification) model.")

# Fragments of task names, and the advice for them; the first match counts.
ADVICE: tuple[tuple[str, Phrase], ...] = (
    (
        "changedetect",
        Phrase(
            "Change detection runs in ArcGIS Pro (Detect Change Using Deep Learning) or in the library that trained it."
        ),
    ),
    (
        "instance|maskrcnn|panoptic|ultralyticssegment",
        Phrase(
            "Instance segmentation runs in ArcGIS Pro (Detect Objects Using Deep Learning) or in the library that "
            "trained it; for a class map, train a semantic segmentation model."
        ),
    ),
    (
        "detect|yolo|detr|rcnn|objecttracking|keypoint|ultralyticspose|ultralyticsobb",
        Phrase(
            "Object detection runs in ArcGIS Pro (Detect Objects Using Deep Learning) and, for YOLO networks in ONNX, "
            "in the QGIS plugin Deepness; here, choose a pixel classification (ImageClassification) model."
        ),
    ),
    (
        "wholeimages|objectclassif|featureclassif|imageclassification|imagecaption|sceneclassif|ultralyticsclassify",
        Phrase(
            "It classifies a whole image or object; it runs in ArcGIS Pro (Classify Objects Using Deep Learning) "
            "or in the library that trained it. Choose a model that classifies each pixel."
        ),
    ),
    (
        "maskqueries|universalsegmentation|maskformer|mask2former|oneformer",
        Phrase(
            "Its masks and their classes must be combined. Export it with that step (in transformers: "
            "post_process_semantic_segmentation), so that it returns one score per class and pixel."
        ),
    ),
    (
        "imagefeatures|embedding|featureextraction|maskedimage|pretraining",
        Phrase("It returns features, not classes. Export it with a segmentation head that was trained on them."),
    ),
    (
        "prompts|promptable|maskgeneration|segmentanything",
        Phrase(
            "It segments objects that a user points at, without classes. It runs in plugins for Segment "
            "Anything, such as Geo-SAM."
        ),
    ),
    (
        "depth|regress|superresolution|climax|imagetoimage|cyclegan|pix2pix",
        Phrase(
            "It returns continuous values, not classes. Regression and super-resolution in ONNX run in the QGIS "
            "plugin Deepness, others in the library that trained them."
        ),
    ),
)


def other_task_error(model: str, task: str) -> ModelTypeError:
    """Returns the error for a model of another task than pixel classification, with a program that runs it."""
    return ModelTypeError(model=model, type=task, advice=_advice(task))


def _advice(task: str) -> Phrase:
    plain = re.sub(r"[^a-z0-9]", "", task[:1000].lower())
    return next((advice for signs, advice in ADVICE if re.search(signs, plain)), CHOOSE)
