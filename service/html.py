# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML as nested elements, whose texts and attributes are always escaped."""

from __future__ import annotations

from html import escape
from typing import Union

VOID = ("meta", "input", "img", "link", "br")


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


Content = Union[str, Markup, None]


def element(tag: str, *content: Content, **attributes: object) -> Markup:
    """Returns an element; a trailing underscore of an attribute's name is dropped, others become hyphens."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    shown = "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'
        for name, value in pairs
        if value is not None and value is not False
    )
    inner = joined(*content)
    return Markup(f"<{tag}{shown}>" if tag in VOID else f"<{tag}{shown}>{inner}</{tag}>")


def joined(*content: Content) -> Markup:
    """Returns contents one after the other; None is left out."""
    parts = (each if isinstance(each, Markup) else escape(str(each)) for each in content if each is not None)
    return Markup("".join(parts))
