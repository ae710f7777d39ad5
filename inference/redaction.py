# SPDX-License-Identifier: GPL-2.0-or-later
"""Redaction of texts for display and storage: no tokens, passwords or queries, and no HTML."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, unquote

HIDDEN = "***"

# Longer texts are cut, because the time of the patterns below grows with the length.
LONGEST = 20_000

# Parts of the names of parameters, keys, headers and elements whose values are secrets.
SECRETS = (
    r"passw(?:or)?d|passphrase|(?<![a-z])pass(?![a-z])|(?<![a-z])pwd|userpwd|token|secret|signature"
    r"|(?<![a-z])sig(?![a-z])"
    r"|api[_-]?key|access[_-]?key|credential|authorization|cookie|header_file"
)
# A name may continue after that part, be in quotes, and precede =, or a colon if it is no word of a sentence; its
# value may be in quotes.
NAMED = re.compile(
    rf"""((?:(?:{SECRETS})[\w.-]{{0,40}}(?:["']|%22)?\s*=\s*|(?:{SECRETS})[\w.-]{{0,40}}["']\s*:\s*"""
    r"""|(?:authorization|cookie|passw(?:or)?d|-token|-key)\s*:\s*))"""
    r"""("(?:\\.|[^"\\])*(?:"|$)|'(?:\\.|[^'\\])*(?:'|$)"""
    r"""|(?:(?:bearer|basic|digest|token)(?:\s+|%20))?(?:(?![&;,|}][\s\w.:"'-]{0,40}[=:])[^\s"'<>\]}])+)""",
    re.IGNORECASE,
)
BEARER = re.compile(r"\b(bearer(?:\s+|%20))[\w.~+/=-]{8,}", re.IGNORECASE)
# An XML element whose name or attributes mark a secret.
ELEMENT = re.compile(rf"(<[^<>/!]*(?:{SECRETS}|header)[^<>]*>)[^<]+", re.IGNORECASE)

# An address: scheme, user (whose password may hold an unencoded slash), host and path, query. The query of a local VRT
# selects its bands, so it is kept.
ADDRESS = re.compile(
    r"""\b(?!vrt:|file:)([a-z][a-z0-9+.-]+:\\?/\\?/)"""
    r"""(?:[^\s/?#"'<>]*@|[^\s/?#:"'<>\[]+:(?!\d+(?:[/?#'"\s]|$))[^\s"'<>]*@)?"""
    r"""([^\s?#"'<>]*)(?:[?#][^\s"'<>]*)?""",
    re.IGNORECASE,
)
BARE = r"\1\2"
ENCODED = re.compile(r"\b[a-z][a-z0-9+.-]+%3a%2f%2f[^\s&\"'<>]*", re.IGNORECASE)
# GDAL names with options and an address in a query.
OPTIONS = re.compile(r"""/vsi(curl(?:_streaming)?)\?([^\s"'<>{}]*)""", re.IGNORECASE)
# Oracle's form: driver, user and password.
ORACLE = re.compile(r"\b((?:geor|georaster|oci|odbc):[^/,\s\"']{1,100}[/,])[^@,\s\"']{1,100}(?=[@,])", re.IGNORECASE)

# The start of an element; Qt also skips spaces before its name, and fetches nothing without an attribute.
TAG = re.compile(r"<(?=[A-Za-z/!?]|\s+\w+\s[^<>]*=)")


def without_secrets(text: str) -> str:
    """Returns a text, such as a raster's name or a library's message, without possible secrets.

    Addresses lose user, password, query and fragment; parameters, keys, headers and XML elements with names of secrets
    lose their values.
    """
    shown = OPTIONS.sub(_of_options, text[:LONGEST])
    shown = ADDRESS.sub(BARE, ENCODED.sub(_encoded, shown))
    shown = ELEMENT.sub(rf"\1{HIDDEN}", shown)
    shown = ORACLE.sub(rf"\1{HIDDEN}", shown)
    return BEARER.sub(rf"\1{HIDDEN}", NAMED.sub(rf"\1{HIDDEN}", shown))


def without_markup(text: str) -> str:
    """Returns a text in which neither QGIS nor Qt finds an HTML element.

    QGIS does not escape texts on its pages, and Qt detects HTML in tool tips: an image in them would be fetched.
    """
    return TAG.sub("\u2039", text)


def _of_options(found: re.Match[str]) -> str:
    address = parse_qs(found.group(2)).get("url", ["..."])[0]
    return f"/vsi{found.group(1)}/{address}"


def _encoded(found: re.Match[str]) -> str:
    return quote(ADDRESS.sub(BARE, unquote(found.group())), safe="")
