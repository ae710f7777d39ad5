# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings of Sphinx, which builds the user guide as a web site that also works from files.

German is a gettext catalogue, docs/locale/de/LC_MESSAGES/guide.po: a paragraph that has changed since its translation
appears in English. sphinx.po beside it has the words of the theme that Sphinx leaves in English.
"""

from __future__ import annotations

project = "Classify Pixels"
extensions = ["myst_parser"]
# README.md is included by index.md, so that code hosts show it for the folder.
exclude_patterns = ["README.md"]
myst_heading_anchors = 4

locale_dirs = ["locale"]
gettext_compact = "guide"
# Locations would change with every line that is inserted above them.
gettext_location = False

html_theme = "furo"
html_title = project
html_logo = "../resources/icon.svg"
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "languages.html",
        "sidebar/scroll-end.html",
    ]
}
html_context = {"languages": {"en": "English", "de": "Deutsch"}}
