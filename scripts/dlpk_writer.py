# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's own writer of deep-learning packages, for scripts that run beside the checkout."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "classify_pixels"

if NAME not in sys.modules:
    # The checkout is the plugin's package, regardless of its folder's name.
    spec = importlib.util.spec_from_file_location(NAME, ROOT / "__init__.py", submodule_search_locations=[str(ROOT)])
    sys.modules[NAME] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[NAME])

packaging = importlib.import_module(f"{NAME}.inference.models.package_writing")
emd_text, write_dlpk, write_zip = packaging.emd_text, packaging.write_dlpk, packaging.write_zip
