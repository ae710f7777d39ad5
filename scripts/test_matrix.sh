#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: scripts/test_matrix.sh [bookworm|trixie]… [-- pytest's arguments]
# The tests on newer QGIS: 3.40 and 3.44 of Debian's backports, each in a chroot created once and kept.
# MIRROR names a Debian mirror, CHROOTS the folder of the chroots (2 to 5 GB each), SHARE further files and folders of this
# machine that have to be seen inside, such as pip's own settings and wheels.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "test_matrix: $*" >&2
    exit 1
}

((EUID == 0)) || fail "chroots need root; run 'sudo make test-matrix'."
command -v debootstrap >/dev/null || fail "debootstrap is not installed; run 'apt-get install debootstrap'."
# Separate namespaces of mounts and processes, which end with this script in any case.
if [[ -z ${IN_MATRIX-} ]]; then
    IN_MATRIX=1 exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
fi

chroots=${CHROOTS:-/var/cache/classify_pixels}
declare -A extra=([bookworm]="" [trixie]="python3-torch") # bookworm's PyTorch is too old
suites=()
while (($#)) && [[ $1 != -- ]]; do
    [[ -v extra[$1] ]] || fail "say bookworm or trixie, not '$1'."
    suites+=("$1")
    shift
done
((${#suites[@]})) || suites=(bookworm trixie)
if (($# > 1)); then
    tests=("${@:2}")
else
    tests=(tests/unit tests/engine tests/processes tests/faults tests/reference tests/qgis)
fi

# Settings of this machine visible to the programs inside.
passed=(PATH=/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive
    QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=/run/matrix)
for name in $(compgen -e); do
    [[ $name =~ ^(PIP_.*|.*_proxy|.*_PROXY|.*_THREADS)$ ]] && passed+=("$name=${!name}")
done

inside() {
    env -i "${passed[@]}" chroot "$root" "$@"
}

make_chroot() {
    [[ -e $root/.made ]] && return
    echo "== Making $root"
    rm -rf "$root"
    mkdir -p "$chroots"
    debootstrap --variant=minbase --include=ca-certificates,git,make "$suite" "$root" ${MIRROR:+"$MIRROR"} >"$log.debootstrap"
    sed -i "p; s/ $suite / $suite-backports /" "$root/etc/apt/sources.list"
    # Backports take precedence.
    printf 'Package: *\nPin: release n=%s-backports\nPin-Priority: 500\n' "$suite" >"$root/etc/apt/preferences.d/backports"
    touch "$root/.made"
}

attach() {
    mkdir -p "$root/run/matrix" "$root/srv/classify_pixels"
    chmod 700 "$root/run/matrix"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    local path
    for path in /etc/resolv.conf ${SHARE-}; do
        [[ -d $path ]] && mkdir -p "$root$path" || { mkdir -p "$root${path%/*}" && touch "$root$path"; }
        mount --bind --options ro "$path" "$root$path"
    done
    if [[ -d ../shared ]]; then
        mkdir -p "$root/srv/shared"
        mount --bind --options ro ../shared "$root/srv/shared"
    fi
    if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
        cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
        inside update-ca-certificates >/dev/null
    fi
}

# The working tree as a commit would contain it now, in a separate repository; only .venv stays between two runs.
# Process numbers repeat in every run, so that an earlier lock would seem alive: home and /tmp are emptied.
copy_tree() {
    local tree=$root/srv/classify_pixels
    find "$root/root" "$root/tmp" -xdev -mindepth 1 -delete
    find "$tree" -mindepth 1 -maxdepth 1 ! -name .venv -exec rm -rf {} +
    git ls-files -z --cached --others --exclude-standard --deduplicate |
        tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory="$tree" --no-same-owner
    inside git -C /srv/classify_pixels init --quiet
    inside git -C /srv/classify_pixels add --all
    inside git -C /srv/classify_pixels -c user.name=matrix -c user.email=matrix@localhost commit --quiet -m matrix
}

run_tests() {
    [[ -z ${extra[$suite]} ]] || { inside apt-get -qq update && inside apt-get -qq install -y --no-install-recommends ${extra[$suite]}; }
    inside /srv/classify_pixels/scripts/setup.sh tests
    inside bash -c 'cd /srv/classify_pixels && exec .venv/bin/python -m pytest "$@"' - "${tests[@]}"
}

versions() {
    inside /usr/bin/python3 -c 'import sys, numpy; from osgeo import gdal; from qgis.core import Qgis
print(f"QGIS {Qgis.version()}, Python {sys.version.split()[0]}, GDAL {gdal.__version__}, numpy {numpy.__version__}")' 2>/dev/null ||
        echo "QGIS is not installed"
}

# pytest's last line, which a program that ends after it may follow; the last line of all if pytest did not run.
outcome() {
    awk '/ in [0-9.]+s/ {found = $0} {last = $0} END {print found ? found : last}' "$log"
}

mkdir -p build/matrix
summary=()
failed=0
for suite in "${suites[@]}"; do
    root=$chroots/$suite
    log=build/matrix/$suite.log
    make_chroot
    attach
    copy_tree
    status=0
    run_tests 2>&1 | tee "$log" || status=$?
    ((status == 0)) || failed=1
    summary+=("$suite, $(versions): $(outcome)")
done
printf '\n== Summary\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
