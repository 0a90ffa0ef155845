#!/usr/bin/env bash
# Processor time of all measures of one page against merely rendering it: bench/speed.sh [FILE.pdf]
# Without a file it takes the A4 page in colour at 300 dpi that the example makes. Wants pdftoppm; mutool if there is one.
# At the end the clock for 21 pages, by all workers and by one, and the memory that a worker takes for A3 in colour at 600 dpi.
set -euo pipefail
[ $# -le 1 ] || { echo "usage: bench/speed.sh [FILE.pdf]" >&2; exit 2; }
file=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
[ -n "${JUANZONG_PREBUILT:-}" ] || cargo build --release --quiet --bin juanzong --example legibility_measure
juanzong="${CARGO_TARGET_DIR:-target}/release/juanzong"
measure="${CARGO_TARGET_DIR:-target}/release/examples/legibility_measure"
work=$(mktemp -d) && mkdir "$work/drawn"
trap 'rm -rf "$work"' EXIT
if [ -z "$file" ]; then
  file=$work/page.pdf
  "$measure" --make "$file"
fi
runs=21
# As the workers have it (src/sandbox/process.rs); pdftoppm is neither faster nor slower by it.
export GLIBC_TUNABLES=glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=67108864
# User and system time of one run, added to a list. All take turns: what else runs on the machine meets each alike.
run() {
  local list=$1 TIMEFORMAT='%U %S'
  shift
  { time "$@" >"$work/out" 2>"$work/err" || true; } 2>>"$work/$list"
}
median() {
  awk '{ print ($1 + $2) * 1000 }' "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
ratio() {
  awk -v a="$(median ours)" -v b="$(median "$1")" 'BEGIN { printf "%.2f", a / b }'
}
mutool=
command -v mutool >/dev/null && mutool=1
for _ in $(seq $runs); do
  run ours "$measure" "$file"
  run poppler pdftoppm -r 100 "$file" "$work/drawn/p"
  [ -z "$mutool" ] || run mupdf mutool draw -q -r 100 -o "$work/drawn/m.png" "$file"
done
# A further page of a process that runs: a file of 21 such pages, less the first.
pages=("$file") more=20
for _ in $(seq $more); do pages+=("$file"); done
pdfunite "${pages[@]}" "$work/many.pdf"
for _ in 1 2 3 4 5; do
  run ours_many "$measure" "$work/many.pdf"
  run poppler_many pdftoppm -r 100 "$work/many.pdf" "$work/drawn/p"
done
further() {
  awk -v many="$(median "$1_many")" -v one="$(median "$1")" -v n=$more 'BEGIN { printf "%.1f", (many - one) / n }'
}
echo "juanzong, all measures: $(median ours) ms"
echo "pdftoppm -r 100:        $(median poppler) ms   ratio $(ratio poppler)"
[ -z "$mutool" ] || echo "mutool draw -r 100:     $(median mupdf) ms   ratio $(ratio mupdf)"
echo "a further page:         $(further ours) ms, pdftoppm $(further poppler) ms   ratio $(awk -v a="$(further ours)" -v b="$(further poppler)" 'BEGIN { printf "%.2f", a / b }')"
# The clock for that file: all workers against one, which a single processor makes of the pool.
clock() {
  local list=$1 TIMEFORMAT='%R 0'
  shift
  { time "$@" >"$work/out" 2>"$work/err" || true; } 2>>"$work/$list"
}
for _ in 1 2 3 4 5; do
  clock shared "$juanzong" validate --format json "$work/many.pdf"
  clock alone taskset -c 0 "$juanzong" validate --format json "$work/many.pdf"
done
echo "21 pages, on the clock: $(median shared) ms by $(nproc) workers, $(median alone) ms by one   ratio $(awk -v a="$(median shared)" -v b="$(median alone)" 'BEGIN { printf "%.2f", a / b }')"
"$measure" --make-a3 "$work/a3.pdf"
"$juanzong" validate --format json "$work/a3.pdf" >"$work/a3.json" || true
peak=$(grep -o '"peak_bytes": *[0-9]*' "$work/a3.json" | grep -o '[0-9]*$')
echo "A3 at 600 dpi:          $((peak / 1000000)) MB of a worker, of at most 150"
