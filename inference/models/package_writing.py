# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes reproducible model definitions and deep learning packages.

The layout is that of Esri's packages: a plain zip without a top folder that holds one .emd and its weights.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

from .definition import BandReference, ModelClass, Normalization
from .emd.emd_file import OWN_KEY, write_emd
from .emd.emd_statistics import HIGHEST, LOWEST, write_limits, write_statistics
from .stac_mlm.mlm_item import is_mlm_item, parse_mlm_item

# The earliest time a zip can hold: the same content gives the same file on any day.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
# In a zip made on Unix, the upper half of these attributes is the file mode.
REGULAR_FILE = 0o100644 << 16
UNIX = 3

FRAMEWORKS = {".onnx": "ONNX", ".pb": "TensorFlow", ".tflite": "TensorFlow", ".xml": "OpenVINO", ".pdmodel": "Paddle"}
DEFAULT_FRAMEWORK = "PyTorch"

Content = Union[bytes, Path]


@dataclass(frozen=True)
class DefinitionParts:
    """A user's description of a model; `base` is an existing definition, whose keys remain unless overridden.

    Height and width of the tile are in pixels. None and empty values are unspecified.
    """

    name: str = ""
    classes: tuple[ModelClass, ...] = ()
    bands: tuple[BandReference, ...] = ()
    normalization: Normalization | None = None
    tile: tuple[int, int] | None = None
    padding: int | None = None
    description: str = ""
    version: str = ""
    base: Mapping[str, Any] = field(default_factory=dict)


def emd_document(document: Mapping[str, Any], model: str) -> Mapping[str, Any]:
    """Returns the JSON object of an .emd unchanged, and that of a STAC item converted to an .emd."""
    return write_emd(parse_mlm_item(document, model)) if is_mlm_item(document) else document


def definition_document(parts: DefinitionParts, weights: str) -> dict[str, Any]:
    """Returns the JSON object of an .emd whose ModelFile is `weights`."""
    height, width = parts.tile or (None, None)
    bands = parts.bands or tuple(parts.base.get("ExtractBands") or ())
    suffix = Path(weights).suffix.lower()
    said = {
        "ModelName": parts.name,
        "ModelFile": weights,
        "Description": parts.description,
        "Version": parts.version,
        "ImageHeight": height,
        "ImageWidth": width,
        "ExtractBands": list(parts.bands),
        "Classes": [{"Value": c.value, "Name": c.name, "Color": list(c.color)} for c in parts.classes],
        "NormalizationStats": write_statistics(parts.normalization, bands),
        "Padding": parts.padding,
        **_own_keys(parts),
    }
    # A padding of 0 is a value, so false values are not omitted.
    defaults = {"Framework": FRAMEWORKS.get(suffix, DEFAULT_FRAMEWORK), "ModelType": "ImageClassification"}
    return {**defaults, **parts.base, **{key: value for key, value in said.items() if value not in (None, "", [])}}


def _own_keys(parts: DefinitionParts) -> dict[str, Any]:
    """Returns the plugin's key if there is a normalisation, which also overrides the limits of another one."""
    own = parts.base.get(OWN_KEY)
    if parts.normalization is None or not (own or parts.normalization.lowest):
        return {}
    kept = {key: value for key, value in (own or {}).items() if key not in (LOWEST, HIGHEST)}
    return {OWN_KEY: {**kept, **write_limits(parts.normalization)}}


def emd_text(document: Mapping[str, Any]) -> str:
    """Returns the text of an .emd file: ASCII JSON indented by four, as Esri's own files are."""
    return json.dumps(document, indent=4) + "\n"


def write_dlpk(path: Path, members: Mapping[str, Content]) -> None:
    """Writes a model package: a deflated zip without a top folder, members in the order given."""
    write_zip(path, members, zipfile.ZIP_DEFLATED)


def write_zip(path: Path, members: Mapping[str, Content], compression: int) -> None:
    """Writes a zip with fixed timestamps and permissions; a member is bytes or a file."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            entry = _entry(name, compression)
            if isinstance(content, bytes):
                archive.writestr(entry, content)
            else:
                _copy(archive, entry, content)


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, TIMESTAMP)
    entry.compress_type = compression
    entry.create_system = UNIX
    entry.external_attr = REGULAR_FILE
    return entry


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path) -> None:
    """Copies a file of any size; only files beyond 2 GiB need the longer headers."""
    entry.file_size = file.stat().st_size
    with file.open("rb") as source, archive.open(entry, "w") as sink:
        shutil.copyfileobj(source, sink, 1024**2)
