"""Pages nothing was fitted on: set by a browser, spoilt by other people's code, with what of them can be read.

The sheets are HTML, set by headless Chromium and drawn by `pdftoppm`: eight layouts of personnel papers, all names and numbers
made up. The faults are those of the public library `augraphy` and the dozen that any tester writes first with OpenCV. A page has
one main fault of a severity from 0 (barely seen) to 1 (mostly ruin), the upper half drawn rather more often, and with a chance of 0.3 a
second, mild one. Left out are faults of augraphy that an eye sees through and the OCR does not (lines and scribbles across the text,
shifted pieces, bold patterns), and those that are slow.

The truth is `truth.py`: the share of characters that an OCR gives back to a careful reader, over the same share of the clean sheet at
300 dpi ("hasty": to a hasty one). Here he also looks past grain, stains and glare (`look`). The OCR takes a ruled table for a picture and
stumbles over seals, so it reads a twin: the same text at the same places, without rules and pictures, spoilt with the same random
numbers. A sheet of whose clean twin it reads less than 0.9 is not used.

    PYTHON make_unseen.py --text DIR --out DIR [--pages 200] [--seed 1] [--workers 1]

DIR of --text holds plain Chinese text (*.txt). Written are OUT/u<seed>-NNNN.pdf, one picture each, and OUT/labels.jsonl, one row each. It can be
interrupted and goes on where it was: a page depends on its seed and number alone. Needs from PyPI `augraphy` 8.2 and
`opencv-python-headless`; Chromium (`chromium`), poppler (`pdftoppm`), `tesseract` with chi_sim, and the fonts of the README.
"""
import argparse, functools, glob, html.parser, json, multiprocessing, os, random, re, subprocess, tempfile, zlib

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
import augraphy as A
import cv2
import numba
import numpy as np
from PIL import Image

import truth

cv2.setNumThreads(1)
BATCH = 8  # sheets that one start of the browser sets
CLEAN_DPI = 300
CHROMIUM = ("chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
            "--disable-component-update --disable-sync --no-pdf-header-footer").split()
PAPERS = {"a4": (210, 297), "a4l": (297, 210), "a5": (148, 210), "a5l": (210, 148), "b5": (176, 250), "b5l": (250, 176)}
FONTS = [("Noto Serif CJK SC", w) for w in (300, 400, 400, 500, 600, 700)] + [("Noto Sans CJK SC", w) for w in (300, 350, 400, 400, 500, 700)] \
    + [("LXGW WenKai", w) for w in (300, 400, 400, 700)] + [("LXGW WenKai Mono", 400), ("Droid Sans Fallback", 400), ("Droid Sans Fallback", 400)]

# ---- what stands on the sheets ------------------------------------------------------------------------------------------------

STYLE = "body{margin:0;-webkit-print-color-adjust:exact}" + "".join(
    f"@page {name}{{size:{w}mm {h}mm;margin:0}}.{name}{{page:{name};width:{w}mm;height:{h}mm}}" for name, (w, h) in PAPERS.items()) + """
section{box-sizing:border-box;position:relative;overflow:hidden;break-after:page;padding:18mm 20mm 20mm;line-height:1.6;color:#111}
h1{font-size:1.7em;text-align:center;margin:.2em 0 .7em} h2{font-size:1.1em;margin:.6em 0 .2em} p{margin:.3em 0;text-indent:2em;text-align:justify}
table{border-collapse:collapse;width:100%} td,th{padding:.25em .5em;font-weight:inherit} .ruled td,.ruled th{border:.25mm solid #222}
.kv{display:grid;grid-template-columns:auto 1fr auto 1fr;gap:.45em 1.2em} .kv b{font-weight:inherit;color:#555} .small{font-size:.8em}
.right{text-align:right} svg.over{position:absolute} .two{column-count:2;column-gap:7mm;column-fill:auto;height:100%}
.frame{position:absolute;inset:9mm;border:1.2mm double #a33} 
.card{position:relative;border:.3mm solid #777;border-radius:3mm;padding:4mm;margin:5mm auto}
.twin svg{visibility:hidden} .twin .ruled td,.twin .ruled th,.twin .frame,.twin .card,.twin .line{border-color:transparent}"""

# Takes away what does not go on the sheet, from its end.
FIT = """for (const s of document.querySelectorAll("section")) { const f = s.querySelector(".flow"); if (!f) continue;
while (f.lastElementChild && (s.scrollHeight > s.clientHeight + 1 || f.scrollWidth > f.clientWidth + 1 || f.scrollHeight > f.clientHeight + 1))
f.lastElementChild.remove(); } document.querySelector("script").remove();"""


@functools.cache
def sentences(folder):
    """Sentences of Chinese out of a folder of texts."""
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        for part in re.split(r"\n\s*\n|\n(?=[-#|*])", open(path, encoding="utf-8").read()):
            part = re.sub(r"[*`#|_\[\]<>\s\u3000]+", "", part)
            found += [s for s in re.split(r"(?<=[。；])", part)
                      if 12 <= len(s) <= 110 and len(re.findall(r"[\u4e00-\u9fff]", s)) > 0.7 * len(s)]
    return sorted(set(found))


