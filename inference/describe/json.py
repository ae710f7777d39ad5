# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ..models import RasterFunction
from ..network.decision import AboveThreshold
from .choices import TensorDescription
from .ignored import ignored_keys
from .model_description import BandDescription, Measure, ModelDescription, NetworkDescription

JsonObject = Mapping[str, Any]


def json_of(description: ModelDescription) -> JsonObject:
    """Returns the description as JSON values; unknown ones are null, sizes are in pixels or bytes."""
    definition = description.definition
    problem = description.problem
    return {
        "name": description.name,
        "version": definition.version if definition else "",
        "description": definition.description if definition else "",
        "framework": definition.framework if definition else "",
        "source": description.source,
        "weights": {"file": description.weights, "bytes": description.size},
        "function": _function(description.function),
        "bands": [_band(band) for band in description.bands],
        "classes": [{"value": c.value, "name": c.name, "color": list(c.color)} for c in description.classes],
        "tile": _measure(description.tile, "width", "height"),
        "halo": _measure(description.halo, "pixels"),
        "stride": _measure(description.stride, "pixels"),
        "arguments": [
            {"name": a.name, "default": a.default, "fixed": a.fixed, "help": a.text or str(a.help)}
            for a in description.arguments
        ],
        "ignored": [{"key": key, "reason": str(reason)} for key, reason in ignored_keys(description)],
        "cell_sizes": asdict(definition.cell_sizes) if definition and definition.cell_sizes else None,
        "network": _network(description.network),
        "runs": description.runs,
        "problem": str(problem) if problem else None,
    }


def _band(described: BandDescription) -> JsonObject:
    band = described.band
    minimum, maximum, mean, std = described.statistics or (None,) * 4
    return {
        "place": band.place,
        "reference": band.reference,
        "name": band.name,
        "common_name": band.common_name,
        "wavelength": band.wavelength,
        "minimum": minimum,
        "maximum": maximum,
        "mean": mean,
        "std": std,
        "values": described.values,
    }


def _function(function: RasterFunction | None) -> JsonObject | None:
    if function is None:
        return None
    return {"file": function.path.name, "sha256": function.fingerprint, "allowed": function.allowed}


def _measure(measure: Measure | None, *names: str) -> JsonObject | None:
    if measure is None:
        return None
    return {**dict(zip(names, measure.pixels)), "origin": measure.origin, "reason": str(measure.reason or "")}


def _network(network: NetworkDescription | None) -> JsonObject | None:
    if network is None:
        return None
    taken = network.input
    return {
        "architecture": network.architecture,
        "device": network.device,
        "batch": taken.batch,
        "bands": taken.bands,
        "height": taken.height,
        "width": taken.width,
        "layout": taken.layout,
        "limits": taken.limits,
        "outputs": list(network.output.names),
        "output": network.output.number,
        "channels": network.channels,
        "logits": isinstance(network.decision, AboveThreshold) and network.decision.logits,
        "input_tensors": [_tensor(tensor) for tensor in network.inputs],
        "output_tensors": [_tensor(tensor) for tensor in network.outputs],
        "choices": [
            {"what": str(choice.what), "decision": str(choice.decision), "reason": str(choice.reason)}
            for choice in network.choices
        ],
    }


def _tensor(tensor: TensorDescription) -> JsonObject:
    return {
        "name": tensor.name,
        "shape": list(tensor.shape),
        "type": tensor.type,
        "use": str(tensor.role),
        "used": tensor.used,
    }
