# SPDX-License-Identifier: GPL-2.0-or-later
"""A network that stays open for several jobs in turn, as long as they need the same one."""

from __future__ import annotations

from typing import Any

from ..models import Model
from ..network import NetworkOptions, OpenNetwork, PreparedModel
from ..progress import Progress


class KeptNetwork:
    """The network that was opened last; another one takes its place."""

    def __init__(self) -> None:
        self._network: OpenNetwork | None = None
        self._needed: tuple[Any, ...] = ()

    def opened(
        self,
        model: Model,
        options: NetworkOptions,
        progress: Progress,
        prepared: PreparedModel | None,
        call_memory: int,
        runtime: str,
    ) -> OpenNetwork:
        """Returns a network as `OpenNetwork` opens it, always a new one without `prepared`."""
        needed = model, options, prepared and prepared.form, runtime
        current = self._network is not None and self._network.is_current
        if self._network is None or not current or prepared is None or self._needed != needed:
            self.close()
            self._network = OpenNetwork(model, options, progress, prepared, call_memory, runtime)
            self._needed = needed
        return self._network

    def close(self) -> None:
        """Closes the network, if one is open."""
        if self._network is not None:
            self._network.close()
            self._network = None
