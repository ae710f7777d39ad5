# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the graph of an exported program, operation by operation.

PyTorch's own loader evaluates names and formulas of the file as Python, and unpickles parts of it. Here a graph is
data: its operations are looked up among PyTorch's tensor operations, and nothing else is called. Source of the format:
torch/_export/serde/schema.py of PyTorch 2.8 to 2.13 (schema version 8).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from ...phrase import Phrase
from .operations import NESTED, OPERATION, is_allowed

# Python's integers, and the time for them, are unlimited.
LARGEST_NUMBER, LARGEST_POWER = 2**63, 64

# Arithmetic on tensor sizes, which are plain numbers.
NUMBERS = {
    **{f"_operator.{name}": getattr(operator, name) for name in "add sub mul floordiv mod neg".split()},
    **{f"_operator.{name}": getattr(operator, name) for name in "eq ne lt le gt ge and_ or_ not_".split()},
    "_operator.pow": lambda base, exponent: float(base) ** exponent if exponent > LARGEST_POWER else base**exponent,
    "_operator.truediv": operator.truediv,
    "torch.sym_max": max,
    "torch.sym_min": min,
    "torch.sym_float": float,
    "torch.sym_int": int,
    "torch.sym_not": operator.not_,
    "torch.sym_ite": lambda condition, one, other: one if condition else other,
    "math.trunc": int,
    "round": round,
    "math.floor": lambda number: int(number // 1),
    "math.ceil": lambda number: -int(-number // 1),
}
# Equations, modes and messages of checks: permitted operations take no other texts.
LONGEST_TEXT = 1000

# PyTorch's names for the type and memory format numbers in the file.
TYPES = {
    1: "uint8", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "float16", 7: "float32", 8: "float64",
    10: "complex64", 11: "complex128", 12: "bool", 13: "bfloat16",
}  # fmt: skip
# Networks run in 32-bit floats, comparable with other runtimes.
HALVES = ("float16", "bfloat16")
MEMORY_FORMATS = {1: "contiguous_format", 2: "channels_last", 4: "preserve_format"}
STRIDED = 7

Values = dict[str, Any]


class GraphError(ValueError):
    """The graph has unsupported content."""

    def __init__(self, reason: Phrase | str) -> None:
        super().__init__(str(reason))
        self.reason = reason


def check_operations(graph: Mapping[str, Any]) -> None:
    """Raises a GraphError if a graph, or a nested one, calls anything but operations on tensors and their sizes."""
    for node in graph["nodes"]:
        target = str(node["target"])
        if target == NESTED:
            check_operations(node["inputs"][1]["arg"]["as_graph"]["graph"])
        elif target not in NUMBERS and not is_allowed(target):
            values = {"operation": f"{target:.80}"}
            raise GraphError(Phrase("its operation {operation} is not allowed", values))


class ExportedGraph:
    """A graph of operations on tensors; `device` replaces the one of its export."""

    def __init__(self, torch: Any, device: Any, graph: Mapping[str, Any]) -> None:
        self._torch, self._device = torch, device
        self._outputs = [_name(output) for output in graph["outputs"]]
        self._inputs = [_name(value) for value in graph["inputs"]]
        _check_names(graph, set(self._inputs), self._outputs)
        self._steps = [self._step(node) for node in graph["nodes"]]
        self._done_with = _last_uses(graph, self._outputs)

    def run(self, values: Values) -> list[Any]:
        """Returns the outputs for the inputs by their names."""
        values = dict(values)
        for step, done_with in zip(self._steps, self._done_with):
            step(values)
            for name in done_with:
                values.pop(name, None)
        return [values[name] for name in self._outputs]

    def _step(self, node: Mapping[str, Any]) -> Callable[[Values], None]:
        """Returns a function that computes one node from earlier values."""
        target = str(node["target"])
        if target == NESTED:
            return self._nested(node)
        function, takes_names = self._function(target), target.startswith("torch.ops.")
        readers = [(str(argument["name"]), self._reader(argument["arg"])) for argument in node["inputs"]]
        places = [argument.get("kind", 1) == 1 for argument in node["inputs"]]
        outputs = [_output_names(output) for output in node["outputs"]]

        def run(values: Values) -> None:
            read = [(name, reader(values)) for name, reader in readers]
            by_place = [value for (_, value), place in zip(read, places) if place or not takes_names]
            by_name = {name: value for (name, value), place in zip(read, places) if takes_names and not place}
            _put(values, outputs, function(*by_place, **by_name))

        return run

    def _nested(self, node: Mapping[str, Any]) -> Callable[[Values], None]:
        """Returns a function that runs a nested graph: its first argument switches gradients only."""
        _, inner, *arguments = [argument["arg"] for argument in node["inputs"]]
        graph = ExportedGraph(self._torch, self._device, inner["as_graph"]["graph"])
        readers = [self._reader(argument) for argument in arguments]
        outputs = [_output_names(output) for output in node["outputs"]]
        if len(readers) != len(graph._inputs):
            raise GraphError("a graph within it has other inputs than it is given")

        def run(values: Values) -> None:
            results = graph.run(dict(zip(graph._inputs, (reader(values) for reader in readers))))
            _put(values, outputs, results[0] if len(results) == 1 else results)

        return run

    def _function(self, target: str) -> Callable[..., Any]:
        if target in NUMBERS:
            return _on_numbers(target, NUMBERS[target])
        found = OPERATION.fullmatch(target) if is_allowed(target) else None
        if found is None:
            raise GraphError(f"it calls {target:.80}")
        packet = getattr(self._torch.ops.aten, found["name"], None)
        operation = getattr(packet, found["variant"], None)
        # An operation has further attributes besides its variants.
        if not isinstance(operation, self._torch._ops.OpOverload):
            raise GraphError(f"this PyTorch has no operation {target:.80}")
        return cast(Callable[..., Any], operation)

    def _reader(self, argument: Mapping[str, Any]) -> Callable[[Values], Any]:
        """Returns a function that looks up the value of one argument."""
        ((kind, value),) = argument.items()
        if kind in ("as_tensor", "as_sym_int", "as_sym_bool", "as_sym_float"):
            return _one(value)
        if kind in ("as_tensors", "as_sym_ints", "as_sym_bools", "as_sym_floats"):
            parts = [_one(part) for part in value]
            return lambda values: [part(values) for part in parts]
        if kind == "as_optional_tensors":
            optional = [_one(part["as_tensor"]) if "as_tensor" in part else _constant(None) for part in value]
            return lambda values: [part(values) for part in optional]
        return _constant(self._literal(kind, value))

    def _literal(self, kind: str, value: Any) -> Any:
        if kind == "as_none":
            return None
        if kind in ("as_int", "as_float", "as_bool", "as_ints", "as_floats", "as_bools"):
            return float(value) if kind == "as_float" else value
        if kind == "as_string" and isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return value
        if kind == "as_scalar_type" and value in TYPES:
            return self._torch.float32 if TYPES[value] in HALVES else getattr(self._torch, TYPES[value])
        if kind == "as_memory_format" and value in MEMORY_FORMATS:
            return getattr(self._torch, MEMORY_FORMATS[value])
        if kind == "as_layout" and value == STRIDED:
            return self._torch.strided
        if kind == "as_device":
            return self._device
        raise GraphError(f"it has an argument {kind} {value!r:.40}")


def _on_numbers(target: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function restricted to single numbers of limited size: lists would be multiplied too."""

    def run(*values: Any) -> Any:
        if not all(isinstance(value, (int, float)) and abs(value) <= LARGEST_NUMBER for value in values):
            raise GraphError(f"it gives {target:.80} something else than a number of 63 bits")
        return function(*values)

    return run


def _check_names(graph: Mapping[str, Any], known: set[str], outputs: list[str]) -> None:
    """Raises a GraphError if a value is used before it exists."""
    for node in graph["nodes"]:
        used = {name for argument in node["inputs"] for name in _names(argument["arg"])}
        if not used <= known:
            raise GraphError(f"its value {min(used - known):.60} comes from nowhere")
        known.update(name for output in node["outputs"] for name in _output_names(output))
    if not outputs or not known.issuperset(outputs):
        raise GraphError("its output comes from nowhere")


def _last_uses(graph: Mapping[str, Any], kept: list[str]) -> list[list[str]]:
    """Returns for each node the names without later use, to release their memory."""
    last: dict[str, int] = {}
    for number, node in enumerate(graph["nodes"]):
        made = [name for output in node["outputs"] for name in _output_names(output)]
        used = [name for argument in node["inputs"] for name in _names(argument["arg"])]
        last.update(dict.fromkeys([*made, *used], number))
    for name in kept:
        last.pop(name, None)
    done: list[list[str]] = [[] for _ in graph["nodes"]]
    for name, number in last.items():
        done[number].append(name)
    return done


def _names(argument: Any) -> Iterator[str]:
    """Yields the names in an argument, at any depth."""
    if isinstance(argument, list):
        for part in argument:
            yield from _names(part)
    elif isinstance(argument, Mapping):
        for key, part in argument.items():
            if key in ("name", "as_name"):
                yield str(part)
            # A nested graph has separate names, and checks them itself.
            elif key != "as_graph":
                yield from _names(part)


def _constant(value: Any) -> Callable[[Values], Any]:
    return lambda values: value


def _one(value: Any) -> Callable[[Values], Any]:
    """Reads {"name": n} and {"as_name": n}, which refer to earlier values, and plain numbers."""
    if not isinstance(value, Mapping):
        return _constant(value)
    name = value.get("name", value.get("as_name"))
    if name is None:
        return _constant(next(iter(value.values())))
    return lambda values: values[name]


def _name(output: Mapping[str, Any]) -> str:
    names = _output_names(output)
    if len(names) != 1:
        raise GraphError("its first output is no tensor")
    return names[0]


def _output_names(output: Mapping[str, Any]) -> list[str]:
    """Returns the names of one output of a node; several for a list of tensors."""
    ((kind, value),) = output.items()
    parts = value if kind in ("as_tensors", "as_sym_ints") else [value]
    if kind == "as_none":
        return []
    return [str(part.get("name", part.get("as_name"))) for part in parts]


def _put(values: Values, outputs: list[list[str]], result: Any) -> None:
    """Stores the results of an operation under the names of its outputs."""
    if len(outputs) == 1 and len(outputs[0]) == 1:
        values[outputs[0][0]] = result
        return
    names = outputs[0] if len(outputs) == 1 else [name for output in outputs for name in output]
    values.update(zip(names, result or ()))
