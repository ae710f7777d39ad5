# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of a model: its definition, package, weights, runtime and scores."""

from __future__ import annotations

from .base import ClassifyPixelsError


class ModelUnreadableError(ClassifyPixelsError):
    """The model file is missing, or its content does not match its suffix."""

    sentence = "The model {model} cannot be read: {reason}. Choose an .emd, .dlpk, .onnx or .pt file."


class ModelKeyMissingError(ClassifyPixelsError):
    """A required key of the model definition is missing."""

    sentence = "The model definition {model} lacks the key {key}. Add it to the definition."


class ModelKeyError(ClassifyPixelsError):
    """A key of the model definition has an invalid value."""

    sentence = "In the model definition {model} the key {key} has the value {value}; it must be {expected}."


class ModelTypeError(ClassifyPixelsError):
    """The model has a task other than pixel classification."""

    sentence = "The model {model} is of the type {type}. {advice}"


class TrainingTemplateError(ClassifyPixelsError):
    """The definition is a template for training samples or for a model, without weights."""

    sentence = (
        "The file {model} is a template, not a trained model: it has no weights. Train a model (in ArcGIS Pro: Train "
        "Deep Learning Model) and choose the .emd or .dlpk of the result."
    )


class FrameworkError(ClassifyPixelsError):
    """The weights belong to an unsupported framework."""

    sentence = (
        "The model {model} needs {framework}, which is not supported. "
        "Export it to ONNX or TorchScript, for example with:  {export}"
    )


class WeightsMissingError(ClassifyPixelsError):
    """The weights named in the model definition do not exist."""

    sentence = "The weights {weights} of the model {model} were not found. Put the file beside the model definition."


class WeightsUnreadableError(ClassifyPixelsError):
    """The weights cannot be loaded by their runtime."""

    sentence = "The weights {weights} cannot be loaded: {reason}. Check that the file is complete."


class WeightsMemoryError(WeightsUnreadableError):
    """Opening the network takes more memory than there is."""

    sentence = (
        "There is not enough memory to open the network {weights}. Close other programs, or choose a smaller network. "
        "A small file that takes that much memory may be harmful: use it only if you trust its source."
    )


class OpeningTimeError(WeightsUnreadableError):
    """Opening the network takes far longer than networks of its size take."""

    sentence = (
        "The network {weights} was not open after {minutes} minutes, far longer than a network of its size takes. "
        "Use it only if you trust its source, and export it again, for example to ONNX."
    )


class WeightsTooNewError(WeightsUnreadableError):
    """The network uses a newer version of ONNX than the installed ONNX Runtime supports."""

    sentence = (
        "The network {weights} ({what}) needs {expected}; version {version} is installed. Install a newer version in "
        "Settings > Options > Classify Pixels, or export the network for an older opset and IR version."
    )


class WeightsOperationError(WeightsUnreadableError):
    """The network uses an operator that ONNX Runtime does not support."""

    sentence = (
        "The network {weights} uses the operator {operation}, which ONNX Runtime {version} does not support. Export it "
        "with standard ONNX operators only, or install a newer ONNX Runtime."
    )


class WeightsUnsupportedError(WeightsUnreadableError):
    """The runtime can read the network, but does not support it."""

    sentence = "The network {weights} is not supported by {runtime}: {reason}. Export it again, or contact its author."


class ModelRightsError(ModelUnreadableError):
    """The user has no permission to read a file of the model."""

    sentence = "No permission to read the model file {file}: {reason}. Get read access to it and its folder."


class SideFileError(ModelUnreadableError):
    """A side file that describes the network cannot be read."""

    sentence = (
        "The file {file} beside the network cannot be read: {reason}. Replace it, or move it away if it does not "
        "belong to the network."
    )


class YamlReaderMissingError(ModelUnreadableError):
    """A YAML file describes the network, and QGIS's Python has no YAML library."""

    sentence = (
        "The file {file} describes the network, but QGIS's Python lacks the package pyyaml, which reads it. Install "
        "it (on Windows, in the OSGeo4W Shell:  python -m pip install pyyaml), or choose an .emd."
    )


class StandInError(ModelUnreadableError):
    """A file of the model is a placeholder or another file saved under its name."""

    sentence = (
        "The file {file} is not the model itself but {kind}. Download the actual file; in a Git repository, run git "
        "lfs pull."
    )


