#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every static check: first the sources of the checkout, then the package as the plugin site scans it.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PWD/.venv/bin:/usr/bin:/bin

failed=0
check() {
    echo "== $1"
    "$@" || failed=1
}

check ruff check --output-format=concise .
check ruff format --check --quiet .

# The root is the package classify_pixels, regardless of the checkout's folder name.
mkdir -p build/src
ln -sfn ../.. build/src/classify_pixels
export PYTHONPATH=build/src
check mypy
check lint-imports --no-cache

# The package of a commit now: with changes of tracked files, without untracked files.
rm -rf build/lint
mkdir -p build/lint
changes=$(git stash create)
python3 scripts/make_package.py build/lint/package.zip "${changes:-HEAD}"
python3 -m zipfile -e build/lint/package.zip build/lint
rm build/lint/package.zip
cd build/lint
check bandit --quiet --recursive classify_pixels
# E203 is a space before the colon of a slice, which the formatter of ruff puts there as PEP 8 has it.
check flake8 --isolated --max-line-length=120 --extend-ignore=E203 classify_pixels
echo "== detect-secrets"
find classify_pixels -type f -exec detect-secrets-hook --no-verify {} + || failed=1

exit "$failed"
