#!/usr/bin/env bash
# The numbers of issue B: runs the engine over a folder of labelled PDFs, one process a file, and prints the table.
# usage: bench/corpus.sh [FOLDER] [--details]        (FOLDER has labels.jsonl; default ../shared/corpus/pdf)
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-../shared/corpus/pdf}
shift || true
[ -f "$folder/labels.jsonl" ] || { echo "no labels.jsonl in $folder: nothing was run" >&2; exit 2; }
cargo build --release --quiet --example corpus
exec "${CARGO_TARGET_DIR:-target}/release/examples/corpus" "$folder" "$@"
