#!/usr/bin/env bash
# Size and time of the first page, and memory of a server that takes 20 scans of 10 MB (5 real pages each) in one form while
# the dossier's page is asked for again and again. Wants curl, python3 and poppler-utils.
# usage: bench/web.sh PROGRAM        prints; asserts nothing
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1"); port=${PORT:-8479}; folder=$(mktemp -d)
"$program" serve --listen "127.0.0.1:$port" --data "$folder/data" --sample > "$folder/log" 2>&1 &
server=$!
trap 'kill "$server"; rm -rf "$folder"' EXIT
base="http://127.0.0.1:$port"
until curl -sf "$base/livez" > /dev/null; do sleep 0.2; done
for page in / /apply /notices/lianyungang-gongxin-kaohe-2024; do
  curl -s -o /dev/null -H 'Accept: text/html' "$base$page"
  curl -s -o "$folder/page" -H 'Accept: text/html' -w "$page %{size_download} bytes, first byte after %{time_starttransfer} s\n" "$base$page"
done
assets=0
for asset in $(curl -s "$base/" | grep -o '/assets/[^"]*' | sort -u); do
  assets=$((assets + $(curl -s "$base$asset" | wc -c)))
done
echo "files the first page loads: $assets bytes"
jar="$folder/cookies"
address=$(curl -s -c "$jar" -o /dev/null -w '%{redirect_url}' --data-urlencode 'name=沈知远' "$base/notices/lianyungang-gongxin-kaohe-2024/begin")
address=${address%%\?*}
forms=()
python3 "$here/scans.py" "$here/../fixtures/sample/004/03-毕业证书.pdf" "$folder" 20 5 2000000
for n in $(seq 1 20); do
  forms+=(-F "file=@$folder/专利证书$n.pdf;type=application/pdf")
done
( curl -s -b "$jar" -o /dev/null -w 'one form with 20 files, 200 MB: status %{http_code}, %{time_total} s\n' "${forms[@]}" "$address/files" ) &
sender=$!
peak=0; slowest=0
while kill -0 "$sender" 2> /dev/null; do
  now=$(awk '/VmRSS/ {print $2}' "/proc/$server/status"); [ "$now" -gt "$peak" ] && peak=$now
  took=$(curl -s -b "$jar" -o /dev/null -w '%{time_total}' "$address"); slowest=$(printf '%s\n%s\n' "$slowest" "$took" | sort -g | tail -1)
  sleep 0.2
done
wait "$sender"
echo "server meanwhile: $((peak / 1024)) MiB at most (workers apart); the dossier's page took $slowest s at most"
