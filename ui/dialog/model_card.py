# SPDX-License-Identifier: GPL-2.0-or-later
"""The card of a model: description and problems, as HTML for Qt labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from qgis.PyQt.QtWidgets import QApplication

from ...inference.bands import Contradiction, shown_range
from ...inference.describe.ignored import ignored_keys
from ...inference.describe.model_description import BandDescription, ModelDescription
from ...inference.describe.sections import cell_text
from ...inference.models import ModelClass
from ...inference.phrase import printable
from ...plugin_support.translation import tr
from ..tones import tone
from .model_answer import Answer

MOST_CLASSES, MOST_BANDS, MOST_IGNORED, MOST_LETTERS, LONGEST_NAME = 40, 30, 10, 400, 80
SWATCH = '<span style="background-color:#{:02x}{:02x}{:02x}">&nbsp;&nbsp;&nbsp;&nbsp;</span>'
# Link target of the offered scale.
SCALE_LINK = "scale"
# Link target of the permission for a model's code.
ALLOW_LINK = "allow"
ALARM = '<p style="color:{}"><b>{}</b> {}</p>'


def card_html(answer: Answer, runtime: str = "", runtime_problem: str = "") -> str:
    """Returns the card of a model, with its texts escaped; empty if nothing is known.

    `runtime` names the runtime and its devices; `runtime_problem` is the reason why it is unusable.
    """
    parts = []
    if answer.description is not None:
        parts += [_title(answer.description), _table(answer.description, runtime)]
    for problem in filter(None, (answer.problem, runtime_problem)):
        parts.append(ALARM.format(_alarm(), tr("The model cannot run:"), escape(problem)))
    if answer.blocked is not None:
        offer = tr("Allow this model's code…")
        parts.append(f"<p>{_link(ALLOW_LINK, offer)}</p>")
    if answer.warning:
        parts.append(ALARM.format(_alarm(), tr("Problem with the raster:"), escape(answer.warning)))
    if answer.contradiction is not None:
        parts.append(_contradiction(answer.contradiction))
    if answer.note:
        parts.append(f"<p>{escape(answer.note)}</p>")
    return "".join(parts)


def _alarm() -> str:
    return tone("error", QApplication.palette()).name()


def _link(target: str, text: str) -> str:
    color = tone("link", QApplication.palette()).name()
    return f'<a href="{target}" style="color:{color}">{escape(text)}</a>'


def _contradiction(found: Contradiction) -> str:
    """Returns the difference of the values, with a link that sets the scale."""
    text = tr("Values do not match: raster {range}, model {trained}. The map is probably wrong. If the units agree:")
    said = text.format(range=shown_range(found.found), trained=shown_range(found.trained))
    offer = tr("Set input scale to {scale}").format(scale=found.scale)
    if found.offset:
        offer = tr("Set input scale to {scale} and input offset to {offset}").format(
            scale=found.scale, offset=found.offset
        )
    return f"<p>{escape(said)} {_link(SCALE_LINK, offer)}</p>"


def _title(description: ModelDescription) -> str:
    definition = description.definition
    text = printable(definition.description, MOST_LETTERS) if definition else ""
    version = f" {_name(definition.version)}" if definition and definition.version else ""
    return f"<p><b>{_name(description.name)}</b>{version}" + (f"<br>{escape(text)}</p>" if text else "</p>")


def _name(text: str) -> str:
    return escape(printable(text, LONGEST_NAME))


def _table(description: ModelDescription, runtime: str) -> str:
    facts = [*_rows(description), *([(tr("Runs with"), escape(runtime))] if runtime else [])]
    rows = "".join(f"<tr><td>{title}&nbsp;&nbsp;</td><td>{text}</td></tr>" for title, text in facts)
    return f'<table cellspacing="1">{rows}</table>'


def _rows(description: ModelDescription) -> Iterator[tuple[str, str]]:
    if description.classes:
        yield tr("Classes"), _classes(description.classes)
    if description.bands:
        yield tr("Bands"), _bands(description.bands)
    if description.tile is not None:
        size = tr("{width} x {height} pixels").format(
            width=description.tile.pixels[0], height=description.tile.pixels[-1]
        )
        yield tr("Tile"), escape(size)
    if description.halo is not None:
        yield tr("Padding"), tr("{count} pixels").format(count=description.halo.pixels[0])
    if description.definition is None:
        yield tr("Classes"), tr("This file has no metadata; bands and classes will be numbered.")
    if description.definition is not None and description.definition.framework:
        yield tr("Framework"), _name(description.definition.framework)
    if description.weights:
        yield tr("Network"), _network(description)
    if description.function is not None and description.function.allowed:
        yield tr("Raster function"), _name(description.function.path.name)
    ignored = [f"{_name(key)}: {escape(cell_text(reason, tr))}" for key, reason in ignored_keys(description)]
    if ignored:
        yield tr("Without effect"), "<br>".join(ignored[:MOST_IGNORED]) + _more(len(ignored) - MOST_IGNORED)


def _classes(classes: Sequence[ModelClass]) -> str:
    shown = [f"{SWATCH.format(*c.color)}&nbsp;{_name(c.name)}" for c in classes[:MOST_CLASSES]]
    return ", ".join(shown) + _more(len(classes) - MOST_CLASSES)


def _bands(bands: Sequence[BandDescription]) -> str:
    return f"{len(bands)}: {', '.join(map(_band, bands[:MOST_BANDS]))}" + _more(len(bands) - MOST_BANDS)


def _band(described: BandDescription) -> str:
    """Returns the name of a band, with the value range of its training data."""
    name = _name(described.band.label)
    return name if described.values is None else f"{name} ({{:.4g}} … {{:.4g}})".format(*described.values)


def _more(count: int) -> str:
    return " " + tr("and {count} more").format(count=count) if count > 0 else ""


def _network(description: ModelDescription) -> str:
    name = _name(description.weights)
    if description.size is None:
        return name
    return tr("{name}, {size} MB").format(name=name, size=f"{description.size / 1e6:.1f}")
