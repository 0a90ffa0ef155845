#!/usr/bin/env bash
# How often the verdict agrees with known labels: bench/legibility.sh [--ocr] DIR
# DIR holds PDFs and labels.jsonl (file, label: legible|illegible|borderline|blank, orientation_deg; if known: seals as a list, lost_pt,
# left, bottom, right and top of a part that is lost, screen, true for a photograph of one, ocr_confidence, 0–1, and hasty, the share
# an OCR reads of the page as it is).
# --ocr asks tesseract (chi_sim) for the confidence that the labels lack: seconds a page.
# WRONG=1 lists the pages on which verdict and label differ.
set -euo pipefail
ocr=
[ "${1:-}" = --ocr ] && { ocr=1; shift; }
[ $# -eq 1 ] || { echo "usage: bench/legibility.sh [--ocr] DIR" >&2; exit 2; }
dir=$(realpath "$1")
cd "$(dirname "$0")/.."
[ -n "${JUANZONG_PREBUILT:-}" ] || cargo build --release --quiet --example legibility_bench
bench="${CARGO_TARGET_DIR:-target}/release/examples/legibility_bench"
[ -n "$ocr" ] || exec "$bench" "$dir"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for pdf in "$dir"/*.pdf; do
  pdftoppm -r 300 -gray -singlefile -f 1 -l 1 "$pdf" "$work/p"
  # Mean confidence over characters.
  OMP_THREAD_LIMIT=1 tesseract "$work/p.pgm" - -l chi_sim --psm 3 tsv 2>"$work/err" |
    awk -F '\t' -v file="$(basename "$pdf")" 'NR > 1 && $11 >= 0 { sum += $11 * length($12); n += length($12) }
      END { printf "%s\t%.4f\n", file, n ? sum / n / 100 : 0 }' >>"$work/confidence.tsv"
done
"$bench" "$dir" "$work/confidence.tsv"
