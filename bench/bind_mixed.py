"""Makes the mixed dossier, binds and merges it, reads the results back; called by bind_mixed.sh."""
import importlib.util, json, os, resource, shutil, subprocess, sys, time

program, folder = sys.argv[1:3]
LINKED, PLAIN, EACH = 32, 8, 4  # 32 files of 4 pages with bookmarks and links, 8 of 18 pages without: 272 pages
BOXES = ["/MediaBox [0 0 595 842]", "/MediaBox [0 0 842 595]", "/MediaBox [0 0 595 842] /Rotate 90", "/MediaBox [0 0 842 595] /Rotate 270",
         "/MediaBox [0 0 595 842] /Rotate 180", "/MediaBox [0 0 700 950] /CropBox [50 60 645 902]", "/MediaBox [-100 -200 495 642]",
         "/MediaBox [0 0 297.5 421] /UserUnit 2", "/MediaBox [0 0 700 950] /CropBox [50 60 645 902] /Rotate 90"]

def pdf(name, objects):
    with open(name, "wb") as file:
        file.write(b"%PDF-1.7\n")
        places = []
        for number, body in enumerate(objects, 1):
            places.append(file.tell())
            file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body.encode()))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places))
        file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))

def stream(text):
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"

def linked(index):
    """Four pages; each has a bookmark and a link. The first link goes to `chapter1`, which every file has."""
    pages = [4 + 2 * i for i in range(EACH)]
    marks = [12 + i for i in range(EACH)]
    names = f"/Names << /Dests << /Names [(chapter1) [{pages[2]} 0 R /XYZ 0 700 null]] >> >>"
    objects = [f"<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R {names} >>",
               f"<< /Type /Pages /Count {EACH} /Kids [{' '.join(f'{p} 0 R' for p in pages)}] >>",
               f"<< /Type /Outlines /First {marks[0]} 0 R /Last {marks[-1]} 0 R /Count {EACH} >>"]
    for i in range(EACH):
        target = "/A << /S /GoTo /D (chapter1) >>" if i == 0 else f"/Dest [{pages[(i + 1) % EACH]} 0 R /Fit]"
        link = f"<< /Type /Annot /Subtype /Link /Rect [50 50 150 80] /Border [0 0 0] {target} >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {BOXES[(index + i) % 3]} /Contents {pages[i] + 1} 0 R /Resources << >> /Annots [{link}] >>")
        objects.append(stream(f"0 0 1 rg {100 + 10 * i} {200 + index} 60 60 re f"))
    for i, mark in enumerate(marks):
        around = (f"/Prev {mark - 1} 0 R " if i else "") + (f"/Next {mark + 1} 0 R " if i + 1 < EACH else "")
        objects.append(f"<< /Title (F{index:02}-{i}) /Parent 3 0 R {around}/Dest [{pages[i]} 0 R /Fit] >>")
    return objects

def plain(index):
    pages = [3 + 2 * i for i in range(18)]
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count 18 /Kids [{' '.join(f'{p} 0 R' for p in pages)}] >>"]
    for i in range(18):
        objects.append(f"<< /Type /Page /Parent 2 0 R {BOXES[(index + i) % len(BOXES)]} /Contents {pages[i] + 1} 0 R /Resources << >> >>")
        objects.append(stream(f"0.2 0.6 0.2 rg {50 + 5 * i} {300 + index} 80 40 re f"))
    return objects

files, outlines, links, colliding = [], {}, [], []
page = 0
for n in range(LINKED + PLAIN):
    name = os.path.join(folder, f"{n:02}.pdf")
    pdf(name, linked(n) if n < LINKED else plain(n))
    files.append(name)
    for i in range(EACH if n < LINKED else 0):
        outlines[f"F{n:02}-{i}"] = page + i
        target = page + (2 if i == 0 else (i + 1) % EACH)
        links.append((page + i, target))
        if i == 0:
            colliding.append((page, target))
    page += EACH if n < LINKED else 18
TOTAL = page

