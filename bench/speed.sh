#!/usr/bin/env bash
# Processor time of all measures of one page against merely rendering it: bench/speed.sh [FILE.pdf]
# Without a file it takes the A4 page in colour at 300 dpi that the example makes. Wants pdftoppm; mutool if there is one.
set -euo pipefail
[ $# -le 1 ] || { echo "usage: bench/speed.sh [FILE.pdf]" >&2; exit 2; }
file=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
cargo build --release --quiet --example legibility_measure
measure="${CARGO_TARGET_DIR:-target}/release/examples/legibility_measure"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$file" ]; then
  file=$work/page.pdf
  "$measure" --make "$file"
fi
runs=15
# As the workers have it (src/sandbox/pool.rs); pdftoppm is neither faster nor slower by it.
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1
# Median of user and system time over the runs, in milliseconds.
cpu() {
  local i
  for i in $(seq $runs); do
    local TIMEFORMAT='%U %S'
    { time "$@" >"$work/out" 2>"$work/err" || true; } 2>&1
  done | awk '{ print ($1 + $2) * 1000 }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
ours=$(cpu "$measure" "$file")
poppler=$(cpu pdftoppm -r 100 "$file" "$work/p")
echo "juanzong, all measures: $ours ms"
echo "pdftoppm -r 100:        $poppler ms   ratio $(awk -v a="$ours" -v b="$poppler" 'BEGIN { printf "%.2f", a / b }')"
if command -v mutool >/dev/null; then
  mupdf=$(cpu mutool draw -q -r 100 -o "$work/m.png" "$file")
  echo "mutool draw -r 100:     $mupdf ms   ratio $(awk -v a="$ours" -v b="$mupdf" 'BEGIN { printf "%.2f", a / b }')"
fi
