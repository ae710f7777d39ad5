# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts as they may be shown or kept: without tokens, passwords and queries, and without what reads as HTML."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, unquote

HIDDEN = "***"

# A longer text is cut, as nobody reads it to its end; the patterns below take a time that grows with it.
LONGEST = 20_000

# Parts of the names of parameters, keys, headers and elements whose values are secrets.
SECRETS = (
    r"passw(?:or)?d|passphrase|(?<![a-z])pass(?![a-z])|(?<![a-z])pwd|userpwd|token|secret|signature"
    r"|(?<![a-z])sig(?![a-z])"
    r"|api[_-]?key|access[_-]?key|credential|authorization|cookie|header_file"
)
# A name may go on after that part, be in quotes, and stand before =, or before a colon where it is no word of a
# sentence; its value may be in quotes.
NAMED = re.compile(
    rf"""((?:(?:{SECRETS})[\w.-]{{0,40}}(?:["']|%22)?\s*=\s*|(?:{SECRETS})[\w.-]{{0,40}}["']\s*:\s*"""
    r"""|(?:authorization|cookie|passw(?:or)?d|-token|-key)\s*:\s*))"""
    r"""("(?:\\.|[^"\\])*(?:"|$)|'(?:\\.|[^'\\])*(?:'|$)"""
    r"""|(?:(?:bearer|basic|digest|token)(?:\s+|%20))?(?:(?![&;,|}][\s\w.:"'-]{0,40}[=:])[^\s"'<>\]}])+)""",
    re.IGNORECASE,
)
BEARER = re.compile(r"\b(bearer(?:\s+|%20))[\w.~+/=-]{8,}", re.IGNORECASE)
# An element of XML whose name or attributes say that it holds a secret.
ELEMENT = re.compile(rf"(<[^<>/!]*(?:{SECRETS}|header)[^<>]*>)[^<]+", re.IGNORECASE)

# An address: scheme, user (whose password may hold a slash where nobody has encoded it), place, query. That of a local
# VRT says which bands it takes.
ADDRESS = re.compile(
    r"""\b(?!vrt:|file:)([a-z][a-z0-9+.-]+:\\?/\\?/)"""
    r"""(?:[^\s/?#"'<>]*@|[^\s/?#:"'<>\[]+:(?!\d+(?:[/?#'"\s]|$))[^\s"'<>]*@)?"""
    r"""([^\s?#"'<>]*)(?:[?#][^\s"'<>]*)?""",
    re.IGNORECASE,
)
BARE = r"\1\2"
ENCODED = re.compile(r"\b[a-z][a-z0-9+.-]+%3a%2f%2f[^\s&\"'<>]*", re.IGNORECASE)
# The names of GDAL that hold options and an address as a query.
OPTIONS = re.compile(r"""/vsi(curl(?:_streaming)?)\?([^\s"'<>{}]*)""", re.IGNORECASE)
# Oracle's form: driver, user and password.
ORACLE = re.compile(r"\b((?:geor|georaster|oci|odbc):[^/,\s\"']{1,100}[/,])[^@,\s\"']{1,100}(?=[@,])", re.IGNORECASE)

# What starts an element; Qt also passes over spaces before its name, and without an attribute nothing is fetched.
TAG = re.compile(r"<(?=[A-Za-z/!?]|\s+\w+\s[^<>]*=)")


def without_secrets(text: str) -> str:
    """Returns a text, such as the name of a raster or the words of a library, without what may be a secret in it.

    Addresses lose user, password, query and fragment; parameters, keys, headers and XML elements that are named like
    secrets lose their values.
    """
    shown = OPTIONS.sub(_of_options, text[:LONGEST])
    shown = ADDRESS.sub(BARE, ENCODED.sub(_encoded, shown))
    shown = ELEMENT.sub(rf"\1{HIDDEN}", shown)
    shown = ORACLE.sub(rf"\1{HIDDEN}", shown)
    return BEARER.sub(rf"\1{HIDDEN}", NAMED.sub(rf"\1{HIDDEN}", shown))


def without_markup(text: str) -> str:
    """Returns a text in which neither QGIS nor Qt finds an element of HTML, wherever they show it.

    QGIS does not escape what stands on its pages, and Qt takes tool tips for HTML by their looks: a picture in them
    would be fetched.
    """
    return TAG.sub("\u2039", text)


def _of_options(found: re.Match[str]) -> str:
    address = parse_qs(found.group(2)).get("url", ["..."])[0]
    return f"/vsi{found.group(1)}/{address}"


def _encoded(found: re.Match[str]) -> str:
    return quote(ADDRESS.sub(BARE, unquote(found.group())), safe="")
