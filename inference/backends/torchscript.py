# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs TorchScript networks with PyTorch; a pickle is never executed."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..errors import (
    ArchitectureMissingError,
    NetworkMismatchError,
    NetworkRunError,
    ProcessorError,
    WeightsUnreadableError,
)
from .backend import NCHW, Float32, NetworkInput, to_layout, to_nchw
from .options import BackendOptions
from .runtime import import_runtime


class TorchScriptBackend:
    """A TorchScript network on one device."""

    def __init__(self, weights: Path, options: BackendOptions) -> None:
        _check_is_torchscript(weights)
        self._name = weights.name
        self._torch = import_runtime("torch", options.runtimes)
        self._device = self._choose_device(options)
        self._network = self._load(weights)
        bands = options.bands or self._first_convolution_bands()
        self._input = NetworkInput(bands=bands, layout=options.layout or NCHW)
        self._threads_before = self._torch.get_num_threads()
        self._torch.set_num_threads(options.threads)

    @property
    def device(self) -> str:
        """The device that runs the network."""
        name = self._torch.cuda.get_device_name(self._device) if self._device.type == "cuda" else self._device.type
        return f"{name.upper() if name == 'cpu' else name} (PyTorch {self._torch.__version__})"

    @property
    def input(self) -> NetworkInput:
        """The input; TorchScript declares no sizes, so only the bands are known."""
        return self._input

    def run(self, pixels: Float32) -> NDArray[Any]:
        """Returns the output (N, channels, height, width) for pixels (N, bands, height, width)."""
        feed = self._torch.from_numpy(to_layout(pixels, self._input.layout)).to(self._device)
        try:
            with self._torch.inference_mode():
                output = self._network(feed)
        except (RuntimeError, ValueError, IndexError, TypeError) as error:
            size = f"{pixels.shape[3]} x {pixels.shape[2]}"
            raise NetworkRunError(size=size, reason=_last_line(error)) from error
        array: NDArray[Any] = self._array(self._first_tensor(output))
        return to_nchw(array, self._input.layout, pixels.shape[2], pixels.shape[3])

    def close(self) -> None:
        """Lets the network go and gives QGIS its number of threads back."""
        del self._network
        self._torch.set_num_threads(self._threads_before)

    def _choose_device(self, options: BackendOptions) -> Any:
        has_mps = hasattr(self._torch.backends, "mps") and self._torch.backends.mps.is_available()
        gpu = "cuda" if self._torch.cuda.is_available() else "mps" if has_mps else None
        if options.processor == "GPU" and gpu is None:
            raise ProcessorError(runtime="PyTorch", found="CPU")
        if options.processor == "CPU" or gpu is None:
            return self._torch.device("cpu")
        if gpu == "cuda" and options.gpu >= self._torch.cuda.device_count():
            raise ProcessorError(runtime="PyTorch", found=f"{self._torch.cuda.device_count()} GPUs")
        return self._torch.device(gpu, options.gpu)

    def _load(self, weights: Path) -> Any:
        try:
            return self._torch.jit.load(str(weights), map_location=self._device).eval()
        except (RuntimeError, ValueError, EOFError, OSError) as error:
            raise WeightsUnreadableError(weights=weights, reason=_last_line(error)) from error

    def _first_convolution_bands(self) -> int | None:
        """Reads the bands off the first convolution: (channels out, bands, height, width)."""
        shapes = (parameter.shape for parameter in self._network.parameters())
        return next((int(shape[1]) for shape in shapes if len(shape) == 4), None)

    def _first_tensor(self, output: Any) -> Any:
        """Takes the first tensor: segmentation networks also return tuples, lists and {"out": …}."""
        while isinstance(output, (tuple, list, dict)) and output:
            output = next(iter(output.values() if isinstance(output, dict) else output))
        if not isinstance(output, self._torch.Tensor):
            raise NetworkMismatchError(weights=self._name, reason=f"it gives {output!r:.40} instead of an image")
        return output

    def _array(self, tensor: Any) -> Any:
        """Brings a tensor to numpy, which knows no bfloat16."""
        known = tensor.float() if tensor.is_floating_point() else tensor
        return known.cpu().numpy()


def _check_is_torchscript(weights: Path) -> None:
    """Tells TorchScript from other files by its archive, which holds code; a checkpoint holds a pickle only."""
    if not zipfile.is_zipfile(weights):
        raise ArchitectureMissingError(weights=weights, content="something else than a zip archive of code and tensors")
    try:
        with zipfile.ZipFile(weights) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise WeightsUnreadableError(weights=weights, reason=error) from error
    if not any("/code/" in name for name in names):
        raise ArchitectureMissingError(weights=weights, content="weights without their architecture")


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
