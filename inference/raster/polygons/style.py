# SPDX-License-Identifier: GPL-2.0-or-later
"""The QGIS style of polygons, with the names and colours of the class map."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ...models.definition import ModelClass

# The field with the class value.
STYLE_FIELD = "class"

TEMPLATE = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis styleCategories="Symbology">
  <renderer-v2 type="categorizedSymbol" attr="{field}" symbollevels="0" enableorderby="0" forceraster="0">
    <categories>
{categories}
    </categories>
    <symbols>
{symbols}
    </symbols>
  </renderer-v2>
</qgis>
"""
CATEGORY = '      <category value="{value}" symbol="{index}" label="{label}" render="true" type="long"/>'
SYMBOL = """      <symbol name="{index}" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <prop k="color" v="{color}"/>
          <prop k="style" v="solid"/>
          <prop k="outline_color" v="{color}"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.1"/>
          <prop k="outline_width_unit" v="MM"/>
        </layer>
      </symbol>"""


def polygon_style(classes: Sequence[ModelClass]) -> str:
    """Returns a categorised renderer of the class values."""
    categories = (
        CATEGORY.format(value=known.value, index=index, label=escape(known.name, quote=True))
        for index, known in enumerate(classes)
    )
    symbols = (
        SYMBOL.format(index=index, color="{},{},{},255".format(*known.color)) for index, known in enumerate(classes)
    )
    return TEMPLATE.format(field=STYLE_FIELD, categories="\n".join(categories), symbols="\n".join(symbols))
