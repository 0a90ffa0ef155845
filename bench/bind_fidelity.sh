#!/usr/bin/env bash
# Binds every file of a folder by itself and compares each page, rendered by poppler at 100 dpi, with its source outside of
# the page number. Usage: bench/bind_fidelity.sh FOLDER [OUT [REPORTS]]; needs pdftoppm, qpdf, mutool and python3.
# REPORTS has one report of `juanzong validate --format json` a line; files refused there are never bound and are left out.
set -u
folder=${1:?folder of PDFs}
out=${2:-/tmp/bind_fidelity}
here=$(cd "$(dirname "$0")/.." && pwd)
program=${BIND_FILES:-${CARGO_TARGET_DIR:-$here/target}/release/examples/bind_files}
[ -x "$program" ] || { (cd "$here" && cargo build --release --example bind_files) || exit 2; }
mkdir -p "$out"
exec python3 "$here/bench/bind_fidelity.py" "$program" "$folder" "$out" ${3:+"$3"}
