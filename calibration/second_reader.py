"""Whether other eyes agree with the truth of `make_unseen.py`: a second OCR, of other makers and another kind, reads the same pages.

    PYTHON second_reader.py --text DIR --pages DIR --seed N

DIR of --pages holds what `make_unseen.py` made from the texts and the seed; written is DIR/second.jsonl, a row each: the share of
characters found over that on the clean sheet. It can be interrupted. Then it prints how well each reader tells apart what the other reads
(from 0.9 on) and does not (up to 0.6), and how well our score does (DIR/measured.jsonl). It sees the page itself, with its rules
and seals: it needs no twin. Needs from PyPI `rapidocr-onnxruntime` 1.4, whose models come with it, and what make_unseen.py needs.
"""
import argparse, glob, json, os, subprocess, tempfile

import cv2
import numpy as np

import fit
import make_unseen
import truth


def rows(path):
    return {row["file"]: row for row in map(json.loads, open(path, encoding="utf-8"))} if os.path.exists(path) else {}


def sheet_of(text, seed, row):
    """The sheet that a page was made from: the attempt of the same looks."""
    number = int(row["file"].split("-")[1].removesuffix(".pdf"))
    looks = [row[key] for key in ("layout", "pt", "font", "paper")]
    attempts = (make_unseen.Sheet(text, seed, number, attempt) for attempt in range(6))
    return next(s for s in attempts if [s.layout, s.pt, f"{s.font} {s.weight}", s.paper] == looks)


def drawn(path, dpi):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-q", "-r", str(min(300, max(200, dpi))), path, folder + "/p"], check=True)
        return cv2.imread(glob.glob(folder + "/p*.ppm")[0])


def read(ocr, picture, want):
    """Share of the characters found."""
    return truth.share("".join(words for _, words, _ in ocr(picture, use_cls=False)[0] or []), want)


def tells(name, by, of):
    good, bad = of >= 0.9, of <= 0.6
    known = good | bad
    print(f"{name}: {good.sum()} read, {bad.sum()} not   AUC {fit.auc(by[known], good[known]):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", required=True)
    parser.add_argument("--pages", required=True)
    parser.add_argument("--seed", type=int, required=True)
    args = parser.parse_args()
    path, made = os.path.join(args.pages, "second.jsonl"), rows(os.path.join(args.pages, "labels.jsonl"))
    todo = sorted(set(made) - set(rows(path)))
    ocr = truth.other_ocr() if todo else None
    for i in range(0, len(todo), make_unseen.BATCH):
        files = todo[i:i + make_unseen.BATCH]
        sheets = make_unseen.set_sheets([sheet_of(args.text, args.seed, made[file]) for file in files])
        for file, (page, _, want) in zip(files, sheets):
            found = read(ocr, drawn(os.path.join(args.pages, file), made[file]["dpi"]), want)
            rate = round(min(1.0, found / max(read(ocr, page, want), 0.01)), 3)
            with open(path, "a", encoding="utf-8") as out:
                out.write(json.dumps({"file": file, "rate": rate}) + "\n")
    second, ours = rows(path), rows(os.path.join(args.pages, "measured.jsonl"))
    files = sorted(set(made) & set(second))
    column = lambda of, key: np.array([of[file][key] for file in files])
    careful, hasty, other = column(made, "rate"), column(made, "hasty"), column(second, "rate")
    tells("second OCR, of what the careful reader reads", other, careful)
    tells("careful reader, of what the second OCR reads", careful, other)
    tells("second OCR, of what the hasty reader reads", other, hasty)
    tells("hasty reader, of what the second OCR reads", hasty, other)
    if ours:
        score = np.array([ours[file]["facts"]["score"] or 0.0 for file in files])
        tells("our score, of what the second OCR reads", score, other)


if __name__ == "__main__":
    main()
