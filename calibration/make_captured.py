#!/usr/bin/env python3
"""Makes whole pages by what happens to a sheet on its way: the third set the numbers are fitted on. It draws and spoils without the others' code.

    python3 make_captured.py --text DIR --out DIR [--pages 200] [--seed 1]

Every page has an own sheet, and faults made by following paper, lens, sensor and file: a shake that wanders, a bent page, light
that flickers, a sensor's counts of light, a messenger's squeezing, a copy of a copy. Writes `OUT/*.pdf` and `OUT/labels.jsonl`
as `bench/legibility.sh` wants it; the label is what truth.py's careful reader makes of it.
"""
import argparse, io, json, math, pathlib, random, re, zlib

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from truth import READ, counted, label, read, read_with_care

NOTO = "/usr/share/fonts/opentype/noto/Noto"
TYPES = {
    "hei": (NOTO + "SansCJK-Regular.ttc", 2),
    "hei-medium": (NOTO + "SansCJK-Medium.ttc", 2),
    "hei-black": (NOTO + "SansCJK-Black.ttc", 2),
    "song-light": (NOTO + "SerifCJK-Light.ttc", 2),
    "song-bold": (NOTO + "SerifCJK-Bold.ttc", 2),
    "ming": ("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", 0),
    "kai": ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
    "kai-light": ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", 0),
}
UNIT = 250  # dots an inch of the sheet
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英"


def dots(mm, unit=UNIT):
    return int(round(mm / 25.4 * unit))


class Writer:
    """Sets type on a sheet, and on a twin without rules and pictures for the OCR."""

    def __init__(self, rng, lines, face, mm):
        self.rng, self.lines, self.face = rng, lines, face
        size = (dots(mm[0]), dots(mm[1]))
        self.sheet, self.twin = Image.new("RGB", size, "white"), Image.new("RGB", size, "white")
        self.said = []

    def put(self, x, y, pt, words, fill=(0, 0, 0)):
        font = ImageFont.truetype(self.face[0], max(4, round(pt / 72 * UNIT)), index=self.face[1])
        for picture in (self.sheet, self.twin):
            ImageDraw.Draw(picture).text((x, y), words, font=font, fill=fill)
        self.said.append(words)
        return font.getlength(words)

    def rule(self, *ends, fill=(0, 0, 0), width=2):
        ImageDraw.Draw(self.sheet).line(ends, fill=fill, width=width)

    def some(self, n):
        start = self.rng.randrange(len(self.lines) - n - 1)
        return self.lines[start:start + n]

    def name(self):
        return self.rng.choice(SURNAMES) + "".join(self.rng.choice(GIVEN) for _ in range(self.rng.randint(1, 2)))

    def number(self):
        return "".join(self.rng.choice("0123456789") for _ in range(self.rng.choice([4, 6, 8, 11])))


def notice(w, pt):
    """A paper of an office: red head, red rule, text, office and date at the lower right."""
    em, (wide, tall) = pt / 72 * UNIT, w.sheet.size
    w.put(wide * 0.22, tall * 0.08, 26, w.some(8), fill=(200, 30, 30))
    w.rule(dots(22), tall * 0.15, wide - dots(22), tall * 0.15, fill=(200, 30, 30), width=5)
    y, per = tall * 0.18, int((wide - dots(52)) / em)
    for _ in range(w.rng.randint(4, 7)):
        w.put(dots(26), y, pt, w.some(per))
        y += em * w.rng.uniform(1.4, 1.9)
    w.put(wide * 0.55, y + em * 2, pt, w.some(9))


def two_columns(w, pt):
    em, (wide, _) = pt / 72 * UNIT, w.sheet.size
    per = int((wide / 2 - dots(24)) / em)
    for column in (0, 1):
        y = dots(30)
        for _ in range(w.rng.randint(5, 9)):
            w.put(dots(16) + column * wide / 2, y, pt, w.some(max(3, per)))
            y += em * 1.55


def marks(w, pt):
    """A list of names with marks: many short cells, close rules."""
    em, (wide, _) = pt / 72 * UNIT, w.sheet.size
    columns = w.rng.randint(4, 6)
    left, step, y = dots(18), (wide - dots(36)) / columns, dots(w.rng.uniform(20, 80))
    row, top = em * w.rng.uniform(1.5, 2.1), None
    for _ in range(w.rng.randint(6, 10)):
        top = top or y
        w.rule(left, y, left + step * columns, y)
        for c in range(columns):
            words = w.name() if c == 0 else w.rng.choice([w.number(), w.some(w.rng.randint(2, max(3, int(step / em) - 2)))])
            w.put(left + step * c + em * 0.4, y + (row - em) / 2 - em * 0.12, pt, words[:max(2, int(step / em) - 1)])
        y += row
    w.rule(left, y, left + step * columns, y)
    for c in range(columns + 1):
        w.rule(left + step * c, top, left + step * c, y)


