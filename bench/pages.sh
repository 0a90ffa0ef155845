#!/usr/bin/env bash
# Weight and server time of the pages, from a server with the sample started here.
# For each page: bytes of the page, bytes with everything it loads the first time, and the server's time to the first byte
# (median and slowest of 20, one after the other). JUANZONG_BIN: the program, otherwise target/release/juanzong.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "${JUANZONG_BIN:-${CARGO_TARGET_DIR:-target}/release/juanzong}")
folder=$(mktemp -d)
"$bin" --lang en serve --sample --listen 127.0.0.1:0 --data "$folder/data" >"$folder/out" 2>"$folder/log" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 300); do
  base=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$folder/out" || true)
  [ -n "$base" ] && break
  sleep 0.2
done
. "$folder/data/sample.env"
jar=$folder/cookies
curl -s -o /dev/null -c "$jar" -H 'Sec-Fetch-Site: same-origin' --data-urlencode "token=$JUANZONG_OFFICE_TOKEN" "$base/office/sign-in"
printf '%-28s %10s %12s %10s %10s\n' page 'page kB' 'first kB' 'median ms' 'slowest ms'
for path in / /apply /verify "/v/$JUANZONG_CODE" /docs /office /office/issue /office/certificates /office/log; do
  page=$(curl -s -b "$jar" "$base$path" | tee "$folder/page" | wc -c)
  all=$page
  # A module is fetched with what it imports.
  for asset in $(sed 's/&#x2f;/\//g' "$folder/page" | grep -oE '/assets/[a-z_]+\.[0-9a-f]{12}\.[a-z0-9]+' | sort -u); do
    all=$((all + $(curl -s "$base$asset" | wc -c)))
  done
  times=$(for _ in $(seq 20); do curl -s -o /dev/null -b "$jar" -w '%{time_starttransfer}\n' "$base$path"; done | sort -n)
  shown=${path/$JUANZONG_CODE/CODE}
  awk -v p="$shown" -v page="$page" -v all="$all" '{ t[NR] = $1 * 1000 } END { printf "%-28s %10.1f %12.1f %10.1f %10.1f\n", p, page / 1000, all / 1000, t[int((NR + 1) / 2)], t[NR] }' <<<"$times"
done
