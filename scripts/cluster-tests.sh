#!/usr/bin/env bash
# Runs the HTTP tests again on a real PostgreSQL and a real S3-compatible server, both started here and ended here.
# Needs PostgreSQL's server programs and Python with `moto[server]`; scripts/install-peers.sh brings both on Debian.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
moto=${MOTO_SERVER:-$HOME/.cache/juanzong-peers/moto/bin/moto_server}
for need in "$bin/initdb" "$moto"; do
  [ -x "$need" ] || { echo "SKIPPED: $need is not there (scripts/install-peers.sh)" >&2; exit 77; }
done
work=$(mktemp -d)
# PostgreSQL does not run as root.
as=()
[ "$(id -u)" = 0 ] && { as=(setpriv --reuid=nobody --regid=nogroup --clear-groups); chown nobody "$work"; chmod 755 "$work"; }
end() {
  "${as[@]}" "$bin/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1 || true
  [ -n "${s3:-}" ] && kill "$s3" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
pg=$(port); s3port=$(port)
"${as[@]}" "$bin/initdb" -D "$work/pg" -U postgres --auth=trust -E UTF8 --no-sync >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$work/pg" -w -l "$work/pg.log" start \
  -o "-p $pg -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work -c max_connections=500" >/dev/null
"$moto" -H 127.0.0.1 -p "$s3port" >"$work/s3.log" 2>&1 & s3=$!
export AWS_ENDPOINT="http://127.0.0.1:$s3port" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_ALLOW_HTTP=true
for _ in $(seq 50); do curl -fsS -X PUT "$AWS_ENDPOINT/juanzong" >/dev/null 2>&1 && break; sleep 0.2; done
export JUANZONG_TEST_DATABASE_URL="postgres://postgres@127.0.0.1:$pg/postgres" JUANZONG_TEST_BLOB_URL=s3://juanzong
echo "PostgreSQL $("$bin/postgres" --version | grep -oE '[0-9.]+' | head -1) and an S3-compatible server: the HTTP tests again"
# Few at once: every test has a database of its own, with its own connections.
cargo test --release --test it http:: -- --test-threads=4
