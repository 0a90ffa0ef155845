"""What of a page can be read: the share of its characters that an OCR (`tesseract chi_sim`) gives back, read twice.

The hasty reader takes the page as it is, with one level for all of it, as a copy in black and white does. The careful one does what an
eye does where that fails: it levels the light, steps back from grain and dots, and, in colour, looks along the line of colours on
which the page differs most. Its best reading counts. Pages on which the two differ can be read, with care.

With CAREFUL=rapidocr in the environment an OCR of other makers and another kind is the careful reader: seconds a page instead of up to minutes. It agrees
with the other one (`second_reader.py`) and reads somewhat more. Needs from PyPI `rapidocr-onnxruntime` 1.4.
"""
import collections, functools, os, re, resource, subprocess, tempfile, typing

import numpy as np
from PIL import Image, ImageFilter

DPI = 300  # what the OCR was trained on
STEPPED_BACK_DPI = 225
SECONDS = 45, 20  # of the processor: for the page as it is, and for each other look; a page takes 3 to 6
HASTY_SECONDS = 10  # where another OCR is the careful reader
READ = 0.9
HOPELESS = 0.1


def label(rate):
    return "legible" if rate >= READ else "illegible" if rate <= 0.6 else "borderline"


def counted(text):
    """Its characters and digits, each as often as it stands there."""
    return collections.Counter(re.sub(r"[^\u3400-\u9fff0-9]", "", text))


def share(text, want):
    """Share of the characters `want` (`counted`) that stand in the text."""
    got = counted(text)
    return sum(min(n, got[c]) for c, n in want.items()) / max(1, sum(want.values()))


class Reading(typing.NamedTuple):
    """Shares of the characters found, and how sure the OCR was of the page as it is."""
    hasty: float
    careful: float
    sure: float

    def over(self, clean):
        """Shares of what the same reader finds on the clean page."""
        return Reading(min(1.0, self.hasty / clean.hasty), min(1.0, self.careful / clean.careful), self.sure)


def read(picture, mm, want, ways=("3", "6", "4")):
    """Both readings of a page of this size for the characters `want` (`counted`); `ways` to part it into lines (`--psm`)."""
    if is_other_ocr():
        hasty, sure = read_as(picture.convert("L"), mm, want, ("6",), seconds=HASTY_SECONDS)
        return Reading(hasty, read_with_care(picture, mm, want, hasty), sure)
    hasty, sure = read_as(picture.convert("L"), mm, want, ways)
    return Reading(hasty, max(hasty, read_with_care(picture, mm, want, hasty)), sure)


def read_with_care(picture, mm, want, before=0.0):
    """The careful reader's share, of a page of which `before` was found so far."""
    if before >= READ:
        return before
    if is_other_ocr():
        return max(before, read_by_other(picture, mm, want))
    even = levelled(picture.convert("L"), picture.width / mm[0] * 25.4)
    looks = [(lambda: softened(even, mm, 0.17), STEPPED_BACK_DPI), (lambda: even, DPI), (lambda: softened(even, mm, 0.1), STEPPED_BACK_DPI)]
    if picture.mode == "RGB":
        looks.append((lambda: levelled(strongest(picture), picture.width / mm[0] * 25.4), DPI))
    best = before
    for look, dpi in looks:
        best = max(best, read_as(look(), mm, want, ("6",), dpi, SECONDS[1])[0])
        # What is not there at all is not looked for again; colour is, when grey shows nothing.
        if best >= READ or best < HOPELESS and picture.mode != "RGB":
            break
    return best


def is_other_ocr():
    return os.environ.get("CAREFUL") == "rapidocr"


@functools.cache
def other_ocr():
    from rapidocr_onnxruntime import RapidOCR
    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, max_side_len=2600)


def read_by_other(picture, mm, want):
    """Share of the characters that the other OCR finds in the picture, brought to 200–300 dpi."""
    dpi = picture.width / mm[0] * 25.4
    to = min(300, max(200, dpi))
    if abs(to - dpi) > 1:
        picture = picture.resize([int(round(side / 25.4 * to)) for side in mm], Image.BICUBIC)
    blue_first = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[..., ::-1])
    return share("".join(words for _, words, _ in other_ocr()(blue_first, use_cls=False)[0] or []), want)


def read_as(picture, mm, want, ways, dpi=DPI, seconds=SECONDS[0]):
    """Share of the characters found in the picture as it is, brought to so many dpi, and how sure the OCR is: the best of some ways."""
    best = (0.0, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "p.png")
        size = [int(round(side / 25.4 * dpi)) for side in mm]
        picture.resize(size, Image.LANCZOS).save(path, dpi=(dpi, dpi), compress_level=1)
        for way in ways:
            # Time of the processor, not of the clock: a busy machine must not make a page illegible.
            run = subprocess.run(["tesseract", path, "-", "-l", "chi_sim", "--psm", way, "tsv"], capture_output=True,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)), env={**os.environ, "OMP_THREAD_LIMIT": "1"})
            cells = [line.split("\t") for line in run.stdout.decode("utf-8", "replace").splitlines()[1:]]
            words = [(float(c[10]), c[11]) for c in cells if len(c) == 12 and float(c[10]) >= 0]
            rate = share("".join(word for _, word in words), want)
            length = sum(len(word) for _, word in words)
            best = max(best, (rate, sum(sure * len(word) for sure, word in words) / length / 100 if length else 0.0))
            if rate >= READ:
                break
    return best


def levelled(grey, dpi):
    """The picture with its paper equally light everywhere: paper is the lightest of a neighbourhood of 4 mm."""
    cell = max(3, round(dpi * 4 / 25.4))
    paper = grey.filter(ImageFilter.GaussianBlur(dpi * 0.1 / 25.4 + 0.5)).resize((max(1, grey.width // 4), max(1, grey.height // 4)), Image.BOX)
    paper = paper.filter(ImageFilter.MaxFilter(max(3, cell // 4 | 1))).filter(ImageFilter.GaussianBlur(cell / 4)).resize(grey.size, Image.BICUBIC)
    light = np.asarray(paper, dtype=np.float32) + 1
    return Image.fromarray(np.clip((np.asarray(grey, dtype=np.float32) + 1) / light * 235, 0, 255).astype(np.uint8))


def softened(grey, mm, blur_mm):
    """The picture from further away: what is finer than a stroke runs together."""
    return grey.filter(ImageFilter.GaussianBlur(blur_mm * grey.width / mm[0]))


def strongest(colours):
    """A coloured picture along the line of colours on which it differs most: green on violet is not grey on grey."""
    points = np.asarray(colours, dtype=np.float32).reshape(-1, 3)
    points = points - np.median(points, axis=0)
    _, axes = np.linalg.eigh(np.cov(points[:: max(1, len(points) // 200_000)].T))
    along = points @ axes[:, -1]
    low, high = np.percentile(along, [0.5, 99.5])
    along = np.clip((along - low) / max(1e-3, high - low), 0, 1)
    # Paper is what there is most of.
    along = 1 - along if np.median(along) < 0.5 else along
    return Image.fromarray((along * 255).astype(np.uint8).reshape(colours.height, colours.width))
