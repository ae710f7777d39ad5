# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a release: version, changelog, commit, tag, package and scans; --upload then sends it to the plugin site.

Usage: scripts/release.py VERSION [--upload]

The user and password of the plugin site come from OSGEO_USER and OSGEO_PASSWORD, and its address from --site.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit
from xmlrpc.client import Binary, Fault, ProtocolError, ServerProxy

ROOT = Path(__file__).resolve().parents[1]
METADATA, CHANGELOG = ROOT / "metadata.txt", ROOT / "CHANGELOG.md"
PACKAGE = ROOT / "build" / "classify_pixels.zip"
SITE = "https://plugins.qgis.org/plugins/RPC2/"
UNRELEASED = "## [Unreleased]"


def fail(reason: str) -> None:
    """Exits with a message."""
    raise SystemExit(f"release: {reason}")


def git(*arguments: str) -> str:
    """Returns the output of git."""
    command = ["git", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        fail(f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def check_state(version: str) -> None:
    """Refuses to release unless the state is clean, complete and new."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        fail(f"{version} is not a version such as 0.1.0.")
    if git("status", "--porcelain"):
        fail("there are uncommitted changes; commit or stash them first.")
    if git("tag", "--list", f"v{version}"):
        fail(f"the tag v{version} exists already.")
    addresses = re.findall(r"^(homepage|tracker|repository)=.*example\.org", METADATA.read_text(encoding="utf-8"), re.M)
    if addresses:
        fail(f"metadata.txt still has the placeholder for {', '.join(addresses)}; set the project's own addresses.")
    if not unreleased_notes(CHANGELOG.read_text(encoding="utf-8")):
        fail("CHANGELOG.md has nothing under Unreleased.")


def unreleased_notes(changelog: str) -> str:
    """Returns the text under the heading Unreleased, empty if there is none."""
    _, found, rest = changelog.partition(UNRELEASED)
    return re.split(r"^## \[", rest, maxsplit=1, flags=re.M)[0].strip() if found else ""


def write_version(version: str) -> None:
    """Writes the version into metadata.txt, and closes the section Unreleased of the changelog under it."""
    metadata = METADATA.read_text(encoding="utf-8")
    METADATA.write_text(re.sub(r"^version=.*$", f"version={version}", metadata, flags=re.M), encoding="utf-8")
    changelog = CHANGELOG.read_text(encoding="utf-8")
    heading = f"{UNRELEASED}\n\n## [{version}] - {date.today().isoformat()}"
    CHANGELOG.write_text(changelog.replace(UNRELEASED, heading, 1), encoding="utf-8")


def make_package() -> None:
    """Makes the zip of the commit, after every static check and scan of it."""
    for target in ("lint", "package"):
        subprocess.run(["make", "--no-print-directory", "-C", str(ROOT), target], check=True)


def upload(site: str) -> None:
    """Sends the package to the plugin site."""
    user, password = os.environ.get("OSGEO_USER", ""), os.environ.get("OSGEO_PASSWORD", "")
    if not (user and password):
        fail("set OSGEO_USER and OSGEO_PASSWORD for the upload.")
    parts = urlsplit(site)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        fail(f"{site} is not encrypted.")
    secret = f"{quote(user, safe='')}:{quote(password, safe='')}"
    server = ServerProxy(parts._replace(netloc=f"{secret}@{parts.netloc}").geturl())
    try:
        number, version = server.plugin.upload(Binary(PACKAGE.read_bytes()))  # type: ignore[misc]
    except Fault as error:
        fail(f"the plugin site refused the package: {error.faultString}")
    except ProtocolError as error:
        # Its text would contain the password.
        fail(f"the plugin site answered {error.errcode} {error.errmsg}.")
    except OSError as error:
        fail(f"the plugin site could not be reached: {error}")
    print(f"Uploaded as version {version} of plugin {number}.")


def main(arguments: list[str]) -> None:
    """Makes a release; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("version")
    parser.add_argument("--upload", action="store_true", help="send the package to the plugin site")
    parser.add_argument("--site", default=SITE, help="XML-RPC address of the plugin site")
    asked = parser.parse_args(arguments)
    check_state(asked.version)
    write_version(asked.version)
    git("commit", "--all", "--message", f"Release {asked.version}")
    make_package()
    git("tag", "--annotate", f"v{asked.version}", "--message", f"Classify Pixels {asked.version}")
    print(f"Made {PACKAGE.relative_to(ROOT)}. Push the release with: git push origin HEAD v{asked.version}")
    if asked.upload:
        upload(asked.site)


if __name__ == "__main__":
    main(sys.argv[1:])
