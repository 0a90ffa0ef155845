"""Makes scans, binds them and merges them with peers; called by bind.sh."""
import hashlib, json, os, shutil, subprocess, sys, time

from scans import scan

program, folder, sample = sys.argv[1:4]
FILES, PAGES, SCAN = 20, 10, 1_950_000
ROUNDS = 6

def make():
    names = [f"page-scan-{i:02}.pdf" for i in range(FILES)]
    head = open(os.path.join(sample, "dossier.toml"), encoding="utf-8").read().split("[[item]]")[0]
    slots = ["commitment", "public_notice", "degree", "qualification", "appointment", "annual_assessment",
             "continuing_education", "awards", "summary", "papers", "patents", "achievements"]
    text, papers = head, {}
    for i, name in enumerate(names):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            scan(path, i, PAGES, SCAN, os.path.join(sample, "03-毕业证书.pdf"))
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
# As after their upload: margins are looked at once and kept with the reports.
subprocess.run([program, "--look", folder, os.path.join(folder, "papers.json")], check=True)
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
                if shutil.which(check[0]):
                    done = subprocess.run(check, capture_output=True)
                    print(f"{check[0]} {name}: exit {done.returncode} {'clean' if not done.stderr.strip() else done.stderr[:200]}")
