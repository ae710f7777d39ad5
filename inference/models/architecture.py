# SPDX-License-Identifier: GPL-2.0-or-later
"""What a definition says of a network that comes as bare tensors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Architecture:
    """How the maker of a state dict calls its network; empty where the definition does not say.

    `chip` is the only height and width that the network is to be given, None where it takes any.
    `pyramid_sizes` are those of PSPNet's pooling.
    """

    name: str = ""
    configuration: str = ""
    backbone: str = ""
    pyramid_sizes: tuple[int, ...] = ()
    chip: int | None = None