class Sheet:
    """One sheet: what is drawn for it (size, letter, layout), and the small things its layout is put together from."""

    def __init__(self, folder, seed, number, attempt):
        self.r, self.text = random.Random(f"sheet {seed} {number} {attempt}"), sentences(folder)
        self.layout = self.r.choice(list(LAYOUTS))
        (low, high), papers = LAYOUTS[self.layout][1:]
        self.pt, self.paper = self.r.choice([x / 2 for x in range(int(low * 2), int(high * 2) + 1)]), self.r.choice(papers)
        self.font, self.weight = self.r.choice(FONTS)
        self.mm = PAPERS[self.paper]

    def html(self):
        body, wash = LAYOUTS[self.layout][0](self), ""
        if self.r.random() < 0.35 or self.layout == "certificate":
            a, b = (f"hsl({self.r.randrange(360)} {self.r.randrange(30, 90)}% {self.r.randrange(88, 97)}%)" for _ in range(2))
            wash = f"background:linear-gradient({self.r.randrange(360)}deg,{a},{b});"
        mark = self.mark() if self.r.random() < 0.2 else ""
        return (f'<section class="{self.paper}" style="font:{self.weight} {self.pt}pt/{self.r.choice([1.4, 1.6, 1.8])} '
                f"'{self.font}';{wash}\">{mark}{body}</section>")

    def prose(self, n):
        return "".join(self.r.choice(self.text) for _ in range(n))

    def phrase(self, most=16):
        return re.sub(r"[^\u4e00-\u9fff]", "", self.r.choice(self.text))[:self.r.randrange(6, most)]

    def digits(self, n):
        return "".join(self.r.choice("0123456789") for _ in range(n))

    def name(self):
        return self.r.choice("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜") + "".join(
            self.r.choice("明华志远晓雨文博思源嘉宁海涛雪梅建国春林子涵若兰一凡德胜") for _ in range(self.r.choice([1, 2, 2])))

    def firm(self):
        return self.r.choice(["海岚", "云麓", "启衡", "东榆", "博澜", "远舟", "青禾", "瑞泽"]) + self.r.choice(
            ["精工机械", "信息技术", "建筑工程", "生物医药", "新材料", "环境检测"]) + self.r.choice(["有限公司", "股份有限公司", "研究院有限公司"])

    def school(self):
        return self.r.choice(["江海", "云台", "临洪", "东岭", "平湖"]) + self.r.choice(["大学", "理工大学", "师范大学", "职业技术学院"])

    def major(self):
        return self.r.choice(["机械设计制造及其自动化", "土木工程", "计算机科学与技术", "环境工程", "会计学", "药学", "电气工程", "食品科学与工程"])

    def date(self):
        return f"{self.r.randrange(1998, 2025)}年{self.r.randrange(1, 13)}月{self.r.randrange(1, 29)}日"

    def seal(self, place):
        words, size = self.firm(), self.r.randrange(36, 44)
        return (f'<svg class="over" style="{place};width:{size}mm;height:{size}mm;opacity:{self.r.uniform(.6, .95):.2f}" viewBox="0 0 100 100">'
                f'<g fill="none" stroke="#d11" stroke-width="3"><circle cx="50" cy="50" r="47"/></g><g fill="#d11"><path d="M50 32 55 46 69 46 58 54 '
                f'62 68 50 59 38 68 42 54 31 46 45 46z"/><defs><path id="c{words}" d="M16 62A36 36 0 1 1 84 62"/></defs><text font-size="11">'
                f'<textPath href="#c{words}" textLength="{min(150, 13 * len(words))}">{words}</textPath></text></g></svg>')

    def photo(self, place, w=26, h=35):
        hue = self.r.choice(["#c22", "#48c", "#eee"])
        return (f'<svg class="over" style="{place};width:{w}mm;height:{h}mm" viewBox="0 0 26 35" preserveAspectRatio="none">'
                f'<rect width="26" height="35" fill="{hue}"/><path d="M2 35C3 24 23 24 24 35z" fill="#345"/>'
                f'<ellipse cx="13" cy="15" rx="6" ry="8" fill="#dbb090"/>'
                f'<path d="M7 13C7 3 19 3 19 13 17 8 9 8 7 13z" fill="#222"/></svg>')

    def squares(self, place):
        cells = "".join(f"M{x} {y}h1v1h-1z" for x in range(25) for y in range(25) if self.r.random() < 0.5)
        return f'<svg class="over" style="{place};width:24mm;height:24mm" viewBox="0 0 25 25"><path d="{cells}"/></svg>'

    def mark(self):
        words, grey = self.r.choice(["仅供职称申报使用", "复印无效", "样本", "内部资料"]), self.r.uniform(0.05, 0.16)
        rows = "".join(f'<text x="{x}" y="{y}">{words}</text>' for y in range(-200, 400, 45) for x in range(-100, 400, 120))
        return (f'<svg class="over" style="inset:0;width:100%;height:100%" viewBox="0 0 210 297"><g font-size="11" opacity="{grey:.2f}" '
                f'transform="rotate(-{self.r.randrange(15, 50)})">{rows}</g></svg>')


