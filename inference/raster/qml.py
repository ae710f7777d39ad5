# SPDX-License-Identifier: GPL-2.0-or-later
"""The QGIS style that lies beside a result, so that every QGIS shows it right without the plugin."""

from __future__ import annotations

from html import escape

from ..model.definition import ModelClass
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


def qml_style(legend: Legend) -> str:
    """Returns a paletted renderer with exactly the classes of the legend."""
    return TEMPLATE.format(entries="\n".join(_entry(c) for c in legend.classes))


def _entry(legend_class: ModelClass) -> str:
    color = "#{:02x}{:02x}{:02x}".format(*legend_class.color)
    label = escape(legend_class.name, quote=True)
    return f'        <paletteEntry value="{legend_class.value}" color="{color}" alpha="255" label="{label}"/>'
