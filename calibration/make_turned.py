#!/usr/bin/env python3
"""Makes whole pages for orientation, blank pages, faint pages and seals; no OCR is needed, the truth is in the making.

    python3 make_turned.py --text DIR --out DIR [--pages 120] [--split train|test] [--seed 1]

Writes `OUT/<split>/*.pdf` and `OUT/<split>/labels.jsonl` (file, label, orientation_deg, seals, kind).
"""
import argparse, json, math, pathlib, random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import make_pages as mp


def seal(rng, dpi, colour):
    """A seal with ring, text along it, and a star; RGBA at `dpi`."""
    diameter = rng.uniform(38, 46)
    oval = rng.random() < 0.2
    w, h = diameter, diameter * (0.67 if oval else 1.0)
    k = dpi / 25.4
    size = (int(w * k), int(h * k))
    layer = Image.new("L", size, 0)
    draw = ImageDraw.Draw(layer)
    pen = max(2, int(rng.uniform(0.8, 1.4) * k))
    draw.ellipse((0, 0, size[0] - 1, size[1] - 1), outline=255, width=pen)
    font = ImageFont.truetype(mp.FONTS["train"][0][1], int(4.2 * k), index=2)
    text = rng.choice(["江苏省某某科技有限公司", "某某市工业和信息化局", "某某县人力资源和社会保障局", "某某集团人事部"])
    for i, c in enumerate(text):
        a = math.radians(-210 + 240 * (i + 0.5) / len(text))
        glyph = Image.new("L", (int(5.5 * k), int(5.5 * k)), 0)
        ImageDraw.Draw(glyph).text((int(0.6 * k), 0), c, font=font, fill=255)
        glyph = glyph.rotate(-math.degrees(a) - 90, Image.BICUBIC)
        x = size[0] / 2 + (size[0] / 2 - 4.5 * k) * math.cos(a) - glyph.width / 2
        y = size[1] / 2 + (size[1] / 2 - 4.5 * k) * math.sin(a) - glyph.height / 2
        layer.paste(255, (int(x), int(y)), glyph)
    if not oval:
        r = 6 * k
        points = []
        for i in range(10):
            a = -math.pi / 2 + i * math.pi / 5
            q = r if i % 2 == 0 else r * 0.38
            points.append((size[0] / 2 + q * math.cos(a), size[1] / 2 + q * math.sin(a)))
        draw.polygon(points, fill=255)
    ink = np.asarray(layer, dtype=np.float32) / 255
    # Uneven pressure and specks of missing ink.
    noise = np.asarray(Image.fromarray((np.random.default_rng(rng.randrange(1 << 30)).random((24, 24)) * 255).astype(np.uint8)).resize(size, Image.BICUBIC), dtype=np.float32) / 255
    ink *= (rng.uniform(0.55, 0.95) * (0.75 + 0.25 * noise))
    if rng.random() < 0.5:
        ink[np.random.default_rng(rng.randrange(1 << 30)).random(ink.shape) < rng.uniform(0, 0.25)] = 0
    turned = Image.fromarray((ink * 255).astype(np.uint8)).rotate(rng.uniform(-25, 25), Image.BICUBIC, expand=True)
    return turned, diameter