def certificate(s):
    what = s.r.choice(["学士学位证书", "硕士学位证书", "毕业证书", "专业技术资格证书"])
    w, h = s.mm
    return (f'<div class="frame"></div>{s.photo(f"left:{w * .1:.0f}mm;top:{h * .34:.0f}mm")}<div style="margin-left:{w * .14:.0f}mm"><h1>{what}</h1>'
            f'<p>{s.name()}，{s.r.choice("男女")}，{s.date()}生。在{s.school()}{s.major()}专业完成了四年制学习计划，业已毕业，成绩合格。'
            f'经审核符合有关规定，授予{s.r.choice(["工学", "理学", "管理学", "医学"])}学位，特发此证。</p><div class="flow">'
            + "".join(f"<p>{s.r.choice(s.text)}</p>" for _ in range(2)) +
            f'</div><p class="right">校长：{s.name()}</p><p class="right">{s.date()}</p><p>证书编号：{s.digits(16)}</p></div>'
            + s.seal(f"right:{w * .12:.0f}mm;bottom:{h * .07:.0f}mm"))


def report(s):
    pairs = [("姓名", s.name()), ("性别", s.r.choice("男女")), ("出生日期", s.date()), ("入学日期", s.date()), ("毕业日期", s.date()), ("学校名称", s.school()),
             ("专业", s.major()), ("学历类别", "普通高等教育"), ("学制", "四年"), ("学习形式", "全日制"), ("层次", s.r.choice(["本科", "专科", "硕士研究生"])),
             ("毕结业", "毕业"), ("校长姓名", s.name()), ("证书编号", s.digits(18)), ("在线验证码", s.digits(12)), ("工作单位", s.firm())]
    cells = "".join(f"<b>{k}</b><span>{v}</span>" for k, v in pairs)
    hue = s.r.randrange(360)
    return (f'<div style="background:hsl({hue} 60% 92%);padding:.3em 1em;margin-right:30mm"><h1>学历证书电子注册备案表</h1></div>'
            f'<p class="small">更新日期：{s.date()}　打印编号：{s.digits(10)}</p>{s.photo("right:16mm;top:20mm")}'
            f'<div class="kv" style="margin:14mm 0 6mm">{cells}</div><h2>注意事项</h2><div class="flow small">'
            + "".join(f"<p>{i + 1}、{s.r.choice(s.text)}</p>" for i in range(s.r.randrange(5, 22)))
            + f'</div>{s.squares("right:14mm;bottom:8mm") if s.r.random() < .6 else ""}')


def form(s):
    head = (f"<tr><td>姓名</td><td>{s.name()}</td><td>性别</td><td>{s.r.choice('男女')}</td><td>出生年月</td><td>{s.date()}</td></tr>"
            f"<tr><td>工作单位</td><td colspan=3>{s.firm()}</td><td>从事专业</td><td>{s.major()}</td></tr>"
            f"<tr><td>毕业院校</td><td colspan=3>{s.school()}</td><td>联系电话</td><td>1{s.digits(10)}</td></tr>")
    rows = "".join(f"<tr><td>{k}</td><td colspan=5><div style='min-height:{s.r.randrange(8, 30)}mm'>{s.prose(s.r.randrange(2, 8))}</div></td></tr>"
                   for k in s.r.sample(["主要业绩", "学习经历", "工作经历", "单位意见", "获奖情况", "继续教育", "推荐理由", "考核结果"], 6))
    return f'<h1>专业技术资格推荐表</h1><table class="ruled"><tbody class="flow">{head}{rows}</tbody></table>' + (
        s.seal("right:24mm;bottom:14mm") if s.r.random() < 0.6 else "")


def letter(s):
    return (f'<h1>{s.r.choice(["在职证明", "工作经历证明", "收入证明", "推荐信"])}</h1><p style="text-indent:0">致：{s.firm()}</p><div class="flow"><p>兹证明{s.name()}，'
            f'身份证号{s.digits(17)}，自{s.date()}起在我单位从事{s.major()}相关工作，现任{s.r.choice(["工程师", "助理工程师", "项目负责人"])}。</p>'
            + "".join(f"<p>{s.prose(s.r.randrange(1, 4))}</p>" for _ in range(s.r.randrange(2, 9))) +
            f'</div><p class="right">{s.firm()}</p><p class="right">{s.date()}</p>' + s.seal(f"right:{s.r.randrange(20, 60)}mm;bottom:8mm"))


def publications(s):
    rows = "".join(f"<p style='text-indent:-1.6em;margin-left:1.6em'>[{i + 1}] {s.name()}，{s.name()}．{s.phrase(22)}的研究与应用[J]．{s.phrase(9)}学报，"
                   f"{s.r.randrange(2005, 2025)}，{s.r.randrange(1, 50)}({s.r.randrange(1, 12)})：{s.digits(3)}．</p>"
                   for i in range(s.r.randrange(12, 40)))
    return f'<h1>代表性论文论著目录</h1><p style="text-indent:0">申报人：{s.name()}　单位：{s.firm()}</p><div class="flow">{rows}</div>'


def payslip(s):
    heads = "".join(f"<th>{h}</th>" for h in ["序号", "年月", "参保单位", "险种", "缴费基数", "备注"])
    rows = "".join(f"<tr><td>{i + 1}</td><td>{s.r.randrange(2015, 2025)}{i % 12 + 1:02d}</td><td>{s.firm()}</td>"
                   f"<td>企业职工{s.r.choice(['养老', '失业', '工伤'])}保险</td><td>{s.digits(4)}</td>"
                   f"<td>{s.r.choice(['正常缴费', '已到账', '补缴', '单位缴费'])}</td></tr>" for i in range(s.r.randrange(10, 40)))
    return (f'<h1>社会保险参保缴费证明</h1><p style="text-indent:0">姓名：{s.name()}　社会保障号：{s.digits(17)}</p>'
            f'<table class="ruled"><thead style="background:#e8eef6"><tr>{heads}</tr></thead><tbody class="flow">{rows}</tbody></table>'
            + s.seal("right:22mm;bottom:10mm"))


