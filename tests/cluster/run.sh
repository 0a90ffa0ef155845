#!/usr/bin/env bash
# Three nodes on PostgreSQL and S3 behind nginx, under mixed load, with faults; then a checker that shares no code with them.
#
#   tests/cluster/run.sh [SECONDS] [nodes|storage]
#
# nodes: `kill -9` of a random node every 2 to 5 seconds. storage: PostgreSQL is killed and started again, and the S3 server
# refuses for 20 seconds, in turn. JUANZONG_BIN names a program that is built already. Exit 77 where a peer is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-180}; faults=${2:-nodes}
. scripts/cluster-services.sh
python=${PEER_PYTHON:-$HOME/.cache/juanzong-pyhanko/bin/python}
cluster_needs nginx "$python" || exit 77
if [ -z "${JUANZONG_BIN:-}" ]; then
  cargo build --release
  JUANZONG_BIN="${CARGO_TARGET_DIR:-$PWD/target}/release/juanzong"
fi
bin=$(realpath "$JUANZONG_BIN")
declare -A node port
end() {
  local i
  for i in 1 2 3; do [ -n "${node[$i]:-}" ] && kill -9 "${node[$i]}" 2>/dev/null || true; done
  [ -n "${nginx:-}" ] && kill "$nginx" 2>/dev/null || true
  [ -n "${load:-}" ] && kill "$load" 2>/dev/null || true
  [ -n "${KEEP:-}" ] && { mkdir -p "$KEEP"; cp "$work"/*.log "$work"/ledger.jsonl "$work"/pg/log "$KEEP"/ 2>/dev/null || true; }
  cluster_end
}
trap end EXIT
cluster_begin
"$cluster_bin/psql" -q -X -d "$database_url" -c 'CREATE DATABASE office'
export JUANZONG_DATABASE_URL="${database_url%/*}/office" JUANZONG_BLOB_URL=s3://juanzong/office JUANZONG_LOG=warn JUANZONG_TESSERACT=off
"$bin" keys init --data "$work/office" --office 示例市职称办 --base-url https://zhicheng.example --log-origin zhicheng.example/log >/dev/null
"$bin" migrate --data "$work/office" >/dev/null
bind_token=$("$bin" token create --data "$work/office" --scope bind validate 2>/dev/null)
issue_token=$("$bin" token create --data "$work/office" --scope issue revoke 2>/dev/null)

start_node() {
  local i=$1
  "$bin" serve --data "$work/node$i" --listen "127.0.0.1:${port[$i]}" --trusted-proxy 127.0.0.1 \
    --verifications-per-minute 0 --uploads-per-minute 0 >/dev/null 2>>"$work/node$i.log" &
  node[$i]=$!
  # Its end is none of the shell's business.
  disown
}
for i in 1 2 3; do
  port[$i]=$(cluster_port)
  mkdir -p "$work/node$i"; cp -rp "$work/office/keys" "$work/node$i/keys"
  start_node "$i"
done
proxy=$(cluster_port)
sed -e "s,WORK,$work,; s,PORT,$proxy," -e "s,NODE1,${port[1]},; s,NODE2,${port[2]},; s,NODE3,${port[3]}," tests/cluster/nginx.conf >"$work/nginx.conf"
[ "$(id -u)" = 0 ] && sed -i '1i user root;' "$work/nginx.conf"
nginx -e "$work/nginx-error.log" -c "$work/nginx.conf" 2>>"$work/nginx.log" & nginx=$!
base=http://127.0.0.1:$proxy
ready() { curl -fsS -o /dev/null --max-time 2 "$1/readyz" 2>/dev/null; }
for i in 1 2 3; do
  for _ in $(seq 300); do ready "http://127.0.0.1:${port[$i]}" && break; sleep 0.1; done
  ready "http://127.0.0.1:${port[$i]}" || { echo "node $i did not start" >&2; tail -5 "$work/node$i.log" >&2; exit 1; }
done
for _ in $(seq 100); do ready "$base" && break; sleep 0.1; done
ready "$base" || { echo "nginx did not start" >&2; tail -5 "$work"/nginx*.log >&2; exit 1; }
curl -fsS "$base/log-keys" >"$work/log-keys"

python3 tests/cluster/load.py "$base" "$seconds" "$work/ledger.jsonl" "$bind_token" "$issue_token" fixtures/sample/004 & load=$!
stop=$((SECONDS + seconds)); kills=0; outages=0
while [ "$SECONDS" -lt "$stop" ] && kill -0 "$load" 2>/dev/null; do
  case $faults in
    nodes)
      sleep $((2 + RANDOM % 4))
      i=$((1 + RANDOM % 3))
      # What it began goes too: workers end when their pipe does.
      kill -9 "${node[$i]}" 2>/dev/null || true
      for _ in $(seq 40); do kill -0 "${node[$i]}" 2>/dev/null || break; sleep 0.05; done
      start_node "$i"; kills=$((kills + 1)) ;;
    storage)
      sleep 6
      postgres_stop; sleep 3; postgres_start; outages=$((outages + 1))
      [ "$SECONDS" -lt "$stop" ] || break
      sleep 6
      s3_stop; sleep 20; s3_start; outages=$((outages + 1)) ;;
    *) echo "no such faults: $faults" >&2; exit 2 ;;
  esac
done
wait "$load"; load=
echo "$seconds s of load, $kills nodes killed, $outages outages of storage; waiting for what was taken on"
# A revocation is in the log at once and in the published tree within half a minute, by whichever node comes first.
left() {
  "$cluster_bin/psql" -q -X -At -d "$JUANZONG_DATABASE_URL" -c "SELECT (SELECT COUNT(*) FROM jobs WHERE state IN ('waiting', 'running'))
    + (SELECT COUNT(*) FROM certificate_pending) + (SELECT COALESCE(SUM(size), 0) FROM log_head) - (SELECT COALESCE(SUM(size), 0) FROM log_published)"
}
for _ in $(seq 240); do [ "$(left)" = 0 ] && break; sleep 1; done
for i in 1 2 3; do ready "http://127.0.0.1:${port[$i]}" || { echo "node $i is not ready" >&2; exit 1; }; done
"$python" tests/cluster/check.py "$work/ledger.jsonl" "$base" "$cluster_bin/psql" "$JUANZONG_DATABASE_URL" "$s3_root/juanzong" "$work/log-keys"
# Bytes that a node stored and did not live to write the row of are nobody's; after this nothing may be left over.
echo "purge: $("$bin" purge --data "$work/office")"
"$bin" fsck --data "$work/office" || { echo "fsck found something" >&2; exit 1; }
