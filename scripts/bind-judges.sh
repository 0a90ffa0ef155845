#!/usr/bin/env bash
# Binds the sample dossier twice, in every way there is, and lets others judge: the same bytes both times, no complaint of qpdf,
# mutool, poppler and PDFBox about any volume, bookmarks and links of the mixed dossier all right. Fails on any of it.
set -euo pipefail
# What is bound does not depend on whether scans are read.
export JUANZONG_TESSERACT=off
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}/release
juanzong=${JUANZONG:-$target/juanzong}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# Maven's folder is not there on a new machine.
jar() { find "$HOME/.m2" -name 'pdfbox-app-3*.jar' 2>/dev/null | head -n 1 || true; }
pdfbox=$(jar)
if [ -z "$pdfbox" ] && command -v mvn >/dev/null; then
  mvn -q -B dependency:get -Dartifact=org.apache.pdfbox:pdfbox-app:3.0.5 -Dtransitive=false || true
  pdfbox=$(jar)
fi
[ -n "$pdfbox" ] || echo 'SKIPPED: PDFBox (needs java and mvn, or its jar in ~/.m2)'
failed=0
passed=0
quiet() { # name, words; fails when the words say anything
  if [ -z "$2" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED: %s\n%s\n' "$1" "$(printf '%s' "$2" | head -n 10)"
  fi
}
# PDFBox tells of TrueType fonts without glyph names, which composite fonts never use, and of fonts the papers themselves do not embed
# (FM110 says so of each); Debian's mutool that it lacks ICC.
judge() {
  quiet "qpdf $1" "$(qpdf --check "$1" 2>&1 >/dev/null || echo "exit $?")"
  quiet "mutool $1" "$(mutool draw -q -o /dev/null -F trace "$1" 2>&1 >/dev/null | grep -v 'ICC support is not available' || true)"
  quiet "poppler $1" "$(pdftoppm -r 20 "$1" 2>&1 >/dev/null || echo "exit $?")"
  if [ -n "$pdfbox" ]; then
    quiet "PDFBox $1" "$(java -jar "$pdfbox" export:text -i "$1" -o "$out/text" 2>&1 | grep -E '^(SEVERE|WARNING|Exception)' | grep -vE 'No PostScript name data|Using fallback' || true)"
  fi
}
for way in '' '--duplex' '--items-on-front --shift-for-gutter' '--fit-to-a4'; do
  for round in one two; do
    # shellcheck disable=SC2086
    "$juanzong" bind fixtures/sample/004/dossier.toml --out "$out/$round" --on 2024-08-20 $way >/dev/null
  done
  quiet "the same bytes twice ($way)" "$(diff -r "$out/one" "$out/two" 2>&1 || true)"
  for n in 一 二; do judge "$out/one/评审材料袋/第${n}分册.pdf"; done
  rm -rf "$out/one" "$out/two"
done
if [ -x "$target/examples/bind_files" ]; then
  if BIND_FILES="$target/examples/bind_files" bench/bind_mixed.sh "$out/mixed"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  judge "$out/mixed/out-juanzong.pdf"
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