def page(rng, sentences, split, dpi):
    mp.WIDTH_MM, mp.HEIGHT_MM = 170, rng.choice([120, 180, 250])
    name, path, index = rng.choice(mp.FONTS[split])
    pt = rng.choice([9, 10.5, 12, 12, 14, 16])
    layout = rng.choice(["paragraph", "paragraph", "form", "table"])
    mp.BASE_DPI = 300
    image, _, _ = mp.draw_base(rng, sentences, path, index, pt, layout)
    full = Image.new("L", (mp.px(210, 300), mp.px(297, 300)), 255)
    full.paste(image, (mp.px(20, 300), mp.px(rng.uniform(15, 38), 300)))
    if rng.random() < 0.6:
        font = ImageFont.truetype(path, int(22 * 300 / 72), index=index)
        ImageDraw.Draw(full).text((mp.px(60, 300), mp.px(6, 300)), rng.choice(sentences)[:8], font=font, fill=0)
    return full.resize((mp.px(210, dpi), mp.px(297, dpi)), Image.BOX), layout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--split", choices=["train", "test"], default="train")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng, nprng = random.Random(args.seed), np.random.default_rng(args.seed)
    out = pathlib.Path(args.out) / args.split
    out.mkdir(parents=True, exist_ok=True)
    sentences = mp.corpus(args.text)
    with open(out / "labels.jsonl", "a", encoding="utf-8") as log:
        for n in range(args.pages):
            dpi = rng.choice([150, 200, 200, 300])
            kind = rng.choice(["text"] * 5 + ["sealed"] * 3 + ["red"] * 2 + ["blank", "faint"])
            label, seals, orientation, layout = "legible", [], 0, ""
            if kind == "blank":
                image, label = Image.new("L", (mp.px(210, dpi), mp.px(297, dpi)), 255), "blank"
            else:
                image, layout = page(rng, sentences, args.split, dpi)
            paper = np.array([rng.uniform(225, 255)] * 3) - np.array([0, rng.uniform(0, 4), rng.uniform(0, 12)])
            ink = rng.uniform(10, 70)
            if kind == "faint":
                label, ink = "illegible", float(paper.min()) - rng.uniform(6, 16)
            grey = np.asarray(image, dtype=np.float32)[..., None] / 255
            array = ink + grey * (paper - ink)
            if kind == "sealed":
                for _ in range(rng.choice([1, 1, 1, 2])):
                    stamp, diameter = seal(rng, dpi, "red")
                    alpha = np.asarray(stamp, dtype=np.float32)[..., None] / 255
                    cut = rng.random() < 0.15
                    x = array.shape[1] - stamp.width // 2 if cut else rng.randint(0, array.shape[1] - stamp.width)
                    y = rng.randint(0, array.shape[0] - stamp.height)
                    alpha = alpha[:, : array.shape[1] - x]
                    red = np.array([rng.uniform(190, 235), rng.uniform(20, 70), rng.uniform(20, 70)])
                    view = array[y:y + stamp.height, x:x + stamp.width]
                    view[:] = view * (1 - alpha) + np.minimum(view, red) * alpha
                    seals.append({"diameter_mm": round(diameter, 1), "cut": cut,
                                  "box_mm": [round(v / dpi * 25.4, 1) for v in (x, y, x + stamp.width, y + stamp.height)]})
            if kind == "red":
                pic = Image.fromarray(array.clip(0, 255).astype(np.uint8))
                draw = ImageDraw.Draw(pic)
                what = rng.choice(["heading", "line", "picture", "print", "table", "square"])
                red = (rng.randint(180, 230), rng.randint(20, 60), rng.randint(20, 60))
                k = dpi / 25.4
                if what == "heading":
                    font = ImageFont.truetype(mp.FONTS["train"][1][1], int(36 * dpi / 72), index=2)
                    draw.text((20 * k, 12 * k), "某某市工业和信息化局文件", font=font, fill=red)
                    draw.line((20 * k, 34 * k, 190 * k, 34 * k), fill=red, width=int(0.6 * k))
                elif what == "line":
                    for y in range(40, 260, 9):
                        draw.line((20 * k, y * k, 190 * k, y * k), fill=red, width=max(1, int(0.3 * k)))
                elif what == "picture":
                    draw.ellipse((60 * k, 80 * k, 100 * k, 120 * k), fill=red)
                    draw.rectangle((110 * k, 80 * k, 150 * k, 120 * k), fill=(30, 60, 200))
                elif what == "print":
                    for r in range(1, 9):
                        draw.ellipse((90 * k - r * k, 150 * k - r * 1.3 * k, 90 * k + r * k, 150 * k + r * 1.3 * k), outline=red, width=max(1, int(0.35 * k)))
                elif what == "square":
                    draw.rectangle((120 * k, 200 * k, 138 * k, 218 * k), outline=red, width=int(1.0 * k))
                else:
                    for y in range(60, 140, 20):
                        draw.rectangle((40 * k, y * k, 170 * k, (y + 20) * k), outline=red, width=int(0.4 * k))
                array = np.asarray(pic, dtype=np.float32)
            blur = rng.uniform(0.2, 0.9)
            pic = Image.fromarray(array.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(blur))
            skew = rng.gauss(0, 0.7)
            pic = pic.rotate(skew, Image.BICUBIC, fillcolor=tuple(int(v) for v in paper))
            if kind in ("text", "faint") :
                orientation = rng.choice([0, 90, 180, 270])
                # Pillow turns counter-clockwise.
                pic = pic.rotate(-orientation, expand=True)
            array = np.asarray(pic, dtype=np.float32) + nprng.normal(0, rng.uniform(0.5, 5), (*np.asarray(pic).shape[:2], 1))
            grey_scan = kind in ("text", "blank", "faint") and rng.random() < 0.5
            final = Image.fromarray(array.clip(0, 255).astype(np.uint8))
            if grey_scan:
                final = final.convert("L")
            file = f"t{args.seed}-{n:03}.pdf"
            (out / file).write_bytes(mp.pdf_of(final, dpi, "jpeg", rng.randint(45, 92)))
            log.write(json.dumps({"file": file, "label": label, "orientation_deg": orientation, "kind": kind, "layout": layout,
                                  "seals": seals, "dpi": dpi, "colour": not grey_scan}) + "\n")
            log.flush()


if __name__ == "__main__":
    main()
