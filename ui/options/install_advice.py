# SPDX-License-Identifier: GPL-2.0-or-later
"""Advice on failed installations, from the output of pip."""

from __future__ import annotations

import re

from ...plugin_support.translation import tr


def advice(log: str) -> str:
    """Returns the cause and the next step; patterns of causes precede those of consequences."""
    for pattern, text in _table():
        if re.search(pattern, log, re.IGNORECASE):
            return text
    return tr("pip failed. See the last lines of the log.")


def _table() -> tuple[tuple[str, str], ...]:
    return (
        (
            r"No module named '?(pip|ensurepip)\b",
            tr(
                "This Python has no pip. On Debian and Ubuntu, install it with:  sudo apt install python3-pip  "
                "(on Fedora:  sudo dnf install python3-pip), then try again."
            ),
        ),
        (
            r"No space left|Errno 28|not enough space",
            tr("The disk is full. Installing ONNX Runtime needs about 250 MB. Free some space and try again."),
        ),
        (
            r"Permission denied|Errno 13|Read-only file system",
            tr("Your profile folder is not writable. Check its permissions and try again."),
        ),
        (
            r"ProxyError|proxy|\b407\b",
            tr("The proxy refused access. Set the environment variable HTTPS_PROXY to your proxy and restart QGIS."),
        ),
        (
            r"SSLError|CERTIFICATE_VERIFY_FAILED",
            tr(
                "The certificate of the package index is not trusted. If your network replaces certificates, set the "
                "environment variable PIP_CERT to the file of its certificate and restart QGIS."
            ),
        ),
        (
            r"NewConnectionError|ConnectTimeout|ReadTimeout|Connection refused|name resolution|unreachable|Max retries",
            tr(
                "The package index cannot be reached. Check the network and try again. To install offline, save the "
                "wheel in a folder, set PIP_NO_INDEX=1 and PIP_FIND_LINKS to that folder, and restart QGIS."
            ),
        ),
        (
            r"No matching distribution|Could not find a version|is not a supported wheel",
            tr(
                "pip found no ONNX Runtime for this Python and system. Check the access to the package index; if it "
                "works, try a newer QGIS."
            ),
        ),
    )
