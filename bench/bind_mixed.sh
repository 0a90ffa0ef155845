#!/usr/bin/env bash
# A mixed dossier of 40 files and 272 pages with 128 bookmarks, 128 links and 32 links whose names collide: bound by us, merged by
# the peers found here, and each result read back with qpdf's JSON. Ratios stand beside correctness.
# Usage: bench/bind_mixed.sh [FOLDER]; needs python3 and qpdf; PYTHON may be a venv with pymupdf, pikepdf, pypdf.
set -u
folder=${1:-/tmp/juanzong-bench-mixed}
here=$(cd "$(dirname "$0")/.." && pwd)
program=${BIND_FILES:-${CARGO_TARGET_DIR:-$here/target}/release/examples/bind_files}
[ -x "$program" ] || { (cd "$here" && cargo build --release --example bind_files) || exit 2; }
mkdir -p "$folder"
exec "${PYTHON:-python3}" "$here/bench/bind_mixed.py" "$program" "$folder"
