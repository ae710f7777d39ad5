# SPDX-License-Identifier: GPL-2.0-or-later
"""A model on a card: what it is, and why it cannot run, as HTML that Qt's labels show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ...inference.describe.ignored import ignored_keys
from ...inference.describe.model_description import BandDescription, ModelDescription
from ...inference.describe.sections import cell_text
from ...inference.models import ModelClass
from ...inference.phrase import printable
from ...plugin_support.translation import tr
from .model_answer import Answer

MOST_CLASSES, MOST_BANDS, MOST_IGNORED, MOST_LETTERS, LONGEST_NAME = 40, 30, 10, 400, 80
SWATCH = '<span style="background-color:#{:02x}{:02x}{:02x}">&nbsp;&nbsp;&nbsp;&nbsp;</span>'
ALARM = '<p style="color:#b3261e"><b>{}</b> {}</p>'


def card_html(answer: Answer, runtime: str = "", runtime_problem: str = "") -> str:
    """Returns what is known of a model; all texts of the model are escaped, empty where nothing is known.

    `runtime` says what would run it and where; `runtime_problem` says why that cannot be used.
    """
    parts = []
    if answer.description is not None:
        parts += [_title(answer.description), _table(answer.description, runtime)]
    for problem in filter(None, (answer.problem, runtime_problem)):
        parts.append(ALARM.format(tr("The model cannot run as it is:"), escape(problem)))
    if answer.warning:
        parts.append(ALARM.format(tr("The raster cannot feed the model:"), escape(answer.warning)))
    if answer.note:
        parts.append(f"<p>{escape(answer.note)}</p>")
    return "".join(parts)


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
        yield tr("Classes"), tr("The file does not describe itself: its bands and classes are seen when it runs.")
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
    """Names a band, with the values that it was typically trained on."""
    name = _name(described.band.label)
    return name if described.values is None else f"{name} ({{:.4g}} … {{:.4g}})".format(*described.values)


def _more(count: int) -> str:
    return " " + tr("and {count} more").format(count=count) if count > 0 else ""


def _network(description: ModelDescription) -> str:
    name = _name(description.weights)
    if description.size is None:
        return name
    return tr("{name}, {size} MB").format(name=name, size=f"{description.size / 1e6:.1f}")
