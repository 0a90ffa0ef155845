#!/usr/bin/env python3
"""Makes clean scans of many kinds of papers: nothing is wrong with them, and nobody should refuse one. No OCR is needed, the truth is in the making.

    python3 make_clean.py --text DIR --out DIR [--each 6] [--seed 1]

Writes `OUT/*.pdf` and `OUT/labels.jsonl` (file, label, orientation_deg, layout, dpi, pt). Each sheet is HTML, set by headless Chromium, drawn by `pdftoppm`
at 150 to 300 dpi, set askew by less than a degree, printed on paper of some tint and grain, and compressed as scanners do. All names and
numbers are made up. Needs Pillow, NumPy, `chromium` and poppler.
"""
import argparse, glob, io, json, os, pathlib, random, subprocess, tempfile

import numpy as np
from PIL import Image, ImageFilter

CHROMIUM = "chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-sync --no-pdf-header-footer".split()
FONTS = ["Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"]
ENGLISH = ("the board of examiners having considered results in all courses required for this degree hereby certifies that the candidate has "
           "completed programme of study and fulfilled requirements set out in regulations university registrar office records").split()


class Words:
    """Chinese sentences of a folder, and made-up words and numbers."""

    def __init__(self, folder, seed):
        text = "".join(open(path, encoding="utf-8").read() for path in sorted(glob.glob(f"{folder}/*.txt")))
        kept = "".join(c for c in text if "\u4e00" <= c <= "\u9fff" or c in "，。、；：（）")
        self.text, self.random = kept, random.Random(seed)

    def han(self, n):
        at = self.random.randrange(len(self.text) - n)
        return self.text[at : at + n]

    def word(self, low, high):
        return "".join(c for c in self.han(4 * high) if "\u4e00" <= c <= "\u9fff")[: self.random.randint(low, high)]

    def digits(self, n):
        return "".join(self.random.choice("0123456789") for _ in range(n))

    def day(self):
        return f"{self.random.randint(1990, 2025)}年{self.random.randint(1, 12)}月{self.random.randint(1, 28)}日"

    def english(self, n):
        return " ".join(self.random.choice(ENGLISH) for _ in range(n)).capitalize() + "."


def table(rows, style=""):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table style="{style}">{cells}</table>'


def photo(w, h):
    return (f'<svg width="{w}mm" height="{h}mm" viewBox="0 0 35 45" style="background:#4a78b8"><ellipse cx="17" cy="17" rx="8" ry="10" fill="#e8c4a0"/>'
            '<path d="M2 45q2-16 15-16t16 16z" fill="#222"/><path d="M8 14q9-14 19 0q-9-5-19 0" fill="#181818"/></svg>')


# Each gives a sheet: width and height in mm, type size in pt, and what stands on it.
def dense(w, r):
    pt = r.choice([9, 10.5, 12])
    return 210, 297, pt, f'<div style="line-height:{r.choice([1.15, 1.25, 1.4, 1.6])};text-align:justify">{w.han(3200)}</div>'


def letter(w, r):
    paragraphs = "".join(f'<p style="text-indent:2em">{w.han(r.randint(60, 200))}</p>' for _ in range(r.randint(3, 7)))
    return 210, 297, r.choice([12, 14, 16]), f'<h1 style="text-align:center">{w.word(6, 12)}</h1>{paragraphs}<p style="text-align:right">{w.day()}</p>'


def grades(w, r):
    rows = [("课程", "学分", "成绩", "课程", "学分", "成绩")]
    rows += [(w.word(3, 9), r.randint(1, 5), r.randint(60, 99), w.word(3, 9), r.randint(1, 5), r.randint(60, 99)) for _ in range(r.randint(18, 34))]
    return 210, 297, r.choice([8, 9, 10.5]), f'<h2 style="text-align:center">{w.word(4, 8)}成绩单</h2>' + table(rows)


def months(w, r):
    rows = [("年月", "单位编号", "缴费基数", "个人", "单位")]
    rows += [(f"20{r.randint(10, 24)}{r.randint(1, 12):02}", w.digits(8), f"{r.randint(3000, 9999)}.00", f"{r.randint(200, 800)}.{w.digits(2)}", f"{r.randint(400, 1600)}.{w.digits(2)}")
             for _ in range(r.randint(24, 40))]
    return 210, 297, r.choice([8, 9, 10]), table(rows, "font-family:'Noto Sans CJK SC'")


