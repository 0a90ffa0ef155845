#!/usr/bin/env python3
"""Makes pieces of Chinese pages, spoils them in known ways, and asks an OCR how much of each can still be read.

    python3 make_pages.py --text DIR --out DIR [--bases 60] [--each 8] [--split train|test] [--seed 1]

`DIR` of `--text` holds plain Chinese text (`*.txt`). The result is `OUT/<split>/*.pdf`, one image a page as a scanner
writes it, and `OUT/<split>/truth.jsonl` with what was done and the recognition rate. Nothing of it is committed.
See README.md for the recipe.
"""
import argparse, io, json, math, pathlib, random, re, zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from truth import READ, counted, read, read_with_care

NOTO = "/usr/share/fonts/opentype/noto/"
FONTS = {
    "train": [
        ("song", NOTO + "NotoSerifCJK-Regular.ttc", 2),
        ("hei", NOTO + "NotoSansCJK-Regular.ttc", 2),
        ("kai", "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
        ("song-bold", NOTO + "NotoSerifCJK-Bold.ttc", 2),
    ],
    # Held out: other cuts, another family, other weights.
    "test": [
        ("song-light", NOTO + "NotoSerifCJK-Light.ttc", 2),
        ("hei-medium", NOTO + "NotoSansCJK-Medium.ttc", 2),
        ("hei-light", NOTO + "NotoSansCJK-Light.ttc", 2),
        ("ming", "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", 0),
        ("kai-light", "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", 0),
    ],
}
BASE_DPI = 600
WIDTH_MM, HEIGHT_MM = 170, 62
CLEAN = 0.85  # a piece that the OCR does not read when clean says nothing


def corpus(folder):
    """Sentences of the text, in their order."""
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(pathlib.Path(folder).glob("*.txt")))
    text = re.sub(r"[\s*#<>|_a-zA-Z/:.\-—·]+", "", text)
    parts = re.findall(r"[^。；！？]{4,}[。；！？]", text)
    return [p for p in parts if len(p) < 200]


def px(mm, dpi=BASE_DPI):
    return int(round(mm * dpi / 25.4))


