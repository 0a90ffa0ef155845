#!/usr/bin/env bash
# How long it takes to load and check all built-in rule packs (asked: at most 20 ms).
set -euo pipefail
cd "$(dirname "$0")/.."
cargo run --release --quiet --example load_packs
