# SPDX-License-Identifier: GPL-2.0-or-later
"""The description of a model as JSON, text and HTML."""

from .html import html_of
from .json import json_of
from .text import text_of

__all__ = ["html_of", "json_of", "text_of"]
