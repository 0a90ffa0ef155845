#!/usr/bin/env bash
# Installs the independent programs that judge our PDFs, and the browser that judges our pages. Debian or Ubuntu, as root; elsewhere install them by hand.
set -euo pipefail
need=()
for pair in qpdf:qpdf mutool:mupdf-tools pdftotext:poppler-utils zbarimg:zbar-tools \
            chromium:chromium node:nodejs npm:npm tesseract:tesseract-ocr \
            certutil:libnss3-tools jq:jq mvn:maven softhsm2-util:softhsm2 pkcs11-tool:opensc; do
  command -v "${pair%%:*}" >/dev/null || need+=("${pair##*:}")
done
tesseract --list-langs 2>/dev/null | grep -qx chi_sim || need+=(tesseract-ocr-chi-sim)
if [ "${#need[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
fi
# pyHanko, an independent signer and verifier of PDFs, in a folder of its own
venv=$HOME/.cache/juanzong-pyhanko
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import pyhanko, cryptography' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q 'pyHanko==0.38.0' cryptography
fi
