#!/usr/bin/env bash
# Whether scans of reports are read by the recogniser of this machine: the slot's rules decide by what stands on the paper. A few of the 20
# scans, so that it stays short; all of them: bench/ocr.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v tesseract >/dev/null || { echo 'SKIPPED: tesseract is not installed (scripts/install-peers.sh)'; exit 1; }
juanzong=${JUANZONG:-"${CARGO_TARGET_DIR:-target}/release/juanzong"}
failed=0
judged() { # file, day, words that the answer must hold
  local said
  said=$("$juanzong" validate --format json --notice lianyungang-gongxin-kaohe-2024 --slot degree --on "$2" "fixtures/chsi/scans/$1" 2>/dev/null || true)
  for words in "${@:3}"; do
    if ! grep -q -- "$words" <<<"$said"; then
      failed=1
      printf 'FAILED: %s on %s lacks %s\n' "$1" "$2" "$words"
    fi
  done
}
judged 02-education-c-200dpi.pdf 2024-09-10 '"issued_on":"2024-06-10"' '"code":"CH102","outcome":"passed"' '"recognised_by"'
judged 02-education-c-200dpi.pdf 2024-09-11 '"code":"CH102","outcome":"found"' '"verdict":"refused"'
judged 16-student-c-200dpi.pdf 2024-08-20 '"kind":"chsi_student_record"' '"code":"CH101","outcome":"found"'
# The sample is complete whoever reads its scans: what is recognised on them must not refuse it.
volumes=$(mktemp -d); trap 'rm -rf "$volumes"' EXIT
if ! said=$("$juanzong" bind fixtures/sample/004/dossier.toml --on 2024-08-20 --out "$volumes/bound" 2>&1); then
  failed=1
  printf 'FAILED: the sample is not bound with a recogniser:\n%s\n' "$said"
fi
# Without a recogniser nothing is guessed.
export JUANZONG_TESSERACT=off
judged 02-education-c-200dpi.pdf 2024-09-11 '"code":"CH102","outcome":"could_not_tell"'
[ "$failed" -eq 0 ] && echo 'scans are read'
exit "$failed"
