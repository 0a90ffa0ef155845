#!/usr/bin/env bash
# Installs the independent programs that judge our PDFs, and the browser that judges our pages. Debian or Ubuntu, as root; elsewhere install them by hand.
set -euo pipefail
need=()
for pair in qpdf:qpdf mutool:mupdf-tools pdftotext:poppler-utils zbarimg:zbar-tools \
            chromium:chromium node:nodejs npm:npm tesseract:tesseract-ocr \
            certutil:libnss3-tools jq:jq mvn:maven softhsm2-util:softhsm2 pkcs11-tool:opensc \
            nginx:nginx-light faketime:faketime \
            javac:default-jdk-headless curl:curl; do
  command -v "${pair%%:*}" >/dev/null || need+=("${pair##*:}")
done
python3 -c 'import ensurepip' 2>/dev/null || need+=(python3 python3-venv)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need+=(postgresql)
grep -qx chi_sim <<<"$(tesseract --list-langs 2>/dev/null || true)" || need+=(tesseract-ocr-chi-sim)
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
# An S3-compatible server over a folder, and what looks at our dependencies and makes the Debian package: from the Rust registry.
peers=$HOME/.cache/juanzong-peers/cargo
for tool in 's3s-fs 0.14.1 --features=binary' 'cargo-deny 0.20.2' 'cargo-sbom 0.10.0' 'cargo-deb 3.8.0'; do
  read -r name version options <<<"$tool"
  [ -x "$peers/bin/$name" ] && continue
  CARGO_TARGET_DIR="$HOME/.cache/juanzong-peers/target" \
    cargo install --quiet --locked --debug --root "$peers" "$name" ${version:+--version "$version"} ${options:-}
done
rm -rf "$HOME/.cache/juanzong-peers/target"
# schemathesis, an independent reader of OpenAPI, in a folder of its own
venv=$HOME/.cache/juanzong-schemathesis
[ -x "$venv/bin/st" ] || { python3 -m venv "$venv"; "$venv/bin/pip" install -q 'schemathesis==4.32.5'; }
