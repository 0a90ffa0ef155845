#!/usr/bin/env python3
"""Makes `src/inspect/legibility/characters.bin`: what `characters.rs` compares text with.

    python3 fit_characters.py --fonts FOLDER [--out characters.bin]

FOLDER is the project's `fonts`. The 3,755 characters of GB 2312 level 1 are drawn in song and hei, regular and bold, kai and fang, brought to 16 × 16 means
and to length 1. What fonts make of the same character is noise, what differs between characters is not: the 64 directions along which
characters differ most beside that noise (Fisher's discriminant, with a ridge for the noise of scans) are kept, and in them the mean of
each character over the fonts. Characters of few strokes look like pieces of others; how well each fits crops from between two characters
is taken off its likeness, by a share. Nothing here is fitted on what can be read.

The file, little-endian: DIRECTIONS × 256 i16 (the directions), DIRECTIONS i32 (what to take off along each), and for each character DIRECTIONS i8 (length 127)
and an i8 (what to take off its likeness, 127 for 1).
"""
import argparse, pathlib, random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE, DIRECTIONS, EM = 16, 64, 60
FONTS = ["song-regular.otf", "song-bold.otf", "hei-regular.otf", "hei-bold.otf", "kai-regular.ttf", "fang-regular.otf"]
RIDGE = 0.2      # noise of scans, as a share of the mean variance of a place
BETWEEN = 0.3    # share of the likeness to crops from between two characters that is taken off
LENGTH = 4096    # of a crop, in whole numbers


def characters():
    codes = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return [c for c in (code.decode("gb2312", "ignore") for code in codes) if c]


def means(picture, box=None):
    return 255 - np.asarray(picture.resize((SIDE, SIDE), Image.BOX, box=box), np.float64).ravel()


def of_length_1(v):
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def shape(crops):
    """Without the mean, and of length 1: light and contrast do not count."""
    return of_length_1(crops - crops.mean(-1, keepdims=True))


def drawn(character, font):
    side = round(EM * 16 / 15)
    picture = Image.new("L", (side, side), 255)
    ImageDraw.Draw(picture).text((side / 2, side / 2), character, font=font, fill=0, anchor="mm")
    return means(picture.filter(ImageFilter.GaussianBlur(side / SIDE / 2)))


def between_two(rng, known, font):
    """A crop from the middle of a line that holds no whole character."""
    line = Image.new("L", (140, 60), 255)
    pen = ImageDraw.Draw(line)
    for i in range(3):
        pen.text((30 + 40 * i, 30), rng.choice(known), font=font, fill=0, anchor="mm")
    line = line.filter(ImageFilter.GaussianBlur(rng.choice([0.5, 1, 2, 3, 4])))
    side = 40 * rng.uniform(0.95, 1.15)
    x, y = 10 + 40 * rng.choice([0, 1]) + rng.uniform(0.2, 0.8) * 40, 30 - side / 2 + rng.uniform(-4, 4)
    return means(line, (x, y, x + side, y + side))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fonts", required=True)
    parser.add_argument("--out")
    args = parser.parse_args()
    paths, known = [str(pathlib.Path(args.fonts) / name) for name in FONTS], characters()
    shapes = shape(np.array([[drawn(c, ImageFont.truetype(path, EM)) for c in known] for path in paths]))
    middle, of_each = shapes.mean((0, 1)), shapes.mean(0)
    all_ways, by_font = (shapes - middle).reshape(-1, SIDE * SIDE), (shapes - of_each).reshape(-1, SIDE * SIDE)
    noise = by_font.T @ by_font / len(by_font) + RIDGE * np.mean(all_ways**2) * np.eye(SIDE * SIDE)
    even = np.linalg.cholesky(np.linalg.inv(noise)).T
    _, _, most = np.linalg.svd((of_each - middle) @ even.T, full_matrices=False)
    directions = most[:DIRECTIONS] @ even
    scale = 8191 / np.abs(directions).max()
    directions = np.round(directions * scale)
    off = np.round(directions @ middle * LENGTH)
    along = lambda crops: of_length_1(np.round(shape(crops) * LENGTH) @ directions.T - off)
    kept = np.round(of_length_1((of_each * LENGTH) @ directions.T - off) * 127)
    rng, faces = random.Random(9), [ImageFont.truetype(path, 40) for path in paths]
    nothing = along(np.array([between_two(rng, known, rng.choice(faces)) for _ in range(4000)]))
    likeness = (nothing @ kept.T / 127).mean(0)
    take_off = np.round(BETWEEN * likeness * 127)
    right = np.mean([(along(shapes[i]) @ kept.T - take_off).argmax(1) == np.arange(len(known)) for i in range(len(paths))])
    print(f"{len(known)} characters, {right:.4f} of their pictures known again; most like pieces of others: {''.join(known[i] for i in np.argsort(-likeness)[:12])}")
    if args.out:
        rows = np.concatenate([kept, take_off[:, None]], 1).astype(np.int8)
        pathlib.Path(args.out).write_bytes(directions.astype("<i2").tobytes() + off.astype("<i4").tobytes() + rows.tobytes())


if __name__ == "__main__":
    main()
