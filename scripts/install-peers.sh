#!/usr/bin/env bash
# Installs the independent programs that judge our PDFs, and the browser that judges our pages. Debian or Ubuntu, as root; elsewhere install them by hand.
set -euo pipefail
need=()
for pair in qpdf:qpdf mutool:mupdf-tools pdftotext:poppler-utils zbarimg:zbar-tools \
            chromium:chromium node:nodejs npm:npm tesseract:tesseract-ocr; do
  command -v "${pair%%:*}" >/dev/null || need+=("${pair##*:}")
done
tesseract --list-langs 2>/dev/null | grep -qx chi_sim || need+=(tesseract-ocr-chi-sim)
if [ "${#need[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
fi