def english(w, r):
    paragraphs = "".join(f"<p>{w.english(r.randint(25, 60))}</p>" for _ in range(r.randint(4, 9)))
    return 210, 297, r.choice([10, 11, 12]), f'<div style="font-family:\'DejaVu Serif\';text-align:justify"><h2>To whom it may concern</h2>{paragraphs}</div>'


def transcript(w, r):
    rows = [(w.english(r.randint(2, 5)).strip("."), w.digits(1), r.choice("ABC"), w.digits(2)) for _ in range(r.randint(15, 32))]
    return 210, 297, r.choice([8, 9, 10]), f'<div style="font-family:\'DejaVu Sans\'">{table(rows)}</div>'


def card(w, r):
    lines = "".join(f"<div>{label} {value}</div>" for label, value in (
        ("姓名", w.word(2, 3)), ("性别", "女"), ("出生", w.day()), ("住址", w.word(10, 18)), ("编号", w.digits(18))))
    return 210, 297, r.choice([8, 9]), (f'<div style="width:85.6mm;height:54mm;border:.3mm solid #999;border-radius:3mm;margin:{r.randint(0, 60)}mm auto;padding:4mm;'
                                        f'background:#eef3f8;box-sizing:border-box"><div style="float:right">{photo(24, 30)}</div>{lines}</div>')


def degree(w, r):
    return 297, 210, r.choice([18, 22]), (f'<div style="border:2mm double #a33;padding:14mm;height:140mm"><h1 style="text-align:center">学士学位证书</h1><div style="float:left;margin:0 8mm 0 0">'
                                          f'{photo(35, 45)}</div><p style="text-indent:2em;line-height:1.9">{w.han(90)}</p><p style="text-align:right">{w.day()}</p></div>')


def form(w, r):
    filled = lambda value: value if r.random() < 0.45 else ""
    rows = [(w.word(2, 4), filled(w.word(2, 8)), w.word(2, 4), filled(w.day())) for _ in range(r.randint(10, 16))]
    return 210, 297, r.choice([10.5, 12]), f'<h2 style="text-align:center">{w.word(6, 10)}表</h2>' + table(rows, "line-height:2.4")


def receipt(w, r):
    lines = "".join(f"<div>{w.word(2, 14)}</div>" if r.random() < 0.6 else f"<div>{w.word(2, 5)} {w.digits(r.randint(3, 9))}</div>" for _ in range(r.randint(8, 26)))
    return r.choice([58, 80]), r.randint(110, 190), r.choice([8, 9, 10]), f'<div style="margin:-12mm;line-height:{r.choice([1.2, 1.35, 1.6])}">{lines}</div>'


def invoice(w, r):
    rows = [(w.word(3, 9), w.digits(4), "项", r.randint(1, 9), f"{w.digits(3)}.00", f"{w.digits(4)}.00") for _ in range(r.randint(3, 8))]
    return 210, 140, r.choice([8, 9]), (f'<h2 style="text-align:center;color:#964">增值税电子普通发票</h2><div style="color:#964">购买方：<span style="color:#111">{w.word(8, 14)}</span>'
                                        f'　识别号：<span style="color:#111">{w.digits(15)}</span></div>{table(rows, "color:#225;border-color:#964")}')


def cover(w, r):
    lines = "".join(f"<p>{label}：{w.word(3, 10)}</p>" for label in ("姓名", "单位", "专业", "申报资格"))
    return 210, 297, 16, f'<div style="margin-top:60mm;text-align:center;font-size:32pt;font-weight:700">{w.word(5, 8)}</div><div style="margin:50mm 0 0 40mm">{lines}</div>'


def contents(w, r):
    rows = "".join(f'<div style="display:flex"><span>{i + 1}. {w.word(5, 16)}</span><span style="flex:1;overflow:hidden;white-space:nowrap">{"." * 200}</span><span>{i * 3 + 1}</span></div>'
                   for i in range(r.randint(8, 24)))
    return 210, 297, r.choice([12, 14]), f'<h1 style="text-align:center">目录</h1><div style="line-height:1.8">{rows}</div>'


