#!/usr/bin/env python3
"""Makes whole A4 pages with 36 families, alone and in pairs: the second set the numbers are fitted on.

    python3 make_whole.py --text DIR --out DIR [--bases 40] [--each 6] [--seed 1]

Writes `OUT/*.pdf` and `OUT/labels.jsonl` as `bench/legibility.sh` wants it: label by what truth.py's careful reader makes of it (0.9 and
more legible, 0.6 and less illegible), `hasty`, `ocr_confidence` as a baseline to beat, and what was done. Nothing of it is committed. It
draws and spoils without the code of the other generators.
"""
import argparse, io, json, math, pathlib, random, re, zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from truth import READ, counted, label, read, read_with_care

NOTO = "/usr/share/fonts/opentype/noto/"
# A scanner's and a printer's reality: the fonts of office programs and of older machines.
FONTS = [
    ("droid", "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("sans-demilight", NOTO + "NotoSansCJK-DemiLight.ttc", 2),
    ("serif-semibold", NOTO + "NotoSerifCJK-SemiBold.ttc", 2),
    ("serif-medium", NOTO + "NotoSerifCJK-Medium.ttc", 2),
    ("fang", "fonts/fang-regular.otf", 0),
    ("kai-mono", "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKaiMono-Regular.ttf", 0),
    ("sans-light", NOTO + "NotoSansCJK-Light.ttc", 2),
    ("sans-bold", NOTO + "NotoSansCJK-Bold.ttc", 2),
    ("serif", NOTO + "NotoSerifCJK-Regular.ttc", 2),
    ("serif-extralight", NOTO + "NotoSerifCJK-ExtraLight.ttc", 2),
    ("kai-bold", "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf", 0),
]
DPI = 300


def mm(value, dpi=DPI):
    return int(round(value * dpi / 25.4))


def words(folder):
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(pathlib.Path(folder).glob("*.txt")))
    # One of the fonts has no digits.
    text = text.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    runs = re.findall(r"[\u4e00-\u9fff，、；：（）《》]{6,}", text)
    return [r.strip("，、；：（）") for r in runs if len(r) >= 8]


