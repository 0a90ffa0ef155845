#!/usr/bin/env python3
"""Makes pages of nothing but characters set close: they stand in columns as sharply as in rows. Nothing is wrong with them.

    python3 make_close.py --text DIR --out DIR [--fonts GLOB …] [--pages 300] [--seed 1]

Writes `OUT/*.pdf` and `OUT/labels.jsonl` (file, label, orientation_deg, pt, pitch, lines, dpi). Sheets of A4 and slips of 60 to 100 mm, type of 9 to 16 pt,
lines 1.12 to 2 times their size apart, full or ragged, 150 to 300 dpi, a little askew, turned by quarters. Needs Pillow.
"""
import argparse, glob, json, pathlib, random

from PIL import Image, ImageDraw, ImageFont

FONTS = ["/usr/share/fonts/opentype/noto/Noto*CJK-*.ttc", "/usr/share/fonts/truetype/lxgw-wenkai/*.ttf"]


def page(text, fonts, r):
    """One page as an image, and what it is."""
    dpi = r.choice([150, 200, 300])
    pt, pitch = r.choice([9, 10.5, 12, 14, 16]), r.uniform(1.12, 2.0)
    width, height = (r.uniform(60, 100), r.uniform(90, 190)) if r.random() < 0.5 else (210, 297)
    w, h, size = int(width / 25.4 * dpi), int(height / 25.4 * dpi), pt * dpi / 72
    image = Image.new("L", (w, h), r.randint(235, 255))
    draw, font, margin = ImageDraw.Draw(image), ImageFont.truetype(r.choice(fonts), int(size)), int(0.08 * w)
    full = int((w - 2 * margin) / size)
    lines, ragged, y, at = r.randint(5, int((h - 2 * margin) / (size * pitch))), r.random(), margin, r.randrange(len(text) - 5000)
    for _ in range(lines):
        count = max(3, int(full * r.uniform(0.35, 1))) if r.random() < ragged else full
        indent = int(2 * size) if r.random() < 0.2 else 0
        draw.text((margin + indent, y), text[at : at + count], font=font, fill=r.randint(0, 60))
        at, y = at + count, y + size * pitch
    image = image.rotate(r.gauss(0, 0.7), Image.BICUBIC, fillcolor=image.getpixel((0, 0)))
    turned = r.choice([0, 90, 180, 270])
    facts = {"label": "legible", "orientation_deg": turned, "pt": pt, "pitch": round(pitch, 2), "lines": lines, "dpi": dpi}
    return image.rotate(-turned, expand=True), facts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--fonts", nargs="+", default=FONTS, help="patterns of the files of fonts")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    fonts = sorted(path for pattern in args.fonts for path in glob.glob(pattern))
    text = "".join(open(path, encoding="utf-8").read() for path in sorted(glob.glob(f"{args.text}/*.txt")))
    text = "".join(c for c in text if "\u4e00" <= c <= "\u9fff" or c in "，。、（）")
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "labels.jsonl", "w", encoding="utf-8") as labels:
        for n in range(args.pages):
            r = random.Random(f"{args.seed} {n}")
            image, facts = page(text, fonts, r)
            name = f"d{args.seed}-{n:04}.pdf"
            image.save(out / name, resolution=facts["dpi"], quality=r.randint(40, 90))
            labels.write(json.dumps({"file": name, **facts}) + "\n")


if __name__ == "__main__":
    main()