def draw_base(rng, sentences, font_path, index, pt, layout):
    """A clean piece of page at BASE_DPI, the same without ruled lines, and its text.

    The OCR takes a ruled table for a picture, so it reads the twin without rules, spoilt in the same way.
    """
    image = Image.new("L", (px(WIDTH_MM), px(HEIGHT_MM)), 255)
    draw = ImageDraw.Draw(image)
    rules = []
    size = int(round(pt * BASE_DPI / 72))
    font = ImageFont.truetype(font_path, size, index=index)
    text = "".join(rng.sample(sentences, min(30, len(sentences))))
    margin = px(rng.uniform(4, 10))
    pitch = int(size * rng.uniform(1.25, 1.8))
    truth = []
    y = px(3)
    if layout == "table":
        columns = rng.choice([2, 3, 4])
        left, right = margin, image.width - margin
        edges = [left + (right - left) * i // columns for i in range(columns + 1)]
        row = int(size * rng.uniform(1.6, 2.2))
        pen = max(1, px(rng.uniform(0.1, 0.3)))
        at = 0
        top = y
        while y + row < image.height - px(2):
            for a, b in zip(edges, edges[1:]):
                room = (b - a - size) // size
                count = rng.randint(max(1, room // 3), max(1, room))
                piece = text[at:at + count]
                at += count
                draw.text((a + size // 2, y + (row - size) // 2 - size // 10), piece, font=font, fill=0)
                truth.append(piece)
            rules.append(((left, y, right, y), pen))
            y += row
        rules.append(((left, y, right, y), pen))
        rules += [((x, top, x, y), pen) for x in edges]
    else:
        per_line = (image.width - 2 * margin) // size
        at, start = 0, True
        while y + pitch < image.height - px(2):
            if layout == "form" and rng.random() < 0.6:
                piece = text[at:at + rng.randint(3, 7)].rstrip("，。、；") + "："
                at += len(piece)
                value = text[at:at + rng.randint(2, max(3, per_line // 2))]
                at += len(value)
                draw.text((margin, y), piece, font=font, fill=0)
                x = margin + int(font.getlength(piece)) + size // 2
                draw.text((x, y), value, font=font, fill=0)
                end = min(image.width - margin, x + int(font.getlength(value)) + size)
                rules.append(((x, y + int(size * 1.15), end, y + int(size * 1.15)), max(1, px(0.12))))
                truth += [piece, value]
            else:
                indent = 2 if start else 0
                count = per_line - indent
                if rng.random() < 0.15:
                    count = max(4, int(count * rng.uniform(0.2, 0.9)))
                    start_next = True
                else:
                    start_next = False
                piece = text[at:at + count]
                at += count
                draw.text((margin + indent * size, y), piece, font=font, fill=0)
                truth.append(piece)
                start = start_next
            y += pitch
    bare_image = image.copy()
    for line, pen in rules:
        draw.line(line, fill=0, width=pen)
    return image, bare_image, "".join(truth)


def gaussian(array, sigma):
    if sigma < 0.05:
        return array
    radius = int(math.ceil(3 * sigma))
    k = np.exp(-np.arange(-radius, radius + 1) ** 2 / (2 * sigma * sigma))
    k = (k / k.sum()).astype(np.float32)
    for axis in (0, 1):
        pad = [(radius, radius) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(array, pad, mode="edge")
        out = np.zeros_like(array)
        for i, w in enumerate(k):
            view = padded[i:i + array.shape[0], :] if axis == 0 else padded[:, i:i + array.shape[1]]
            out += w * view
        array = out
    return array


def motion(array, length, degrees):
    steps = max(2, int(round(length)) + 1)
    out = np.zeros_like(array)
    for t in np.linspace(-length / 2, length / 2, steps):
        dx, dy = int(round(t * math.cos(degrees))), int(round(t * math.sin(degrees)))
        out += np.roll(array, (dy, dx), (0, 1))
    return out / steps


def disc(array, radius):
    r = int(math.ceil(radius))
    out, n = np.zeros_like(array), 0
    for dy in range(-r, r + 1):
        for dx in range(-r, r + 1):
            if dx * dx + dy * dy <= radius * radius:
                out += np.roll(array, (dy, dx), (0, 1))
                n += 1
    return out / n


def resize(array, size, how):
    return np.asarray(Image.fromarray(array.astype(np.float32), "F").resize(size, how), dtype=np.float32)


def spoil(rng, nprng, base, split):
    """One spoilt version: the image as stored (PIL), its dpi, how it is stored, and what was done."""
    did = {}
    main = rng.choice(["blur", "blur", "resolution", "resolution", "contrast", "shadow", "noise", "jpeg", "motion",
                       "mix", "mix", "upscale"] if split == "train" else
                      ["defocus", "resolution", "copy", "contrast", "fold", "speckle", "jpeg", "mix", "mix", "motion",
                       "upscale", "twice", "defocus", "grain"])
    did["main"] = main
    severe = rng.random()
    mild = main == "mix"
    dpi = rng.choice([150, 200, 200, 300, 300])
    if main == "resolution":
        dpi = int(round(math.exp(rng.uniform(math.log(45), math.log(200)))))
    elif mild:
        dpi = rng.choice([90, 100, 120, 150, 200, 300])
    image = base
    skew = rng.gauss(0, 0.6) if rng.random() < 0.5 else 0.0
    work_dpi = 300
    array = resize(np.asarray(image, dtype=np.float32), (px(WIDTH_MM, work_dpi), px(HEIGHT_MM, work_dpi)), Image.BOX)
    if skew:
        array = np.asarray(Image.fromarray(array, "F").rotate(skew, Image.BICUBIC, fillcolor=255), dtype=np.float32)
    did["skew"] = round(skew, 2)
    mm = work_dpi / 25.4
    # Optics: every lens and every sheet blurs a little.
    sigma_mm = rng.uniform(0.02, 0.07)
    if main == "blur":
        sigma_mm = 0.04 + 0.40 * severe
    elif mild:
        sigma_mm = rng.uniform(0.02, 0.22)
    array = gaussian(array, sigma_mm * mm)
    did["sigma_mm"] = round(sigma_mm, 3)
    if main == "defocus":
        radius = 0.05 + 0.75 * severe
        array = disc(array, radius * mm)
        did["disc_mm"] = round(radius, 3)
    if main == "motion":
        length = 0.1 + 1.3 * severe
        array = motion(array, length * mm, rng.uniform(0, math.pi))
        did["motion_mm"] = round(length, 3)
    # Tone: 255 stays paper, 0 becomes ink.
    paper, ink = rng.uniform(225, 255), rng.uniform(10, 60)
    if main == "contrast":
        paper = rng.uniform(120, 255)
        ink = paper - (4 + 110 * severe)
    elif mild:
        paper = rng.uniform(170, 255)
        ink = paper - rng.uniform(25, 170)
    array = ink + (array / 255) * (paper - ink)
    did["paper"], did["ink"] = round(paper), round(ink)
    # To the scanner's grid.
    size = (px(WIDTH_MM, dpi), px(HEIGHT_MM, dpi))
    how = rng.choice([Image.BOX, Image.BILINEAR, Image.BICUBIC])
    array = resize(array, size, how)
    h, w = array.shape
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    if main == "shadow" or (mild and rng.random() < 0.4):
        depth = severe * 0.92 if main == "shadow" else rng.uniform(0, 0.5)
        angle = rng.uniform(0, 2 * math.pi)
        t = (xs / w - 0.5) * math.cos(angle) + (ys / h - 0.5) * math.sin(angle)
        soft = rng.uniform(0.03, 0.3)
        shade = 1 / (1 + np.exp(-(t - rng.uniform(-0.3, 0.3)) / soft))
        array = array * (1 - depth * shade)
        did["shadow"] = round(depth, 2)
    if main == "fold":
        at, width = rng.uniform(0.2, 0.8) * w, (2 + 25 * severe) / 25.4 * dpi
        band = np.exp(-((xs - at) / width) ** 2)
        depth = rng.uniform(0.3, 0.95)
        array = array * (1 - depth * band)
        array = gaussian(array, 1.0 * severe)
        did["fold_mm"] = round(2 + 25 * severe, 1)
    grain = rng.uniform(0.3, 3)
    if main == "noise":
        grain = 3 + 70 * severe
    elif main == "grain":
        grain = 3 + 60 * severe
    elif main == "contrast":
        grain = rng.uniform(0.3, 6)
    elif mild:
        grain = rng.uniform(0.5, 16)
    noise = nprng.normal(0, 1, array.shape).astype(np.float32)
    if main == "grain":
        noise = gaussian(noise, 1.0)
        noise /= noise.std() + 1e-6
    array = array + grain * noise
    did["grain"] = round(grain, 1)
    if main == "speckle":
        share = 0.002 + 0.25 * severe ** 2
        mask = nprng.random(array.shape)
        array[mask < share / 2] = 0
        array[mask > 1 - share / 2] = 255
        did["speckle"] = round(share, 3)
    if main == "copy":
        level = paper - (paper - ink) * (0.15 + 0.7 * rng.random())
        array = gaussian(array + nprng.normal(0, 30 * severe, array.shape), 0.3 + 1.5 * severe)
        array = np.where(array < level, 0, 255).astype(np.float32)
        did["copy_level"] = round(float(level))
    if main == "twice":
        buffer = io.BytesIO()
        Image.fromarray(array.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=int(8 + 40 * (1 - severe)))
        array = np.asarray(Image.open(buffer).convert("L"), dtype=np.float32)
        array = resize(array, (int(w * 0.83), int(h * 0.83)), Image.BILINEAR)
        dpi = dpi * 0.83
    stored_dpi = dpi
    if main == "upscale":
        low = int(round(math.exp(rng.uniform(math.log(45), math.log(180)))))
        small = resize(array, (px(WIDTH_MM, low), px(HEIGHT_MM, low)), Image.BOX)
        how = rng.choice([Image.NEAREST, Image.BILINEAR, Image.BICUBIC, Image.LANCZOS])
        stored_dpi = rng.choice([200, 300])
        array = resize(small, (px(WIDTH_MM, stored_dpi), px(HEIGHT_MM, stored_dpi)), how)
        did["upscaled_from"] = low
        did["upscaled_how"] = int(how)
    quality = rng.randint(60, 95)
    if main in ("jpeg", "twice"):
        quality = int(3 + 45 * (1 - severe))
    elif mild:
        quality = rng.randint(15, 90)
    did["quality"] = quality
    did["dpi"] = round(stored_dpi, 1)
    stored = Image.fromarray(array.clip(0, 255).astype(np.uint8))
    how = "jpeg"
    if main == "copy":
        how = "bilevel"
    elif rng.random() < 0.05:
        how = "flate"
    return stored, stored_dpi, how, quality, did


def pdf_of(image, dpi, how, quality):
    """A one-page PDF with this image over the whole page, as a scanner writes it."""
    if how == "jpeg":
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        data, more = buffer.getvalue(), "/Filter /DCTDecode /BitsPerComponent 8"
    elif how == "bilevel":
        bits = np.packbits(np.asarray(image) > 127, axis=1)
        data, more = zlib.compress(bits.tobytes(), 9), "/Filter /FlateDecode /BitsPerComponent 1"
    else:
        data, more = zlib.compress(np.asarray(image).tobytes(), 9), "/Filter /FlateDecode /BitsPerComponent 8"
    space = "/DeviceRGB" if image.mode == "RGB" else "/DeviceGray"
    w, h = image.width * 72 / dpi, image.height * 72 / dpi
    content = f"q {w:.3f} 0 0 {h:.3f} 0 0 cm /Im Do Q".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w:.3f} {h:.3f}] /Resources << /XObject << /Im 4 0 R >> >> /Contents 5 0 R >>".encode(),
        f"<< /Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} /ColorSpace {space} {more} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream",
        f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for i, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{i} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{o:010} 00000 n \n".encode() for o in offsets)
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def as_seen(image, how, quality):
    """What a reader gets: after the stored compression."""
    if how != "jpeg":
        return image
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("L")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--bases", type=int, default=60)
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--split", choices=["train", "test"], default="train")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", choices=["paragraph", "form", "table"], help="only this one")
    parser.add_argument("--read-again", action="store_true", help="make no page, but let the careful reader look at those that only the hasty one was asked about")
    args = parser.parse_args()
    rng, nprng = random.Random(args.seed), np.random.default_rng(args.seed)
    out = pathlib.Path(args.out) / args.split
    out.mkdir(parents=True, exist_ok=True)
    sentences, log = corpus(args.text), out / "truth.jsonl"
    known = {row["file"]: row for row in map(json.loads, open(log, encoding="utf-8"))} if log.exists() else {}
    for b in range(args.bases):
        name, path, index = rng.choice(FONTS[args.split])
        pt = rng.choice([6, 7.5, 9, 9, 10.5, 10.5, 12, 12, 12, 14, 14, 16, 16, 22])
        layout = args.layout or rng.choice(["paragraph", "paragraph", "form", "table"])
        base, twin, text = draw_base(rng, sentences, path, index, pt, layout)
        want, size = counted(text), (WIDTH_MM, HEIGHT_MM)
        clean = None if args.read_again else read(twin.resize((base.width // 2, base.height // 2), Image.BOX), size, want, ("6",)).hasty
        for e in range(args.each):
            states = rng.getstate(), nprng.bit_generator.state
            twin_stored, *_ = spoil(rng, nprng, twin, args.split)
            rng.setstate(states[0])
            nprng.bit_generator.state = states[1]
            stored, dpi, how, quality, did = spoil(rng, nprng, base, args.split)
            file, seen = f"s{args.seed}-{b:03}-{e}.pdf", as_seen(twin_stored, how, quality)
            page = pdf_of(stored, dpi, how, quality)
            if args.read_again:
                row = known[file]
                assert (out / file).read_bytes() == page, f"{file} is another page now: make the set anew"
                if "hasty" not in row and row["clean"] >= CLEAN:
                    row["hasty"] = row["rate"]
                    if row["rate"] / row["clean"] < READ:
                        row["rate"] = round(read_with_care(seen, size, want, row["rate"]), 4)
                    log.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in known.values()), encoding="utf-8")
                continue
            (out / file).write_bytes(page)
            found = read(seen, size, want, ("6",))
            row = {"file": file, "font": name, "pt": pt, "layout": layout, "characters": want.total(),
                   "clean": round(clean, 4), "rate": round(found.careful, 4), "hasty": round(found.hasty, 4), "stored": how, **did}
            with open(log, "a", encoding="utf-8") as more:
                more.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
