# SPDX-License-Identifier: GPL-2.0-or-later
"""Folders and files that the plugin uses."""

from __future__ import annotations

import sys
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QUrl

PLUGIN = Path(__file__).resolve().parents[1]
ICON = PLUGIN / "resources" / "icon.svg"
HELP = PLUGIN / "resources" / "help"
TRANSLATIONS = PLUGIN / "i18n"


def help_page(name: str) -> str:
    """Returns the address of the help of an algorithm."""
    return QUrl.fromLocalFile(str(HELP / "reference" / f"{name}.html")).toString()


def profile_folder() -> Path:
    """Returns the plugin's folder in the user's profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "classify_pixels"


def package_cache() -> Path:
    """Returns the folder of the user's profile that packages are unpacked into."""
    return profile_folder() / "packages"


def runtime_folder() -> Path:
    """Returns the folder of the user's profile for runtime libraries of this Python.

    It is not in the plugin's own folder, which an upgrade replaces.
    """
    # Compiled libraries fit a single version of Python.
    tag = "cp{}{}".format(*sys.version_info[:2])
    return Path(QgsApplication.qgisSettingsDirPath()) / "python" / "classify_pixels_runtimes" / tag


def download_cache() -> Path:
    """Returns the folder of the user's profile that models and rasters of other machines are copied into."""
    return profile_folder() / "downloads"


def lease_folder() -> Path:
    """Returns the folder of the user's profile where each run that uses the caches has a file."""
    return profile_folder() / "in_use"
