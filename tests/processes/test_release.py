# SPDX-License-Identifier: GPL-2.0-or-later
"""A release, made in a small repository and sent to a server on this machine."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from types import ModuleType
from typing import Any
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

import pytest

from tests.unit.scripts import load_script

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n"
METADATA = "[general]\nname=X\nversion=0.0.1\nhomepage=https://pixels.org\n"
MAKEFILE = "lint:\n\t@true\npackage:\n\t@mkdir -p build && echo zip > build/classify_pixels.zip\n"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, at work on a repository that could be released."""
    for name, text in (("metadata.txt", METADATA), ("CHANGELOG.md", CHANGELOG), ("Makefile", MAKEFILE)):
        (tmp_path / name).write_text(text)
    (tmp_path / ".gitignore").write_text("build\n")
    git(tmp_path, "init", "--quiet")
    for key, value in (("user.name", "A"), ("user.email", "a@b.org"), ("commit.gpgsign", "false")):
        git(tmp_path, "config", key, value)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    script = load_script("release")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "METADATA", tmp_path / "metadata.txt")
    monkeypatch.setattr(script, "CHANGELOG", tmp_path / "CHANGELOG.md")
    monkeypatch.setattr(script, "PACKAGE", tmp_path / "build" / "classify_pixels.zip")
    return script


def test_version_changelog_tag_and_package_agree(release: ModuleType, tmp_path: Path) -> None:
    release.main(["0.1.0"])
    assert "version=0.1.0" in (tmp_path / "metadata.txt").read_text()
    text = (tmp_path / "CHANGELOG.md").read_text()
    assert text.index("## [Unreleased]") < text.index("## [0.1.0] - ") < text.index("- A thing.")
    assert git(tmp_path, "rev-list", "-1", "v0.1.0") == git(tmp_path, "rev-parse", "HEAD")
    assert git(tmp_path, "status", "--porcelain") == ""
    assert (tmp_path / "build" / "classify_pixels.zip").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metadata.txt", METADATA.replace("pixels.org", "example.org")),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [0.0.1] - 2020-01-01\n\n- Old.\n"),
    ],
)
def test_an_incomplete_state_is_refused(release: ModuleType, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    git(tmp_path, "commit", "--quiet", "-am", "incomplete")
    before = git(tmp_path, "rev-parse", "HEAD")
    with pytest.raises(SystemExit):
        release.main(["0.1.0"])
    assert git(tmp_path, "rev-parse", "HEAD") == before
    assert git(tmp_path, "tag") == ""


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0; ls"])
def test_a_version_has_three_numbers(release: ModuleType, version: str) -> None:
    with pytest.raises(SystemExit):
        release.main([version])


def test_uncommitted_changes_and_known_tags_are_refused(release: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("x")
    with pytest.raises(SystemExit):
        release.main(["0.1.0"])
    (tmp_path / "new.txt").unlink()
    git(tmp_path, "tag", "v0.1.0")
    with pytest.raises(SystemExit):
        release.main(["0.1.0"])


class PluginSite:
    """The XML-RPC interface of the plugin site, on loopback, with one user."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        site = self

        class Handler(SimpleXMLRPCRequestHandler):
            rpc_paths = ("/plugins/RPC2/",)

            def do_POST(self) -> None:
                if self.headers.get("Authorization") != "Basic bWU6aHVudGVyMg==":  # me:hunter2
                    self.send_error(403, "Forbidden")
                    return
                super().do_POST()

        self.server = SimpleXMLRPCServer(("127.0.0.1", 0), Handler, logRequests=False)
        self.server.register_function(site.upload, "plugin.upload")
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/plugins/RPC2/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def upload(self, package: Any) -> list[int]:
        self.received.append(package.data)
        return [7, 42]


@pytest.fixture
def site() -> Any:
    server = PluginSite()
    yield server
    server.server.shutdown()
    server.server.server_close()


def test_the_package_reaches_the_site(
    release: ModuleType, site: PluginSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSGEO_USER", "me")
    monkeypatch.setenv("OSGEO_PASSWORD", "hunter2")
    release.main(["0.1.0", "--upload", "--site", site.address])
    assert site.received == [(tmp_path / "build" / "classify_pixels.zip").read_bytes()]


def test_a_refused_password_is_not_shown(
    release: ModuleType, site: PluginSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OSGEO_USER", "me")
    monkeypatch.setenv("OSGEO_PASSWORD", "swordfish")
    with pytest.raises(SystemExit) as raised:
        release.main(["0.1.0", "--upload", "--site", site.address])
    printed = capsys.readouterr()
    assert "403" in str(raised.value)
    assert "swordfish" not in f"{raised.value}{printed.out}{printed.err}"


def test_a_password_never_travels_in_the_clear(release: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSGEO_USER", "me")
    monkeypatch.setenv("OSGEO_PASSWORD", "swordfish")
    with pytest.raises(SystemExit):
        release.upload("http://192.0.2.1/plugins/RPC2/")
