# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model as titled tables, which text and HTML render alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable, Union

from ..models.definition import CellSizes, Color
from ..network.decision import AboveThreshold, LargestScore
from ..phrase import Phrase
from ..printable import printable
from ..runtimes import NetworkOutput
from .choices import TensorDescription
from .ignored import ignored_keys
from .model_description import (
    ASSUMED,
    DEFINITION,
    FUNCTION,
    NETWORK,
    PROBED,
    BandDescription,
    Measure,
    ModelDescription,
    NetworkDescription,
)

Translate = Callable[[str], str]
MOST_ROWS = 1000
# Values that complete a sentence of ours; others are the user's or the model's.
PHRASES = ("reason", "expected")


# A plain text is the model's own: it is shown as it is and never translated.
Cell = Union[str, Phrase, Color]


@dataclass(frozen=True)
class Section:
    """A table with a title; one without a header has a name and a value in each row."""

    title: Phrase
    header: tuple[Phrase, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sections_of(description: ModelDescription) -> list[Section]:
    """Returns the tables that have rows."""
    network = description.network
    sections = [
        _section("Model", (), _model_rows(description)),
        _section("Where it runs", (), _run_rows(description)),
        _section(
            "Inputs of the network", ("Name", "Shape", "Type", "Use"),
            [_tensor_row(tensor) for tensor in network.inputs] if network else [],
        ),
        _section(
            "Outputs of the network", ("Name", "Shape", "Type", "Use"),
            [_tensor_row(tensor) for tensor in network.outputs] if network else [],
        ),
        _section(
            "What the run decides", ("What", "Decision", "Reason"),
            [(choice.what, choice.decision, choice.reason) for choice in network.choices] if network else [],
        ),
        _section(
            "Bands",
            ("Place", "Band", "Name", "Wavelength (µm)", "Values", "Minimum", "Maximum", "Mean", "Standard deviation"),
            [_band_row(band) for band in description.bands],
        ),
        _section(
            "Classes", ("Value", "Name", "Colour"),
            [(str(c.value), c.name, c.color) for c in description.classes],
        ),
        _section(
            "Arguments", ("Name", "Default", "What it does"),
            [(a.name, _default(a.default, a.fixed), a.text or Phrase(a.help)) for a in description.arguments],
        ),
        _section("Without effect", ("Key", "Why"), ignored_keys(description)),
    ]  # fmt: skip
    return [section for section in sections if section.rows]


def cell_text(cell: Cell, translate: Translate) -> str:
    """Returns a cell as one line of text that holds nothing but printable characters."""
    if isinstance(cell, Phrase):
        values = {name: _said(name, value, translate) for name, value in cell.values.items()}
        return printable(translate(cell.text).format(**values))
    return printable(cell) if isinstance(cell, str) else "#{:02x}{:02x}{:02x}".format(*cell)


def _said(name: str, value: object, translate: Translate) -> object:
    if isinstance(value, Phrase):
        return cell_text(value, translate)
    return translate(value) if name in PHRASES and isinstance(value, str) else value


def _section(title: str, header: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Section:
    """Makes a section, without the columns that are empty in every row."""
    shown = tuple(rows[:MOST_ROWS])
    columns = [(name, column) for name, column in zip(header, zip(*shown)) if any(column)]
    if header:
        shown = tuple(zip(*(column for _, column in columns)))
    if len(rows) > MOST_ROWS:
        left: tuple[Cell, ...] = (Phrase("and {count} more", {"count": len(rows) - MOST_ROWS}),)
        shown += (left + ("",) * (len(shown[0]) - 1),)
    return Section(Phrase(title), tuple(Phrase(name) for name, _ in columns), shown)


def _model_rows(description: ModelDescription) -> list[tuple[Cell, ...]]:
    definition, function = description.definition, description.function
    rows: list[tuple[str, Cell | None]] = [
        ("Name", description.name),
        ("Version", definition.version if definition else ""),
        ("Description", definition.description if definition else ""),
        ("Framework", definition.framework if definition else ""),
        ("Described by", ", ".join(map(printable, definition.said_beside)) if definition else ""),
        ("File", description.source),
        ("Weights", _weights(description)),
        ("Tile", _measure(description.tile)),
        ("Padding", _measure(description.halo)),
        ("Stride", _measure(description.stride)),
        ("Cell size", _cell_sizes(definition.cell_sizes) if definition else None),
        ("Raster function", function.path.name if function and function.allowed else ""),
    ]
    return [(Phrase(name), cell) for name, cell in rows if cell]


def _run_rows(description: ModelDescription) -> list[tuple[Cell, ...]]:
    problem, network = description.problem, description.network
    if problem is not None:
        return [(Phrase("Problem"), Phrase(problem.sentence, problem.values))]
    if network is None:
        return []
    return [
        *([(Phrase("Network"), printable(network.architecture))] if network.architecture else []),
        (Phrase("Device"), network.device),
        (Phrase("Takes"), _taken(network)),
        *([(Phrase("Numbers"), _numbers(*network.input.limits))] if network.input.limits else []),
        *([(Phrase("Outputs"), _outputs(network.output))] if len(network.output.names) > 1 else []),
        (Phrase("Gives"), _given(network)),
    ]


def _tensor_row(tensor: TensorDescription) -> tuple[Cell, ...]:
    sizes = " x ".join("?" if size is None else str(size) for size in tensor.shape)
    return tensor.name, sizes, tensor.type, tensor.role


def _weights(description: ModelDescription) -> Cell:
    if description.size is None:
        return description.weights
    mebibytes = description.size / 2**20
    if mebibytes >= 1:
        return Phrase("{file} ({size} MiB)", {"file": description.weights, "size": f"{mebibytes:.1f}"})
    return Phrase("{file} ({size} KiB)", {"file": description.weights, "size": f"{mebibytes * 2**10:.1f}"})


def _measure(measure: Measure | None) -> Phrase | None:
    """Says a number of pixels, and who says it."""
    if measure is None:
        return None
    pixels = " x ".join(map(str, measure.pixels))
    if measure.reason:
        return Phrase("{pixels} pixels, {reason}", {"pixels": pixels, "reason": measure.reason})
    sentences = {
        DEFINITION: "{pixels} pixels, as the definition says",
        FUNCTION: "{pixels} pixels, as the raster function says",
        NETWORK: "{pixels} pixels, which the network fixes",
        PROBED: "{pixels} pixels, chosen for the padding",
        ASSUMED: "{pixels} pixels, assumed because nobody says",
    }
    return Phrase(sentences[measure.origin], {"pixels": pixels})


def _cell_sizes(sizes: CellSizes | None) -> Phrase | None:
    """Says the cells that the model was trained on."""
    if sizes is None:
        return None
    ends = [f"{x:.6g} x {y:.6g}" for x, y in dict.fromkeys((sizes.smallest, sizes.largest))]
    if sizes.wkid is None:
        return Phrase("{sizes} metres on the ground", {"sizes": " … ".join(ends)})
    return Phrase("{sizes} in units of the CRS {wkid}", {"sizes": " … ".join(ends), "wkid": sizes.wkid})


def _taken(network: NetworkDescription) -> Phrase:
    taken = network.input
    sizes = {name: getattr(taken, name) or "?" for name in ("batch", "bands", "width", "height")}
    return Phrase(
        "batches of {batch}, {bands} bands, {width} x {height} pixels ({layout}; ? stands for any size)",
        {**sizes, "layout": taken.layout},
    )


def _numbers(least: int, most: int) -> Phrase:
    return Phrase("whole numbers from {least} to {most}", {"least": least, "most": most})


def _outputs(output: NetworkOutput) -> Phrase:
    names = {"names": ", ".join(map(printable, output.names)), "used": printable(output.names[output.number])}
    return Phrase("{names}; {used} is used, unless the argument output chooses another one", names)


def _given(network: NetworkDescription) -> Phrase:
    values = {"channels": network.channels}
    if isinstance(network.decision, LargestScore):
        return Phrase("{channels} channels of scores, the largest of which names the class", values)
    if isinstance(network.decision, AboveThreshold) and network.decision.logits:
        return Phrase(
            "one channel of logits; a sigmoid above the threshold means {name}",
            {"name": network.decision.classes[1].name},
        )
    if isinstance(network.decision, AboveThreshold):
        return Phrase(
            "one channel of scores; above the threshold it means {name}", {"name": network.decision.classes[1].name}
        )
    return Phrase("ready class values")


def _band_row(described: BandDescription) -> tuple[Cell, ...]:
    band = described.band
    return (
        str(band.place),
        str(band.reference),
        band.name if band.common_name in (None, band.name) else f"{band.name} ({band.common_name})",
        "" if band.wavelength is None else f"{band.wavelength:.4g}",
        "" if described.values is None else "{:.4g} … {:.4g}".format(*described.values),
        *(f"{number:.4g}" for number in described.statistics or ()),
    )


def _default(default: str, fixed: bool) -> Cell:
    return Phrase("{default} (fixed)", {"default": default}) if fixed else default
