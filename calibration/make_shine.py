#!/usr/bin/env python3
"""Lets a lamp shine on clean scans: in one spot of each page the paper is white and what stood there is gone. No OCR is needed, the truth is in the making.

    python3 make_shine.py --clean DIR --out DIR [--layouts letter,dense] [--seed 1]

DIR is what `make_clean.py` or `make_close.py` wrote. Writes `OUT/*.pdf` and `OUT/labels.jsonl` (file, label `borderline`, layout, `lost_pt`: left, bottom, right
and top of the ink that is gone, absent where that is less than a hundredth of the page's). Sheets that are mostly dark are left out. The paper has 0.75 to 1 of the light of the spot, which is 0.07 to 0.28 of
the page wide and fades as a Gaussian or, in one of three, faster. Needs Pillow, NumPy and poppler.
"""
import argparse, io, json, pathlib, subprocess

import numpy as np
from PIL import Image

DPI = 200


def shone_on(page, rng):
    """The page in the light, and where ink is gone (box in pixels, share of all ink)."""
    h, w, _ = page.shape
    y, x = np.mgrid[0:h, 0:w]
    ink = page.mean(2) < 128
    ys, xs = np.nonzero(ink)
    (left, right), (top, bottom) = np.percentile(xs, (2, 98)), np.percentile(ys, (2, 98))
    cx = rng.uniform(left + 0.1 * (right - left), right - 0.1 * (right - left))
    cy = rng.uniform(top + 0.1 * (bottom - top), bottom - 0.1 * (bottom - top))
    rx = rng.uniform(0.07, 0.28) * w
    ry = rx * rng.uniform(0.5, 1.3)
    far = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2
    light = np.clip(rng.uniform(1.2, 2.5) * np.exp(-(far ** rng.choice([1, 1, 2]))), 0, 1)
    paper = page * rng.choice([1, 0.94, 0.84, 0.75])
    lit = paper + (255 - paper) * light[..., None] + rng.normal(0, 2, (h, w))[..., None]
    gone = ink & (light > 0.92)
    box = None
    if gone.any():
        ys, xs = np.nonzero(gone)
        box = [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
    return Image.fromarray(lit.clip(0, 255).astype("uint8")), box, gone.sum() / max(1, ink.sum())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clean", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--layouts", help="only these, divided by commas")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(given.seed)
    with open(given.clean / "labels.jsonl", encoding="utf-8") as lines, open(given.out / "labels.jsonl", "w", encoding="utf-8") as labels:
        for clean in map(json.loads, lines):
            layout = clean.get("layout", "")
            if given.layouts and layout not in given.layouts.split(","):
                continue
            png = subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "-singlefile", given.clean / clean["file"]], check=True, capture_output=True).stdout
            picture, box, share = shone_on(sheet := np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), float), rng)
            # Of light type on a dark ground more would be lit than gone.
            if (sheet.mean(2) < 128).mean() > 0.5:
                continue
            picture.save(given.out / clean["file"], resolution=DPI, quality=85)
            label = {"file": clean["file"], "label": "borderline", "layout": layout}
            if box and share >= 0.01:
                x0, y0, x1, y1 = (float(v) * 72 / DPI for v in box)
                height = picture.height * 72 / DPI
                label["lost_pt"] = [round(v, 1) for v in (x0, height - y1, x1, height - y0)]
            labels.write(json.dumps(label, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
