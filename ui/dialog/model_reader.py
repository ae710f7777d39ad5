# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads models in a separate thread."""

from __future__ import annotations

from functools import partial

from ..latest_answer import LatestAnswer
from .model_answer import Question, answer_to


class ModelReader(LatestAnswer):
    """Answers the last question about a model; `answered` passes an `Answer`."""

    def ask_about(self, question: Question) -> None:
        """Asks a question, unless it equals the last one."""
        self.ask(question, partial(answer_to, question))
