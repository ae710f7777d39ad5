# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialog of the algorithm, as Processing shows it."""

from __future__ import annotations

ALGORITHM = "deeplearning:classifypixels"


def open_dialog(parameters: dict[str, str]) -> None:
    """Opens the dialog of the algorithm with these parameters."""
    # Imported late, because Processing is a plugin that may start after this one.
    import processing

    dialog = processing.createAlgorithmDialog(ALGORITHM, parameters)
    dialog.show()
