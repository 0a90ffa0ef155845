#!/usr/bin/env bash
# Binds 20 scans of 10 A4 pages (390 MB, made here, reports and ink margins kept with them) with contents, numbers, links, manifest and hashing, and
# merges the same files with the peers found on this machine, in the same run. Usage: bench/bind.sh [FOLDER]; needs python3 and poppler-utils.
set -u
folder=${1:-/tmp/juanzong-bench-bind}
here=$(cd "$(dirname "$0")/.." && pwd)
program=${BIND_DOSSIER:-${CARGO_TARGET_DIR:-$here/target}/release/examples/bind_dossier}
[ -x "$program" ] || { (cd "$here" && cargo build --release --example bind_dossier) || exit 2; }
mkdir -p "$folder"
exec python3 "$here/bench/bind.py" "$program" "$folder" "$here/fixtures/sample/004"
