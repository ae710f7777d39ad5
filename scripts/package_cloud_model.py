# SPDX-License-Identifier: GPL-2.0-or-later
"""Packages a published cloud and cloud-shadow network (DLR, ukis-csmask, Apache-2.0) as a .dlpk.

    python scripts/package_cloud_model.py OUTPUT_FOLDER [--variant 6b_l1c]

The network is read out of the authors' wheel (145 MB), which is downloaded once into OUTPUT_FOLDER
and never installed. The weights are the authors' own and are not part of this project.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from dlpk_writer import emd_text, write_dlpk

REQUIREMENT = "ukis-csmask==1.0.0"
WHEEL = "ukis_csmask-1.0.0-py3-none-any.whl"
WHEEL_SHA256 = "898d6efe59b3908ec92aabad3f61a56394ff81d997a2ebe5675732503a18d1f1"
LICENCE = "ukis_csmask-1.0.0.dist-info/licenses/LICENSE"

REFLECTANCE = {"l1c": "top-of-atmosphere reflectance", "l2a": "surface reflectance"}
VARIANTS = ("4b_l1c", "4b_l2a", "6b_l1c", "6b_l2a")
CLASSES = [
    {"Value": 0, "Name": "Background", "Color": [60, 120, 60]},
    {"Value": 1, "Name": "Cloud", "Color": [255, 255, 255]},
    {"Value": 2, "Name": "Cloud shadow", "Color": [40, 40, 40]},
]


def fetch_wheel(folder: Path) -> Path:
    """The authors' wheel in a folder, downloaded unless it exists."""
    wheel = folder / WHEEL
    if not is_published(wheel):
        wheel.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), REQUIREMENT]
        subprocess.run(command, check=True)
    if not is_published(wheel):
        raise SystemExit(f"{wheel} is not the published file: its SHA-256 is not {WHEEL_SHA256}.")
    return wheel


def is_published(wheel: Path) -> bool:
    """True if a file exists and has the published SHA-256."""
    return wheel.exists() and hashlib.sha256(wheel.read_bytes()).hexdigest() == WHEEL_SHA256


def package(wheel: Path, variant: str, folder: Path) -> Path:
    """Write the .dlpk of one variant and return its path."""
    model_file = f"model_{variant}.onnx"
    with zipfile.ZipFile(wheel) as archive:
        network = archive.read(f"ukis_csmask/{model_file}")
        published = json.loads(archive.read(f"ukis_csmask/model_{variant}.json"))
        licence = archive.read(LICENCE)
    emd = emd_text(definition(published, model_file, variant)).encode("utf-8")
    path = folder / f"ukis_csmask_{variant}.dlpk"
    # The weights may only be passed on with their licence.
    write_dlpk(path, {f"ukis_csmask_{variant}.emd": emd, model_file: network, "LICENSE.txt": licence})
    return path


def definition(published: dict[str, Any], model_file: str, variant: str) -> dict[str, object]:
    """The content of the .emd, from the authors' published description of the weights."""
    height, width = published["data"]["target_size"]
    statistics = published["data"]["dataset_statistics"]
    mean, std = statistics["img"]
    return {
        "Framework": "ONNX",
        "ModelType": "ImageClassification",
        "ModelName": f"ukis-csmask {published['model']['version']}",
        "ModelFile": model_file,
        "Description": describe(variant),
        "ImageHeight": height,
        "ImageWidth": width,
        "ExtractBands": list(range(len(mean))),
        "BandNames": statistics["band_names"],
        "NormalizationStats": normalization(mean, std),
        "Classes": CLASSES,
    }


def describe(variant: str) -> str:
    """One line for the user: input, its form, and the authors."""
    return (
        f"Clouds and cloud shadows. Input: {REFLECTANCE[variant[-3:]]} from 0 to 1, best near 30 m. "
        "Network by DLR, ukis-csmask 1.0.0, Apache-2.0."
    )


def normalization(mean: list[float], std: list[float]) -> dict[str, list[float] | None]:
    """The eight arrays of NormalizationStats; minimum 0 and maximum 1 keep the reflectance."""
    return {
        "band_min_values": [0.0] * len(mean),
        "band_max_values": [1.0] * len(mean),
        "band_mean_values": None,
        "band_std_values": None,
        "scaled_min_values": None,
        "scaled_max_values": None,
        "scaled_mean_values": mean,
        "scaled_std_values": std,
    }


def parse_arguments() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description="Package a published cloud network as a .dlpk.")
    parser.add_argument("folder", type=Path, metavar="OUTPUT_FOLDER")
    parser.add_argument("--variant", choices=VARIANTS, default="6b_l1c", help="bands and level (6b_l1c)")
    return parser.parse_args()


def main() -> None:
    """Fetch the wheel, write the package and print its path."""
    arguments = parse_arguments()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    wheel = fetch_wheel(arguments.folder)
    print(package(wheel, arguments.variant, arguments.folder))


if __name__ == "__main__":
    main()
