# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures of a model: its definition, package, weights, runtime and scores."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ModelUnreadableError(ClassifyPixelsError):
    """The model file is missing, or is not what its name promises."""

    sentence = "The model {model} cannot be read: {reason}. Choose an .emd, .dlpk, .onnx or .pt file."


class ModelKeyMissingError(ClassifyPixelsError):
    """A key that every model definition needs is absent."""

    sentence = "The model definition {model} lacks the key {key}. Add it to the definition."


class ModelKeyError(ClassifyPixelsError):
    """A key of the model definition has a value that it cannot have."""

    sentence = "In the model definition {model} the key {key} has the value {value}; it must be {expected}."


class ModelTypeError(ClassifyPixelsError):
    """The model does something else than classify pixels."""

    sentence = "The model {model} is of the type {type}. {advice}"


class TrainingTemplateError(ClassifyPixelsError):
    """The definition describes samples to train a model with, or is to be filled in."""

    sentence = (
        "The file {model} is a template, not a trained model: it has no weights. Train a model (in ArcGIS Pro: Train "
        "Deep Learning Model) and choose the .emd or .dlpk of the result."
    )


class FrameworkError(ClassifyPixelsError):
    """The weights are of a framework that cannot be run."""

    sentence = (
        "The model {model} needs {framework}, which does not run here. "
        "Export it to ONNX or TorchScript, for example with:  {export}"
    )


class WeightsMissingError(ClassifyPixelsError):
    """The weights that the model definition names are not there."""

    sentence = "The weights {weights} of the model {model} were not found. Put the file beside the model definition."


class WeightsUnreadableError(ClassifyPixelsError):
    """The weights cannot be loaded by their runtime."""

    sentence = "The weights {weights} cannot be loaded: {reason}. Check that the file is complete."


class WeightsTooNewError(WeightsUnreadableError):
    """The network is written in a newer form of ONNX than the installed ONNX Runtime takes."""

    sentence = (
        "The network {weights} ({what}) needs {expected}; version {version} is installed. Install a newer version in "
        "Settings > Options > Classify Pixels, or export the network for an older opset and IR version."
    )


class WeightsOperationError(WeightsUnreadableError):
    """The network has an operation that ONNX Runtime does not have."""

    sentence = (
        "The network {weights} uses the operator {operation}, which ONNX Runtime {version} does not support. Export it "
        "with standard ONNX operators only, or install a newer ONNX Runtime."
    )


class WeightsUnsupportedError(WeightsUnreadableError):
    """The runtime has read the network, and does not take it."""

    sentence = "The network {weights} is not supported by {runtime}: {reason}. Export it again, or contact its author."


class ModelRightsError(ModelUnreadableError):
    """The system does not let the user read a file of the model."""

    sentence = "No permission to read the model file {file}: {reason}. Get read access to it and its folder."


class SideFileError(ModelUnreadableError):
    """A file beside the network that should describe it cannot be read."""

    sentence = (
        "The file {file} beside the network cannot be read: {reason}. Get it again, or move it away if it is not the "
        "network's."
    )


class YamlReaderMissingError(ModelUnreadableError):
    """A YAML file describes the network, and QGIS's Python has no library that reads it."""

    sentence = (
        "The file {file} describes the network, and the Python package pyyaml that reads it is not installed in QGIS's "
        "Python. Install it (on Windows, in the OSGeo4W Shell:  python -m pip install pyyaml), or choose an .emd."
    )


class StandInError(ModelUnreadableError):
    """A file of the model is another one that was saved in its place."""

    sentence = (
        "The file {file} is not the model itself but {kind}. Download the actual file; in a Git repository, run git "
        "lfs pull."
    )


class WeightsRefusedError(ClassifyPixelsError):
    """The weights name files that are none of theirs, or would do harm."""

    sentence = "The weights {weights} were refused: {reason}. Get them again from a source that you trust."


class ArchitectureMissingError(ClassifyPixelsError):
    """The file is none of those that PyTorch writes."""

    sentence = "{weights} is not a file of PyTorch: it holds {content}. Export the network to TorchScript or ONNX."


class FunctionNotAllowedError(ClassifyPixelsError):
    """The model runs through its Python raster function only, which the user has not allowed."""

    sentence = (
        "The model {model} runs only through its Python raster function {function}, and such code is not run unasked. "
        "If you trust its makers, add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's "
        "options, or to the environment variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS."
    )


class FunctionChangedError(ClassifyPixelsError):
    """The file of a Python raster function is not the one that the user has allowed."""

    sentence = "The Python raster function {function} was changed while the model was opened. Start the run again."


class FunctionError(ClassifyPixelsError):
    """The code of a Python raster function failed, or does not follow the protocol of such functions."""

    sentence = "The Python raster function {function} failed in {method}: {reason}. Ask the makers of the model."


class PackageRefusedError(ClassifyPixelsError):
    """A package is damaged, encrypted or has a member that could do harm."""

    sentence = "The package {package} was refused: {reason}. Get it again from a source that you trust."


class PackageCacheError(ClassifyPixelsError):
    """The folder that packages are unpacked into cannot be written to."""

    sentence = "The package {package} cannot be unpacked into {folder}: {reason}. Check the space and rights there."


class RuntimeMissingError(ClassifyPixelsError):
    """The library that runs the network is not installed in QGIS's Python, or cannot start there."""

    sentence = (
        "{runtime} cannot be used in QGIS's Python ({reason}). Set it up in Settings > Options > Classify Pixels, "
        "or install it with:  {command}"
    )


class TensorFlowMissingError(ClassifyPixelsError):
    """TensorFlow, which a frozen graph needs, is not installed in QGIS's Python, or cannot start there."""

    sentence = (
        "The frozen graph {weights} needs TensorFlow, which cannot be used in QGIS's Python ({reason}). "
        "Install it with:  {install}  or make an ONNX network of the graph, in a Python that has TensorFlow and "
        "tf2onnx, with:  {convert}  and name that file in the model definition."
    )


class ProcessorError(ClassifyPixelsError):
    """The processor that was asked for is not there."""

    sentence = "No usable GPU was found by {runtime} (found: {found}). Choose AUTO or CPU as the processor type."


class NetworkMismatchError(ClassifyPixelsError):
    """The network and the model definition contradict each other."""

    sentence = "The network {weights} does not fit its definition: {reason}. Correct the definition or the export."


class NetworkRunError(ClassifyPixelsError):
    """The runtime failed while the network ran."""

    sentence = "The network failed on a tile of {size} pixels: {reason}. Try another tile size or a smaller batch."


class ScoresError(ClassifyPixelsError):
    """The network gave a score that is not a finite number."""

    sentence = "The network gave scores that are not finite (NaN or Inf). Check the value range of the input bands."


class ProbabilityError(ClassifyPixelsError):
    """A network that seemed to give probabilities gave something else."""

    sentence = (
        "The network returned the score {value}, which is not a probability from 0 to 1. Set OutputActivation in the "
        "model definition to sigmoid, none (logits) or argmax (class numbers)."
    )


class NoScoresError(ClassifyPixelsError):
    """Scores are needed of a network that gives ready classes."""

    sentence = "The model {model} gives ready classes: there are no scores to write or average. Ask for classes only."


class UnlistedClassError(ClassifyPixelsError):
    """The network gave a class that the model definition does not list."""

    sentence = "The network gave the class {value}, which the model definition does not list. Add it to Classes."


class NetworkMemoryError(NetworkRunError):
    """The network ran out of memory, on the device or on the machine."""

    sentence = "The memory is too small for a tile of {size} pixels: {reason}. Set a smaller tile_size or batch_size."
