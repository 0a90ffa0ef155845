#!/usr/bin/env bash
# How the engine fares on a folder of labelled PDFs, and what it costs beside `qpdf --check` in the same run: prints the table.
# Each file once through a cold worker, then all through one warm worker; about five minutes for 700 files.
# usage: bench/corpus.sh [FOLDER] [--details]        (FOLDER has labels.jsonl; default ../shared/corpus/pdf)
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-../shared/corpus/pdf}
shift || true
[ -f "$folder/labels.jsonl" ] || { echo "no labels.jsonl in $folder: nothing was run" >&2; exit 2; }
cargo build --release --quiet --example corpus
exec "${CARGO_TARGET_DIR:-target}/release/examples/corpus" "$folder" "$@"
