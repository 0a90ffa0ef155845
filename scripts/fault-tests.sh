#!/usr/bin/env bash
# A full disk, a read-only folder, a clock set back a day (tests/cluster/faults.py), in a mount namespace of its own.
# Wants faketime (scripts/install-peers.sh) and leave to mount. JUANZONG_BIN names a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
inside=(unshare --mount)
[ "$(id -u)" = 0 ] || inside=(unshare --map-root-user --mount)
command -v faketime >/dev/null || { echo "SKIPPED: faketime is not there (scripts/install-peers.sh)" >&2; exit 77; }
"${inside[@]}" mount -t tmpfs none /mnt 2>/dev/null || { echo "SKIPPED: no leave to mount here" >&2; exit 77; }
if [ -z "${JUANZONG_BIN:-}" ]; then
  cargo build --release --quiet
  JUANZONG_BIN=${CARGO_TARGET_DIR:-target}/release/juanzong
fi
exec "${inside[@]}" python3 tests/cluster/faults.py "$(realpath "$JUANZONG_BIN")" fixtures/sample/004
