"""Compares bound pages with their sources; called by bind_fidelity.sh."""
import glob, json, os, shutil, subprocess, sys, tempfile

program, folder, out = sys.argv[1:4]
# One report of `juanzong validate --format json` a line: files it refuses are never bound, and are left out here.
verdicts = sys.argv[4] if len(sys.argv) > 4 else None
not_bound = set()
for line in open(verdicts, encoding="utf-8") if verdicts else []:
    report = json.loads(line)
    if report["verdict"] == "refused":
        not_bound.add(report["file"])
PAGES = 12  # pages of one file that are compared
DPI = 100

def run(*command, seconds=60):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=seconds)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return -1, b"", b"timeout"

def render(pdf, where, dpi=DPI, first=1, last=PAGES):
    run("pdftoppm", "-r", str(dpi), "-cropbox", "-f", str(first), "-l", str(last), pdf, where + "/p", seconds=120)
    return sorted(os.path.join(where, name) for name in os.listdir(where) if name.endswith(".ppm"))

def troubled(code, warned):
    return code != 0 or b"error" in warned or b"warning:" in warned.lower().replace(b"icc support", b"")

def pixels(name):
    with open(name, "rb") as file:
        assert file.readline().strip() == b"P6"
        width, height = map(int, file.readline().split())
        file.readline()
        return width, height, file.read()

def same(a, b, box, dpi=DPI):
    width, height, first = pixels(a)
    other_width, other_height, second = pixels(b)
    if (width, height) != (other_width, other_height):
        return False, f"size {width}x{height} and {other_width}x{other_height}"
    hidden = (0, 0, 0, 0)
    if box:  # points as shown, from the lower left
        x0, y0, x1, y1 = (value * dpi / 72 for value in box)
        hidden = (int(x0) - 3, int(height - y1) - 3, int(x1) + 4, int(height - y0) + 4)
    count, row = 0, 3 * width
    for y in range(height):
        one, two = first[y * row:(y + 1) * row], second[y * row:(y + 1) * row]
        if one == two:
            continue
        for x in range(width):
            if hidden[0] <= x < hidden[2] and hidden[1] <= y < hidden[3]:
                continue
            at = 3 * x
            if any(abs(one[at + c] - two[at + c]) > 24 for c in range(3)):
                count += 1
    return count <= max(3, width * height // 200000), f"{count} of {width * height} pixels"

def on_other_grids(source, bound, page, box):
    """Whether a page that differs at 100 dpi is equal at 97 and at 103: then a line began on half a pixel, and was rounded
    to one side here and to the other there."""
    for dpi in (97, 103):
        with tempfile.TemporaryDirectory() as work:
            for side, pdf in (("a", source), ("b", bound)):
                os.mkdir(f"{work}/{side}")
                render(pdf, f"{work}/{side}", dpi, page, page)
            pictures = [f"{work}/{side}/{name}" for side in "ab" for name in os.listdir(f"{work}/{side}")]
            if len(pictures) != 2 or not same(*pictures, box, dpi)[0]:
                return False
    return True

def other_readers():
    """The other readers of this machine: name and how it draws one page of a file as a pixmap."""
    readers = {}
    if shutil.which("mutool"):
        readers["MuPDF"] = lambda pdf, page, to: run("mutool", "draw", "-q", "-r", str(DPI), "-c", "rgb", "-o", to, pdf, str(page))
    if shutil.which("gs"):
        readers["Ghostscript"] = lambda pdf, page, to: run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dUseCropBox", "-sDEVICE=ppmraw", f"-r{DPI}",
                                                           f"-dFirstPage={page}", f"-dLastPage={page}", f"-sOutputFile={to}", pdf)
    jars = glob.glob(os.path.expanduser("~/.m2/repository/org/apache/pdfbox/pdfbox-app/3*/pdfbox-app-3*.jar"))
    if jars and shutil.which("java") and shutil.which("pngtopnm"):
        def pdfbox(pdf, page, to):
            run("java", "-jar", jars[0], "render", "-dpi", str(DPI), "-format", "png", "-page", str(page), "-prefix", to, "-i", pdf)
            with open(to, "wb") as file:
                file.write(run("pngtopnm", f"{to}-{page}.png")[1])
        readers["PDFBox"] = pdfbox
    return readers

