# SPDX-License-Identifier: GPL-2.0-or-later
"""Folders and files of the plugin."""

from __future__ import annotations

import sys
from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QUrl

PLUGIN = Path(__file__).resolve().parents[1]
ICON = PLUGIN / "resources" / "icon.svg"
HELP = PLUGIN / "resources" / "help"
DOCS = PLUGIN / "docs"
TRANSLATIONS = PLUGIN / "i18n"


def help_page(name: str) -> str:
    """Returns the address of an algorithm's page of the guide, in the user's language if the guide has it.

    A checkout whose guide is not built shows the page's source.
    """
    language = QgsApplication.locale()[:2]
    built = [folder / "reference" / f"{name}.html" for folder in (HELP / language, HELP)]
    page = next((page for page in built if page.is_file()), DOCS / "reference" / f"{name}.md")
    return QUrl.fromLocalFile(str(page)).toString()


def profile_folder() -> Path:
    """Returns the plugin's folder in the user's profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "classify_pixels"


def package_cache() -> Path:
    """Returns the folder for unpacked packages in the user's profile."""
    return profile_folder() / "packages"


def runtime_folder() -> Path:
    """Returns the folder for runtime libraries of this Python in the user's profile.

    It is outside the plugin's folder, which an upgrade replaces.
    """
    # Compiled libraries fit a single version of Python.
    tag = "cp{}{}".format(*sys.version_info[:2])
    return Path(QgsApplication.qgisSettingsDirPath()) / "python" / "classify_pixels_runtimes" / tag


def download_cache() -> Path:
    """Returns the folder for downloaded models and rasters in the user's profile."""
    return profile_folder() / "downloads"


def model_folder() -> Path:
    """Returns the folder for models downloaded from catalogs in the user's profile."""
    return profile_folder() / "models"


def catalog_list() -> Path:
    """Returns the file with the user's list of model catalogs."""
    return profile_folder() / "model_catalogs.json"


def lease_folder() -> Path:
    """Returns the folder for cache leases in the user's profile."""
    return profile_folder() / "in_use"
