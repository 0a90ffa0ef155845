#!/usr/bin/env python3
"""Which files we judge otherwise than qpdf, poppler or mutool (opened or not, number of pages), and which of them docs/corpus.md does not name.

usage: juanzong validate --format json FOLDER/*.pdf | bench/corpus_differences.py FOLDER
FOLDER has the labels.jsonl of bench/corpus.sh. Exit 1 when a difference is not named.
"""
import fnmatch
import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
words = (pathlib.Path(__file__).parent.parent / "docs/corpus.md").read_text(encoding="utf-8")
patterns = re.findall(r"`([\w.~-]+__[\w.*~-]+)`", words)
reports = {report["file"]: report for report in map(json.loads, sys.stdin)}
unnamed = differing = 0
for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
    label = json.loads(line)
    name, report = label["file"], reports.get(label["file"])
    if report is None:
        sys.exit(f"{name}: no report")
    refused = sorted({f["code"] for f in report["findings"] if f["severity"] == "error" and f["code"][:2] in ("FM", "LM")})
    opens = {tool: bool(opened) for tool, opened in label["opens"].items()}
    counted = {"qpdf": label["qpdf"].get("npages"), "poppler": label["pdfinfo"].get("pages"), "mutool": label["mutool"].get("pages")}
    other = [tool for tool in opens if opens[tool] == bool(refused)]
    pages = [tool for tool in counted if not refused and opens[tool] and counted[tool] not in (None, report["pages"])]
    if other or pages:
        differing += 1
        if not any(fnmatch.fnmatch(name.removesuffix(".pdf"), pattern) for pattern in patterns):
            unnamed += 1
            print(name, label["class"], "ours:", ",".join(refused) or f"{report['pages']} pages", "theirs:", opens, counted)
print(f"{differing} of {len(reports)} files judged otherwise by at least one reader, {unnamed} of them not named in docs/corpus.md")
sys.exit(1 if unnamed else 0)