def card(w, pt):
    """Labels in one colour, what is filled in beside them, a picture."""
    em, (wide, tall) = pt / 72 * UNIT, w.sheet.size
    y = tall * w.rng.uniform(0.1, 0.3)
    for field in ("姓名", "性别", "出生年月", "工作单位", "专业名称", "证书编号"):
        w.put(wide * 0.12, y, pt, field, fill=w.rng.choice([(40, 70, 140), (0, 0, 0)]))
        value = w.name() if field == "姓名" else w.number() if field == "证书编号" else w.some(w.rng.randint(3, 9))
        w.put(wide * 0.12 + em * 5.5, y, pt, value)
        y += em * w.rng.uniform(1.6, 2.6)
    photo = np.clip(np.random.default_rng(w.rng.randrange(99)).normal(150, 60, (12, 9, 3)), 0, 255).astype(np.uint8)
    w.sheet.paste(Image.fromarray(photo).resize((dots(25), dots(35)), Image.BICUBIC), (int(wide * 0.75), int(tall * 0.1)))


def slip(w, pt):
    """A receipt: a narrow paper, small type."""
    em, y = pt / 72 * UNIT, dots(8)
    per = max(4, int((w.sheet.width - dots(8)) / em))
    while y < w.sheet.height - dots(12) and len("".join(w.said)) < 160:
        w.put(dots(4), y, pt, w.some(w.rng.randint(max(3, per // 2), per)))
        y += em * w.rng.uniform(1.3, 1.7)


KINDS = [(notice, (210, 297), (10.5, 12, 14, 16)), (two_columns, (210, 297), (8, 9, 10.5)), (marks, (210, 297), (7.5, 9, 10.5, 12)),
         (marks, (297, 210), (9, 12)), (card, (210, 148), (9, 12, 14)), (slip, (80, 180), (7, 8, 9, 10.5))]


# --- paper -----------------------------------------------------------------------------------------------------------

def bent(p, v, r):
    """A book lying open: lines run into a fold and out of the light."""
    a = np.asarray(p, np.float32)
    h, w, _ = a.shape
    t = np.arange(w) / w
    squeeze = t ** (1 + 1.3 * v)
    rise = (np.exp(-t * 7) * v * dots(9)).astype(int)
    a = a[:, np.clip(squeeze * w, 0, w - 1).astype(int)]
    for x in range(w):
        a[:, x] = np.roll(a[:, x], rise[x], 0)
    return Image.fromarray((a * (1 - 0.8 * v * np.exp(-t * 9))[None, :, None]).astype(np.uint8))


def thermal(p, v, r):
    """Heat-sensitive paper gone pale, from one end."""
    a = np.asarray(p, np.float32)
    t = np.linspace(0, 1, a.shape[0])[:, None, None]
    keep = np.clip(1 - v * (0.75 + 0.4 * t), 0.015, 1)
    return Image.fromarray((250 - (250 - a) * keep).clip(0, 255).astype(np.uint8))


def carbon(p, v, r):
    """A copy through several sheets: spread, soft, uneven pressure."""
    n = np.random.default_rng(r.randrange(1 << 30))
    a = 255 - np.asarray(p.convert("L").filter(ImageFilter.GaussianBlur(0.6 + 3.2 * v)), np.float32)
    press = Image.fromarray((n.random((40, 30)) * 255).astype(np.uint8)).resize((a.shape[1], a.shape[0]), Image.BICUBIC)
    a = a * (1 - v * 0.8 * np.asarray(press, np.float32) / 255)
    return Image.fromarray((245 - a * 0.75).clip(0, 255).astype(np.uint8)).convert("RGB")


def again(p, v, r):
    """A copy of a copy of a copy."""
    n = np.random.default_rng(r.randrange(1 << 30))
    p = p.convert("L")
    for _ in range(1 + int(5 * v)):
        a = np.asarray(p.filter(ImageFilter.GaussianBlur(0.5 + 0.9 * v)), np.float32) + n.normal(0, 5 + 16 * v, (p.height, p.width))
        p = Image.fromarray(((a - 128) * (1.3 + 0.6 * v) + 128 + 25 * v * r.uniform(-1, 1)).clip(0, 255).astype(np.uint8))
    return p.convert("RGB")


def worn(p, v, r):
    """Strokes rubbed off along scratches and in patches."""
    d = ImageDraw.Draw(p)
    for _ in range(int(900 * v * v)):
        x, y, t, l = r.randrange(p.width), r.randrange(p.height), r.uniform(0, 6.3), r.uniform(10, 160)
        d.line((x, y, x + l * math.cos(t), y + l * math.sin(t)), fill=(255, 255, 255), width=r.randint(1, 4))
    n = np.random.default_rng(r.randrange(1 << 30)).random((p.height // 3 + 1, p.width // 3 + 1)) < 0.35 * v
    holes = Image.fromarray((n * 255).astype(np.uint8)).resize(p.size, Image.NEAREST)
    return Image.composite(Image.new("RGB", p.size, "white"), p, holes)


def pens(p, v, r):
    """Marked over with a felt pen, and struck through."""
    ink = Image.new("RGB", p.size, "white")
    for _ in range(2 + int(14 * v)):
        y = r.randrange(p.height)
        ImageDraw.Draw(ink).line((r.randrange(p.width // 2), y, r.randint(p.width // 2, p.width), y + r.randint(-9, 9)),
                                 fill=tuple(int(255 - 235 * v * c) for c in (r.random(), r.random(), r.random())), width=r.randint(4, 42))
    return ImageChops.multiply(p, ink)


def tinted(p, v, r):
    """Coloured paper under coloured type."""
    a = np.asarray(p, np.float32) / 255
    ground = np.array([r.uniform(160, 255) for _ in range(3)])
    ink = np.array([r.uniform(0, 200) for _ in range(3)])
    ink = ink + (ground - ink) * v * 0.85
    return Image.fromarray((ink + a * (ground - ink)).clip(0, 255).astype(np.uint8))


# --- lens, hand, light ----------------------------------------------------------------------------------------------------

def shake(p, v, r):
    """A hand that wanders while the shutter is open."""
    x = y = vx = vy = 0.0
    total, n = np.zeros((p.height, p.width, 3), np.float32), 9
    a = np.asarray(p, np.float32)
    reach = dots(0.08 + 0.95 * v) / n
    vx, vy = (lambda t: (math.cos(t), math.sin(t)))(r.uniform(0, 6.3))
    for _ in range(n):
        total += np.roll(a, (round(y), round(x)), (0, 1))
        vx, vy = vx + r.gauss(0, 0.35), vy + r.gauss(0, 0.35)
        x, y = x + vx * reach, y + vy * reach
    return Image.fromarray((total / n).astype(np.uint8))


def unfocused(p, v, r):
    return p.filter(ImageFilter.BoxBlur(dots(0.03 + 0.45 * v))).filter(ImageFilter.GaussianBlur(0.6))


def tilted(p, v, r):
    """Held at an angle: one edge is far away and small, and not in focus."""
    w, h = p.size
    k = 0.05 + 0.22 * v
    far = p.transform((w, h), Image.QUAD, (-k * w, -k * h, 0, h, w, h, w + k * w, -k * h), Image.BICUBIC, fillcolor=(90, 80, 70))
    soft = far.filter(ImageFilter.GaussianBlur(0.5 + 5 * v))
    return Image.composite(soft, far, Image.linear_gradient("L").resize((w, h)).transpose(Image.FLIP_TOP_BOTTOM))


def lamp(p, v, r):
    """One lamp beside the paper: from bright to nearly dark."""
    w, h = p.size
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    d = np.hypot((xs / w - r.uniform(-0.2, 1.2)), (ys / h - r.uniform(-0.2, 1.2)) * h / w)
    light = 1 / (1 + (1 + 9 * v) * d * d)
    return Image.fromarray((np.asarray(p, np.float32) * (light / light.max())[..., None]).astype(np.uint8))


def hand(p, v, r):
    """The edge of a phone's shadow."""
    mask = Image.new("L", p.size, 255)
    x, y = r.uniform(0.2, 0.8) * p.width, r.uniform(0.2, 0.8) * p.height
    reach = (0.2 + 0.5 * v) * p.width
    corners = [(x + reach * math.cos(t) * 1.3, y + reach * math.sin(t)) for t in (0.3, 1.8, 3.4, 5.0)]
    ImageDraw.Draw(mask).polygon(corners, fill=int(255 * (1 - 0.9 * v)))
    return ImageChops.multiply(p, mask.filter(ImageFilter.GaussianBlur(dots(r.uniform(0.5, 6)))).convert("RGB"))


def sleeve(p, v, r):
    """Streaks of light on a plastic sleeve."""
    shine = Image.new("L", p.size, 0)
    for _ in range(1 + int(6 * v)):
        x, t = r.randrange(p.width), r.uniform(-0.6, 0.6)
        ImageDraw.Draw(shine).line((x, 0, x + t * p.height, p.height), fill=int(130 + 125 * v), width=dots(r.uniform(2, 6 + 22 * v)))
    return ImageChops.screen(p, shine.filter(ImageFilter.GaussianBlur(dots(2))).convert("RGB"))


def flicker(p, v, r):
    """Bands of a lamp that flickers faster than the shutter."""
    y = np.arange(p.height)
    band = 1 - 0.45 * v * (1 + np.sin(y / dots(r.uniform(2, 25)) * 6.28 + r.uniform(0, 6)))
    return Image.fromarray((np.asarray(p, np.float32) * band[:, None, None]).astype(np.uint8))


# --- sensor and file --------------------------------------------------------------------------------------------------------

def dim(p, v, r):
    """Few photons: counts of light in each colour, brightened again."""
    n = np.random.default_rng(r.randrange(1 << 30))
    full = 400 * (1 - v) ** 3 + 1.5
    a = np.asarray(p, np.float32) / 255 * 0.9 + 0.03
    return Image.fromarray((n.poisson(a * full) / full * 255).clip(0, 255).astype(np.uint8))


def rows(p, v, r):
    """A scanner that stutters: rows shifted against each other."""
    n, a = np.random.default_rng(r.randrange(1 << 30)), np.asarray(p).copy()
    shift = np.cumsum(n.normal(0, 1, p.height)) * 0.02 + n.normal(0, 1, p.height) * (0.2 + 3.3 * v)
    for y, s in enumerate(shift):
        a[y] = np.roll(a[y], round(float(s)), 0)
    return Image.fromarray(a)


def tiny(p, v, r):
    """A thumbnail, enlarged by whoever sent it."""
    f = (135 - 95 * v) / UNIT
    small = p.resize((max(20, int(p.width * f)), max(20, int(p.height * f))), Image.LANCZOS)
    return small.resize(p.size, r.choice([Image.NEAREST, Image.BICUBIC, Image.BILINEAR, Image.HAMMING]))


def mosaic(p, v, r):
    f = (120 - 85 * v) / UNIT
    return p.resize((int(p.width * f), int(p.height * f)), Image.BOX).resize(p.size, Image.BOX)


def messenger(p, v, r):
    """Sent from phone to phone."""
    side = int(1700 - 950 * v)
    p = p.resize((int(side * p.width / p.height), side), Image.BILINEAR) if p.height > side else p
    for _ in range(1 + int(3 * v)):
        buffer = io.BytesIO()
        p.save(buffer, r.choice(["JPEG", "WEBP"]), quality=int(45 - 38 * v))
        p = Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")
        p = p.resize((p.width - r.randint(1, 5), p.height - r.randint(1, 5)), Image.BILINEAR)
    return p


def sharpened(p, v, r):
    return p.filter(ImageFilter.GaussianBlur(0.8 + 2.4 * v)).filter(ImageFilter.UnsharpMask(2 + 5 * v, int(150 + 500 * v), 2))


def ordered(p, v, r):
    """Black and white in an ordered pattern."""
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) * 16 + 8
    p = p.convert("L").resize((int(p.width * (0.9 - 0.5 * v)), int(p.height * (0.9 - 0.5 * v))), Image.BILINEAR)
    a = np.asarray(p, np.float32) * (1 - 0.35 * v) + 10
    tile = np.tile(bayer, (p.height // 4 + 1, p.width // 4 + 1))[:p.height, :p.width]
    return Image.fromarray(((a > tile) * 255).astype(np.uint8)).convert("1")


def cut(p, v, r):
    """Black and white at one level, badly chosen."""
    grey = p.convert("L").filter(ImageFilter.GaussianBlur(0.4 + 1.2 * v))
    level = 128 + r.choice([-1, 1]) * 118 * v
    return grey.point(lambda x: 255 if x > level else 0).convert("1")


PAPER = [bent, thermal, carbon, again, worn, pens, tinted]
LIGHT = [shake, unfocused, tilted, lamp, hand, sleeve, flicker]
FILE = [dim, rows, tiny, mosaic, messenger, sharpened, ordered, cut]


def stored(picture, mm, quality):
    buffer = io.BytesIO()
    w, h = (v / 25.4 * 72 for v in mm)
    if picture.mode == "1":
        data, how = zlib.compress(picture.tobytes()), "/DeviceGray /BitsPerComponent 1 /Filter /FlateDecode"
    else:
        picture.save(buffer, "JPEG", quality=quality)
        data = buffer.getvalue()
        how = ("/DeviceRGB" if picture.mode == "RGB" else "/DeviceGray") + " /BitsPerComponent 8 /Filter /DCTDecode"
        picture = Image.open(io.BytesIO(data))
    draw = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (w, h)
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Resources<</XObject<</P 5 0 R>>>>/Contents 4 0 R>>" % (w, h),
             b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw),
             b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace %s/Length %d>>stream\n%s\nendstream"
             % (picture.width, picture.height, how.encode(), len(data), data)]
    out, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out)), picture


def spoilt(sheet, faults, hard, seed, turn, mm, dpi, quality):
    """A sheet through paper, lens, sensor and file: the PDF, and what is seen in it."""
    r, p = random.Random(seed), sheet.copy()
    for stage in (PAPER, LIGHT, FILE):
        for f in faults:
            if f in stage:
                p = f(p, hard[f.__name__], r)
        if stage is PAPER:
            p = p.rotate(turn, Image.BICUBIC, fillcolor=(255, 255, 255))
        if stage is LIGHT:
            p = p.resize((dots(mm[0], dpi), dots(mm[1], dpi)), Image.BICUBIC if dpi > UNIT else Image.BOX)
    if p.mode == "RGB" and r.random() < 0.4:
        p = p.convert("L")
    return stored(p, mm, quality)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read-again", action="store_true", help="make no page, but let the careful reader look at those that only the hasty one was asked about")
    args = parser.parse_args()
    rng, out = random.Random(args.seed), pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(pathlib.Path(args.text).glob("*.txt")))
    lines = re.sub(r"[^\u4e00-\u9fff，。、]+", "", text)
    every = PAPER + LIGHT + FILE
    made, labels = 0, out / "labels.jsonl"
    rows = {row["file"]: row for row in map(json.loads, open(labels, encoding="utf-8"))} if args.read_again else {}
    name = lambda n: f"t{args.seed}-{n:04}.pdf"
    while made < args.pages and (not args.read_again or name(made) in rows):
        kind, mm, sizes = rng.choice(KINDS)
        face, pt = rng.choice(sorted(TYPES)), rng.choice(sizes)
        w = Writer(rng, lines, TYPES[face], mm)
        kind(w, pt)
        want = counted("".join(w.said))
        if args.read_again:
            known = rows[name(made)]
            if (known["font"], known["pt"], known["layout"]) != (face, pt, kind.__name__):
                continue
            before = rng.getstate()
        else:
            clean = read(w.twin.convert("L"), mm, want)
            if clean.hasty < READ:
                continue
        for _ in range(3):
            # Each fault comes up equally often; sometimes one of another stage with it, sometimes none.
            first = every[made % len(every)] if made % 11 else None
            stages = [s for s in (PAPER, LIGHT, FILE) if first not in s]
            others = [rng.choice(s) for s in stages if rng.random() < 0.16]
            faults = sorted(([first] if first else []) + others, key=every.index)
            hard = {f.__name__: round(rng.random() * (1 if f is first else 0.45), 2) for f in faults}
            seed, dpi, quality = rng.randrange(1 << 30), rng.choice([150, 200, 200, 250, 300]), rng.randint(55, 93)
            turn = rng.gauss(0, 0.8)
            how = (faults, hard, seed, turn, mm, dpi, quality)
            if args.read_again:
                row = rows.get(name(made))
                if row is None or (row["severity"], row["dpi"], row["quality"]) != (hard, [dpi, dpi], quality):
                    # A page that was left out when the set was made.
                    rng.setstate(before)
                    break
                before = rng.getstate()
                if "hasty" not in row:
                    row["hasty"] = row["rate"]
                    if row["rate"] < READ:
                        _, picture = spoilt(w.twin, *how)
                        row["rate"] = round(read_with_care(picture, mm, want, row["rate"]), 3)
                        row["label"] = label(row["rate"])
                    labels.write_text("".join(json.dumps(r) + "\n" for r in rows.values()), encoding="utf-8")
                made += 1
                continue
            seen = [spoilt(sheet, *how) for sheet in (w.sheet, w.twin)]
            found = read(seen[1][1], mm, want).over(clean)
            (out / name(made)).write_bytes(seen[0][0])
            row = {"file": name(made), "label": label(found.careful), "orientation_deg": 0, "rate": round(found.careful, 3), "hasty": round(found.hasty, 3),
                   "ocr_confidence": round(found.sure, 3), "font": face, "pt": pt, "layout": kind.__name__, "dpi": [dpi, dpi], "quality": quality, "faults": [f.__name__ for f in faults], "severity": hard}
            with open(labels, "a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")
            made += 1


if __name__ == "__main__":
    main()
