# SPDX-License-Identifier: GPL-2.0-or-later
"""What a definition says of a network that comes as bare tensors."""

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
    """How the maker of a state dict calls its network; empty where the definition does not say.

    `chip` is the only height and width that the network is to be given, None where it takes any.
    `pyramid_sizes` are those of PSPNet's pooling.
    """

    name: str = ""
    configuration: str = ""
    backbone: str = ""
    pyramid_sizes: tuple[int, ...] = ()
    chip: int | None = None


def refuse_unsupported(weights: Path, architecture: Architecture | None, bands: int | None) -> None:
    """Raises an ArchitectureUnsupportedError where the definition names a network that is not rebuilt here."""
    if architecture is None:
        return
    name = _unsupported(architecture)
    if name:
        raise ArchitectureUnsupportedError(
            weights=weights.name, architecture=name, export=export_lines(weights, architecture, bands)
        )


def export_lines(weights: Path, architecture: Architecture | None, bands: int | None) -> str:
    """Returns the lines that export a network, in the Python that trained it, to files that need no rebuilding."""
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
