# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs programs saved by torch.export (.pt2); no pickle and no code of the file is executed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ExportedProgramError, NetworkMismatchError, WeightsUnreadableError
from ...models.definition import Constant
from ...models.json_text import read_json
from ...phrase import Phrase
from ..backend import NetworkInput
from ..constant_inputs import check_names, undeclared_inputs, whole_constant
from ..input_form import WITH_DATES, choose_layout, declared_input
from ..options import BackendOptions
from ..output_form import NCHW
from ..runtime import import_runtime
from .device import choose_device
from .exported_graph import HALVES, TYPES, ExportedGraph, GraphError, check_operations
from .torch_archive import DAMAGE, archive_members
from .torch_backend import TorchBackend

# Incremented by PyTorch for incompatible changes of the format.
SCHEMA = 8
# Parsed, JSON takes some twenty times its size; a graph of a thousand steps has 4 MB.
LARGEST_DOCUMENT = 32 * 1024**2
OLD = "serialized_exported_program.json"
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, RuntimeError, RecursionError, EOFError)


class ExportedBackend(TorchBackend):
    """An exported program on one device."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        archive = read_archive(weights)
        # Before anything is looked up or run: the operations are names in a document.
        with _named_failures(weights):
            module = _checked_module(archive)
        torch = import_runtime("torch", options.runtimes)
        device = choose_device(torch, options)
        with _named_failures(weights):
            network, declared = _network(torch, device, archive, module, weights, options)
        super().__init__(torch, device, weights.name, network, declared, options)


class ExportedArchive:
    """The members of an archive by their names within it."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._members = members

    def json(self, name: str) -> Any:
        """Returns the document of a member."""
        if len(self._members[name]) > LARGEST_DOCUMENT:
            raise GraphError(f"its {name:.60} is larger than {LARGEST_DOCUMENT // 1024**2} MB")
        return read_json(self._members[name].decode())

    def tensors(self, torch: Any, folder: str) -> dict[str, Any]:
        """Returns the tensors in the folder's list; raises a GraphError if one is pickled."""
        found = {}
        for name, entry in self.json(f"data/{folder}/model_{folder}_config.json")["config"].items():
            if entry["use_pickle"] or not entry["tensor_meta"]:
                raise GraphError(f"its {name:.60} is pickled")
            found[name] = _tensor(torch, self._members[f"data/{folder}/{entry['path_name']}"], entry["tensor_meta"])
        return found


def read_archive(weights: Path) -> ExportedArchive:
    """Returns the content of an exported program's archive."""
    members = {name.split("/", 1)[-1]: name for name in (member.filename for member in archive_members(weights))}
    if OLD in members:
        raise ExportedProgramError(weights=weights.name, reason=Phrase("PyTorch no longer supports its format"))
    if "models/model.json" not in members:
        raise ExportedProgramError(weights=weights.name, reason=Phrase("it is compiled for one machine"))
    try:
        with zipfile.ZipFile(weights) as archive:
            wanted = ("models/model.json", "data/weights/", "data/constants/")
            return ExportedArchive(
                {name: archive.read(full) for name, full in members.items() if name.startswith(wanted)}
            )
    except DAMAGE as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error


@contextmanager
def _named_failures(weights: Path) -> Iterator[None]:
    """Names failures: unsupported content, and an inconsistent archive."""
    try:
        yield
    except GraphError as error:
        raise ExportedProgramError(weights=weights.name, reason=error.reason) from error
    except BROKEN as error:
        reason = Phrase("its graph is damaged ({error})", {"error": f"{type(error).__name__}: {error!s:.120}"})
        raise WeightsUnreadableError(weights=weights, reason=reason) from error


def _checked_module(archive: ExportedArchive) -> Mapping[str, Any]:
    """Returns the graph and its signature, with all operations checked."""
    document = archive.json("models/model.json")
    if document["schema_version"]["major"] != SCHEMA:
        raise GraphError(f"its form is {document['schema_version']['major']}, and {SCHEMA} is known")
    module: Mapping[str, Any] = document["graph_module"]
    check_operations(module["graph"])
    return module


