#!/usr/bin/env bash
# schemathesis, an independent reader of OpenAPI, makes requests from /openapi.json and holds every answer against it.
# Wants pip's schemathesis (scripts/install-peers.sh). JUANZONG_BIN names a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
st=${SCHEMATHESIS:-$HOME/.cache/juanzong-schemathesis/bin/st}
[ -x "$st" ] || { echo "SKIPPED: schemathesis is not there (scripts/install-peers.sh)" >&2; exit 77; }
if [ -z "${JUANZONG_BIN:-}" ]; then
  cargo build --release --quiet
  JUANZONG_BIN=${CARGO_TARGET_DIR:-target}/release/juanzong
fi
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# A header that cannot be read is the caller's fault; actix says it as an error.
JUANZONG_LOG=error,actix_http=off JUANZONG_TESSERACT=off "$JUANZONG_BIN" serve --sample --data "$work/data" --listen "127.0.0.1:$port" \
  --verifications-per-minute 0 --uploads-per-minute 0 >/dev/null 2>"$work/log" & server=$!
until curl -fsS -o /dev/null "http://127.0.0.1:$port/readyz" 2>/dev/null; do sleep 0.2; done
token=$("$JUANZONG_BIN" token create --data "$work/data" --scope admin 2>/dev/null)
# Streams never end by themselves; the rest is asked with all checks. One worker: with two, CPython 3.11 now and then fails in its own `ast.parse`
# ("AST constructor recursion depth mismatch"), which counts as an error of the run.
"$st" --config-file scripts/schemathesis.toml run "http://127.0.0.1:$port/openapi.json" --header "Authorization: Bearer $token" --checks all \
  --exclude-path-regex '/events$' --max-examples "${EXAMPLES:-5}" --seed 1 --workers 1 --request-timeout 60 "$@"
[ ! -s "$work/log" ] || { echo "the server had something to say:" >&2; head -c 3000 "$work/log" >&2; exit 1; }
