#!/usr/bin/env bash
# What a page costs when there are 20, 200, 2,000 and 20,000 of them: files of 20 pages with text, pictures and bookmarks, bound in
# one go, many times over inside one process. Prints microseconds of processor time a page and the ratio to 200 pages, then the
# peak of memory. Usage: bench/bind_flat.sh [FOLDER]; needs python3.
set -u
folder=${1:-/tmp/juanzong-bench-flat}
here=$(cd "$(dirname "$0")/.." && pwd)
program=${BIND_FLAT:-${CARGO_TARGET_DIR:-$here/target}/release/examples/bind_flat}
[ -x "$program" ] || { (cd "$here" && cargo build --release --example bind_flat) || exit 2; }
mkdir -p "$folder"
exec python3 - "$program" "$folder" <<'PYTHON'
import os, random, subprocess, sys
program, folder = sys.argv[1:3]
PAGES = 20

def write(name, seed):
    noise = random.Random(seed)
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for i in range(PAGES):
        picture = noise.randbytes(1200).hex()
        text = f"BT /F1 12 Tf 72 700 Td (file {seed} page {i}) Tj ET q 100 0 0 100 72 500 cm /Im0 Do Q" + " 0 0 m 9 9 l S" * 100
        n = len(objects) + 1
        objects += [f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
                    f"<< /Type /XObject /Subtype /Image /Width 20 /Height 20 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /ASCIIHexDecode /Length {len(picture)} >>\nstream\n{picture}\nendstream",
                    f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {n} 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> /XObject << /Im0 {n + 1} 0 R >> >> >>"]
        kids.append(f"{n + 2} 0 R")
    objects[1] = f"<< /Type /Pages /Count {PAGES} /Kids [{' '.join(kids)}] >>"
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body.encode())
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    with open(name, "wb") as file:
        file.write(out)

files = [os.path.join(folder, f"{i:04}.pdf") for i in range(1000)]
for i, name in enumerate(files):
    if not os.path.exists(name):
        write(name, i)

child = subprocess.Popen([program, folder])
_, status, usage = os.wait4(child.pid, 0)
print(f"peak {usage.ru_maxrss / 1024:.0f} MiB")
sys.exit(os.waitstatus_to_exitcode(status))
PYTHON
