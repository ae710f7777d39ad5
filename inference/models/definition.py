# SPDX-License-Identifier: GPL-2.0-or-later
"""Model definitions: all properties of a model except its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from .architecture import Architecture

Color = tuple[int, int, int]

# Maximum number of bands and channels.
MOST_BANDS = MOST_CLASSES = 65_535

# The axes of a network's input: N images of C bands with H rows of W columns, of T dates. Without H and W each of the N
# is a pixel.
LAYOUTS = ("NCHW", "NHWC", "NTCHW", "NCTHW", "NTHWC", "NC", "NTC", "NCT")

# A band of the raster that feeds the model: its number from 0, or its name.
BandReference = Union[int, str]

# The value of a constant input: a number, or nested lists of them.
Constant = Union[int, float, bool, tuple["Constant", ...]]


@dataclass(frozen=True)
class ModelClass:
    """One class of a model: the value in the result, its name and its colour (0 to 255 each)."""

    value: int
    name: str
    color: Color


# Meaning of a single output channel.
PROBABILITIES, LOGITS, CLASS_NUMBERS = "probabilities", "logits", "class numbers"

# The background channel of arcgis.learn's networks, not listed in their definitions.
BACKGROUND = ModelClass(0, "Background", (0, 0, 0))


@dataclass(frozen=True)
class Normalization:
    """Per model band: z = ((x - minimum) / (maximum - minimum) - mean) / std.

    If present, x is first clipped to `lowest` and `highest`, which may be infinite.
    """

    minimum: tuple[float, ...]
    maximum: tuple[float, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    lowest: tuple[float, ...] = ()
    highest: tuple[float, ...] = ()


@dataclass(frozen=True)
class Preprocessing:
    """The service whose values a model was trained on, and the offset of 1000 of its newer scenes."""

    service: str
    radiometric_offset_correction: bool = False


@dataclass(frozen=True)
class CellSizes:
    """The smallest and the largest cell (width, height) that a model was trained on.

    They are in units of the CRS of `wkid`, in metres on the ground if that is None.
    """

    smallest: tuple[float, float]
    largest: tuple[float, float]
    wkid: int | None = None


@dataclass(frozen=True)
class ModelDefinition:
    """The description of a pixel-classification model.

    Sizes are in pixels and wavelengths in micrometres. None means unspecified. Names and wavelengths of bands are
    listed as in the definition: one per band of the model, or one per band of the raster that it was trained on. Images
    in `pixel_space` have a top and a bottom, like photographs. `inference_function` is the file of a Python raster
    function. `input_name` and `output_name` are those of the network's tensors. `architecture` describes a network
    whose weights are bare tensors. The `output_activation` is the meaning of a single channel: probabilities, logits or
    class numbers. The `ignored_channels` are excluded from the argmax; `preprocessing` converts reflectances to the
    values of the training. The bands are those of `times` dates in sequence; `inputs` are names and values of the
    network's further inputs. `ignored` lists keys of the definition without effect, and `said_beside` the side files
    that describe bare weights.
    """

    name: str
    weights: str
    tile_height: int
    tile_width: int
    bands: tuple[BandReference, ...]
    classes: tuple[ModelClass, ...]
    framework: str = ""
    layout: str | None = None
    band_names: tuple[str, ...] = ()
    wavelengths: tuple[float, ...] = ()
    normalization: Normalization | None = None
    batch_size: int | None = None
    padding: int | None = None
    model_padding: int | None = None
    threshold: float = 0.5
    test_time_augmentation: bool = False
    pixel_space: bool = False
    stride: int | None = None
    halo: int | None = None
    cell_sizes: CellSizes | None = None
    description: str = ""
    version: str = ""
    ignored: tuple[str, ...] = ()
    inference_function: str = ""
    input_name: str = ""
    output_name: str = ""
    output_activation: str = ""
    architecture: Architecture | None = None
    ignored_channels: tuple[int, ...] = ()
    preprocessing: Preprocessing | None = None
    times: int | None = None
    inputs: tuple[tuple[str, Constant], ...] = ()
    said_beside: tuple[str, ...] = ()

    @property
    def has_background_value(self) -> bool:
        """True if a listed class has the value 0."""
        return any(c.value == 0 for c in self.classes)
