#!/usr/bin/env bash
# The page of `juanzong verify --export-html` in Chromium, without a network: good certificates, forged ones, another issuer's.
# Wants chromium, the program and the example `issue_samples`, built (JUANZONG, JUANZONG_SAMPLES). Installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
juanzong=${JUANZONG:-"${CARGO_TARGET_DIR:-target}/release/juanzong"}
samples=${JUANZONG_SAMPLES:-"${CARGO_TARGET_DIR:-target}/release/examples/issue_samples"}
for tool in chromium python3 "$juanzong" "$samples"; do
  command -v "$tool" >/dev/null || { echo "MISSING: $tool (scripts/install-peers.sh, cargo build --release --examples)"; exit 2; }
done
out=$(mktemp -d); trap 'rm -rf "$out"' EXIT
"$samples" "$out"
"$juanzong" verify --export-html "$out/verify.html" --issuer "$out/issuer.pem" --log-key "$out/log-key.txt"
# The page with files put into it, as a person would choose them: a second script calls what the file field calls.
python3 - "$out" <<'PY'
import base64, pathlib, sys
out = pathlib.Path(sys.argv[1]); page = (out / 'verify.html').read_text()
plain = bytearray((out / 'plain.pdf').read_bytes()); gap = plain.rindex(b'/Contents<') + 10
cases = {name: (out / f'{name}.pdf').read_bytes() for name in ('plain', 'photo', 'rare')}
def changed(edit):
    data = bytearray(plain); edit(data); return bytes(data)
def flip(at, mask=1):
    def edit(data): data[at] ^= mask
    return edit
for at in range(0, len(plain), len(plain) // 60):
    for mask in (1, 0x20, 0x80): cases[f'byte {at} mask {mask:02x}'] = changed(flip(at, mask))
digit = next(i for i in range(gap, gap + 900) if 65 <= plain[i] <= 70)
cases['lower case in the gap'] = changed(flip(digit, 0x20))
cases['a byte behind the end'] = bytes(plain) + b'\n'
cases['the first revision alone'] = bytes(plain[:plain.index(b'%%EOF\n') + 5])
cases['no PDF'] = b'hello'
cases['empty'] = b''
data = ',\n'.join(f'[{name!r}, "{base64.b64encode(data).decode()}"]' for name, data in cases.items())
(out / 'test.html').write_text(page.replace('</html>', '''<script>
(async () => {
  const trust = await TRUST, lines = [], at = Date.parse('2026-11-21T00:00:00Z');
  for (const [name, data] of [''' + data + ''']) {
    const result = await verify(base64(data), trust, at);
    lines.push(name + ' → ' + result.answer + (result.reason ? ' ' + result.reason.code : ''));
  }
  const key = bytesOf('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const good = bytesOf('92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00');
  lines.push('own Ed25519 on RFC 8032 → ' + await ownEd25519(key, utf8.encode('r'), good) + ' ' + await ownEd25519(key, utf8.encode('s'), good));
  let network = 'blocked'; try { await fetch('http://127.0.0.1:9/'); network = 'open'; } catch (_) {}
  lines.push('network → ' + network);
  show(await verify(base64("''' + base64.b64encode(cases['photo']).decode() + '''"), trust, at));
  lines.push('shown → ' + document.getElementById('result').dataset.answer);
  const pre = document.createElement('pre'); pre.id = 'lines'; pre.textContent = lines.join('\\n') + '\\nEND'; pre.hidden = true; document.body.append(pre);
  console.log('LINES ' + btoa(latin(utf8.encode(lines.join('\\n')))) + ' END');
})();
</script></html>'''))
PY
# The debugging port keeps it alive until the page has said its last line.
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$out/profile" --remote-debugging-port=0 --enable-logging=stderr \
  "file://$out/test.html" >/dev/null 2>"$out/said" &
browser=$!
for _ in $(seq 120); do grep -q 'LINES .* END' "$out/said" && break; sleep 0.5; done
kill "$browser" 2>/dev/null || true; wait "$browser" 2>/dev/null || true
python3 - "$out/said" <<'PY'
import base64, re, sys
found = re.search(r'LINES (\S+) END', open(sys.argv[1], errors='replace').read())
if not found: sys.exit('the page did not come to its end')
lines = dict(line.split(' → ') for line in base64.b64decode(found[1]).decode().split('\n')); wrong = []
for name, answer in lines.items():
    want = {'own Ed25519 on RFC 8032': 'true false', 'network': 'blocked', 'shown': 'authentic'}.get(name, 'authentic' if name in ('plain', 'photo', 'rare') else None)
    good = answer == want if want else answer.split(' ')[0] == 'not_ours'
    if not good: wrong.append(f'{name} → {answer}')
print(f'{len(lines)} answers of the page, {len(wrong)} wrong'); print('\n'.join(wrong)); sys.exit(bool(wrong) or len(lines) < 180)
PY
