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
runs=21
# As the workers have it (src/sandbox/process.rs); pdftoppm is neither faster nor slower by it. glibc 2.36 compares the kernel's answer
# with a text that has no end, and so overlooks the wish in some processes: runs fall into two groups, a seventh apart.
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1
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
  run poppler pdftoppm -r 100 "$file" "$work/p"
  [ -z "$mutool" ] || run mupdf mutool draw -q -r 100 -o "$work/m.png" "$file"
done
echo "juanzong, all measures: $(median ours) ms"
echo "pdftoppm -r 100:        $(median poppler) ms   ratio $(ratio poppler)"
[ -z "$mutool" ] || echo "mutool draw -r 100:     $(median mupdf) ms   ratio $(ratio mupdf)"