def alike_in(source, bound, page, box):
    """The other readers that draw the page of the source and of the volume alike."""
    alike = []
    for reader, draw in other_readers().items():
        with tempfile.TemporaryDirectory() as work:
            pictures = [work + "/a.ppm", work + "/b.ppm"]
            for pdf, picture in zip((source, bound), pictures):
                draw(pdf, page, picture)
            try:
                if same(*pictures, box)[0]:
                    alike.append(reader)
            except (OSError, AssertionError, ValueError):
                pass  # this reader draws it not at all
    return alike

total = equal = files = rounded = 0
faults, refused, complaints, inherited = [], [], [], []
for name in sorted(os.listdir(folder)):
    if not name.endswith(".pdf") or name in not_bound:
        continue
    source = os.path.join(folder, name)
    with tempfile.TemporaryDirectory() as work:
        bound = work + "/bound.pdf"
        code, answer, error = run(program, bound, source, seconds=60)
        if code != 0:
            refused.append((name, error.decode(errors="replace").strip()[-160:]))
            continue
        answer = json.loads(answer)
        files += 1
        for check in (("qpdf", "--check", bound), ("mutool", "info", bound)):
            code, said, warned = run(*check)
            if troubled(code, warned):
                was, _, before = run(*check[:-1], source)
                words = " ".join((said + warned).decode(errors="replace").split())[-200:]
                (inherited if troubled(was, before) else complaints).append((name, check[0], words))
        for side in ("a", "b"):
            os.mkdir(work + "/" + side)
        before, after = render(source, work + "/a"), render(bound, work + "/b")
        if not before:
            continue  # poppler cannot draw the source itself
        if len(before) != len(after):
            faults.append((name, 0, f"{len(before)} and {len(after)} pages drawn", "none"))
            total += max(len(before), len(after))
            continue
        for i, (a, b) in enumerate(zip(before, after)):
            if min(pixels(a)[:2]) < 40:
                continue  # smaller than a centimetre: nothing but the number
            total += 1
            ok, why = same(a, b, answer["boxes"][i])
            if not ok and on_other_grids(source, bound, i + 1, answer["boxes"][i]):
                ok, rounded = True, rounded + 1
            equal += ok
            if not ok:
                alike = ", ".join(alike_in(source, bound, i + 1, answer["boxes"][i])) or "none"
                faults.append((name, i + 1, why, alike))

# The table for docs/binding.md: each file that differs with the reason somebody found by looking, or without one.
reasons = {}
for line in open(os.path.join(os.path.dirname(__file__), "bind_reasons.tsv"), encoding="utf-8"):
    name, reason = line.rstrip("\n").split("\t")
    reasons[name] = reason
with open(out + "/table.md", "w") as file:
    print("| file | pages | alike in | why |\n|---|---|---|---|", file=file)
    for name in sorted({fault[0] for fault in faults}):
        pages = ", ".join(str(fault[1]) for fault in faults if fault[0] == name)
        alike = "; ".join(fault[3] for fault in faults if fault[0] == name)
        print(f"| `{name.removesuffix('.pdf')}` | {pages} | {alike} | {reasons.get(name, '**nobody has looked**')} |", file=file)

with open(out + "/result.txt", "w") as file:
    for kind, rows in (("different", faults), ("refused", refused), ("complaint", complaints), ("complaint as of the source", inherited)):
        for row in rows:
            print(kind, *row, sep="\t", file=file)
print(f"{files} files bound, {len(not_bound)} refused by their check, {len(refused)} while binding; {equal} of {total} pages equal ({100 * equal / max(1, total):.2f} %, {rounded} of them where a line begins on half a pixel), "
      f"{len(complaints)} new complaints of qpdf and mutool, {len(inherited)} where the source has them too; details in {out}/result.txt and {out}/table.md")
