#!/usr/bin/env bash
# How far the hashes of one sheet scanned again lie apart, and how near those of other sheets come, on scans made for it (fonts, people and
# scanners that no test uses); fails when the limit in force takes two sheets for one. Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --example make_fixtures --example page_hashes
target=${CARGO_TARGET_DIR:-target}/release/examples
scans=$(mktemp -d)
trap 'rm -r "$scans"' EXIT
"$target/make_fixtures" second-scans "$scans" 2>/dev/null
"$target/page_hashes" "$scans"