def journal(s):
    parts = "".join(f"<h2>{i // 3 + 1}　{s.phrase()}</h2>" if i % 3 == 0 else f"<p>{s.prose(s.r.randrange(2, 5))}</p>" for i in range(90))
    top = f'<div class="line" style="border-bottom:.3mm solid #222">第{s.r.randrange(2, 50)}卷第{s.r.randrange(1, 12)}期　{s.date()}</div>'
    used = s.r.randrange(60, 76)
    return (f'{top}<h1>{s.phrase(20)}</h1><p class="small"><span>摘要：{s.prose(3)}</span></p>'
            f'<div style="height:{s.mm[1] * used / 100 - 8:.0f}mm"><div class="two flow">{parts}</div></div>')


def card(s):
    wide = s.r.choice([1.0, 1.2, 1.5])
    lines = [f"姓名：{s.name()}", f"职务：{s.r.choice(['工程师', '研究员', '质量主管', '教师'])}", f"单位：{s.firm()}", f"地址：{s.r.choice(['临洪', '云台'])}路{s.digits(2)}号",
             f"编号：{s.digits(14)}", f"有效期至{s.date()}"]
    box = f'class="card" style="width:{78 * wide:.0f}mm;height:{46 * wide:.0f}mm;line-height:1.5;background:linear-gradient({s.r.randrange(360)}deg,'
    front = f'<div {box}#eef6ff,#fff3ee)">{s.photo(f"right:{4 * wide}mm;top:{6 * wide}mm", 20 * wide, 26 * wide)}' + "".join(
        f"<div>{x}</div>" for x in lines) + "</div>"
    back = f'<div {box}#f3fff0,#f4f0ff)"><div style="text-align:center">专业技术人员继续教育证</div><div>{s.prose(2)[:70]}</div><div>发证机关：{s.firm()}</div></div>'
    return f'<h1>证件复印件</h1>{front}{back}<div class="flow">' + "".join(f"<p>{s.r.choice(s.text)}</p>" for _ in range(s.r.randrange(1, 7))) + "</div>"


# layout -> what puts it together, sizes of its letters in pt, papers
LAYOUTS = {"certificate": (certificate, (13, 18), ["a4l", "a4l", "b5l"]), "report": (report, (9, 12), ["a4", "a4", "b5"]),
           "form": (form, (9, 12), ["a4"]), "letter": (letter, (11, 16), ["a4", "a4", "a5", "b5"]),
           "publications": (publications, (8.5, 12), ["a4", "a4", "b5"]),
           "payslip": (payslip, (7.5, 10), ["a4l", "a4l", "a4"]), "journal": (journal, (7, 9.5), ["a4", "a4", "b5"]),
           "card": (card, (7.5, 10), ["a4", "a5"])}


class Words(html.parser.HTMLParser):
    """The text of each section, without that of its pictures."""

    def __init__(self):
        super().__init__()
        self.sections, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "section":
            self.sections.append("")
        self.hidden += tag == "svg"

    def handle_endtag(self, tag):
        self.hidden -= tag == "svg"

    def handle_data(self, data):
        if self.sections and not self.hidden:
            self.sections[-1] += data


def chromium(folder, *args):
    run = subprocess.run([*CHROMIUM, f"--user-data-dir={folder}/user", *args], capture_output=True, timeout=300)
    return run.stdout.decode("utf-8")


