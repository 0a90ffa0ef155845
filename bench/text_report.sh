#!/usr/bin/env bash
# Time of a text-layer report in a warm worker: the median of 40 inspections, whole and without looking at how legible the page is.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --bin juanzong --example report_time
target=${CARGO_TARGET_DIR:-target}/release
exec "$target/examples/report_time" "$target/juanzong" fixtures/chsi/education-c-subset.pdf fixtures/chsi/education-c-song.pdf fixtures/sample/004/05-学历证书电子注册备案表.pdf
