#!/usr/bin/env bash
# What independent programs say of our certificates: OpenSSL, pyHanko, poppler with NSS, qpdf, zbar, pdftotext, pdfdetach, veraPDF,
# and the recipes of docs/certificate.md. Each judge is also shown a forged file, which it must refuse. Installs nothing
# (scripts/install-peers.sh does). Wants the example `issue_samples`, built: its path in JUANZONG_SAMPLES, or in the target folder.
set -euo pipefail
cd "$(dirname "$0")/.."
samples=${JUANZONG_SAMPLES:-"${CARGO_TARGET_DIR:-target}/release/examples/issue_samples"}
python=${PYHANKO_PY:-"$HOME/.cache/juanzong-pyhanko/bin/python"}
for tool in openssl pdfsig certutil qpdf zbarimg pdftotext pdftoppm pdfdetach jq "$samples" "$python"; do
  command -v "$tool" >/dev/null || { echo "MISSING: $tool (scripts/install-peers.sh; cargo build --release --example issue_samples)"; exit 2; }
done
export LC_ALL=C.UTF-8
out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
"$samples" "$out/s"
mv "$out/s/face-a1b.pdf" "$out/face-a1b.pdf"
ca=$out/s/issuer.pem
passed=0; failed=0
check() { # words, command …
  local words=$1; shift
  if "$@" >"$out/said" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); printf 'FAILED: %s\n' "$words"; tail -n 6 "$out/said"; fi
}
refuse() { # words, command …
  local words=$1; shift
  if "$@" >"$out/said" 2>&1; then failed=$((failed + 1)); printf 'ACCEPTED, and must not be: %s\n' "$words"; else passed=$((passed + 1)); fi
}
structure() { mkdir -p "$2"; "$python" tests/conformance/signature.py "$1" "$ca" "$2"; }
cades() {
  openssl cms -verify -cades -binary -inform DER -in "$1/cms.der" -content "$1/tbs.bin" -CAfile "$ca" -no-CApath -no-CAstore -purpose any -x509_strict -out /dev/null 2>"$1/openssl" &&
    grep -q 'CAdES Verification successful' "$1/openssl"
}
certutil -N -d "sql:$out/nss" --empty-password 2>/dev/null || { mkdir "$out/nss"; certutil -N -d "sql:$out/nss" --empty-password; }
certutil -A -d "sql:$out/nss" -n ca -t CT,C,C -i "$ca"
poppler() {
  local said; said=$(pdfsig -nssdir "$out/nss" "$1" 2>&1)
  [ "$(grep -c '^Signature #' <<<"$said")" = 1 ] && grep -q 'Signature Validation: Signature is Valid\.' <<<"$said" &&
    grep -q 'Total document signed' <<<"$said" && ! grep -q 'Not total document signed' <<<"$said" &&
    grep -q 'Certificate Validation: Certificate is Trusted\.' <<<"$said"
}
two_files() { [ "$(pdfdetach -list "$1" 2>/dev/null | sed -n 's/^[0-9]*: //p' | sort | tr '\n' ' ')" = 'certificate.tlog-proof claims.json ' ]; }
qr() { # at how many dpi
  rm -f "$out"/page*; pdftoppm -r "$2" -gray "$1" "$out/page"
  [ "$(zbarimg -q --raw "$out"/page* | head -n 1)" = "$3" ]
}
noisy() { # printed at 150 dpi, scanned a little turned, with specks and blur
  rm -f "$out"/page*; pdftoppm -r 150 -gray "$1" "$out/page"
  "$python" - "$out" <<'PY'
import glob, random, sys
from pathlib import Path
name = glob.glob(sys.argv[1] + '/page*')[0]; raw = Path(name).read_bytes()
magic, size, depth, pixels = raw.split(b'\n', 3); w, h = map(int, size.split()); random.seed(1)
at = lambda x, y: pixels[y * w + x] if 0 <= x < w and 0 <= y < h else 255
out = bytearray(w * h)
for y in range(h):
    for x in range(w):
        sx, sy = x + (y - h // 2) // 60, y - (x - w // 2) // 60
        v = (2 * at(sx, sy) + at(sx + 1, sy) + at(sx, sy + 1)) // 4 + random.randint(-40, 40)
        out[y * w + x] = max(0, min(255, v))
Path(name).write_bytes(b'P5\n%d %d\n255\n' % (w, h) + bytes(out))
PY
  [ "$(zbarimg -q --raw "$out"/page* | head -n 1)" = "$2" ]
}
face() { # every claim that belongs on the page is in its text, as an independent reader finds it
  pdftotext -layout "$1" - | tr -d ' \n\f' >"$out/text"
  local claim
  while IFS= read -r claim; do grep -qF "$claim" "$out/text" || { echo "not on the page: $claim"; return 1; }; done < <(
    jq -r '[.committee,.doc_no,.issuer,.level,.method,.name,.number,.series,.specialty,.title,.unit]|map(select(.))[]' "$2" | tr -d ' ')
}
canonical_claims() { jq -cjS . "$1" | cmp - "$1"; }
commitment_on_page() { # the jq and sha256sum recipe of docs/certificate.md
  local c; c=$({ printf 'juanzong/claims/v1\0'; cat "$1"; } | sha256sum | cut -d' ' -f1)
  grep -qF "$c" "$out/text"
}
recipe() { "$python" "$out/check.py" "$1" "$ca" "$out/s/log-key.txt"; }
awk '/^```python$/{on=1;next} /^```$/{on=0} on' docs/certificate.md >"$out/check.py"

for pdf in "$out"/s/*.pdf; do
  name=$(basename "$pdf" .pdf); work=$out/$name
  check "$name: one signature over all, canonical CMS, pyHanko" structure "$pdf" "$work"
  check "$name: OpenSSL -cades" cades "$work"
  check "$name: poppler with NSS" poppler "$pdf"
  check "$name: qpdf" qpdf --check "$pdf"
  check "$name: exactly two attached files" two_files "$pdf"
  pdfdetach -savefile claims.json -o "$work/claims.json" "$pdf" 2>/dev/null
  check "$name: every claim on the page" face "$pdf" "$work/claims.json"
  check "$name: claims are canonical by jq" canonical_claims "$work/claims.json"
  check "$name: commitment by sha256sum stands on the page" commitment_on_page "$work/claims.json"
  check "$name: the 40 lines of Python" recipe "$pdf"
  # The address in the QR: the office's own, with the code of the claims.
  code=$("$python" - "$work/claims.json" <<'PY'
import hashlib, hmac, json, sys
text = open(sys.argv[1], 'rb').read(); salt = bytes.fromhex(json.loads(text)['salt'])
c = hashlib.sha256(b'juanzong/claims/v1\0' + text).digest()
bits = int.from_bytes(hmac.new(salt, b'juanzong/face/v1\0' + c, 'sha256').digest(), 'big') >> 161
signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; code = [bits >> 5 * i & 31 for i in reversed(range(19))]
p = 32                              # ISO 7064, hybrid system MOD 33,32
for value in code:
    s = (p + value) % 32 or 32; p = s * 2 % 33
code.append((1 - p) % 32)
print(''.join(signs[v] for v in code))
PY
)
  url="https://zhicheng.example.invalid/v/$code"
  for dpi in 150 100; do check "$name: the QR at $dpi dpi" qr "$pdf" "$dpi" "$url"; done
  check "$name: the QR printed and scanned" noisy "$pdf" "$url"
done

# Forged files: each judge must be able to say no.
plain=$out/s/plain.pdf
forge() { "$python" - "$plain" "$1" "$2"; }
cat >"$out/forge.py" <<'PY'
import sys
data = bytearray(open(sys.argv[1], 'rb').read()); how = sys.argv[2]
gap = data.rindex(b'/Contents<') + 10
if how == 'page':                    # one bit of the page
    data[20000] ^= 1
elif how == 'case':                  # a hex digit in lower case: OpenSSL, pyHanko and poppler accept this one
    at = next(i for i in range(gap, gap + 900) if 65 <= data[i] <= 70); data[at] += 32
elif how == 'behind':                # one byte behind the end
    data += b'\n'
open(sys.argv[3], 'wb').write(data)
PY
for how in page case behind; do "$python" "$out/forge.py" "$plain" "$how" "$out/$how.pdf"; done
refuse 'a changed page: pyHanko' structure "$out/page.pdf" "$out/f1"
refuse 'a changed page: poppler' poppler "$out/page.pdf"
refuse 'a changed page: the 40 lines of Python' recipe "$out/page.pdf"
refuse 'lower case in the gap: the strict reading' structure "$out/case.pdf" "$out/f2"
refuse 'lower case in the gap: the 40 lines of Python' recipe "$out/case.pdf"
refuse 'a byte behind the end: the strict reading' structure "$out/behind.pdf" "$out/f3"
refuse 'another issuer: OpenSSL' bash -c '
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$0/k" -out "$0/other.pem" -subj /CN=other -days 2 2>/dev/null
  openssl cms -verify -cades -binary -inform DER -in "$0/plain/cms.der" -content "$0/plain/tbs.bin" -CAfile "$0/other.pem" -no-CApath -no-CAstore -purpose any -out /dev/null' "$out"
sed 's/A/B/' "$out/plain/claims.json" >"$out/f1.json"; sed 's/,/, /' "$out/plain/claims.json" >"$out/spaced.json"
refuse 'claims with a blank: jq' canonical_claims "$out/spaced.json"
refuse 'a page without a claim: pdftotext' bash -c 'jq ".name=\"无此人\"" "$0/plain/claims.json" >"$0/other.json"; pdftotext "$0/s/plain.pdf" - | tr -d " \n" | grep -qF "$(jq -r .name "$0/other.json")"' "$out"

# The tree by its definition in another language.
check 'rfc6962.txt is what rfc6962.py says' bash -c 'python3 tests/conformance/rfc6962.py | cmp - tests/conformance/rfc6962.txt'

# Somebody walks a hundred thousand certificate numbers, which are numbers in a row, over a running service.
juanzong=${JUANZONG:-"${CARGO_TARGET_DIR:-target}/release/juanzong"}
if [ -x "$juanzong" ]; then
  check 'numbers walked: known and unknown are answered alike, and the limit is met' "$python" tests/conformance/walk.py "$juanzong" "${WALK:-100000}"
  tail -n 1 "$out/said"
else
  echo 'SKIPPED, LOUDLY: no numbers were walked, because the program is not built (cargo build --release)'
fi

# PDF/A-3a and PDF/UA-1 before and after signing.
if command -v mvn >/dev/null; then
  for pdf in "$out"/s/*.pdf; do # revision 1: everything up to the first end mark
    "$python" -c 'import sys; d = open(sys.argv[1], "rb").read(); open(sys.argv[2], "wb").write(d[:d.index(b"%%EOF\n") + 5])' "$pdf" "$out/$(basename "$pdf" .pdf)-unsigned.pdf"
  done
  verapdf() { (cd tests/conformance/verapdf && mvn -q -B compile exec:java -Dexec.args="$*"); }
  check 'veraPDF: 3a and UA-1, unsigned and signed' verapdf "$out"/*-unsigned.pdf "$out"/s/*.pdf
  sed 's|\x1b\[0m||g' "$out/said" | grep -E '^(ok|FAILED)' | sed "s|$out/||" || true
  qpdf --object-streams=disable --remove-page-labels --coalesce-contents "$plain" "$out/resaved.pdf" 2>/dev/null || true
  printf '%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n' >"$out/bare.pdf"
  refuse 'a bare PDF: veraPDF' verapdf "$out/bare.pdf"
  # The European Commission's own validator (ETSI EN 319 102-1).
  judge() { local main=$1; shift; (cd tests/conformance/judges && mvn -q -B compile exec:java -Dexec.mainClass="$main" -Dexec.args="$*"); }
  check 'EU DSS: every sample is PAdES-BASELINE-B and TOTAL_PASSED' judge Dss "$ca" "$out"/s/*.pdf
  sed 's|\x1b\[0m||g' "$out/said" | grep -E '^(ok|FAILED)' | sed "s|$out/||" || true
  refuse 'a changed page: EU DSS' judge Dss "$ca" "$out/page.pdf"
  refuse 'another issuer: EU DSS' judge Dss "$out/other.pem" "$plain"
  check 'PDFBox preflight: the face alone is PDF/A-1b' judge Preflight "$out/face-a1b.pdf"
  refuse 'a PDF/A-3a as PDF/A-1b: PDFBox preflight' judge Preflight "$plain"
else
  echo 'SKIPPED, LOUDLY: veraPDF and EU DSS were not asked, because there is no Maven (apt-get install maven)'
fi

# A signer's key in a token: the certificate is judged like any other.
token=${JUANZONG_TOKEN_SAMPLE:-"${CARGO_TARGET_DIR:-target}/release/examples/token_sample"}
module=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -n 1 || true)
if [ -x "$token" ] && [ -n "$module" ] && command -v softhsm2-util >/dev/null; then
  mkdir -p "$out/tokens" "$out/t"
  printf 'directories.tokendir = %s\n' "$out/tokens" >"$out/softhsm2.conf"
  export SOFTHSM2_CONF=$out/softhsm2.conf
  softhsm2-util --init-token --free --label juanzong --so-pin 12345678 --pin 87654321 >/dev/null
  (umask 077; echo 87654321 >"$out/pin"; echo 11111111 >"$out/wrong-pin")
  check 'a key in a token: made there, used, the old one deleted' "$token" "$out/t" "$module" juanzong "$out/pin"
  ca_before=$ca; ca=$out/t/issuer.pem
  certutil -A -d "sql:$out/nss" -n token -t CT,C,C -i "$ca"
  check 'a key in a token: one signature over all, canonical CMS, pyHanko' structure "$out/t/token.pdf" "$out/tw"
  check 'a key in a token: OpenSSL -cades' cades "$out/tw"
  check 'a key in a token: poppler with NSS' poppler "$out/t/token.pdf"
  check 'a key in a token: the 40 lines of Python' "$python" "$out/check.py" "$out/t/token.pdf" "$ca" "$out/t/log-key.txt"
  check 'the token never gives the key out' bash -c '
    pkcs11-tool --module "$0" --token-label juanzong --login --pin 87654321 --list-objects --type privkey | grep -q "sensitive, always sensitive, never extractable"' "$module"
  refuse 'a wrong PIN' "$token" "$out/t2" "$module" juanzong "$out/wrong-pin"
  ca=$ca_before
else
  echo 'SKIPPED, LOUDLY: no key in a token was tried (apt-get install softhsm2 opensc; cargo build --release --features pkcs11 --example token_sample)'
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