class Sheet:
    """A page being drawn: once with rules, once without (an OCR takes a ruled table for a picture)."""

    def __init__(self, rng, pool, font, landscape):
        self.rng, self.pool, self.font = rng, pool, font
        w, h = (297, 210) if landscape else (210, 297)
        self.image = Image.new("L", (mm(w), mm(h)), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.rules, self.truth = [], []

    def type(self, pt):
        return ImageFont.truetype(self.font[1], int(round(pt * DPI / 72)), index=self.font[2])

    def text(self, x, y, pt, piece):
        self.draw.text((x, y), piece, font=self.type(pt), fill=0)
        self.truth.append(piece)

    def say(self, n):
        out = ""
        while len(out) < n:
            out += self.rng.choice(self.pool)
        return out[:n]


def letter(s, pt):
    em = pt * DPI / 72
    left, right = mm(s.rng.uniform(22, 32)), s.image.width - mm(s.rng.uniform(20, 30))
    y = mm(s.rng.uniform(20, 45))
    title = s.say(s.rng.randint(6, 12))
    s.text(s.image.width // 2 - int(len(title) * 22 / 72 * DPI / 2), y, 22, title)
    y += mm(16)
    per = int((right - left) // em)
    budget = s.rng.randint(80, 190)
    while budget > 0 and y < s.image.height - mm(30):
        lines = s.rng.randint(2, 5)
        for i in range(lines):
            n = per - 2 if i == 0 else (per if i < lines - 1 else s.rng.randint(3, per))
            s.text(left + (int(2 * em) if i == 0 else 0), int(y), pt, s.say(n))
            budget -= n
            y += em * 1.7


def form(s, pt):
    em = pt * DPI / 72
    y, left = mm(s.rng.uniform(25, 50)), mm(s.rng.uniform(20, 35))
    for _ in range(s.rng.randint(6, 11)):
        label = s.say(s.rng.randint(2, 5))
        s.text(left, int(y), pt, label)
        x = left + int(7 * em)
        n = s.rng.randint(3, max(4, int((s.image.width - x - mm(25)) / em) - 1))
        s.text(x, int(y), pt, s.say(n))
        s.rules.append((x, int(y + em * 1.2), s.image.width - mm(22), int(y + em * 1.2)))
        y += em * s.rng.uniform(2.0, 2.4)
        if y > s.image.height - mm(30):
            break


def table(s, pt):
    em = pt * DPI / 72
    left, right, y = mm(20), s.image.width - mm(20), mm(s.rng.uniform(25, 60))
    columns = s.rng.choice([3, 4, 5])
    cuts = [left] + sorted(s.rng.uniform(0.8, 1.2) * (left + (right - left) * i / columns) for i in range(1, columns)) + [right]
    top, row = y, em * s.rng.uniform(1.9, 2.6)
    for _ in range(s.rng.randint(5, 9)):
        s.rules.append((left, int(y), right, int(y)))
        for a, b in zip(cuts, cuts[1:]):
            room = int((b - a - em) / em)
            if room >= 2 and s.rng.random() < 0.85:
                s.text(int(a + em / 2), int(y + (row - em) / 2 - em * 0.1), pt, s.say(s.rng.randint(2, room)))
        y += row
        if y > s.image.height - mm(30):
            break
    s.rules.append((left, int(y), right, int(y)))
    s.rules += [(int(c), int(top), int(c), int(y)) for c in cuts]


def certificate(s, pt):
    em = pt * DPI / 72
    y = mm(s.rng.uniform(30, 45))
    title = s.say(5)
    s.text(s.image.width // 2 - int(len(title) * 34 / 72 * DPI / 2), y, 34, title)
    y += mm(28)
    left = mm(40)
    per = int((s.image.width - 2 * left) // em)
    for i in range(s.rng.randint(4, 6)):
        s.text(left + (int(2 * em) if i == 0 else 0), int(y), pt, s.say(per - 2 if i == 0 else per))
        y += em * 1.9
    for _ in range(2):
        s.text(s.image.width - mm(110), int(y), pt, s.say(8))
        y += em * 1.8
    for inset in (12, 14):
        a, b, c, d = mm(inset), mm(inset), s.image.width - mm(inset), s.image.height - mm(inset)
        s.rules += [(a, b, c, b), (c, b, c, d), (a, d, c, d), (a, b, a, d)]


def sparse(s, pt):
    em = pt * DPI / 72
    y = mm(s.rng.uniform(30, 90))
    for _ in range(s.rng.randint(4, 7)):
        s.text(mm(s.rng.uniform(25, 70)), int(y), pt, s.say(s.rng.randint(5, 16)))
        y += em * s.rng.uniform(1.8, 3.5)


def gauss(a, sigma):
    if sigma < 0.1:
        return a
    # Three boxes come close to a Gaussian, and cost the same at any width.
    image = Image.fromarray(np.ascontiguousarray(a, np.float32), "F")
    r = int(math.ceil(sigma * 3))
    k = np.exp(-np.arange(-r, r + 1) ** 2 / 2 / sigma**2)
    k /= k.sum()
    out = np.asarray(image)
    for axis in (0, 1):
        p = np.pad(out, [(r, r) if i == axis else (0, 0) for i in (0, 1)], mode="edge")
        acc = np.zeros_like(out)
        for i, w in enumerate(k):
            acc += np.float32(w) * (p[i:i + out.shape[0]] if axis == 0 else p[:, i:i + out.shape[1]])
        out = acc
    return out


def size_to(a, w, h, how):
    return np.asarray(Image.fromarray(np.ascontiguousarray(a, np.float32), "F").resize((w, h), how), np.float32)


def smear(a, length, angle):
    n = max(2, int(length * 2))
    out = np.zeros_like(a)
    for t in np.linspace(-length / 2, length / 2, n):
        out += np.roll(a, (int(round(t * math.sin(angle))), int(round(t * math.cos(angle)))), (0, 1))
    return out / n


def lens(a, radius):
    r = int(math.ceil(radius))
    ys, xs = np.mgrid[-r:r + 1, -r:r + 1]
    out, n = np.zeros_like(a), 0
    for dy, dx in zip(ys[xs**2 + ys**2 <= radius**2], xs[xs**2 + ys**2 <= radius**2]):
        out += np.roll(a, (int(dy), int(dx)), (0, 1))
        n += 1
    return out / n


FAULTS = ["none", "defocus", "motion", "coarse", "nearest", "bilinear", "squeezed", "twice", "faded", "yellow", "glare", "shadow",
          "screen", "photo", "through", "fax", "dither", "thin", "fat", "toner", "watermark", "grain", "cloth",
          "halftone", "streaks", "stains", "ringing", "wrinkled", "pepper", "local", "lanczos", "double", "coloured", "few", "gaps", "small"]



def spoil(seed, clean, fault, second, pt):
    """One spoilt page: RGB or L picture as stored, its dpi, JPEG quality or None, and what was done. The same seed does the same."""
    rng, nr = random.Random(seed), np.random.default_rng(seed)
    faults = [fault] + ([second] if second else [])
    did = {"faults": faults}
    a = np.asarray(clean, np.float32)
    h0, w0 = a.shape
    u = {f: (rng.random() if i == 0 else rng.random() * 0.5) for i, f in enumerate(faults)}
    did["severity"] = {k: round(v, 2) for k, v in u.items()}
    a = np.asarray(Image.fromarray(a, "F").rotate(rng.gauss(0, 0.5), Image.BICUBIC, fillcolor=255), np.float32)
    a = gauss(a, rng.uniform(0.2, 0.6))
    # Large type takes more before it is lost.
    k = DPI / 25.4 * max(1.0, pt / 11)
    coarser = max(1.0, (pt / 11) ** 0.8)
    if "thin" in u or "fat" in u:
        v = u.get("thin", u.get("fat"))
        soft = gauss(a, 0.5 + 2.2 * v)
        level = 127 - 110 * v if "thin" in u else 127 + 118 * v
        a = np.clip((soft - level) * 3 + 127, 0, 255)
    if "toner" in u:
        v = u["toner"]
        field = gauss(nr.random(a.shape, np.float32) - 0.5, 1.2 + 2 * rng.random())
        field /= field.std()
        a = np.where(field > 2.6 - 3.4 * v, 255, a)
        for _ in range(int(18 * v)):
            x = rng.randrange(w0 - 12)
            a[:, x:x + rng.randint(2, 10)] = 255
    if "defocus" in u:
        a = lens(a, (0.08 + 0.62 * u["defocus"]) * k)
    if "motion" in u:
        a = smear(a, (0.1 + 1.25 * u["motion"]) * k, rng.uniform(0, math.pi))
    if "double" in u:
        a = np.minimum(a, 255 - 0.85 * (255 - np.roll(a, (rng.randint(-2, 2), int((0.05 + 0.6 * u["double"]) * k)), (0, 1))))
    if "gaps" in u:
        # A ribbon or a drum that misses: stripes of ink are gone.
        v, p = u["gaps"], rng.uniform(0.25, 1.2) * k
        t = np.arange(h0 if rng.random() < 0.5 else w0) % p < p * (0.05 + 0.6 * v)
        a = np.where(t[:, None] if len(t) == h0 else t[None, :], 255, a)
    if "wrinkled" in u:
        v = u["wrinkled"]
        bend = gauss(nr.normal(0, 1, (h0 // 12 + 1, w0 // 12 + 1)).astype(np.float32), 1.5 + 3 * rng.random())
        bend = size_to(bend / bend.std(), w0, h0, Image.BICUBIC)
        across = np.clip(np.arange(w0)[None, :] + bend * v * 0.35 * k, 0, w0 - 1).astype(int)
        down = np.clip(np.arange(h0)[:, None] + np.roll(bend, 97, 0) * v * 0.35 * k, 0, h0 - 1).astype(int)
        a = a[down, across]
    if "watermark" in u:
        layer = Image.new("L", (w0, h0), 0)
        font = ImageFont.truetype(NOTO + "NotoSansCJK-Bold.ttc", mm(rng.uniform(14, 34)), index=2)
        for y in range(0, h0, mm(60)):
            ImageDraw.Draw(layer).text((rng.randint(0, mm(60)), y), "仅供申报使用复印无效", font=font, fill=255)
        mark = np.asarray(layer.rotate(rng.uniform(15, 40)), np.float32) / 255
        a = a * (1 - mark * 0.8 * u["watermark"])
    if "through" in u:
        back = gauss(np.asarray(clean, np.float32)[:, ::-1], 2.0)
        back = np.roll(back, (rng.randint(20, 200), rng.randint(-60, 60)), (0, 1))
        a = a * (1 - 0.55 * u["through"] * (1 - back / 255))
    paper, ink = rng.uniform(228, 253), rng.uniform(15, 70)
    if "faded" in u:
        ink = paper - (5 + 120 * (1 - u["faded"]) ** 1.6)
    if "yellow" in u:
        paper, ink = rng.uniform(150, 215), rng.uniform(40, 120)
    a = ink + a / 255 * (paper - ink)
    if "stains" in u:
        v = u["stains"]
        blot = size_to(gauss(nr.random((h0 // 24 + 1, w0 // 24 + 1)).astype(np.float32), 2 + 6 * rng.random()), w0, h0, Image.BICUBIC)
        blot = (blot - blot.mean()) / blot.std()
        a = a * (1 - 0.85 * v / (1 + np.exp(-4 * (blot - 0.6 + v))))
    if "cloth" in u:
        ys, xs = np.mgrid[0:h0, 0:w0].astype(np.float32)
        p = rng.uniform(0.35, 1.6) * k
        t = rng.uniform(0, math.pi)
        a = a - 75 * u["cloth"] * (np.sin(2 * math.pi * (xs * math.cos(t) + ys * math.sin(t)) / p) * np.sin(2 * math.pi * (ys * math.cos(t) - xs * math.sin(t)) / p) + 1) / 2
    dpi = rng.choice([150, 200, 200, 240, 300, 300])
    if "coarse" in u:
        dpi = int(math.exp(rng.uniform(math.log(40), math.log(130))) / coarser)
    if "screen" in u:
        # A camera before a screen: the grid of its pixels beats with that of the sensor.
        pitch = rng.uniform(0.22, 0.42) * k
        ys, xs = np.mgrid[0:h0, 0:w0].astype(np.float32)
        fine = size_to(size_to(a, int(w0 / pitch), int(h0 / pitch), Image.BOX), w0, h0, Image.NEAREST)
        grid = 0.5 + 0.25 * np.sin(2 * math.pi * xs / pitch) + 0.25 * np.sin(2 * math.pi * ys / pitch)
        a = fine * (1 - 0.75 * u["screen"] * grid)
        dpi = int(25.4 / 0.28 * rng.uniform(0.9, 2.2))
    fx = 1.0
    if "small" in u:
        # A page photocopied down: everything is smaller than its paper says.
        v = u["small"]
        f = 1 - 0.75 * v
        less = size_to(a, int(w0 * f), int(h0 * f), Image.BOX)
        a = np.full_like(a, paper)
        a[mm(8):mm(8) + less.shape[0], mm(8):mm(8) + less.shape[1]] = less[:h0 - mm(8), :w0 - mm(8)]
    if "fax" in u:
        dpi, fx = 204, rng.choice([1.0, 0.5])
    w, h = int(w0 * dpi / DPI), int(h0 * dpi / DPI * fx)
    a = size_to(a, w, h, rng.choice([Image.BOX, Image.BILINEAR]))
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    if "photo" in u:
        v = u["photo"]
        quad = [rng.uniform(0, 0.06) * w for _ in range(8)]
        c = (quad[0], quad[1], quad[2], h - quad[3], w - quad[4], h - quad[5], w - quad[6], quad[7])
        a = np.asarray(Image.fromarray(a, "F").transform((w, h), Image.QUAD, c, Image.BICUBIC), np.float32)
        near = gauss(a, 0.4)
        far = gauss(a, 0.4 + 3.2 * v * dpi / 200)
        mix = np.clip((ys / h - rng.uniform(0, 0.5)) * 1.6, 0, 1)
        a = near * (1 - mix) + far * mix
        a = a * (1 - 0.5 * v * np.hypot(xs / w - rng.random(), ys / h - rng.random()))
    if "shadow" in u:
        t = rng.uniform(0, 2 * math.pi)
        d = (xs / w - 0.5) * math.cos(t) + (ys / h - 0.5) * math.sin(t) + rng.uniform(-0.2, 0.2)
        a = a * (1 - 0.93 * u["shadow"] / (1 + np.exp(-d / rng.uniform(0.02, 0.2))))
    if "glare" in u:
        v = u["glare"]
        r = ((xs - w * rng.uniform(0.2, 0.8)) / (w * (0.12 + 0.5 * v))) ** 2 + ((ys - h * rng.uniform(0.15, 0.6)) / (h * (0.08 + 0.35 * v))) ** 2
        a = a + (300 * v + 60) * np.exp(-r)
    if "grain" in u:
        v = u["grain"]
        g = nr.normal(0, 1, (h, w)).astype(np.float32)
        if rng.random() < 0.5:
            g = gauss(g, 0.8)
            g /= g.std()
        a = a + g * (4 + 75 * v)
    if "streaks" in u:
        v = u["streaks"]
        a = a + gauss(nr.normal(0, 1, (1, w)).astype(np.float32).repeat(3, 0), 0.7)[:1] * 90 * v * (paper - ink) / 200
    if "pepper" in u:
        v = u["pepper"]
        dots = gauss((nr.random((h, w)) < 0.002 + 0.10 * v * v).astype(np.float32), rng.uniform(0.0, 0.7)) > 0.25
        a = np.where(dots, ink if rng.random() < 0.7 else paper, a)
    if "few" in u:
        n = max(2, int(9 - 8 * u["few"]))
        shift = rng.uniform(-0.5, 0.5)
        a = np.clip((np.round(a / 255 * n + shift) - shift) / n * 255, 0, 255)
    if "ringing" in u:
        v = u["ringing"]
        soft = gauss(a, (0.3 + 1.6 * v) * dpi / 200 * coarser)
        a = np.clip(soft + (soft - gauss(soft, 1.0 + 2 * v)) * (1 + 6 * v), 0, 255)
    a = a + nr.normal(0, rng.uniform(0.5, 3), (h, w)).astype(np.float32)
    a = np.clip(a, 0, 255)
    quality = rng.randint(62, 94)
    if "twice" in u:
        buffer = io.BytesIO()
        Image.fromarray(a.astype(np.uint8)).save(buffer, "JPEG", quality=int(4 + 30 * (1 - u["twice"])))
        a = np.asarray(Image.open(buffer).convert("L"), np.float32)[rng.randint(1, 7):, rng.randint(1, 7):]
    if {"nearest", "bilinear", "lanczos"} & set(u):
        v = u.get("nearest", u.get("bilinear", u.get("lanczos")))
        low = (130 - 90 * v) / coarser
        small = size_to(a, int(w * low / dpi), int(h * low / dpi / fx), Image.BOX)
        dpi, fx = rng.choice([200, 300]), 1.0
        a = size_to(small, int(w0 * dpi / DPI), int(h0 * dpi / DPI), Image.NEAREST if "nearest" in u else Image.BILINEAR if "bilinear" in u else Image.LANCZOS)
        did["from_dpi"] = round(low)
    if "squeezed" in u:
        quality = int(3 + 22 * (1 - u["squeezed"]) ** 1.5)
    if "local" in u:
        # A scanning app that parts ink from paper by what is around each pixel.
        v = u["local"]
        soft = gauss(a + nr.normal(0, 40 * v * rng.random(), a.shape).astype(np.float32), 0.3 + 1.8 * v * rng.random())
        around = gauss(size_to(soft, w // 8, h // 8, Image.BOX), 3.0)
        around = size_to(around, soft.shape[1], soft.shape[0], Image.BICUBIC)
        picture = Image.fromarray(np.where(soft < around - (paper - ink) * rng.uniform(0.05, 0.3), 0, 255).astype(np.uint8)).convert("1")
        return picture, (dpi, dpi * fx), None, did
    if "halftone" in u:
        v = u["halftone"]
        pitch, t = rng.uniform(0.16, 0.34) / 25.4 * dpi * max(1.0, pt / 14), rng.uniform(0.2, 0.9)
        ys, xs = np.mgrid[0:a.shape[0], 0:a.shape[1]].astype(np.float32)
        dot = np.cos(2 * math.pi * (xs * math.cos(t) + ys * math.sin(t)) / pitch) + np.cos(2 * math.pi * (ys * math.cos(t) - xs * math.sin(t)) / pitch)
        grey = np.clip(a * (1 - 0.55 * v) + 30 * v + dot * 110 * v, 0, 255)
        a = gauss(grey if rng.random() < 0.5 else np.where(grey > 128, 245.0, 20.0).astype(np.float32), 0.5)
    if "fax" in u or "dither" in u:
        grey = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
        if "dither" in u:
            v = u["dither"]
            lift = np.asarray(grey, np.float32) * (1 - 0.5 * v) + 60 * v
            picture = Image.fromarray(np.clip(lift, 0, 255).astype(np.uint8)).convert("1")
        else:
            level = ink + (paper - ink) * rng.uniform(0.2, 0.85)
            picture = grey.point(lambda p: 255 if p > level else 0).convert("1")
        return picture, (dpi, dpi * fx), None, did
    if rng.random() < 0.6 or "coloured" in u:
        tint = np.array([1.0, rng.uniform(0.96, 1.0), rng.uniform(0.84, 1.0)]) if "yellow" not in u else np.array([1.0, 0.92, 0.72])
        rgb = np.clip(a[..., None] * tint, 0, 255)
        if "coloured" in u:
            # Red, blue or green ink, or black ink on deep coloured paper.
            depth = (1 - a / max(1.0, paper))[..., None].clip(0, 1)
            ground = np.array([rng.uniform(90, 255) for _ in range(3)]) if rng.random() < 0.5 else np.array([250.0, 248.0, 240.0])
            colour = np.array([rng.uniform(0, 235) for _ in range(3)])
            rgb = ground + depth * (colour - ground) + nr.normal(0, 2, a.shape)[..., None]
            rgb = np.clip(rgb, 0, 255)
        picture = Image.fromarray(rgb.astype(np.uint8))
    else:
        picture = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
    return picture, (dpi, dpi * fx), quality, did


def stored(picture, dpi, quality):
    """A PDF of one page, and the picture a reader gets of it."""
    buffer = io.BytesIO()
    if quality is None:
        data, filt = zlib.compress(picture.tobytes(), 6), "/FlateDecode"
        space, bits, seen = "/DeviceGray", 1, picture.convert("L")
    else:
        picture.save(buffer, "JPEG", quality=quality)
        data, filt, bits = buffer.getvalue(), "/DCTDecode", 8
        space = "/DeviceRGB" if picture.mode == "RGB" else "/DeviceGray"
        seen = Image.open(io.BytesIO(data))
    w, h = picture.width * 72 / dpi[0], picture.height * 72 / dpi[1]
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w:.2f} {h:.2f}] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R >>".encode(),
               f"<< /Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace {space} /BitsPerComponent {bits} /Filter {filt} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"]
    content = f"q {w:.2f} 0 0 {h:.2f} 0 0 cm /I Do Q".encode()
    objects.append(f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream")
    out, at = b"%PDF-1.4\n", []
    for i, body in enumerate(objects):
        at.append(len(out))
        out += f"{i + 1} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(f"{o:010} 00000 n \n".encode() for o in at)
    out += f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return out, seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--bases", type=int, default=40)
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read-again", action="store_true", help="make no page, but let the careful reader look at those that only the hasty one was asked about")
    args = parser.parse_args()
    rng, out = random.Random(args.seed), pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    pool, log = words(args.text), out / "labels.jsonl"
    known = {row["file"]: row for row in map(json.loads, open(log, encoding="utf-8"))} if log.exists() else {}
    kinds = [(letter, [9, 10.5, 12, 14, 16]), (form, [10.5, 12, 14, 16]), (table, [9, 10.5, 12]), (certificate, [14, 16, 18, 22, 26]),
             (sparse, [10.5, 14, 16, 22]), (letter, [6, 7.5, 9]), (form, [7.5, 9, 10.5])]
    for b in range(args.bases):
        layout, sizes = rng.choice(kinds)
        font, pt = rng.choice(FONTS), rng.choice(sizes)
        sheet = Sheet(rng, pool, font, layout is certificate)
        layout(sheet, pt)
        twin = sheet.image.copy()
        for rule in sheet.rules:
            sheet.draw.line(rule, fill=0, width=rng.choice([1, 2, 3, 4]))
        want, size = counted("".join(sheet.truth)), (twin.width / DPI * 25.4, twin.height / DPI * 25.4)
        if args.read_again:
            if f"h{args.seed}-{b:03}-0.pdf" not in known:
                continue
        elif (clean := read(twin, size, want, ("6", "3"))).hasty < READ:
            continue
        for e in range(args.each):
            fault = FAULTS[(b * args.each + e) % len(FAULTS)]
            second = rng.choice(FAULTS[1:]) if rng.random() < 0.35 and fault not in ("none", "fax", "dither", "local") else None
            if second in (fault, "fax", "dither", "local"):
                second = None
            seed = rng.randrange(1 << 30)
            picture, dpi, quality, did = spoil(seed, sheet.image, fault, second, pt)
            file = f"h{args.seed}-{b:03}-{e}.pdf"
            data, seen = stored(picture, dpi, quality)
            if sheet.rules:
                picture, dpi, quality, _ = spoil(seed, twin, fault, second, pt)
                _, seen = stored(picture, dpi, quality)
            if args.read_again:
                row = known.get(file)
                if row and "hasty" not in row:
                    assert (out / file).read_bytes() == data, f"{file} is another page now: make the set anew"
                    row["hasty"], row["rate"] = row["rate"], round(read_with_care(seen, size, want, row["rate"]), 3)
                    row["label"] = label(row["rate"])
                    log.write_text("".join(json.dumps(r) + "\n" for r in known.values()), encoding="utf-8")
                continue
            found = read(seen, size, want, ("6", "3")).over(clean)
            (out / file).write_bytes(data)
            row = {"file": file, "label": label(found.careful), "orientation_deg": 0, "rate": round(found.careful, 3), "hasty": round(found.hasty, 3),
                   "ocr_confidence": round(found.sure, 3), "font": font[0], "pt": pt, "layout": layout.__name__, "dpi": dpi, "quality": quality, **did}
            with open(log, "a", encoding="utf-8") as more:
                more.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
