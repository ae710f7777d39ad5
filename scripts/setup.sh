#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: scripts/setup.sh lint|guide|demo|service|translations|tests|all
# Installs the missing prerequisites of the static checks, the guide, the demo, the service, the translations, the tests or the whole
# development on Debian and Ubuntu. The static checks and the guide need neither QGIS nor a runtime.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "setup: $*" >&2
    exit 1
}

what=${1:-all}
packages=(git make python3-venv python3-pip)
qgis=(qgis python3-qgis qgis-providers python3-gdal gdal-bin)
requirements=(requirements/demo.txt)
case $what in
    lint)
        qgis=()
        requirements=(requirements/lint.txt requirements/docs.txt)
        ;;
    guide)
        qgis=()
        requirements=(requirements/docs.txt)
        ;;
    demo) ;;
    service)
        qgis=(python3-gdal)
        requirements=(requirements/service.txt)
        ;;
    translations) packages+=(pyqt5-dev-tools qttools5-dev-tools) ;;
    tests | all)
        # libxtst6 moves the mouse in a test, and pylupdate5 collects user texts.
        packages+=(xvfb xauth libxtst6 pyqt5-dev-tools)
        requirements+=(requirements/tests.txt requirements/docs.txt)
        [[ $what == tests ]] || requirements+=(requirements/lint.txt)
        ;;
    *) fail "say lint, guide, demo, service, translations, tests or all, not '$what'." ;;
esac
packages+=("${qgis[@]}")

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

# Always the system's Python, regardless of PATH: QGIS embeds it.
system=/usr/bin/python3
python=.venv/bin/python
stamp=.venv/.setup-$what
wanted=$(readlink -f $system; sha256sum "$0" "${requirements[@]}" requirements/openvino.txt requirements/oldest.txt)
if [[ -x $python && -f $stamp && $(<"$stamp") == "$wanted" ]]; then
    exit 0
fi

# A numpy other than the system's would break GDAL's Python. Static checks on a machine without QGIS install one.
fits() {
    $python -m pip --version &>/dev/null || return
    [[ $what == lint || $what == guide ]] || $python -c 'from osgeo import gdal' &>/dev/null || return
    ! $system -c "$locate" &>/dev/null || [[ $($python -c "$locate") == $($system -c "$locate") ]]
}
locate='import numpy; print(numpy.__file__)'
if ! fits; then
    echo "Making .venv"
    $system -m venv --clear --system-site-packages .venv
fi

$system -c 'import numpy; print(f"numpy=={numpy.__version__}")' >.venv/constraints.txt 2>/dev/null ||
    : >.venv/constraints.txt
pip=("$python" -m pip install --quiet --disable-pip-version-check --constraint .venv/constraints.txt)

echo "Installing ${requirements[*]} into .venv"
"${pip[@]}" "${requirements[@]/#/--requirement=}"
if [[ " ${requirements[*]} " == *" requirements/demo.txt "* ]]; then
    # Its dependencies would replace QGIS's numpy.
    "${pip[@]}" --no-deps --requirement=requirements/openvino.txt
fi
if [[ $what == tests || $what == all ]] &&
    ! $python -c 'import sys, torch; sys.exit([*map(int, torch.__version__.split(".")[:2])] < [2, 6])' &>/dev/null; then
    echo "Installing torch 2.13.0 into .venv"
    "${pip[@]}" torch==2.13.0
fi
if [[ $what == tests || $what == all ]]; then
    # Runs on a scheduler are tested with both; without this one, its test is skipped.
    "${pip[@]}" --no-deps --upgrade --target .venv/oldest --requirement=requirements/oldest.txt ||
        echo "setup: the oldest supported version of Dask cannot be installed." >&2
fi

fits ||
    fail "a numpy other than QGIS's own got into .venv and would break GDAL's Python; delete .venv and run this again."
echo "$wanted" >"$stamp"