def set_sheets(sheets):
    """For each sheet its picture, that of its twin (BGR, 300 dpi) and the characters on both."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "sheets.html")
        put = lambda text: open(path, "w", encoding="utf-8").write(text)
        put(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><body>{''.join(s.html() for s in sheets)}<script>{FIT}</script>")
        # Fitted once, so that sheet and twin hold the same.
        fitted, words, drawn = chromium(folder, "--dump-dom", path), Words(), []
        words.feed(fitted)
        for twin in (False, True):
            put(fitted.replace("<body>", '<body class="twin">') if twin else fitted)
            out = os.path.join(folder, f"sheets{twin:d}")
            chromium(folder, f"--print-to-pdf={out}.pdf", path)
            subprocess.run(["pdftoppm", "-q", "-r", str(CLEAN_DPI), out + ".pdf", out], check=True)
            drawn.append([cv2.imread(name) for name in sorted(glob.glob(out + "-*.ppm"))])
    assert len(drawn[0]) == len(drawn[1]) == len(words.sections) == len(sheets), "a sheet ran over"
    return list(zip(*drawn, map(truth.counted, words.sections)))


# ---- what is done to them -----------------------------------------------------------------------------------------------------
# Each takes the picture (BGR), the severity v, the height of its letters in pixels, and a source of chance.


def span(v, low, high, power=1.0):
    return low + (high - low) * v ** power


def odd(x):
    return max(1, int(x)) | 1


def clipped(x):
    return np.clip(x, 0, 255).astype(np.uint8)


def noisy(img, sigma, rng):
    return img + rng.standard_normal(img.shape[:2], dtype=np.float32)[..., None] * sigma


def gaussian_blur(img, v, em, r, rng):
    return cv2.GaussianBlur(img, (0, 0), em * span(v, 0.01, 0.17))


def motion_blur(img, v, em, r, rng):
    n, turn = odd(em * span(v, 0.05, 0.5) + 2), r.uniform(0, 180)
    line = cv2.line(np.zeros((n, n), np.float32), (0, n // 2), (n - 1, n // 2), 1)
    line = cv2.warpAffine(line, cv2.getRotationMatrix2D((n // 2, n // 2), turn, 1), (n, n))
    return cv2.filter2D(img, -1, line / line.sum())


def median_blur(img, v, em, r, rng):
    return cv2.medianBlur(img, odd(em * span(v, 0.05, 0.4)))


def coarse(img, v, em, r, rng):
    """Scaled down to letters of some pixels, and up again."""
    h, w = img.shape[:2]
    f = min(1, span(v, 22, 6) / em)
    small = cv2.resize(img, (int(w * f), int(h * f)), interpolation=r.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return cv2.resize(small, (w, h), interpolation=r.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC]))


def gaussian_noise(img, v, em, r, rng):
    return clipped(img + rng.standard_normal(img.shape, dtype=np.float32) * span(v, 5, 230, 1.5))


def salt_pepper(img, v, em, r, rng):
    u, share = rng.random(img.shape[:2], dtype=np.float32), span(v, 0.002, 0.4, 1.5)
    img = img.copy()
    img[u < share / 2], img[u > 1 - share / 2] = 0, 255
    return img


def low_contrast(img, v, em, r, rng):
    return clipped(noisy((img - 255.0) * span(v, 0.8, 0.012, 0.6) + r.uniform(190, 250), 2.5, rng))


def jpeg_hard(img, v, em, r, rng):
    f = min(1, span(v, 26, 11) / em)
    small = cv2.resize(img, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
    small = cv2.imdecode(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, int(span(v, 45, 3, 0.6))])[1], 1)
    return cv2.resize(small, img.shape[1::-1], interpolation=cv2.INTER_CUBIC)


def perspective(img, v, em, r, rng):
    h, w = img.shape[:2]
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    inward = np.float32([[r.random() * sx * w, r.random() * sy * h] for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))])
    inward = corners + inward * np.float32(span(v, 0.005, 0.05))
    desk = [r.randrange(30, 160)] * 3
    img = cv2.warpPerspective(img, cv2.getPerspectiveTransform(corners, inward), (w, h), flags=cv2.INTER_LINEAR, borderValue=desk)
    return cv2.GaussianBlur(img, (0, 0), em * span(v, 0.01, 0.09))


def dark_side(img, v, em, r, rng):
    """Light that falls off to one side, and what noise a camera has where there is little of it."""
    h, w = img.shape[:2]
    turn, reach = r.uniform(0, 2 * np.pi), r.uniform(0.6, 1.2)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    along = np.clip(((x / w - 0.5) * np.cos(turn) + (y / h - 0.5) * np.sin(turn)) / reach + 0.5, 0, 1)
    return clipped(noisy(img * (1 - span(v, 0.2, 1.0, 0.5) * along)[..., None], span(v, 1, 5), rng))


def threshold(img, v, em, r, rng):
    grey = cv2.GaussianBlur(cv2.cvtColor(img, cv2.COLOR_BGR2GRAY), (0, 0), em * span(v, 0.01, 0.07)).astype(np.float32)
    level = 128 + (span(v, 0, 118) if r.random() < 0.5 else -span(v, 0, 90, 1.3))
    return cv2.cvtColor((noisy(grey[..., None], 4, rng) > level).astype(np.uint8) * 255, cv2.COLOR_GRAY2BGR)


def aug(make):
    """A fault of augraphy, made anew from the severity and the height of letters."""
    return lambda img, v, em, r, rng: make(v, em, r)(img)


AUG = {
    "InkBleed": lambda v, em, r: A.InkBleed((span(v, .3, .9),) * 2, (odd(em * span(v, .08, .35)),) * 2, (span(v, .2, 1),) * 2),
    "Letterpress": lambda v, em, r: A.Letterpress((300, 800), (int(span(v, 200, 1300)),) * 2, (1500, 5000), (int(span(v, 200, 250)), 255)),
    "LowInkRandomLines": lambda v, em, r: A.LowInkRandomLines((int(span(v, 10, 3500)),) * 2, r.random() < .5, span(v, .1, .6)),
    "LowInkPeriodicLines": lambda v, em, r: A.LowInkPeriodicLines(
        (int(span(v, 2, 14)),) * 2, (int(em * span(v, 2, .5)) + 3,) * 2, r.random() < .5, span(v, .1, .3)),
    "BadPhotoCopy": lambda v, em, r: A.BadPhotoCopy(
        None, r.randrange(1, 5), "random", (1, 2), (1, 3), (0, int(span(v, 180, 30))), (span(v, .9, .1),) * 2, (span(v, .1, .95),) * 2,
        r.randrange(2), (5, 5), 0, 0),
    "DirtyDrum": lambda v, em, r: A.DirtyDrum((1, int(span(v, 2, em / 3))), span(v, .02, .35), r.randrange(2), span(v, .3, .95), (0, 30), (3, 3), 0),
    "Faxify": lambda v, em, r: A.Faxify(
        (max(1, em / span(v, 27, 10)),) * 2, 1, r.choice(["threshold_otsu", "threshold_sauvola"]), {}, r.randrange(2)),
    "Folding": lambda v, em, r: A.Folding(None, (0, 0), int(span(v, 1, 3)), span(v, .01, .5), (0, 0), (.1, .2), (.002, .008), (90, 90, 90)),
    "LightingGradient": lambda v, em, r: A.LightingGradient(
        None, None, 255, int(span(v, 120, 0)), r.choice(["linear_static", "gaussian"]), span(v, .3, 3), span(v, .8, .05)),
    "ShadowCast": lambda v, em, r: A.ShadowCast(
        "random", (2, 20), (.4, .9), (.4, .9), (0, 0, 0), (span(v, .2, .985, .4),) * 2, (1, int(span(v, 1, 3))), (51, 301)),
    "ReflectedLight": lambda v, em, r: A.ReflectedLight(
        .8, (span(v, 0, .4),) * 2, (span(v, .2, .9),) * 2, (.6, 1), (255, 255, 255), (span(v, .6, 1),) * 2, (span(v, .4, .97),) * 2),
    "LCDScreenPattern": lambda v, em, r: A.LCDScreenPattern(
        r.choice(["Vertical", "Horizontal", "Chess"]), (0, 16), (max(2, int(em * span(v, .4, .1))),) * 2, "darken", span(v, .1, .8)),
    "NoiseTexturize": lambda v, em, r: A.NoiseTexturize((int(span(v, 3, 45)),) * 2, (2, 5), (100, 500), (100, 500)),
    "SubtleNoise": lambda v, em, r: A.SubtleNoise(int(span(v, 8, 255))),
    "LowLightNoise": lambda v, em, r: A.LowLightNoise((int(span(v, 100, 2)),) * 2, (span(v, 1, .06),) * 2, (10, 30), (1, 1.8), (20, 40), 1.0, .2, .1),
    "Gamma": lambda v, em, r: A.Gamma((span(v, 1.2, 25, 2),) * 2),
    "Brightness": lambda v, em, r: A.Brightness((span(v, 1.1, 22, 2),) * 2),
    "Jpeg": lambda v, em, r: A.Jpeg((int(span(v, 40, 1)),) * 2),
    "Dithering": lambda v, em, r: A.Dithering(r.choice(["ordered", "floyd"]), (int(span(v, 2, 7)),) * 2),
    "DoubleExposure": lambda v, em, r: A.DoubleExposure(
        (odd(em * span(v, .05, .3)), odd(em * span(v, .05, .3)) + 2), "random", (int(em * span(v, .02, .4)),) * 2),
    "Hollow": lambda v, em, r: A.Hollow((101, 101), (1, 2), (int(em * span(v, .1, 3)) + 2,) * 2, (1, 2), (int(em * span(v, .1, 3)) + 2,) * 2),
    "Rescale": lambda v, em, r: A.Rescale(int(span(v, 150, 28))),
    "Squish": lambda v, em, r: A.Squish(r.choice([0, 1]), "random", (int(span(v, 5, 50)),) * 2, (int(em * span(v, .1, .3)) + 1,) * 2, 0, (1, 1)),
    "Stains": lambda v, em, r: A.Stains(r.choice(["rough_stains", "fine_stains", "severe_stains", "light_stains"]), "darken", span(v, .1, 1)),
    "WaterMark": lambda v, em, r: A.WaterMark(
        "random", (int(span(v, 5, 20)),) * 2, (int(span(v, 8, 60)),) * 2, 0, (0, 360), "random", "random", "darken"),
    "GlitchEffect": lambda v, em, r: A.GlitchEffect(
        "random", (int(span(v, 3, 50)),) * 2, (int(em / 3), int(em * 2)), (int(em / 5), int(em * span(v, .4, 2)) + 2)),
    "VoronoiTessellation": lambda v, em, r: A.VoronoiTessellation((50, 80), 19829813472, (500, 1000), "random", (int(span(v, 220, 40)), 255)),
    "ColorShift": lambda v, em, r: A.ColorShift((int(em * span(v, .03, .5)) + 1,) * 2, (int(em * span(v, .03, .5)) + 1,) * 2),
    "LinesDegradation": lambda v, em, r: A.LinesDegradation(
        (0., 0., 1., 1.), (int(span(v, 120, 8)), 255), (0, 2), (.2, .4), (250, 255), (max(2, int(em * span(v, .8, .05))),) * 2,
        (max(1, int(span(v, 5, 1))),) * 2, (span(v, .3, 1),) * 2, (1, int(span(v, 1, em / 5)) + 1)),
    "BrightnessTexturize": lambda v, em, r: A.BrightnessTexturize((span(v, .95, .3), 1), span(v, .05, .95)),
    # These hardly ever cost a character: only as a second fault.
    "LensFlare": lambda v, em, r: A.LensFlare("random", "random", (span(v, .5, 5),) * 2),
    "InkShifter": lambda v, em, r: A.InkShifter(
        (int(em * span(v, 1.5, .4)) + 2,) * 2, (int(span(v, 1, em / 2)),) * 2, (0, 2), (odd(em * span(v, .05, .25)),) * 2, 0, "perlin"),
    "BleedThrough": lambda v, em, r: A.BleedThrough(
        (.3, .9), (0, 120), (odd(em / 3),) * 2, 1, span(v, .1, .9), (r.randrange(10, 60), r.randrange(10, 60))),
    "DirtyRollers": lambda v, em, r: A.DirtyRollers((int(em * span(v, .4, .8)), int(em * span(v, 1, 1.2)) + 1), 0),
    "DirtyScreen": lambda v, em, r: A.DirtyScreen((int(span(v, 50, 2000)),) * 2, (2, int(span(v, 20, 100))), (1, int(span(v, 5, 20)))),
    "Moire": lambda v, em, r: A.Moire((15, 20), "normal", span(v, .05, .9)),
    "DelaunayTessellation": lambda v, em, r: A.DelaunayTessellation(),
    "InkMottling": lambda v, em, r: A.InkMottling((span(v, .1, 1),) * 2, (max(1, int(em * span(v, .05, .3))),) * 2),
    "ColorPaper": lambda v, em, r: A.ColorPaper((r.randrange(180),) * 2, (int(span(v, 10, 255)),) * 2),
}
HARMLESS = ["LensFlare", "InkShifter", "BleedThrough", "DirtyRollers", "DirtyScreen", "Moire", "DelaunayTessellation", "InkMottling", "ColorPaper"]
FAULTS = {f.__name__: f for f in (gaussian_blur, motion_blur, median_blur, coarse, gaussian_noise, salt_pepper, low_contrast, jpeg_hard, perspective,
                                  dark_side, threshold)} | {name: aug(make) for name, make in AUG.items()}


@numba.njit
def seed_compiled(seed):
    np.random.seed(seed)
    random.seed(seed)


def spoil(img, name, v, em, seed):
    """The same for page and twin: every source of chance starts anew."""
    seed = zlib.crc32(repr((seed, name)).encode()) >> 1
    random.seed(seed), np.random.seed(seed), cv2.setRNGSeed(seed), seed_compiled(seed)
    out = FAULTS[name](img.copy(), v, em, random.Random(seed), np.random.default_rng(seed))
    out = clipped(out) if out.dtype != np.uint8 else out
    out = cv2.cvtColor(out, cv2.COLOR_GRAY2BGR) if out.ndim == 2 else out[..., :3]
    return out if out.shape == img.shape else cv2.resize(out, img.shape[1::-1], interpolation=cv2.INTER_AREA)


# ---- a page -------------------------------------------------------------------------------------------------------------------

FORMS = ["colour"] * 11 + ["grey"] * 5 + ["flate"] * 3 + ["bits"]
GRAIN = 6  # grey levels
FAINTEST = 12  # grey levels between paper and ink that an eye can tell well
TWO_TONED = {"threshold", "Dithering", "Faxify"}


class Plan:
    """What is drawn for a page besides its sheet."""

    def __init__(self, seed, number, sheet):
        r = self.r = random.Random(f"page {seed} {number}")
        self.seed, self.number, self.sheet = seed, number, sheet
        self.dpi = r.choice([d for d in (130, 150, 150, 170, 200, 200, 200, 240, 300) if sheet.pt / 72 * d >= 13])
        self.em = sheet.pt / 72 * self.dpi
        self.faults = [(r.choice([name for name in FAULTS if name not in HARMLESS]), round(r.random() ** 0.7, 3))]
        if r.random() < 0.3:
            other = r.choice([name for name in (HARMLESS if r.random() < 0.5 else list(FAULTS)) if name != self.faults[0][0]])
            self.faults.insert(0, (other, round(r.uniform(0, 0.25), 3)))
        self.form, self.quality = r.choice(FORMS), r.randrange(45, 93)
        if self.faults[-1][0] in TWO_TONED and r.random() < 0.7:
            self.form = "bits"

    def spoilt(self, img, again):
        f = self.dpi / CLEAN_DPI
        img = cv2.resize(img, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
        for name, v in self.faults:
            img = spoil(img, name, v, self.em, (self.seed, self.number, again))
        return img

    def both(self, page, twin):
        """Page and twin, spoilt in the same way. Some faults fail on some throws of the dice: then both throw again."""
        for again in range(5):
            try:
                out = self.spoilt(page, again)
                return (out, out if np.array_equal(page, twin) else self.spoilt(twin, again))
            except (cv2.error, ValueError, ZeroDivisionError, IndexError) as error:
                last = error
        raise last

    def written(self, img):
        """How the picture is written, and what a reader gets back: entries of the PDF's dictionary, data, picture (RGB or grey)."""
        if self.form == "colour":
            data = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1].tobytes()
            shown = cv2.imdecode(np.frombuffer(data, np.uint8), 1)[..., ::-1]
            return "/DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", data, Image.fromarray(shown)
        grey = cv2.cvtColor(img, cv2.COLOR_BGR2GRAY)
        if self.form == "grey":
            data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1].tobytes()
            return "/DeviceGray /BitsPerComponent 8 /Filter /DCTDecode", data, Image.fromarray(cv2.imdecode(np.frombuffer(data, np.uint8), 0))
        if self.form == "flate":
            return "/DeviceGray /BitsPerComponent 8 /Filter /FlateDecode", zlib.compress(grey.tobytes(), 6), Image.fromarray(grey)
        level, grey = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        data = zlib.compress(np.packbits(grey > 0, axis=1).tobytes(), 6)
        return "/DeviceGray /BitsPerComponent 1 /Filter /FlateDecode", data, Image.fromarray(grey)


