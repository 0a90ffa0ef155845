#!/usr/bin/env bash
# How often the verdict agrees with known labels: bench/legibility.sh DIR
# DIR holds PDFs and labels.jsonl (file, label: legible|illegible|borderline|blank, orientation_deg; seals as a list if known).
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: bench/legibility.sh DIR" >&2; exit 2; }
dir=$(realpath "$1")
cd "$(dirname "$0")/.."
cargo build --release --quiet --example legibility_bench
exec "${CARGO_TARGET_DIR:-target}/release/examples/legibility_bench" "$dir"