class WeightsRefusedError(ClassifyPixelsError):
    """The weights refer to files that are not theirs, or are harmful."""

    sentence = "The weights {weights} were refused: {reason}. Download them again from a source you trust."


class ArchitectureMissingError(ClassifyPixelsError):
    """The file is not a PyTorch file."""

    sentence = "{weights} is not a PyTorch file: it contains {content}. Export the network to TorchScript or ONNX."


class FunctionNotAllowedError(ClassifyPixelsError):
    """The model requires its Python raster function, which the user has not allowed."""

    sentence = (
        "The model {model} requires its Python raster function {function}, which is blocked. If you trust its author, "
        "add its SHA-256 {fingerprint} to the allowed raster functions in the plugin's options, or to the environment "
        "variable CLASSIFY_PIXELS_ALLOWED_FUNCTIONS."
    )


class FunctionChangedError(ClassifyPixelsError):
    """The file of a Python raster function differs from the one that the user allowed."""

    sentence = "The Python raster function {function} changed while the model was being opened. Run again."


class ModelChangedError(ClassifyPixelsError):
    """A file of the model was replaced during a run, whose result would be of two models."""

    sentence = "The model file {file} changed during the run. Run again, and leave the file as it is meanwhile."


class FunctionError(ClassifyPixelsError):
    """A Python raster function failed, or does not follow the protocol of such functions."""

    sentence = "The Python raster function {function} failed in {method}: {reason}. Contact the author of the model."


class PackageRefusedError(ClassifyPixelsError):
    """A package is damaged or encrypted, or has a harmful member."""

    sentence = "The package {package} was refused: {reason}. Download it again from a source you trust."


class PackageCacheError(ClassifyPixelsError):
    """The folder for unpacked packages is not writable."""

    sentence = "The package {package} cannot be unpacked into {folder}: {reason}. Check its free space and permissions."


class RuntimeMissingError(ClassifyPixelsError):
    """The library that runs the network is not installed in QGIS's Python, or cannot start there."""

    sentence = (
        "{runtime} cannot be used in QGIS's Python ({reason}). Set it up in Settings > Options > Classify Pixels, "
        "or install it with:  {command}"
    )


class ProcessorError(ClassifyPixelsError):
    """The requested processor is unavailable."""

    sentence = "{runtime} found no usable GPU (available: {found}). Set Processor type to AUTO or CPU."


class NetworkMismatchError(ClassifyPixelsError):
    """The network and the model definition contradict each other."""

    sentence = "The network {weights} does not match its definition: {reason}. Correct the definition or the export."


class NetworkRunError(ClassifyPixelsError):
    """The runtime failed to run the network."""

    sentence = "The network failed on a tile of {size} pixels: {reason}. Try another tile size or a smaller batch."


class ScoresError(ClassifyPixelsError):
    """The network returned a score that is not a finite number."""

    sentence = "The network returned scores that are not finite (NaN or Inf). Check the value range of the input bands."


class MixedScoresError(ClassifyPixelsError):
    """In 16-bit floats, the network returned a score that is not a finite number."""

    sentence = (
        "In mixed precision, the network returned scores that are not finite (NaN or Inf). Run it without "
        "mixed_precision."
    )


class ProbabilityError(ClassifyPixelsError):
    """A network assumed to return probabilities returned another value."""

    sentence = (
        "The network returned the score {value}, which is not a probability from 0 to 1. Set OutputActivation in the "
        "model definition to sigmoid, none (logits) or argmax (class numbers)."
    )


class NoScoresError(ClassifyPixelsError):
    """Scores were requested from a network that returns class numbers."""

    sentence = (
        "The model {model} returns class numbers: there are no scores to write or average. Request the class map only."
    )


class UnlistedClassError(ClassifyPixelsError):
    """The network returned a class that the model definition does not list."""

    sentence = "The network returned the class {value}, which the model definition does not list. Add it to Classes."


class NetworkMemoryError(NetworkRunError):
    """The network ran out of memory, on the device or on the machine."""

    sentence = "Not enough memory for a tile of {size} pixels: {reason}. Set a smaller tile_size or batch_size."