def two_columns(w, r):
    return 210, 297, r.choice([8, 9]), (f'<h2 style="text-align:center">{w.word(10, 18)}</h2><div style="column-count:2;column-gap:7mm;line-height:1.45;text-align:justify">'
                                        + "".join(f"<p>{w.han(r.randint(80, 260))}</p>" for _ in range(9)) + "</div>")


def bars(w, r):
    drawn = "".join(f'<rect x="{20 + i * 22}" y="{110 - h}" width="14" height="{h}" fill="#{r.choice(["47a", "a74", "7a4"])}"/><text x="{18 + i * 22}" y="118" font-size="4">{w.word(3, 4)}</text>'
                    for i, h in enumerate(r.randint(15, 95) for _ in range(6)))
    return 210, 297, 10.5, f'<p>{w.han(180)}</p><svg width="170mm" viewBox="0 0 170 125">{drawn}</svg><p>{w.han(220)}</p>'


def pictured(w, r):
    return 210, 297, 12, f'<p style="text-align:center">{w.word(6, 14)}</p><div style="text-align:center">{photo(120, 150)}</div><p>{w.han(60)}</p><p>{w.han(40)}</p>'


def phone(w, r):
    rows = "".join(f'<div style="padding:2mm 4mm;border-bottom:.2mm solid #ddd"><span style="color:#888">{w.word(2, 4)}</span>　{w.word(3, 12)}</div>' for _ in range(14))
    return 90, 190, r.choice([9, 10]), f'<div style="margin:-12mm;background:#fff"><div style="background:#2a62c9;color:#fff;padding:4mm;text-align:center">{w.word(4, 6)}</div>{rows}</div>'


def heavy(w, r):
    return 210, 297, r.choice([16, 18, 22]), f'<div style="font-weight:700;line-height:1.6">{"".join(f"<p>{w.han(r.randint(12, 40))}</p>" for _ in range(9))}</div>'


def redhead(w, r):
    return 210, 297, 16, (f'<div style="color:#d22;text-align:center;font-size:34pt;font-weight:700;border-bottom:.8mm solid #d22">{w.word(7, 10)}文件</div>'
                          + "".join(f'<p style="text-indent:2em;line-height:1.75">{w.han(r.randint(60, 160))}</p>' for _ in range(4)))


def ornament(w, r):
    rings = "".join(f'<circle cx="{x}" cy="{y}" r="{k}" fill="none" stroke="#c9a" stroke-width=".25"/>' for x in range(0, 220, 14) for y in range(0, 310, 14) for k in (4, 7, 10))
    return 210, 297, 14, (f'<svg style="position:absolute;left:0;top:0;z-index:-1" width="210mm" height="297mm" viewBox="0 0 210 297">{rings}</svg>'
                          f'<h1 style="text-align:center">{w.word(4, 6)}证书</h1>' + "".join(f'<p style="text-indent:2em">{w.han(r.randint(40, 110))}</p>' for _ in range(5)))


def upright(w, r):
    return 210, 297, r.choice([12, 14]), f'<div style="writing-mode:vertical-rl;height:240mm;line-height:1.9">{w.han(600)}</div>'


def slide(w, r):
    lines = "".join(f"<p>{w.word(6, 18)}</p>" for _ in range(7))
    return 297, 167, 18, f'<div style="position:absolute;inset:0;background:#123a6b;color:#fff;padding:16mm"><h1>{w.word(5, 9)}</h1>{lines}</div>'


def dark_phone(w, r):
    rows = "".join(f'<div style="padding:2mm 4mm;border-bottom:.2mm solid #333"><span style="color:#9a9a9a">{w.word(2, 4)}</span>　{w.word(3, 12)}</div>' for _ in range(r.randint(12, 20)))
    return 90, 190, r.choice([9, 10]), f'<div style="position:absolute;inset:0;background:#111;color:#eee"><div style="padding:4mm;text-align:center">{w.word(4, 6)}</div>{rows}</div>'


def book_cover(w, r):
    ground, gold = r.choice([("#7a1420", "#e2c27a"), ("#16305c", "#d9c07c"), ("#1d4a34", "#e6d9a8")])
    lines = "".join(f"<p>{w.word(5, 12)}</p>" for _ in range(r.randint(2, 5)))
    return 148, 210, 16, (f'<div style="position:absolute;inset:0;background:{ground};color:{gold};text-align:center;padding-top:45mm">'
                          f'<div style="font-size:34pt;font-weight:700">{w.word(4, 4)}</div><div style="margin-top:40mm">{lines}</div></div>')


