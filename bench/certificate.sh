#!/usr/bin/env bash
# Issuing and verifying, measured: one after the other, many at once, with two witnesses on this machine, and at the end of a long log;
# beside it pyHanko signing and validating the same page in the same run. Wants cargo and a Python with pyHanko (scripts/install-peers.sh).
# bench/certificate.sh [how many] [leaves of the long log]; 10000 and 1000000 are the numbers of docs/certificate.md.
set -euo pipefail
cd "$(dirname "$0")/.."
N=${1:-200} LEAVES=${2:-0}
BIN=${JUANZONG_SAMPLES:-}
if [ -z "$BIN" ]; then
  cargo build --release --quiet --example issue_samples
  BIN=${CARGO_TARGET_DIR:-target}/release/examples/issue_samples
fi
T=$(mktemp -d); trap 'rm -rf "$T"' EXIT
"$BIN" --speed "$N" "$LEAVES" | tee "$T/ours"
PY=${PYHANKO_PY:-"$HOME/.cache/juanzong-pyhanko/bin/python"}
[ -x "$PY" ] || { echo "pyHanko: NOT MEASURED (scripts/install-peers.sh, or name a Python in PYHANKO_PY)"; exit 0; }
"$BIN" "$T" >/dev/null
openssl ecparam -name prime256v1 -genkey -noout -out "$T/key.pem" 2>/dev/null
openssl req -x509 -new -key "$T/key.pem" -subj /CN=bench -days 2 -out "$T/cert.pem" -addext keyUsage=critical,digitalSignature,nonRepudiation 2>/dev/null
"$PY" - "$T" <<'PY'
import io, re, sys, time
from pyhanko.sign import signers, fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.keys import load_cert_from_pemder
from pyhanko_certvalidator import ValidationContext
t = sys.argv[1]
signed = open(t + '/plain.pdf', 'rb').read()
page = signed[:signed.index(b'%%EOF\n') + 5]          # revision 1: the page as typeset, unsigned
signer = signers.SimpleSigner.load(t + '/key.pem', t + '/cert.pem')
def sign():
    w = IncrementalPdfFileWriter(io.BytesIO(page))
    meta = signers.PdfSignatureMetadata(field_name='s', subfilter=fields.SigSeedSubFilter.PADES, certify=True)
    return signers.sign_pdf(w, meta, signer=signer)
sign(); n = 20; b = time.perf_counter()
for _ in range(n): sign()
theirs = (time.perf_counter() - b) / n * 1e3
ours = {m[1]: float(m[2]) for m in re.finditer(r'(sign, the page given|verify offline) +([0-9.]+) ms', open(t + '/ours').read())}
print('pyHanko sign, the page given       %8.3f ms, that is %.1f times ours' % (theirs, theirs / ours['sign, the page given']))
vc = ValidationContext(trust_roots=[load_cert_from_pemder(t + '/issuer.pem')], allow_fetching=False)
def check(): return validate_pdf_signature(PdfFileReader(io.BytesIO(signed)).embedded_signatures[0], vc)
assert check().intact; b = time.perf_counter()
for _ in range(n): check()
theirs = (time.perf_counter() - b) / n * 1e3
print('pyHanko verify                     %8.3f ms, that is %.1f times ours' % (theirs, theirs / ours['verify offline']))
PY
