"""Makes scans, binds them and merges them with peers; called by bind.sh."""
import hashlib, json, os, random, resource, shutil, subprocess, sys, time

program, folder, sample = sys.argv[1:4]
FILES, PAGES, SCAN = 20, 10, 1_950_000
ROUNDS = 3

def scan(name, seed):
    """Ten A4 pages, each one picture. Its data are noise between the marks of a JPEG: no tool here decodes them."""
    noise = random.Random(seed)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", None]
    kids = []
    for _ in range(PAGES):
        data = b"\xff\xd8\xff\xe0" + noise.randbytes(SCAN) + b"\xff\xd9"
        image, content, page = len(objects) + 1, len(objects) + 2, len(objects) + 3
        objects.append(b"<< /Type /XObject /Subtype /Image /Width 2480 /Height 3508 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
                       b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data))
        drawing = b"q 595.276 0 0 841.89 0 0 cm /Im0 Do Q"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.276 841.89] /Contents %d 0 R "
                       b"/Resources << /XObject << /Im0 %d 0 R >> >> >>" % (content, image))
        kids.append(b"%d 0 R" % page)
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (PAGES, b" ".join(kids))
    with open(name, "wb") as file:
        file.write(b"%PDF-1.5\n")
        places = []
        for number, body in enumerate(objects, 1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
        file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))

def make():
    names = [f"scan-{i:02}.pdf" for i in range(FILES)]
    head = open(os.path.join(sample, "dossier.toml"), encoding="utf-8").read().split("[[item]]")[0]
    slots = ["commitment", "public_notice", "degree", "qualification", "appointment", "annual_assessment",
             "continuing_education", "awards", "summary", "papers", "patents", "achievements"]
    text, papers = head, {}
    for i, name in enumerate(names):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            scan(path, i)
        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
        papers[name] = {"sha256": digest, "pages": PAGES}
        slot = slots[i] if i < len(slots) else "achievements"
        text += f'[[item]]\nslot = "{slot}"\nfile = "{name}"\ntitle = "扫描材料之{i + 1}"\n'
    for name in ("dossier.toml", "papers.json"):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text if name.endswith("toml") else json.dumps(papers))
    return [os.path.join(folder, name) for name in names]

def measured(command):
    """Wall seconds and peak resident MiB of a command."""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return time.monotonic() - started, usage.ru_maxrss / 1024, status

files = make()
total = sum(os.path.getsize(name) for name in files)
out = os.path.join(folder, "out")
merged = os.path.join(folder, "merged.pdf")
tools = {"juanzong": [program, os.path.join(folder, "dossier.toml"), os.path.join(folder, "papers.json"), out]}
if shutil.which("qpdf"):
    tools["qpdf"] = ["qpdf", "--empty", "--pages", *files, "--", merged]
if shutil.which("mutool"):
    tools["mutool"] = ["mutool", "merge", "-o", merged, *files]
if shutil.which("pdfunite"):
    tools["pdfunite"] = ["pdfunite", *files, merged]
for name in files:  # into the page cache, alike for all
    open(name, "rb").read()
results = {}
for _ in range(ROUNDS):
    for tool, command in tools.items():
        shutil.rmtree(out, ignore_errors=True)
        if os.path.exists(merged):
            os.remove(merged)
        wall, peak, status = measured(command)
        results.setdefault(tool, []).append((wall, peak, status))
print(f"{FILES} scans × {PAGES} pages, {total / 1e6:.0f} MB; best of {ROUNDS}")
base = min(wall for wall, _, _ in results["qpdf"]) if "qpdf" in results else None
for tool, rounds in results.items():
    wall, peak = min(r[0] for r in rounds), max(r[1] for r in rounds)
    ratio = f"{wall / base:5.2f} of qpdf" if base else ""
    print(f"{tool:10} {wall:6.2f} s  {ratio}  peak {peak:6.0f} MiB  exit {rounds[0][2]}")
measured(tools["juanzong"])
for top, _, names in os.walk(out):
    for name in sorted(names):
        if name.endswith(".pdf"):
            path = os.path.join(top, name)
            for check in (["qpdf", "--check", path], ["mutool", "info", path]):
                # The scans' noise is no JPEG, which `qpdf --check` would find out by decoding it.
                if shutil.which(check[0]) and not (check[0] == "qpdf" and "分册" in name):
                    done = subprocess.run(check, capture_output=True)
                    print(f"{check[0]} {name}: exit {done.returncode} {'clean' if not done.stderr.strip() else done.stderr[:200]}")
