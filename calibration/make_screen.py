#!/usr/bin/env python3
"""Photographs clean pages off a screen: a page is shown in so many pixels, each dark at two of its rims, and a camera that stands a little askew takes it. No OCR is
needed, the truth is in the making.

    python3 make_screen.py --clean DIR --out DIR [--every 2] [--seed 1]

DIR is what `make_clean.py` or `make_close.py` wrote; every so many of its pages is taken. Writes `OUT/*.pdf` and `OUT/labels.jsonl` (file, label `borderline`, `screen` true,
`depth`: how dark the rims are, 0.15 to 0.7; `pixels`: of the camera for one of the screen, 0.9 to 2.6). Weak grids are wholly blurred away on some. Needs Pillow, NumPy and poppler.
"""
import argparse, io, json, pathlib, subprocess

import numpy as np
from PIL import Image, ImageFilter

# A pixel of the screen is drawn so many times as large as it is.
FINE = 6
A4_INCHES = 8.27


def photographed(page, rng):
    """The photograph, its depth of rims and its pixels for each of the screen."""
    width = int(rng.integers(800, 1500))
    shown = np.asarray(page.resize((width, width * page.height // page.width), Image.LANCZOS), np.float32) / 255
    depth, pixels = rng.uniform(0.15, 0.7), rng.uniform(0.9, 2.6)
    rims = np.ones((FINE, FINE), np.float32)
    rims[-1, :] = rims[:, -1] = 1 - depth
    light = np.kron(shown, np.ones((FINE, FINE), np.float32)) * np.tile(rims, shown.shape)
    picture = Image.fromarray((light * 235 + 8).astype("uint8")).rotate(rng.uniform(-3, 3), resample=Image.BILINEAR, fillcolor=20)
    picture = picture.filter(ImageFilter.GaussianBlur(FINE * rng.uniform(0.1, 0.35)))
    w, h = int(shown.shape[1] * pixels), int(shown.shape[0] * pixels)
    picture = picture.resize((w, h), rng.choice([Image.BILINEAR, Image.BOX]))
    noisy = np.asarray(picture, np.float32) + rng.normal(0, 2.5, (h, w))
    return Image.fromarray(noisy.clip(0, 255).astype("uint8")), float(depth), float(pixels)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clean", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--every", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(given.seed)
    with open(given.out / "labels.jsonl", "w", encoding="utf-8") as labels:
        for clean in sorted(given.clean.glob("*.pdf"))[:: given.every]:
            png = subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", clean], check=True, capture_output=True).stdout
            picture, depth, pixels = photographed(Image.open(io.BytesIO(png)).convert("L"), rng)
            picture.save(given.out / clean.name, resolution=picture.width / A4_INCHES, quality=int(rng.integers(70, 93)))
            labels.write(json.dumps({"file": clean.name, "label": "borderline", "screen": True, "depth": round(depth, 2), "pixels": round(pixels, 2)}) + "\n")


if __name__ == "__main__":
    main()
