# SPDX-License-Identifier: GPL-2.0-or-later
"""Architecture in the definition of a network stored as bare tensors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import ArchitectureUnsupportedError

# Values of ModelName and ModelConfiguration in arcgis.learn's definitions.
UNSUPPORTED_NAMES = (
    "MMSegmentation", "SamLoRA", "HEDEdgeDetector", "BDCNEdgeDetector", "ModelExtension", "MultiTaskRoadExtractor",
    "ConnectNet", "ChangeDetector", "TinyUNetClassifier",
)  # fmt: skip
UNSUPPORTED_CONFIGURATIONS = {
    "_model_extension_inferencing": "a model extension",
    "_road_infrencing": "a road extractor",
    "change_detection": "a change detector",
    "_tiny_unet": "TinyUNetClassifier",
}
RESNET = re.compile(r"(wide_)?res(net|next)\d+(_\d+x?\d*d?)?")
EXPORT = (
    "network = network.cpu().eval(); image = torch.zeros(1, {bands}, {size}, {size}); "
    'torch.jit.trace(network, image).save("{stem}.pt")  or  torch.onnx.export(network, image, "{stem}.onnx")'
)


@dataclass(frozen=True)
class Architecture:
    """The training library's names for the network of a state dict; empty if not in the definition.

    `chip` is the only permitted height and width of the input, None for any. `pyramid_sizes` are those of PSPNet's
    pooling.
    """

    name: str = ""
    configuration: str = ""
    backbone: str = ""
    pyramid_sizes: tuple[int, ...] = ()
    chip: int | None = None


def refuse_unsupported(weights: Path, architecture: Architecture | None, bands: int | None) -> None:
    """Raises an ArchitectureUnsupportedError if the definition names an unsupported network."""
    if architecture is None:
        return
    name = _unsupported(architecture)
    if name:
        raise ArchitectureUnsupportedError(
            weights=weights.name, architecture=name, export=export_lines(weights, architecture, bands)
        )


def export_lines(weights: Path, architecture: Architecture | None, bands: int | None) -> str:
    """Returns the Python lines, for the training environment, that export a network to files with its graph."""
    chip = architecture.chip if architecture is not None else None
    return EXPORT.format(bands=bands or "BANDS", size=chip or "SIZE", stem=weights.stem)


def _unsupported(architecture: Architecture) -> str:
    for name in UNSUPPORTED_NAMES:
        if architecture.name.lower() == name.lower():
            return name
    configuration = UNSUPPORTED_CONFIGURATIONS.get(architecture.configuration.lower(), "")
    backbone = architecture.backbone
    if not configuration and backbone and not RESNET.fullmatch(backbone.lower()):
        return f"{architecture.name or 'a network'} upon the backbone {backbone}"
    return configuration
