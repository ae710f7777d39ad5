# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the user's reference of each algorithm from the algorithm's own help."""

from __future__ import annotations

import html
import importlib
import os
import re
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from load_package import ROOT, load_package
from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingParameterDefinition

FOLDER = ROOT / "docs" / "reference"


def main() -> int:
    """Writes a page per algorithm."""
    application = QgsApplication([], False)
    application.initQgis()
    load_package()
    provider = importlib.import_module("classify_pixels.processing_provider").DeepLearningProvider()
    provider.refreshAlgorithms()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for algorithm in provider.algorithms():
        (FOLDER / f"{algorithm.name()}.md").write_text(page(algorithm), encoding="utf-8")
    application.exitQgis()
    return 0


def page(algorithm: QgsProcessingAlgorithm) -> str:
    """Returns the reference of an algorithm as Markdown."""
    lines = [f"# {algorithm.displayName()}", "", f"`{algorithm.id() or algorithm.name()}`", ""]
    lines += [plain(algorithm.shortHelpString()), "", "## Parameters", ""]
    for parameter in algorithm.parameterDefinitions():
        lines += [f"### {parameter.description()}", "", f"`{parameter.name()}`{remarks(parameter)}", ""]
        lines += [plain(parameter.help()), ""]
    lines += ["## Outputs", "", "| name | what it is |", "|---|---|"]
    lines += [f"| `{output.name()}` | {output.description()} |" for output in algorithm.outputDefinitions()]
    return "\n".join(lines) + "\n"


def remarks(parameter: QgsProcessingParameterDefinition) -> str:
    """Returns further facts of a parameter: optional or not, and its default."""
    flags = QgsProcessingParameterDefinition.Flag
    words = []
    if parameter.flags() & flags.FlagOptional:
        words.append("optional")
    if parameter.flags() & flags.FlagAdvanced:
        words.append("advanced")
    if parameter.defaultValue() not in (None, ""):
        words.append(f"default `{parameter.defaultValue()}`")
    return f" ({', '.join(words)})" if words else ""


def plain(text: str) -> str:
    """Returns the text of HTML, with separate paragraphs."""
    paragraphs = re.split(r"</p>\s*<p>", text)
    return "\n\n".join(html.unescape(re.sub(r"<[^>]+>", "", paragraph)).strip() for paragraph in paragraphs)


if __name__ == "__main__":
    sys.exit(main())
