#!/usr/bin/env bash
# What independent programs say of the PDFs that the demo makes: qpdf, mutool, poppler, zbar. Fails on any complaint.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for tool in qpdf mutool pdftotext pdfinfo zbarimg pdftoppm; do
  command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed (scripts/install-peers.sh)"; exit 1; }
done
juanzong=${JUANZONG:-"${CARGO_TARGET_DIR:-target}/release/juanzong"}
"$juanzong" demo --out "$out/demo" --on 2024-08-20 >/dev/null
failed=0
passed=0
check() { # words, command …
  local words=$1
  shift
  if "$@" >"$out/said" 2>&1; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$words"
    head -n 20 "$out/said"
  fi
}
while IFS= read -r -d '' pdf; do
  name=${pdf#"$out/demo/"}
  check "qpdf --check $name" qpdf --check "$pdf"
  # mutool tells of its repairs on standard error and exits 0 all the same
  check "mutool info $name" bash -c 'said=$(mutool info "$1" 2>&1 >/dev/null); [ -z "$said" ] || { echo "$said"; exit 1; }' _ "$pdf"
  # `/Suspects` is a boolean, false when absent (ISO 32000-1 table 321); poppler's Catalog.cc, up to 25.11, takes every value but `true` for one of the wrong type
  check "poppler $name" bash -c 'said=$(pdfinfo "$1" 2>&1 >/dev/null | grep -v "Suspects object is wrong type (boolean)"); [ -z "$said" ] || { echo "$said"; exit 1; }' _ "$pdf"
done < <(find "$out/demo" -name '*.pdf' -print0 | sort -z)
for n in 一 二; do
  check "contents of 第${n}分册 in the notice's order" scripts/contents-order.py "$out/demo/评审材料袋/第${n}分册.pdf" "$n"
done
pdftoppm -r 100 -png "$out/demo/certificate.pdf" "$out/certificate"
check 'the QR of the certificate at 100 dpi' bash -c 'zbarimg -q --raw "$1"/certificate*.png | grep -q "/v/"' _ "$out"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
