# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify_pixels.inference.models import ModelClass
from classify_pixels.inference.raster import legend_of
from classify_pixels.inference.raster.write.qml import qml_style
from classify_pixels.inference.redaction import without_markup


def entries(classes: list[ModelClass]) -> list[dict[str, str]]:
    """Parses the style as QGIS does, from UTF-8."""
    tree = ElementTree.fromstring(qml_style(legend_of(classes)).encode("utf-8"))
    renderer = tree.find("./pipe/rasterrenderer")
    assert renderer is not None
    assert renderer.get("type") == "paletted"
    return [dict(entry.attrib) for entry in renderer.findall("./colorPalette/paletteEntry")]


def test_the_palette_has_exactly_the_classes() -> None:
    found = entries([ModelClass(11, "Water", (0, 16, 255)), ModelClass(-3, "Wood", (1, 2, 3))])
    assert found == [
        {"value": "11", "color": "#0010ff", "alpha": "255", "label": "Water"},
        {"value": "-3", "color": "#010203", "alpha": "255", "label": "Wood"},
    ]


@pytest.mark.parametrize(
    "name", ['"quoted"', "it's", "a < b > c", "Wald & Wiese", "Grünland, Süßwasser", "森林", "]]>", ""]
)
def test_names_survive(name: str) -> None:
    assert entries([ModelClass(1, name, (0, 0, 0))])[0]["label"] == name


@given(st.text(max_size=20))
def test_any_name_gives_well_formed_xml(name: str) -> None:
    """JSON can hold control characters and lone surrogates; XML and UTF-8 cannot."""
    (entry,) = entries([ModelClass(1, name, (0, 0, 0))])
    if name.isprintable():
        assert entry["label"] == without_markup(name)


@pytest.mark.parametrize("name", ["\x00", "a\x1bb", "\ud800", "\uffff"])
def test_characters_that_xml_lacks_do_no_harm(name: str) -> None:
    assert len(entries([ModelClass(1, name, (0, 0, 0))])) == 1