def _network(
    torch: Any, device: Any, archive: ExportedArchive, module: Mapping[str, Any], weights: Path, options: BackendOptions
) -> tuple[Callable[[Any], Any], NetworkInput]:
    """Returns the network, in 32-bit floats, and its input."""
    stored = {**archive.tensors(torch, "weights"), **archive.tensors(torch, "constants")}
    given = dict(options.inputs)
    image, tensors = _inputs(module["signature"]["input_specs"], stored, weights, given)
    tensors.update(_constants(torch, module["graph"], weights, given))
    placed = {name: tensor.to(device) for name, tensor in tensors.items()}
    sizes = [size.get("as_int") for size in module["graph"]["tensor_values"][image]["sizes"]]
    graph = ExportedGraph(torch, device, module["graph"])
    # Values changed in place are listed before the network's outputs.
    own = [place for place, spec in enumerate(module["signature"]["output_specs"]) if "user_output" in spec]

    def run(pixels: Any) -> list[Any]:
        outputs = graph.run({**placed, image: pixels})
        return [outputs[place] for place in own]

    return run, replace(_declared(sizes, options, weights), name=image)


def _inputs(
    specs: list[Mapping[str, Any]], stored: Mapping[str, Any], weights: Path, given: Mapping[str, Constant]
) -> tuple[str, dict[str, Any]]:
    """Returns the name of the image, and the stored tensors by their names in the graph."""
    inputs, tensors = [], {}
    for spec in specs:
        ((kind, value),) = spec.items()
        if kind == "user_input":
            inputs.append(value["arg"]["as_tensor"]["name"])
        elif kind in ("parameter", "buffer", "tensor_constant"):
            tensors[value["arg"]["name"]] = stored[value[f"{kind}_name"]]
        else:
            raise GraphError(f"it has an input of the kind {kind:.40}")
    check_names(weights, given, inputs)
    images = [name for name in inputs if name not in given]
    if len(images) != 1:
        raise undeclared_inputs(weights, [(name, "") for name in inputs])
    return images[0], tensors


def _constants(torch: Any, graph: Mapping[str, Any], weights: Path, given: Mapping[str, Constant]) -> Mapping[str, Any]:
    """Returns the constant inputs, with the declared type and shape."""
    found = {}
    for name, value in given.items():
        meta = graph["tensor_values"][name]
        dtype = TYPES.get(meta["dtype"], "")
        if dtype not in np.sctypeDict:
            raise GraphError(f"its input {name:.60} has the type {meta['dtype']}")
        numbers = whole_constant(weights, name, value, np.dtype(dtype))
        sizes = [size.get("as_int", 1) for size in meta["sizes"]]
        if numbers.size != 1 and list(numbers.shape) != sizes:
            values = {"name": name, "given": list(numbers.shape), "shape": sizes}
            reason = Phrase("Inputs sets {name} to a value of the shape {given}, but its shape is {shape}", values)
            raise NetworkMismatchError(weights=weights.name, reason=reason)
        found[name] = torch.as_tensor(numbers).expand(sizes) if numbers.size == 1 else torch.as_tensor(numbers)
    return found


def _tensor(torch: Any, content: bytes, meta: Mapping[str, Any]) -> Any:
    """Returns the tensor of these numbers; refuses a declared size beyond them."""
    if meta["dtype"] not in TYPES:
        raise GraphError(f"a tensor has the type {meta['dtype']}")
    sizes, strides = ([int(part["as_int"]) for part in meta[key]] for key in ("sizes", "strides"))
    dtype = getattr(torch, TYPES[meta["dtype"]])
    if 0 in sizes:
        return torch.zeros(sizes, dtype=dtype)
    numbers = torch.frombuffer(bytearray(content), dtype=dtype)
    tensor = numbers.as_strided(sizes, strides, int(meta["storage_offset"]["as_int"]))
    if tensor.numel() > numbers.numel():
        raise GraphError("a tensor has more numbers than the file")
    return tensor.float() if TYPES[meta["dtype"]] in HALVES else tensor


def _declared(sizes: list[int | None], options: BackendOptions, weights: Path) -> NetworkInput:
    if len(sizes) not in (len(NCHW), *WITH_DATES):
        raise GraphError(f"its input has {len(sizes)} dimensions instead of 4")
    # PyTorch's images have their bands first, unless the definition differs.
    layout = (options.layout or NCHW) if len(sizes) == len(NCHW) else choose_layout(weights, sizes, options)
    return declared_input(weights, layout, sizes, options)
