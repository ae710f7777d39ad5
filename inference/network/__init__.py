# SPDX-License-Identifier: GPL-2.0-or-later
"""A network prepared for a run: opened, fitted to its model, given tiles; its scores become classes.

`prepare_model` runs the network on zeros and fits it to the definition; a contradiction is an error before the run. It
decides once on the output, its axes, the pixels per score and logits (`OutputForm`). Backends return raw arrays,
`Backend.run` turns them into scores. `probe/` measures a halo or stride that is not declared.

Networks without padding lack a margin. If they pool, they drop what is no multiple of their pooling, or fail. A trial
therefore searches the sizes with the smallest margin. These are a stride apart, not necessarily a power of two, and
all tiles have such sizes.

`known_models.py` keeps what was found for the next run of an equal model on the same machine, which opens the network
and makes no trial.

Memory: the trial measures that of a call, which is scaled to the tile; queues, strip and GDAL's cache have known
sizes. The log has the sum before the run. If it does not fit, tiles are halved, or the run is refused. If memory ends
during the run, first the batch is halved for good, then the tile, and all strips are computed again. Each worker has
its own call with one thread if all calls fit into 1.5 GiB; otherwise fewer calls share the threads. The network is
closed before the overviews, whose memory is bounded as well, but stays open among the items of a collection.

PyTorch takes the argmax on a GPU and returns one byte per pixel; ONNX Runtime returns all scores.
"""

from .classifying import TileClassifier
from .decision import Decision
from .memory_plan import fitted, memory_needed, with_smaller_tile
from .open_network import OpenNetwork, calls_at_once
from .prepared_model import PreparedModel, prepare_model
from .probe import files_sha256
from .runner import NetworkRunner
from .scoring import TileScorer, class_values, kept_scores
from .settings import Machine, NetworkOptions, NetworkSettings

__all__ = [
    "Decision",
    "Machine",
    "NetworkOptions",
    "NetworkRunner",
    "NetworkSettings",
    "OpenNetwork",
    "PreparedModel",
    "TileClassifier",
    "TileScorer",
    "calls_at_once",
    "class_values",
    "files_sha256",
    "fitted",
    "kept_scores",
    "memory_needed",
    "prepare_model",
    "with_smaller_tile",
]
