# To be sourced: starts a real PostgreSQL and a real S3-compatible server in a folder of their own, and ends them.
# PostgreSQL is Debian's package; the S3 server is `s3s-fs` from the Rust registry (scripts/install-peers.sh brings both).
# Gives: $work (a folder), $database_url (of a server on which databases may be made), $s3_root, AWS_* for clients.

cluster_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
s3_server=${S3_SERVER:-$HOME/.cache/juanzong-peers/cargo/bin/s3s-fs}

# Whether everything is there; says loudly what is not.
cluster_needs() {
  local need
  for need in "$cluster_bin/initdb" "$s3_server" "$@"; do
    [ -x "$need" ] || command -v "$need" >/dev/null || { echo "SKIPPED: $need is not there (scripts/install-peers.sh)" >&2; return 1; }
  done
}

# A free port below those that Linux gives to outgoing connections: whoever is started on it later still finds it free.
cluster_port() {
  python3 - <<'PY'
import random, socket
while True:
    port = random.randrange(20_000, 32_000)
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
PY
}

cluster_begin() {
  work=$(mktemp -d)
  # PostgreSQL does not run as root.
  as=()
  if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    mkdir "$work/pg"; chown nobody "$work/pg"; chmod 755 "$work"
  fi
  pg_port=$(cluster_port); s3_port=$(cluster_port)
  "${as[@]}" "$cluster_bin/initdb" -D "$work/pg/data" -U postgres --auth=trust -E UTF8 --no-sync >/dev/null
  postgres_start
  s3_root=$work/s3; mkdir -p "$s3_root/juanzong"
  s3_start
  export AWS_ENDPOINT="http://127.0.0.1:$s3_port" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test-secret AWS_ALLOW_HTTP=true
  database_url="postgres://postgres@127.0.0.1:$pg_port/postgres"
}

postgres_start() {
  "${as[@]}" "$cluster_bin/pg_ctl" -D "$work/pg/data" -w -l "$work/pg/log" start \
    -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg -c max_connections=500" >/dev/null
}

# As a power cut would: nothing is finished, what was committed comes back from the write-ahead log.
postgres_stop() { "${as[@]}" "$cluster_bin/pg_ctl" -D "$work/pg/data" -m "${1:-immediate}" stop >/dev/null 2>&1 || true; }

s3_start() {
  RUST_LOG=error "$s3_server" --host 127.0.0.1 --port "$s3_port" --access-key test --secret-key test-secret "$s3_root" >"$work/s3.log" 2>&1 &
  s3=$!
  local n
  for n in $(seq 50); do curl -s -o /dev/null "http://127.0.0.1:$s3_port/" && return; sleep 0.1; done
  echo "the S3 server did not start" >&2; cat "$work/s3.log" >&2; return 1
}

s3_stop() { if [ -n "${s3:-}" ]; then kill "$s3" 2>/dev/null || true; wait "$s3" 2>/dev/null || true; s3=; fi; }

cluster_end() {
  s3_stop
  postgres_stop
  rm -rf "$work"
}
