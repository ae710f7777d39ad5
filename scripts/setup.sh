#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: scripts/setup.sh demo|translations|tests|all
# Installs what the demo, the translations, the tests or all of the development needs, and only what is missing, on
# Debian and Ubuntu.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "setup: $*" >&2
    exit 1
}

what=${1:-all}
packages=(git make qgis python3-qgis qgis-providers python3-gdal gdal-bin python3-venv python3-pip)
requirements=(requirements/demo.txt)
case $what in
    demo) ;;
    translations) packages+=(qttools5-dev-tools) ;;
    tests | all)
        packages+=(xvfb xauth)
        requirements+=(requirements/tests.txt)
        [[ $what == tests ]] || requirements+=(requirements/lint.txt)
        ;;
    *) fail "say demo, translations, tests or all, not '$what'." ;;
esac

missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done
if ((${#missing[@]})); then
    command -v apt-get >/dev/null || fail "this machine has no apt-get; install yourself: ${missing[*]}."
    ((EUID == 0)) && as_root=(env) || as_root=(sudo env)
    apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    echo "Installing the packages ${missing[*]}"
    "${apt[@]}" update
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null
fi

# Always the system's Python, whatever stands first on PATH: QGIS runs inside that one.
system=/usr/bin/python3
python=.venv/bin/python
stamp=.venv/.setup-$what
wanted=$(readlink -f $system; sha256sum "$0" "${requirements[@]}")
if [[ -x $python && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    exit 0
fi

if ! $python -m pip --version &>/dev/null || ! $python -c 'from osgeo import gdal' &>/dev/null; then
    echo "Making .venv"
    $system -m venv --clear --system-site-packages .venv
fi

numpy_version=$($system -c 'import numpy; print(numpy.__version__)')
echo "numpy==$numpy_version" >.venv/constraints.txt
pip=("$python" -m pip install --quiet --disable-pip-version-check --constraint .venv/constraints.txt)

echo "Installing ${requirements[*]} into .venv"
"${pip[@]}" "${requirements[@]/#/--requirement=}"
if [[ $what == tests || $what == all ]] &&
    ! $python -c 'import sys, torch; sys.exit([*map(int, torch.__version__.split(".")[:2])] < [2, 6])' &>/dev/null; then
    echo "Installing torch 2.13.0 into .venv"
    "${pip[@]}" torch==2.13.0
fi

locate='import numpy; print(numpy.__file__)'
[[ $($python -c "$locate") == $($system -c "$locate") ]] ||
    fail "a numpy other than QGIS's own got into .venv and would break GDAL's Python; delete .venv and run this again."
echo "$wanted" >"$stamp"
