# SPDX-License-Identifier: GPL-2.0-or-later
"""The package as a user installs it, made of the working tree as a commit would hold it now."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path, PurePosixPath

import pytest

from .command import ALGORITHM, ROOT, needs_qgis_process, qgis_process, words
from .scenes import Scene, assert_is_map_of

NAME = "classify_pixels"
LARGEST = 4 * 1024**2
MANDATORY = (
    "name",
    "description",
    "about",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "tracker",
    "repository",
)


def _git(*arguments: str, **variables: str) -> str:
    command = ["git", "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the working tree, untracked files that git does not ignore included.

    A separate index and object folder leave the repository unchanged.
    """
    pytest.importorskip("sphinx", reason="Sphinx, which builds the guide of a package, is not installed")
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout, of which a package could be made")
    folder = tmp_path_factory.mktemp("package")
    (folder / "objects").mkdir()
    own = {
        "GIT_INDEX_FILE": str(folder / "index"),
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": _git("rev-parse", "--path-format=absolute", "--git-path", "objects"),
    }
    _git("add", "--all", **own)
    tree = _git("write-tree", **own)
    path = folder / f"{NAME}.zip"
    script = [sys.executable, ROOT / "scripts" / "make_package.py", path, tree]
    done = subprocess.run(script, env={**os.environ, **own}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def members(package: Path) -> list[zipfile.ZipInfo]:
    """The files of the package."""
    with zipfile.ZipFile(package) as archive:
        return [member for member in archive.infolist() if not member.is_dir()]


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin's folder where the package was unpacked."""
    folder = tmp_path_factory.mktemp("plugins")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder / NAME


@pytest.fixture(scope="module")
def metadata(installed: Path) -> dict[str, str]:
    """The keys of metadata.txt, read as the plugin site does: with interpolation."""
    parser = ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(installed / "metadata.txt", encoding="utf-8")
    return dict(parser.items("general"))


def test_there_is_one_top_folder(members: list[zipfile.ZipInfo]) -> None:
    assert {PurePosixPath(member.filename).parts[0] for member in members} == {NAME}


def test_what_a_plugin_needs_is_there(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    assert {f"{NAME}/{name}" for name in ("__init__.py", "metadata.txt", "LICENSE", "plugin.py")} <= names


def test_what_the_help_pages_and_the_languages_need_is_there(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    assert f"{NAME}/resources/help/reference/classifypixels.html" in names
    assert f"{NAME}/resources/help/de/reference/classifypixels.html" in names
    assert f"{NAME}/resources/help/_images/map.png" in names
    assert f"{NAME}/i18n/classify_pixels_de.qm" in names


def test_every_image_of_a_help_page_is_there(package: Path, members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    with zipfile.ZipFile(package) as archive:
        pages = [name for name in names if name.startswith(f"{NAME}/resources/help/") and name.endswith(".html")]
        shown = {
            posixpath.normpath(posixpath.join(posixpath.dirname(page), source))
            for page in pages
            for source in re.findall(r'<img[^>]* src="([^":]+)"', archive.read(page).decode("utf-8"))
        }
    assert f"{NAME}/resources/help/_images/map.png" in shown
    assert shown <= names


def test_nothing_of_the_development_is_there(members: list[zipfile.ZipInfo]) -> None:
    parts = {part for member in members for part in PurePosixPath(member.filename).parts[1:]}
    assert not {part for part in parts if part.startswith(".")}
    top = {PurePosixPath(member.filename).parts[1] for member in members}
    assert not top & {
        "tests",
        "scripts",
        "benchmarks",
        "requirements",
        "build",
        "docs",
        "Makefile",
    }
    assert not {part for part in parts if part.endswith(("__pycache__", ".pyc", ".so", ".dll", ".exe", ".zip", ".whl"))}


def test_package_is_small_and_its_files_are_neither_executable_nor_links(
    package: Path, members: list[zipfile.ZipInfo]
) -> None:
    assert package.stat().st_size < LARGEST
    for member in members:
        mode = member.external_attr >> 16
        assert not mode & 0o111, member.filename
        assert stat.S_IFMT(mode) in (0, stat.S_IFREG), member.filename


def test_names_suit_every_file_system(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    assert all(re.fullmatch(r"[A-Za-z0-9_./-]+", name) for name in names)
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) < 150


def test_licence_is_the_gpl(installed: Path) -> None:
    text = (installed / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 2, June 1991" in text


def test_every_source_file_names_its_licence(installed: Path) -> None:
    for path in installed.rglob("*.py"):
        assert path.read_text(encoding="utf-8").startswith("# SPDX-License-Identifier: GPL-2.0-or-later\n"), path


@pytest.mark.parametrize("key", MANDATORY)
def test_metadata_has_every_mandatory_key_with_a_value(key: str, metadata: dict[str, str]) -> None:
    assert metadata[key].strip()


def test_metadata_suits_the_plugin_site(metadata: dict[str, str], installed: Path) -> None:
    assert re.fullmatch(r"\d+(\.\d+)+", metadata["version"])
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert metadata["qgisMaximumVersion"] == "4.99"
    assert metadata["hasProcessingProvider"] == "yes"
    assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", metadata["email"])
    for key in ("tracker", "repository", "homepage"):
        assert metadata[key].startswith("https://")
    for key in ("name", "description", "about"):
        assert not re.search(r"<[a-z/]", metadata[key]), f"the plugin site refuses HTML in {key}"
    assert "plugin" not in metadata["name"].lower()
    assert (installed / metadata["icon"]).is_file()
    assert metadata["category"] in ("Raster", "Vector", "Database", "Mesh", "Web")
    assert {metadata.get(key, "False") for key in ("experimental", "deprecated", "server")} <= {
        "True",
        "False",
    }


def test_metadata_says_only_what_the_package_holds(metadata: dict[str, str], installed: Path) -> None:
    if "README" in metadata["about"]:
        assert list(installed.glob("README*"))


@needs_qgis_process
def test_unpacked_package_runs(installed: Path, scene: Scene, tmp_path: Path) -> None:
    parameters = words({"INPUT": scene.raster, "MODEL": scene.model, "OUTPUT": "out.tif"})
    done = qgis_process("run", ALGORITHM, "--", *parameters, folder=tmp_path, CLASSIFY_PIXELS_PLUGIN=str(installed))
    assert done.code == 0, done.stderr
    assert_is_map_of(tmp_path / "out.tif", scene)


@needs_qgis_process
def test_unpacked_package_runs_the_sample_that_it_holds(installed: Path, tmp_path: Path) -> None:
    sample = installed / "resources" / "sample"
    parameters = words(
        {
            "INPUT": sample / "landsat7_olinda.tif",
            "MODEL": sample / "landsat7_landcover.emd",
            "OUTPUT": "out.tif",
        }
    )
    done = qgis_process("run", ALGORITHM, "--", *parameters, folder=tmp_path, CLASSIFY_PIXELS_PLUGIN=str(installed))
    assert done.code == 0, done.stderr
    assert "Built or bare" in done.stdout


@needs_qgis_process
def test_plugin_that_cannot_be_found_is_told(tmp_path: Path) -> None:
    done = qgis_process("list", folder=tmp_path, CLASSIFY_PIXELS_PLUGIN=str(tmp_path / "nowhere"))
    assert done.code != 0
    assert "nowhere" in done.stderr
