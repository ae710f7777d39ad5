# SPDX-License-Identifier: GPL-2.0-or-later
"""XML as a tree of plain values, without entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qgis.PyQt.QtCore import QXmlStreamReader

from ...inference.phrase import Phrase

# Bytes, ten times the longest known capabilities.
LARGEST = 64 * 1024**2
# Elements, which need far more memory than their four or more bytes of text.
MOST_ELEMENTS = 500_000


class XmlError(Exception):
    """The text is not XML of the expected kind, is too long, or declares entities."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Element:
    """An element with its attributes; namespace prefixes are ignored."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the element itself, without surrounding spaces."""
        return "".join(self.pieces).strip()

    def all(self, *path: str) -> list[Element]:
        """Returns the elements at the end of a path of names, in the order of the document."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.children if child.name == name]
        return found

    def text_of(self, *path: str) -> str:
        """Returns the text of the first element at the end of a path, empty if there is none."""
        found = self.all(*path)
        return found[0].text if found else ""


def read_root(content: bytes) -> str:
    """Returns the name of the root element, empty if the text does not begin like XML."""
    reader = QXmlStreamReader(content)
    return str(reader.name()) if reader.readNextStartElement() else ""


def read_element(content: bytes, unread: Sequence[str] = ()) -> Element:
    """Returns the root element without the elements of the names `unread`; raises an XmlError."""
    if len(content) > LARGEST:
        raise XmlError(Phrase("it is longer than {largest} bytes", {"largest": LARGEST}))
    reader = QXmlStreamReader(content)
    top = Element("")
    path, count = [top], 0
    while not reader.atEnd():
        reader.readNext()
        if reader.isDTD() and "<!ENTITY" in reader.text():
            raise XmlError(Phrase("it declares entities, which is not allowed"))
        if reader.isStartElement() and reader.name() in unread:
            reader.skipCurrentElement()
        elif reader.isStartElement():
            count += 1
            if count > MOST_ELEMENTS:
                raise XmlError(Phrase("it has more than {most} elements", {"most": MOST_ELEMENTS}))
            attributes = {str(each.name()): str(each.value()) for each in reader.attributes()}
            path.append(Element(str(reader.name()), attributes))
            path[-2].children.append(path[-1])
        elif reader.isEndElement():
            path.pop()
        elif reader.isCharacters():
            path[-1].pieces.append(str(reader.text()))
    if reader.hasError():
        raise XmlError(Phrase("it is not valid XML: {error}", {"error": reader.errorString()}))
    return top.children[0]