def pdf(path, mm, size, entries, data):
    """A page that is one picture."""
    w, h = (f"{side / 25.4 * 72:.2f}" for side in mm)
    draw = f"q {w} 0 0 {h} 0 0 cm /I Do Q".encode()
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w} {h}] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>".encode(),
             b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw),
             f"<< /Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} /ColorSpace {entries} /Length {len(data)} >>\nstream\n".encode()
             + data + b"\nendstream"]
    out, places = b"%PDF-1.4\n", []
    for i, part in enumerate(parts):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i + 1, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    with open(path, "wb") as file:
        file.write(out)


def darkest(grey):
    """The ink alone: from the darkest hundredth to half way to paper."""
    ink, paper = np.percentile(grey, 1), np.median(grey)
    return clipped((grey - ink) / max(4.0, (paper - ink) * 0.5) * 255)


def evened(grey, em):
    """Ink equally dark everywhere, as the darkest of its neighbourhood of some letters, so far as that is not next to nothing."""
    grey = cv2.GaussianBlur(grey, (0, 0), em * 0.04).astype(np.float32)
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((odd(em * 0.7),) * 2)), (0, 0), em * 0.4)
    depth = np.maximum(paper - grey, 0)
    most = cv2.GaussianBlur(cv2.dilate(depth, np.ones((odd(em * 2),) * 2)), (0, 0), em)
    return clipped(255 - 255 * np.clip(depth / np.maximum(most, FAINTEST), 0, 1))


