#!/usr/bin/env python3
"""Fits the weights of `src/inspect/legibility/glyph_weights.rs` on characters drawn from fonts.

    python3 fit_glyphs.py --text TEXTS --fonts FOLDER [--draw 40000] [--out glyph_weights.rs] [--picture weights.png]

FOLDER is the project's `fonts`. Every character is set askew, cut a little beside its square, blurred, made coarse and noisy.
Fonts and characters are held out: what the last line says is measured on cuts of type and on characters that the fit never
saw. A character on its head gives the same features at the opposite places, so a weight counts for a pair of places, with one
sign and with the other. The features are those of `glyphs.rs`.
"""
import argparse, pathlib, random, re

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

NOTO = "/usr/share/fonts/opentype/noto/Noto"
FITTED = ["song-regular.otf", "song-bold.otf", "hei-regular.otf", "hei-bold.otf", "fang-regular.otf", "kai-regular.ttf"]
FITTED_SYSTEM = [(NOTO + "SansCJK-DemiLight.ttc", 2), (NOTO + "SerifCJK-Medium.ttc", 2), ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0)]
HELD_OUT = [(NOTO + "SansCJK-Black.ttc", 2), (NOTO + "SansCJK-Light.ttc", 2), (NOTO + "SerifCJK-Light.ttc", 2),
            ("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", 0), ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", 0)]
SIDE, SLOPES, INK, EM = 16, 7, 8, 48


def shares(length):
    """SIDE means over `length` pixels, each weighted by how much of it is covered."""
    out = np.zeros((SIDE, length))
    for i in range(SIDE):
        start, end = i * length / SIDE, (i + 1) * length / SIDE
        for j in range(int(start), min(length, int(np.ceil(end)))):
            out[i, j] = max(0, min(end, j + 1) - max(start, j))
    return out / out.sum(1, keepdims=True)


def features(cut):
    """As in glyphs.rs: slopes in four directions and ink, each cell of the first half less the one opposite."""
    v = shares(cut.shape[0]) @ cut @ shares(cut.shape[1]).T
    if v.max() - v.min() < 12:
        return None
    v = (v.max() - v) / (v.max() - v.min())
    dx, dy = v[1:-1, 2:] - v[1:-1, :-2], v[2:, 1:-1] - v[:-2, 1:-1]
    slopes = [np.abs(d).reshape(SLOPES, 2, SLOPES, 2).sum((1, 3)) for d in (dx, dy, (dx + dy) / 2**0.5, (dx - dy) / 2**0.5)]
    all_slopes = sum(s.sum() for s in slopes)
    ink = v.reshape(INK, 2, INK, 2).sum((1, 3)) / v.sum()
    half = lambda cells: (cells - cells[::-1, ::-1]).ravel()[: cells.size // 2]
    return np.concatenate([half(s / all_slopes) for s in slopes] + [half(ink)])


def cut_out(rng, character, font):
    sheet = Image.new("L", (2 * EM, 2 * EM), 255)
    ImageDraw.Draw(sheet).text((EM, EM), character, font=font, fill=0, anchor="mm")
    sheet = sheet.rotate(rng.gauss(0, 0.8), Image.BICUBIC, fillcolor=255)
    height, side = rng.uniform(11, 40), EM * rng.uniform(0.92, 1.12)
    x, y = EM - side / 2 + rng.gauss(0, 0.09) * EM, EM - side / 2 + rng.gauss(0, 0.03) * EM
    sheet = sheet.filter(ImageFilter.GaussianBlur(EM / height * rng.uniform(0.2, 1.1)))
    pixels = max(10, round(height))
    cut = np.asarray(sheet.resize((pixels, pixels), Image.BOX, box=(x, y, x + side, y + side)), float)
    grain = np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.uniform(0, 8), cut.shape)
    return (cut * 0.8 + 30 + grain).clip(0, 255)


def draw(fonts, characters, count, seed):
    rng, out = random.Random(seed), []
    faces = [ImageFont.truetype(str(path), EM, index=index) for path, index in fonts]
    while len(out) < count:
        f = features(cut_out(rng, rng.choice(characters), rng.choice(faces)))
        if f is not None:
            out.append(f)
    return np.array(out)


def fit(x, pull=2e-3, steps=600):
    spread = x.std(0) + 1e-9
    x, w = x / spread, np.zeros(x.shape[1])
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        p = 1 / (1 + np.exp(x @ w))
        g = -(x * p[:, None]).mean(0) + pull * w
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
    return w / spread


def as_rust(weights):
    def rows(values, across, indent):
        lines = [", ".join(str(v) for v in values[i : i + across]) + "," for i in range(0, len(values), across)]
        return "\n".join(indent + line for line in lines)

    n = SLOPES * SLOPES // 2
    blocks = ["    [\n" + rows(weights[i * n : (i + 1) * n], SLOPES, " " * 8) + "\n    ],\n" for i in range(4)]
    return ("//! Weights of `glyphs`: fitted by `calibration/fit_glyphs.py` on characters drawn from fonts.\n\n"
            "/// Slopes of tones along the line, across it, and along both diagonals, in 7 × 7 cells: the first half, row by row.\n"
            f"pub(super) const SLOPES: [[i16; {n}]; 4] = [\n{''.join(blocks)}];\n\n"
            "/// Ink in 8 × 8 cells: the first half, row by row.\n"
            f"pub(super) const INK: [i16; {INK * INK // 2}] = [\n{rows(weights[4 * n :], INK, ' ' * 4)}\n];\n")


def picture(weights, path):
    """The weights as pictures: light where something speaks for upright, dark where it speaks against it."""
    tiles, n = [], SLOPES * SLOPES // 2
    for i, side in enumerate([SLOPES] * 4 + [INK]):
        half = np.array(weights[i * n : i * n + side * side // 2], float)
        whole = np.concatenate([half, [0] if side % 2 else [], -half[::-1]]).reshape(side, side)
        shade = (128 + 127 * whole / np.abs(whole).max()).astype(np.uint8)
        tiles.append(Image.fromarray(shade).resize((112, 112), Image.NEAREST))
    sheet = Image.new("L", (5 * 120 - 8, 112), 255)
    for i, tile in enumerate(tiles):
        sheet.paste(tile, (i * 120, 0))
    sheet.save(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--fonts", required=True)
    parser.add_argument("--draw", type=int, default=40_000)
    parser.add_argument("--out")
    parser.add_argument("--picture")
    args = parser.parse_args()
    folder, rng = pathlib.Path(args.fonts), random.Random(1)
    han = re.sub("[^\u4e00-\u9fff]", "", "".join(p.read_text(encoding="utf-8") for p in sorted(pathlib.Path(args.text).glob("*.txt"))))
    table = []
    for line in (folder / "general-standard-8105.txt").read_text(encoding="utf-8").split("\n"):
        if line.strip() and not line.startswith("#"):
            first, _, last = line.strip().partition("..")
            table += [chr(c) for c in range(int(first, 16), int(last or first, 16) + 1) if c <= 0x9FFF]
    held = set(rng.sample(sorted(set(han) | set(table)), 2500))
    common, apart = [c for c in han if c not in held], [c for c in han if c in held]
    rest = rng.sample([c for c in table if c not in held], 3000) * 4
    train = draw([(folder / name, 0) for name in FITTED] + FITTED_SYSTEM, common + rest, args.draw, 1)
    test = draw(HELD_OUT, apart, max(500, args.draw * 3 // 20), 2)
    w = fit(train)
    # A character's score spreads by about 1, so that the sum over n of them spreads by the root of n.
    weights = np.round(w / (test @ w).std()).astype(int)
    print(f"right: fitted {np.mean(train @ weights > 0):.3f}, other characters in other fonts {np.mean(test @ weights > 0):.3f}; "
          f"a held-out character scores {np.mean(test @ weights):.2f}, spread {np.std(test @ weights):.2f}")
    if args.out:
        pathlib.Path(args.out).write_text(as_rust([int(v) for v in weights]), encoding="utf-8")
    if args.picture:
        picture([int(v) for v in weights], args.picture)


if __name__ == "__main__":
    main()
