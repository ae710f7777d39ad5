# SPDX-License-Identifier: GPL-2.0-or-later
"""Row classifiers from converters for scikit-learn, XGBoost and LightGBM: a label and probabilities.

The label is what counts: it is the class value. The argmax of the probabilities is used if it always equals the label,
because probabilities can be written and averaged; a support vector machine, for example, may differ. Probabilities may
be a sequence of maps from label to probability (ZipMap), and the file has only the labels of classes. Source of the
operators: onnx.ai/onnx/operators (ai.onnx.ml); the numbers of the fields are those of onnx.proto.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Union

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError, NetworkRunError
from ...models.other_task import REGRESSION, other_task_error
from ...phrase import Phrase
from ..protobuf import BrokenError, fields, whole_numbers
from .functions import GRAPH

Label = Union[int, str]
# Returns the outputs of these names for rows (rows, bands).
Run = Callable[[list[str], NDArray[np.float32]], list[Any]]

MAPS = ("seq(map(int64,tensor(float)))", "seq(map(string,tensor(float)))")
WHOLE = tuple(f"tensor({sign}int{bits})" for sign in ("", "u") for bits in (8, 16, 32, 64))
TEXTS = "tensor(string)"

# Maximum classes of a map, of which each row has one, and maximum entries of all maps at once.
MOST_LABELS, ENTRIES = 1_000, 2**20

# Each row has its labels as texts: long ones, and many maps, would fill the memory.
LONGEST_LABEL, MOST_MAPS = 1_000, 8

# Number of rows for comparing label and probabilities, and their largest values, as in rasters.
ROWS, LARGEST_VALUES = 1024, (1.0, 255.0, 10_000.0)
# Probabilities this close may be ordered differently by the network, which uses 64 bits.
NEAR = 1e-5

CLASS_LABELS = (b"classlabels_int64s", b"classlabels_ints")
CLASS_NAMES = (b"classlabels_strings",)


@dataclass(frozen=True)
class RowsOutput:
    """The output of a row classifier in use, and the known labels of its classes."""

    name: str = ""
    labels: tuple[Label, ...] = ()


def array_of_maps(maps: Sequence[Any], weights: str) -> NDArray[np.float32]:
    """Returns the probabilities (rows, labels) of a sequence of maps, in the order of their keys."""
    keys = sorted(maps[0]) if maps else []
    if len(keys) > MOST_LABELS:
        values = {"count": len(keys), "most": MOST_LABELS}
        reason = Phrase("its maps have {count} labels; the maximum is {most}", values)
        raise NetworkMismatchError(weights=weights, reason=reason)
    try:
        numbers = [each[key] for each in maps for key in keys]
        if any(len(each) != len(keys) for each in maps):
            raise KeyError
    except KeyError as error:
        raise NetworkRunError(size=f"1 x {len(maps)}", reason=Phrase("its maps have different labels")) from error
    return np.array(numbers, np.float32).reshape(len(maps), len(keys))


def choose_rows_output(weights: Path, outputs: Sequence[Any], bands: int, run: Run) -> RowsOutput:
    """Returns the output of a row classifier with its classes.

    `outputs` are ONNX Runtime's descriptions, and `run` returns those of given names for rows (rows, bands).
    """
    labels = next((node for node in outputs if _is_label(node)), None)
    scores = next((node for node in outputs if node.type in MAPS or _is_table(node)), None)
    maps_given = sum(node.type in MAPS for node in outputs)
    if maps_given > MOST_MAPS:
        values = {"count": maps_given, "most": MOST_MAPS}
        reason = Phrase("it returns {count} label maps; the maximum is {most}", values)
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    stored, operations = _classes_of(weights)
    if labels is None:
        maps = scores is not None and scores.type in MAPS
        if not maps and any(operation.endswith(b"Regressor") for operation in operations):
            raise other_task_error(weights.name, REGRESSION)
        return RowsOutput(scores.name, _keys(run, scores, bands, weights.name)) if scores and maps else RowsOutput()
    # For maps, one row first: the number of labels is unknown.
    keys = _keys(run, scores, bands, weights.name) if scores is not None else ()
    names = [node.name for node in (labels, scores) if node is not None]
    found = [run(names, rows) for rows in _rows(bands)]
    label = np.concatenate([np.asarray(each[0]).reshape(-1) for each in found])
    if scores is not None:
        table = np.concatenate([_table(each[1], weights.name) for each in found])
        # In an ensemble the labels in the file may be those of its members.
        possible = [keys] if keys else [_stored(stored, table.shape[1]), _seen(label, table)]
        known = next((each for each in possible if each and _agree(np.array(each), label, table)), None)
        if known is not None:
            return RowsOutput(scores.name, known)
    if labels.type == TEXTS:
        reason = Phrase("its labels are texts that {scores} does not match", {"scores": "/".join(names[1:])})
        raise NetworkMismatchError(weights=weights.name, reason=reason)
    complete = [each for each in (keys, *stored) if set(each) >= set(label.tolist())]
    return RowsOutput(labels.name, max(complete, key=len, default=()))


def _is_label(node: Any) -> bool:
    return node.type in (*WHOLE, TEXTS) and (not node.shape or len(node.shape) == 1 or node.shape[1:] == [1])


def _is_table(node: Any) -> bool:
    is_float = node.type in ("tensor(float)", "tensor(double)", "tensor(float16)")
    return is_float and node.shape is not None and len(node.shape) == 2 and node.shape[1] != 1


def _table(output: Any, weights: str) -> NDArray[Any]:
    return array_of_maps(output, weights) if isinstance(output, list) else np.asarray(output)


def _keys(run: Run, node: Any, bands: int, weights: str) -> tuple[Label, ...]:
    """Returns the keys of maps, in order, empty for a table."""
    if node.type not in MAPS:
        return ()
    maps = run([node.name], np.zeros((1, bands), np.float32))[0]
    array_of_maps(maps, weights)
    return tuple(sorted(maps[0])) if maps else ()


def _stored(stored: Sequence[tuple[Label, ...]], columns: int) -> tuple[Label, ...]:
    """Returns the labels in the file for `columns` columns, empty if there are none, or several lists."""
    fitting = {labels for labels in stored if len(labels) == columns}
    return next(iter(fitting)) if len(fitting) == 1 else ()


def _seen(label: NDArray[Any], table: NDArray[Any]) -> tuple[Label, ...]:
    """Returns the label of the rows with the maximum in each column, empty if a column was never the maximum."""
    largest = table.argmax(1)
    pairs = {int(column): label[largest == column][0] for column in np.unique(largest)}
    complete = len(pairs) == table.shape[1]
    return tuple(pairs[column].item() for column in range(len(pairs))) if complete and label.dtype.kind in "iu" else ()


def _agree(known: NDArray[Any], label: NDArray[Any], table: NDArray[Any]) -> bool:
    """True if the largest number of each row belongs to its label, ignoring near ties."""
    if len(known) != table.shape[1] or not np.isfinite(table).all():
        return False
    ordered = np.sort(table, 1)
    # A map whose labels are all the same has one column.
    clear = ordered[:, -1] - ordered[:, -2] > NEAR if len(known) > 1 else np.ones(len(ordered), np.bool_)
    same = known[table.argmax(1)].astype(str) == label.astype(str)
    return bool(clear.any() and same[clear].all())


def _rows(bands: int) -> Iterator[NDArray[np.float32]]:
    generator = np.random.default_rng(0)
    for largest in LARGEST_VALUES:
        yield (largest * generator.random((ROWS, bands))).astype(np.float32)
    yield generator.standard_normal((ROWS, bands)).astype(np.float32)


def _classes_of(weights: Path) -> tuple[list[tuple[Label, ...]], set[bytes]]:
    """Returns the label lists of nodes, and the names of all operations."""
    labels: list[tuple[Label, ...]] = []
    operations: set[bytes] = set()
    try:
        with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            for _, start, end in (part for part in fields(content, 0, len(content)) if part[0] == GRAPH):
                for _, first, last in (part for part in fields(content, start, end) if part[0] == 1):
                    parts = list(fields(content, first, last))
                    _check_texts(content, parts, weights.name)
                    operations |= {content[a : min(b, a + 100)] for number, a, b in parts if number == 4}
                    labels += [found for number, a, b in parts if number == 5 if (found := _labels(content, a, b))]
    except (BrokenError, OSError, ValueError):
        # ONNX Runtime has accepted the file; without labels the outputs are compared.
        return [], set()
    return labels, operations


def _check_texts(content: mmap.mmap, parts: Sequence[tuple[int, int, int]], weights: str) -> None:
    """Raises if an attribute of an operation lists a text (strings 9) that is too long for a label."""
    for number, start, end in parts:
        if number != 5 or end - start <= LONGEST_LABEL:
            continue
        longest = max((last - first for field, first, last in fields(content, start, end) if field == 9), default=0)
        if longest > LONGEST_LABEL:
            values = {"length": longest, "most": LONGEST_LABEL}
            reason = Phrase("it has a label of {length} bytes, and at most {most} are read", values)
            raise NetworkMismatchError(weights=weights, reason=reason)


def _labels(content: mmap.mmap, start: int, end: int) -> tuple[Label, ...]:
    """Returns the labels of an attribute (name 1, ints 8, strings 9), empty for any other one."""
    parts = list(fields(content, start, end)) if end - start < 2**20 else []
    name = next((content[a:b] for number, a, b in parts if number == 1), b"")
    if name in CLASS_LABELS:
        return tuple(whole_numbers(content, start, end, 8))
    if name in CLASS_NAMES:
        return tuple(content[a:b].decode("utf-8", "replace") for number, a, b in parts if number == 9)
    return ()