def look(picture, sheet, want, em, dpi):
    """As `truth.read`; its careful reader also looks past grain and stains, smoothed by what strokes of this height bear, at the ink
    alone, at pale ink beside dark things, and strains the eyes at what is blurred."""
    if truth.is_other_ocr():
        return truth.read(picture, sheet.mm, want)
    grey = np.asarray(picture.convert("L"))
    own = [lambda: cv2.GaussianBlur(grey, (0, 0), em * 0.06), lambda: cv2.medianBlur(grey, 3),
           lambda: darkest(cv2.GaussianBlur(grey, (0, 0), em * 0.03)), lambda: evened(grey, em),
           lambda: cv2.addWeighted(grey, 2.5, cv2.GaussianBlur(grey, (0, 0), em * 0.12), -1.5, 0)]

    def looked(best):
        for once in own:
            if best < truth.READ:
                best = max(best, truth.read_as(truth.levelled(Image.fromarray(once()), dpi), sheet.mm, want, ("6",))[0])
        return best

    # On grain the OCR takes minutes to find nothing: there the own looks come first.
    if cv2.absdiff(grey, cv2.medianBlur(grey, 3)).mean() > GRAIN and (found := looked(0.0)) >= truth.READ:
        hasty, sure = truth.read_as(picture.convert("L"), sheet.mm, want, ("6",))
        return truth.Reading(hasty, max(hasty, found), sure)
    reading = truth.read(picture, sheet.mm, want, ("3", "6"))
    return reading._replace(careful=looked(reading.careful))