def read(path):
    """Bookmarks by title, links by page, as qpdf's JSON has them: page numbers from 0."""
    done = subprocess.run(["qpdf", "--json=2", "--json-key=qpdf", "--json-key=pages", "--json-stream-data=none", path], capture_output=True)
    data = json.loads(done.stdout)
    objects = {key.removeprefix("obj:"): value.get("value", value.get("stream", {}).get("dict")) for key, value in data["qpdf"][1].items() if key.startswith("obj:")}
    follow = lambda value: objects.get(value) if isinstance(value, str) and value.endswith(" R") else value
    numbers = {page["object"]: i for i, page in enumerate(data["pages"])}
    root = follow(data["qpdf"][1]["trailer"]["value"]["/Root"])
    names = {}
    def tree(node, depth=0):
        node = follow(node) or {}
        pairs = follow(node.get("/Names")) or []
        for key, value in zip(pairs[::2], pairs[1::2]):
            names.setdefault(follow(key), value)
        for kid in (follow(node.get("/Kids")) or []) if depth < 20 else []:
            tree(kid, depth + 1)
    tree((follow(root.get("/Names")) or {}).get("/Dests"))
    for key, value in (follow(root.get("/Dests")) or {}).items():
        names.setdefault(key, value)
    def target(dict_):
        place = follow(dict_.get("/Dest"))
        if place is None:
            place = follow((follow(dict_.get("/A")) or {}).get("/D"))
        if isinstance(place, str):
            place = follow(names.get(place))
        if isinstance(place, dict):
            place = follow(place.get("/D"))
        return numbers.get(place[0]) if isinstance(place, list) and place else None
    marks = {}
    def walk(item, depth=0):
        seen = 0
        while item is not None and seen < 10000 and depth < 30:
            dict_ = follow(item) or {}
            title = follow(dict_.get("/Title")) or ""
            marks[title.removeprefix("u:")] = target(dict_)
            walk(dict_.get("/First"), depth + 1)
            item = dict_.get("/Next")
            seen += 1
    walk((follow(root.get("/Outlines")) or {}).get("/First"))
    found = []
    for i, page_ in enumerate(data["pages"]):
        for annotation in follow((follow(page_["object"]) or {}).get("/Annots")) or []:
            annotation = follow(annotation) or {}
            if annotation.get("/Subtype") == "/Link":
                found.append((i, target(annotation)))
    return len(data["pages"]), marks, found

def measured(command):
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return time.monotonic() - started, usage.ru_maxrss / 1024, status

out = lambda tool: os.path.join(folder, f"out-{tool}.pdf")
tools = {"juanzong": [program, out("juanzong"), *files], "qpdf": ["qpdf", "--empty", "--pages", *files, "--", out("qpdf")],
         "mutool": ["mutool", "merge", "-o", out("mutool"), *files], "pdfunite": ["pdfunite", *files, out("pdfunite")]}
scripts = {
    "pymupdf": "import fitz,sys\nd=fitz.open()\nfor f in sys.argv[2:]: d.insert_pdf(fitz.open(f))\nd.save(sys.argv[1])",
    "pikepdf": "import pikepdf,sys\nd=pikepdf.new()\nfor f in sys.argv[2:]: d.pages.extend(pikepdf.open(f).pages)\nd.save(sys.argv[1])",
    "pypdf": "import pypdf,sys\nw=pypdf.PdfWriter()\nfor f in sys.argv[2:]: w.append(f)\nw.write(sys.argv[1])"}
for tool, script in scripts.items():
    if importlib.util.find_spec(tool):
        tools[tool] = [sys.executable, "-c", script, out(tool), *files]
print(f"{len(files)} files, {TOTAL} pages; wall of the best of 3 as a ratio to qpdf")
rows = {}
for _ in range(3):
    for tool, command in tools.items():
        if shutil.which(command[0]):
            rows.setdefault(tool, []).append(measured(command))
base = min(row[0] for row in rows["qpdf"])
print(f"{'':10} {'wall':>6} {'MiB':>5}  {'pages':>7} {'outlines':>9} {'links':>8} {'colliding':>9}")
wrong = False
for tool, row in rows.items():
    try:
        pages, marks, found = read(out(tool))
    except Exception as error:  # a result that is not there or cannot be read is wrong in every column
        print(f"{tool:10} exit {row[0][2] >> 8}, nothing that can be read back ({type(error).__name__})")
        wrong |= tool == "juanzong"
        continue
    right = [pages, sum(marks.get(title) == to for title, to in outlines.items()), sum(found.count(link) > 0 for link in links),
             sum(found.count(link) > 0 for link in colliding)]
    wanted = [TOTAL, len(outlines), len(links), len(colliding)]
    cells = " ".join(f"{a}/{b}".rjust(w) for a, b, w in zip(right, wanted, (8, 9, 8, 9)))
    print(f"{tool:10} {min(r[0] for r in row) / base:6.2f} {max(r[1] for r in row):5.0f} {cells}")
    wrong |= tool == "juanzong" and right != wanted
sys.exit(1 if wrong else 0)
