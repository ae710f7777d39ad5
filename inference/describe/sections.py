# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model as titled tables, which text and HTML render alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable, Union

from ..models.definition import CellSizes, Color
from ..network.decision import AboveThreshold, LargestScore
from ..phrase import Phrase, printable
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
TENSOR_COLUMNS = (Phrase("Name"), Phrase("Shape"), Phrase("Type"), Phrase("Use"))
BAND_COLUMNS = (
    Phrase("Position"), Phrase("Band"), Phrase("Name"), Phrase("Wavelength (µm)"), Phrase("Values"),
    Phrase("Minimum"), Phrase("Maximum"), Phrase("Mean"), Phrase("Standard deviation"),
)  # fmt: skip

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
        _section(Phrase("Model"), (), _model_rows(description)),
        _section(Phrase("Runtime"), (), _run_rows(description)),
        _section(
            Phrase("Inputs of the network"), TENSOR_COLUMNS,
            [_tensor_row(tensor) for tensor in network.inputs] if network else [],
        ),
        _section(
            Phrase("Outputs of the network"), TENSOR_COLUMNS,
            [_tensor_row(tensor) for tensor in network.outputs] if network else [],
        ),
        _section(
            Phrase("Settings of the run"), (Phrase("Setting"), Phrase("Value"), Phrase("Reason")),
            [(choice.what, choice.decision, choice.reason) for choice in network.choices] if network else [],
        ),
        _section(
            Phrase("Bands"),
            BAND_COLUMNS,
            [_band_row(band) for band in description.bands],
        ),
        _section(
            Phrase("Classes"), (Phrase("Value"), Phrase("Name"), Phrase("Colour")),
            [(str(c.value), c.name, c.color) for c in description.classes],
        ),
        _section(
            Phrase("Arguments"), (Phrase("Name"), Phrase("Default"), Phrase("Meaning")),
            [(a.name, _default(a.default, a.fixed), a.text or a.help or "") for a in description.arguments],
        ),
        _section(Phrase("Ignored keys"), (Phrase("Key"), Phrase("Reason")), ignored_keys(description)),
    ]  # fmt: skip
    return [section for section in sections if section.rows]


def cell_text(cell: Cell, translate: Translate) -> str:
    """Returns a cell as one line of text that holds nothing but printable characters."""
    if isinstance(cell, Phrase):
        values = {
            name: cell_text(value, translate) if isinstance(value, Phrase) else value
            for name, value in cell.values.items()
        }
        return printable(translate(str(cell.text)).format(**values))
    return printable(cell) if isinstance(cell, str) else "#{:02x}{:02x}{:02x}".format(*cell)


def _section(title: Phrase, header: Sequence[Phrase], rows: Sequence[tuple[Cell, ...]]) -> Section:
    """Makes a section, without the columns that are empty in every row."""
    shown = tuple(rows[:MOST_ROWS])
    columns = [(name, column) for name, column in zip(header, zip(*shown)) if any(column)]
    if header:
        shown = tuple(zip(*(column for _, column in columns)))
    if len(rows) > MOST_ROWS:
        left: tuple[Cell, ...] = (Phrase("and {count} more", {"count": len(rows) - MOST_ROWS}),)
        shown += (left + ("",) * (len(shown[0]) - 1),)
    return Section(title, tuple(name for name, _ in columns), shown)


def _model_rows(description: ModelDescription) -> list[tuple[Cell, ...]]:
    definition, function = description.definition, description.function
    rows: list[tuple[Phrase, Cell | None]] = [
        (Phrase("Name"), description.name),
        (Phrase("Version"), definition.version if definition else ""),
        (Phrase("Description"), definition.description if definition else ""),
        (Phrase("Framework"), definition.framework if definition else ""),
        (Phrase("Described by"), ", ".join(map(printable, definition.said_beside)) if definition else ""),
        (Phrase("File"), description.source),
        (Phrase("Weights"), _weights(description)),
        (Phrase("Tile"), _measure(description.tile)),
        (Phrase("Padding"), _measure(description.halo)),
        (Phrase("Stride"), _measure(description.stride)),
        (Phrase("Cell size"), _cell_sizes(definition.cell_sizes) if definition else None),
        (Phrase("Raster function"), function.path.name if function and function.allowed else ""),
    ]
    return [(name, cell) for name, cell in rows if cell]


def _run_rows(description: ModelDescription) -> list[tuple[Cell, ...]]:
    problem, network = description.problem, description.network
    if problem is not None:
        return [(Phrase("Problem"), Phrase(problem.sentence, problem.values))]
    if network is None:
        return []
    return [
        *([(Phrase("Network"), printable(network.architecture))] if network.architecture else []),
        (Phrase("Device"), network.device),
        (Phrase("Input"), _taken(network)),
        *([(Phrase("Value range"), _numbers(*network.input.limits))] if network.input.limits else []),
        *([(Phrase("Outputs"), _outputs(network.output))] if len(network.output.names) > 1 else []),
        (Phrase("Output"), _given(network)),
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
    """Returns a number of pixels as text, with its source."""
    if measure is None:
        return None
    pixels = " x ".join(map(str, measure.pixels))
    if measure.reason:
        return Phrase("{pixels} pixels {reason}", {"pixels": pixels, "reason": measure.reason})
    values = {"pixels": pixels}
    return {
        DEFINITION: Phrase("{pixels} pixels (from the definition)", values),
        FUNCTION: Phrase("{pixels} pixels (from the raster function)", values),
        NETWORK: Phrase("{pixels} pixels (fixed by the network)", values),
        PROBED: Phrase("{pixels} pixels (chosen for the padding)", values),
        ASSUMED: Phrase("{pixels} pixels (default; could not be determined)", values),
    }[measure.origin]


def _cell_sizes(sizes: CellSizes | None) -> Phrase | None:
    """Returns the cell sizes of the model's training as text."""
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
        "batches of {batch}, {bands} bands, {width} x {height} pixels ({layout}; ?: any size)",
        {**sizes, "layout": taken.layout},
    )


def _numbers(least: int, most: int) -> Phrase:
    return Phrase("integers from {least} to {most}", {"least": least, "most": most})


def _outputs(output: NetworkOutput) -> Phrase:
    names = {"names": ", ".join(map(printable, output.names)), "used": printable(output.names[output.number])}
    return Phrase("{names}; default: {used} (argument: output)", names)


def _given(network: NetworkDescription) -> Phrase:
    values = {"channels": network.channels}
    if isinstance(network.decision, LargestScore):
        return Phrase("{channels} channels of scores; the class is their argmax", values)
    if isinstance(network.decision, AboveThreshold) and network.decision.logits:
        return Phrase(
            "one channel of logits; {name} if the sigmoid is above the threshold",
            {"name": network.decision.classes[1].name},
        )
    if isinstance(network.decision, AboveThreshold):
        return Phrase(
            "one channel of scores; {name} if above the threshold", {"name": network.decision.classes[1].name}
        )
    return Phrase("class numbers")


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