def make(out, seed, number, sheet, page, twin, want, clean):
    plan = Plan(seed, number, sheet)
    page, twin = plan.both(page, twin)
    name = f"u{seed}-{number:04d}.pdf"
    entries, data, shown = plan.written(page)
    pdf(os.path.join(out, name), sheet.mm, shown.size, entries, data)
    reading = look(plan.written(twin)[2], sheet, want, plan.em, plan.dpi).over(clean)
    rate = round(reading.careful, 3)
    return {"file": name, "label": truth.label(rate), "orientation_deg": 0, "rate": rate, "hasty": round(reading.hasty, 3),
            "ocr_confidence": round(reading.sure, 3), "layout": sheet.layout, "pt": sheet.pt, "font": f"{sheet.font} {sheet.weight}",
            "dpi": plan.dpi, "paper": sheet.paper, "form": plan.form,
            "faults": [fault for fault, _ in plan.faults[::-1]], "severity": dict(plan.faults[::-1])}


def batch(job):
    """Makes some pages. A sheet that is not read even when clean is set anew."""
    folder, out, seed, numbers = job
    for attempt in range(6):
        sheets, left = [Sheet(folder, seed, number, attempt) for number in numbers], []
        for number, sheet, (page, twin, want) in zip(numbers, sheets, set_sheets(sheets)):
            clean = truth.read(Image.fromarray(twin[..., ::-1]), sheet.mm, want)
            if clean.hasty < truth.READ:
                left.append(number)
                continue
            row = json.dumps(make(out, seed, number, sheet, page, twin, want, clean), ensure_ascii=False) + "\n"
            with open(os.path.join(out, "labels.jsonl"), "ab", buffering=0) as file:
                file.write(row.encode())
        numbers = left
        if not numbers:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    labels = os.path.join(args.out, "labels.jsonl")
    done = {json.loads(row)["file"] for row in open(labels, encoding="utf-8")} if os.path.exists(labels) else set()
    todo = [number for number in range(args.pages) if f"u{args.seed}-{number:04d}.pdf" not in done]
    jobs = [(args.text, args.out, args.seed, todo[i:i + BATCH]) for i in range(0, len(todo), BATCH)]
    if args.workers == 1:
        for job in jobs:
            batch(job)
    else:
        with multiprocessing.get_context("spawn").Pool(args.workers) as pool:
            for _ in pool.imap_unordered(batch, jobs):
                pass


if __name__ == "__main__":
    main()