def banded(w, r):
    head = "".join(f"<td>{w.word(2, 5)}</td>" for _ in range(5))
    rows = "".join("<tr>" + "".join(f"<td>{w.word(2, 7)}</td>" for _ in range(5)) + "</tr>" for _ in range(r.randint(10, 26)))
    return 210, 297, r.choice([9, 10.5]), f'<h2 style="text-align:center">{w.word(6, 12)}</h2><table><tr style="background:#1f4e79;color:#fff">{head}</tr>{rows}</table>'


def tinted(w, r):
    ground = r.choice(["#cfe3d4", "#f3d9c9", "#d6dcef", "#e9e2c4"])
    paragraphs = "".join(f'<p style="text-indent:2em">{w.han(r.randint(60, 160))}</p>' for _ in range(r.randint(3, 6)))
    return 210, 297, r.choice([10.5, 12, 14]), f'<div style="position:absolute;inset:0;background:{ground};padding:20mm">{paragraphs}</div>'


LAYOUTS = [dense, letter, grades, months, english, transcript, card, degree, form, receipt, invoice, cover, contents, two_columns, bars, pictured, phone, heavy, redhead, ornament, upright, slide,
           dark_phone, book_cover, banded, tinted]


def drawn(sheet, font, dpi):
    """The sheet as an image."""
    w, h, pt, body = sheet
    page = (f"<meta charset=utf-8><style>@page{{size:{w}mm {h}mm;margin:0}}body{{margin:0}}section{{position:relative;box-sizing:border-box;width:{w}mm;height:{h}mm;padding:18mm;"
            f"overflow:hidden;font:{pt}pt '{font}';-webkit-print-color-adjust:exact}}table{{border-collapse:collapse;width:100%}}td{{border:.25mm solid;padding:.15em .4em}}p{{margin:.4em 0}}"
            f"</style><section>{body}</section>")
    with tempfile.TemporaryDirectory() as folder:
        html, pdf = f"{folder}/a.html", f"{folder}/a.pdf"
        pathlib.Path(html).write_text(page, encoding="utf-8")
        environment = dict(os.environ, HOME=folder)
        subprocess.run([*CHROMIUM, f"--user-data-dir={folder}/p", f"--print-to-pdf={pdf}", html], check=True, capture_output=True, env=environment)
        png = subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", pdf], check=True, capture_output=True).stdout
    return Image.open(io.BytesIO(png)).convert("RGB")


def scanned(image, r, dpi):
    """As a scanner gives it: a little askew and soft, on paper that is not quite white or even."""
    angle = r.gauss(0, 0.35) if r.random() < 0.7 else 0
    image = image.rotate(angle, Image.BICUBIC, fillcolor="white").filter(ImageFilter.GaussianBlur(r.uniform(0.2, 0.55) * dpi / 200))
    noise = np.random.default_rng(r.randrange(1 << 30))
    tint = np.array([r.uniform(0.94, 1), r.uniform(0.94, 1), r.uniform(0.9, 1)])
    levels = np.asarray(image, float) * tint + noise.normal(0, r.uniform(0.5, 3.5), np.asarray(image).shape)
    image = Image.fromarray(levels.clip(0, 255).astype("uint8"))
    return image if r.random() < 0.6 else image.convert("L")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--each", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "labels.jsonl", "w", encoding="utf-8") as labels:
        for layout in LAYOUTS:
            for n in range(args.each):
                r = random.Random(f"{args.seed} {layout.__name__} {n}")
                dpi = r.choice([150, 200, 200, 300])
                sheet = layout(Words(args.text, r.randrange(1 << 30)), r)
                image = scanned(drawn(sheet, r.choice(FONTS), dpi), r, dpi)
                name = f"c{args.seed}-{layout.__name__}-{n}.pdf"
                image.save(out / name, resolution=dpi, quality=r.randint(55, 90))
                row = {"file": name, "label": "legible", "orientation_deg": 0, "layout": layout.__name__, "dpi": dpi, "pt": sheet[2]}
                labels.write(json.dumps(row) + "\n")
                labels.flush()


if __name__ == "__main__":
    main()
