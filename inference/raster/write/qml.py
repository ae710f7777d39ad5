# SPDX-License-Identifier: GPL-2.0-or-later
"""The QGIS style file of a result, for correct display without the plugin."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from ...models.definition import ModelClass
from .legend import Legend

TEMPLATE = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis styleCategories="Symbology">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <colorPalette>
{entries}
      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
"""
ENTRY = re.compile(r' *<paletteEntry value="-?\d+" color="#[0-9a-f]{6}" alpha="255" label="[^"<>]*"/>')

# The plugin's style for 65536 classes is smaller; larger files are foreign.
LARGEST_STYLE = 64 * 1024**2


def qml_style(legend: Legend) -> str:
    """Returns a paletted renderer with the classes of the legend."""
    return TEMPLATE.format(entries="\n".join(_entry(c) for c in legend.classes))


def is_own_style(path: Path) -> bool:
    """True if a file is an unmodified style of this plugin; one behind a link is not."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST_STYLE:
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    before, after = TEMPLATE.split("{entries}")
    if not (text.startswith(before) and text.endswith(after)):
        return False
    return all(ENTRY.fullmatch(line) for line in text[len(before) : -len(after)].splitlines() if line)


def _entry(legend_class: ModelClass) -> str:
    color = "#{:02x}{:02x}{:02x}".format(*legend_class.color)
    label = escape(legend_class.name, quote=True)
    return f'        <paletteEntry value="{legend_class.value}" color="{color}" alpha="255" label="{label}"/>'
