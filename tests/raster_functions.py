# SPDX-License-Identifier: GPL-2.0-or-later
"""Python raster functions as makers of models write them, for the tests that run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.networks import class_definition

# Classifies by the mean of a window around each pixel, so that padding counts, and a share that is an argument.
BLURRING = """
import json
import os
import sys

import numpy as np

sys.path.append(os.path.dirname(__file__))
import {helper}


class Blurring:
    def initialize(self, **kwargs):
        with open(kwargs["model"]) as file:
            self.definition = json.load(file)
        self.device = kwargs["device"]
        os.environ["CUDA_VISIBLE_DEVICES"] = str(self.device)

    def getParameterInfo(self):
        return [
            {{"name": "raster", "dataType": "raster", "required": True}},
            {{"name": "model", "dataType": "string", "required": True}},
            {{"name": "device", "dataType": "numeric", "required": False}},
            {{"name": "padding", "dataType": "numeric", "value": 2, "required": False}},
            {{"name": "Level", "dataType": "numeric", "value": 100, "required": False,
              "description": "From where on is {{high}}"}},
            {{"name": "mode", "dataType": "string", "value": "above", "required": False, "domain": ("above", "below"),
              "displayName": "Mode"}},
        ]

    def getConfiguration(self, **scalars):
        self.padding, self.level = int(scalars["padding"]), float(scalars["Level"])
        self.mode = scalars["mode"]
        size = self.definition["ImageHeight"] - 2 * self.padding
        return {{
            "extractBands": tuple(self.definition["ExtractBands"]), "padding": self.padding, "tx": size, "ty": size,
            "fixedTileSize": 1, "inputMask": True, "inheritProperties": 2 | 4 | 8,
        }}

    def updateRasterInfo(self, **kwargs):
        kwargs["output_info"]["bandCount"] = 1
        kwargs["output_info"]["pixelType"] = "i4"
        rows = [
            {{"attributes": {{"OID": i + 1, "Value": c["Value"], "Class": c["Name"] + "!",
                            "Red": c["Color"][0], "Green": c["Color"][1], "Blue": c["Color"][2]}}}}
            for i, c in enumerate(self.definition["Classes"])
        ]
        kwargs["output_info"]["rasterAttributeTable"] = json.dumps({{"features": rows}})
        return kwargs

    def updatePixels(self, tlc, shape, props, **pixelBlocks):
        pixels = pixelBlocks["raster_pixels"]
        pixels[np.where(pixelBlocks["raster_mask"] == 0)] = 0
        means = {helper}.window_means(pixels.mean(axis=0), self.padding)
        assert means.shape == shape, (means.shape, shape)
        low, high = [c["Value"] for c in self.definition["Classes"]]
        is_high = means > self.level if self.mode == "above" else means <= self.level
        pixelBlocks["output_pixels"] = np.where(is_high, high, low).astype(props["pixelType"])
        return pixelBlocks
"""

HELPER = """
import numpy as np


def window_means(image, reach):
    size = 2 * reach + 1
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.float64), (size, size))
    return windows.mean(axis=(2, 3))
"""


def write_model(folder: Path, code: str, name: str = "Blurring", tile: int = 24, **keys: Any) -> Path:
    """Writes a model that is nothing but a raster function, and returns its definition."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(code)
    definition = class_definition(Path(), 2, [3, 7], tile, **{"InferenceFunction": f"{name}.py", **keys})
    if "ModelFile" not in keys:
        del definition["ModelFile"]
    path = folder / "model.emd"
    path.write_text(json.dumps(definition))
    return path


def write_blurring_model(folder: Path, helper: str = "blur_helper", **keys: Any) -> Path:
    """Writes a model whose function imports a module from beside it."""
    path = write_model(folder, BLURRING.format(helper=helper), **keys)
    (folder / f"{helper}.py").write_text(HELPER)
    return path


def simple_function(body: str = "np.zeros(shape, 'i4') + 3", setting_up: str = "pass", info: str = "") -> str:
    """Returns the code of a function in which a test can break one thing."""
    return f"""
import numpy as np


class Simple:
    def initialize(self, **kwargs):
        {setting_up}

    def getParameterInfo(self):
        return [{{"name": "raster", "dataType": "raster"}}, {info}]

    def getConfiguration(self, **scalars):
        self.scalars = scalars
        return {{"padding": 1, "tx": 6, "ty": 4}}

    def updateRasterInfo(self, **kwargs):
        kwargs["output_info"].update(bandCount=1, pixelType="i4")
        return kwargs

    def updatePixels(self, tlc, shape, props, **pixelBlocks):
        pixelBlocks["output_pixels"] = {body}
        return pixelBlocks
"""
