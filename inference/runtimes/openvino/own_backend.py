# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs networks in formats that only OpenVINO reads: TensorFlow's, TensorFlow Lite's, Paddle's and its own."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import NetworkMismatchError
from ...phrase import Phrase
from ..backend import Backend, Float32, NetworkInput, NetworkOutput
from ..onnx.image_input import OnnxInput
from ..onnx.image_output import OnnxOutputs
from ..options import BackendOptions
from ..other_tasks import Tensor, check_declared
from ..output_form import NCHW, NHWC, GivenOutput
from .compiled_network import CompiledNetwork, Port
from .formats import FROZEN, OF_TENSORFLOW, check_files, path_to_read
from .graph_functions import check_graph_functions

# Names from DeepLab's exporter, as in Esri's examples.
IMAGE, SCORES = "ImageTensor:0", "SemanticPredictions:0"


class OwnBackend(Backend):
    """A network that OpenVINO reads, describes and runs."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        self._weights, self._options, self._name = path_to_read(weights), options, weights.name
        check_files(weights)
        if weights.suffix.lower() == FROZEN:
            check_graph_functions(weights)
        self._network = network = self._compiled()
        if not options.output:
            check_declared(weights.name, _tensors(network.inputs), _tensors(network.outputs))
        self._input = OnnxInput(weights, network.inputs, _with_layout(weights, network, options))
        self._asked_output = self._output_name(options.output)
        self._outputs = OnnxOutputs(weights, network.outputs, self._asked_output)
        if options.layout is None and weights.suffix.lower() in OF_TENSORFLOW and self.input.layout == NHWC:
            self._input.declared = replace(self.input, why=str(Phrase("the usual order of TensorFlow")))

    @property
    def device(self) -> str:
        """The device and the library that run the network."""
        return self._network.device

    @property
    def runtime(self) -> str:
        """OpenVINO."""
        return "openvino"

    @property
    def input(self) -> NetworkInput:
        """The declared input of the network."""
        return self._input.declared

    @property
    def output(self) -> NetworkOutput:
        """The output in use."""
        first = self._outputs.asked if self._outputs.asked is not None else self._outputs.readable[0]
        return NetworkOutput(first if self.form is None else self.form.number, self._outputs.names)

    @property
    def mixed_precision(self) -> bool:
        """True if the network is computed in 16-bit floats."""
        return bool(self._network.used.half)

    def compute(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number."""
        return self._computed(self._network, pixels, [number])[0]

    def outputs(self, pixels: Float32) -> tuple[GivenOutput, ...]:
        """Returns name, shape and type of all outputs for pixels (N, bands, height, width)."""
        return self._outputs.given(self._computed(self._network, pixels, self._outputs.readable))

    def compute_precisely(self, pixels: Float32, number: int) -> NDArray[Any]:
        """Returns the raw output of this number in single precision."""
        with closing(self._compiled(precise=True)) as precise:
            return self._computed(precise, pixels, [number])[0]

    def expect(self, images: tuple[int, int, int, int]) -> None:
        """Compiles the network for images (N, bands, height, width)."""
        self._network.expect(self._input.feed(np.zeros(images, np.float32)))

    def interrupt(self) -> None:
        """Ends the calls that are under way, and all later ones."""
        self._network.interrupt()

    def close(self) -> None:
        """Releases the network."""
        self._network.close()

    def _compiled(self, precise: bool = False) -> CompiledNetwork:
        device = self._network.used.precise if precise else None
        return CompiledNetwork(self._weights, self._options, self._chosen, device)

    def _computed(self, network: CompiledNetwork, pixels: Float32, numbers: list[int]) -> list[NDArray[Any]]:
        return network.run(self._input.feed(pixels), numbers, f"{pixels.shape[3]} x {pixels.shape[2]}")

    def _output_name(self, asked: str) -> str:
        """Returns the output's name among those of its tensor that is used, which need not be the requested one."""
        ports = self._network.outputs
        return next((port.name for port in ports if _tensor_name(asked, port.names)), asked)

    def _chosen(self, library: Any, network: Any) -> Any:
        """Returns the network from its named input to its named output, which may lie within."""
        asked, parameters = self._options.input, network.get_parameters()
        names = {name for port in network.inputs for name in port.get_names()}
        if asked and not _tensor_name(asked, names):
            raise NetworkMismatchError(weights=self._name, reason=Phrase("it has no tensor {name}", {"name": asked}))
        image = asked or (IMAGE if IMAGE in names else "")
        given = {image, *(name for name, _ in self._options.inputs)}
        kept = [each for each in parameters if any(_tensor_name(name, each.output(0).get_names()) for name in given)]
        results = self._results(network)
        if not image or len(kept) == len(parameters):
            return library.Model(results, parameters)
        # Without any, it raises a RuntimeError: all outputs depend on other inputs.
        left = {each.get_friendly_name() for each in parameters} - {each.get_friendly_name() for each in kept}
        return library.Model([each for each in results if not left & _nodes_before(each)] or results, kept)

    def _results(self, network: Any) -> list[Any]:
        """Returns the requested output if it is a tensor within the network, otherwise the network's own ones."""
        asked = self._options.output or SCORES
        own = [result.input_value(0) for result in network.get_results()]
        if asked.isdecimal() or any(_tensor_name(asked, tensor.get_names()) for tensor in own):
            return own
        tensors = [tensor for node in network.get_ordered_ops() for tensor in node.outputs()]
        found = [tensor for tensor in tensors if _tensor_name(asked, tensor.get_names())]
        return found[:1] or own


def _with_layout(weights: Path, network: CompiledNetwork, options: BackendOptions) -> BackendOptions:
    """Returns options with TensorFlow's order of axes, unless the bands of the definition are in another place."""
    images = [port.shape for port in network.inputs if len(port.shape) == len(NCHW)]
    if options.layout is not None or weights.suffix.lower() not in OF_TENSORFLOW or len(images) != 1:
        return options
    first, last = images[0][1], images[0][3]
    turned = first is not None and first == options.bands != last
    return replace(options, layout=NCHW if turned else NHWC)


def _nodes_before(tensor: Any) -> set[str]:
    """Returns the names of all operations that a tensor depends on."""
    names: set[str] = set()
    waiting = [tensor.get_node()]
    while waiting:
        node = waiting.pop()
        if node.get_friendly_name() not in names:
            names.add(node.get_friendly_name())
            waiting.extend(value.get_node() for value in node.input_values())
    return names


def _tensor_name(asked: str, names: Iterable[str]) -> str:
    """Returns the name that is meant; in TensorFlow that of an operation stands for its first tensor."""
    return next((name for name in names if asked and name in (asked, f"{asked}:0")), "")


def _tensors(ports: list[Port]) -> list[Tensor]:
    return [Tensor(port.name, port.shape) for port in ports]
