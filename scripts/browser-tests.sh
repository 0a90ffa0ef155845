#!/usr/bin/env bash
# The pages in Debian's Chromium (tests/browser). Wants node 18, npm and chromium (scripts/install-peers.sh).
# JUANZONG_BIN: a program that is built already; otherwise it is built here. Arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${JUANZONG_BIN:-}" ]; then
  cargo build --release
  JUANZONG_BIN="${CARGO_TARGET_DIR:-$PWD/target}/release/juanzong"
fi
export JUANZONG_BIN="$(realpath "$JUANZONG_BIN")"
cd tests/browser
npm ci --no-progress --loglevel=error
exec node_modules/.bin/playwright test "$@"
