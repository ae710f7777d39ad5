# SPDX-License-Identifier: GPL-2.0-or-later
"""Inspection of a frozen graph of TensorFlow: input and output tensors, and permitted operations."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from ..errors import NetworkMismatchError, WeightsUnreadableError
from ..phrase import Phrase

# Names from DeepLab's exporter, as in Esri's examples.
IMAGE, SCORES = "ImageTensor:0", "SemanticPredictions:0"

# A graph is a program. These operations reach beyond its tensors, although TensorFlow may call them stateless.
OUTSIDE = re.compile(r"File|Files|Save|Restore|Debug|PyFunc|Summary|Dataset|Iterator|Reader|Print|Send|Recv|Custom")

# Operations with state confined to the graph: checks, random numbers, loops.
HARMLESS = re.compile(r"Assert|Random\w*|Multinomial|TruncatedNormal|TensorArray\w*|Stack\w*")
NO_RESULTS = ("Placeholder", "Const", "NoOp", "Assert")

# The number of candidates, and their names, if one must be chosen.
SEVERAL_INPUTS = Phrase("it has {count} inputs ({names}), and the definition selects none")
SEVERAL_OUTPUTS = Phrase("it has {count} outputs ({names}), and the definition selects none")


@dataclass(frozen=True)
class Ends:
    """The tensors at both ends of a graph."""

    image: Any
    scores: Any


def check_operations(graph: Any, weights: str) -> None:
    """Raises if a graph has an operation that could access files, the network or Python."""
    # The graph's list of operations omits those within functions.
    if graph.as_graph_def().library.function:
        raise WeightsUnreadableError(
            weights=weights, reason=Phrase("it contains functions; freeze it with functions inlined")
        )
    for operation in graph.get_operations():
        kind, stateful = operation.type, operation.op_def.is_stateful
        if OUTSIDE.search(kind) or (stateful and not HARMLESS.fullmatch(kind)):
            named = {"name": operation.name, "kind": kind}
            reason = Phrase("its operation {name} is a {kind}, which is not allowed", named)
            raise WeightsUnreadableError(weights=weights, reason=reason)


def find_ends(graph: Any, weights: str, image: str = "", scores: str = "") -> Ends:
    """Returns the tensors of these names or numbers, otherwise of the usual names, otherwise the only ones."""
    return Ends(
        _tensor(graph, weights, image, IMAGE, _placeholders(graph), SEVERAL_INPUTS),
        _tensor(graph, weights, scores, SCORES, _sinks(graph), SEVERAL_OUTPUTS),
    )


def _tensor(graph: Any, weights: str, named: str, usual: str, found: list[Any], several: Phrase) -> Any:
    tensors = {tensor.name: tensor for operation in graph.get_operations() for tensor in operation.outputs}
    if named.isdecimal() and int(named) < len(found):
        return found[int(named)]
    # An operation's name stands for the first of its tensors.
    wanted = f"{named}:0" if named and ":" not in named else named
    if wanted and wanted not in tensors:
        raise NetworkMismatchError(weights=weights, reason=Phrase("it has no tensor {name}", {"name": wanted}))
    if wanted or usual in tensors:
        return tensors[wanted or usual]
    if len(found) != 1:
        names = ", ".join(tensor.name for tensor in found[:8]) or "none"
        values = {"count": len(found), "names": names}
        raise NetworkMismatchError(weights=weights, reason=replace(several, values=values))
    return found[0]


def _placeholders(graph: Any) -> list[Any]:
    return [operation.outputs[0] for operation in graph.get_operations() if operation.type == "Placeholder"]


def _sinks(graph: Any) -> list[Any]:
    """Returns the unused tensors of operations whose outputs are all unused."""
    ends = [operation for operation in graph.get_operations() if operation.type not in NO_RESULTS]
    return [
        operation.outputs[0]
        for operation in ends
        if operation.outputs and not any(tensor.consumers() for tensor in operation.outputs)
    ]
