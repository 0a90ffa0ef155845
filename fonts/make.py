#!/usr/bin/env python3
"""Cuts the fonts juanzong prints with from the fonts Debian packages, and writes their digests.

    python3 fonts/make.py --sources DIR [--out fonts]

DIR holds the unpacked Debian packages named in `fonts/README.md` (`apt-get download … && dpkg -x … DIR`).
Needs fonttools. The same sources and the same fonttools give the same bytes.
"""

import argparse
import bz2
import hashlib
import re
from pathlib import Path

from fontTools import __version__ as fonttools_version
from fontTools import subset
from fontTools.ttLib import TTFont

NOTO = "usr/share/fonts/opentype/noto/"
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
UNICODE = "usr/share/unicode/"
SIMPLIFIED = 2  # index of the SC face in the Noto CJK collections

# file, source, face, family, style, OS/2 weight, which repertoire
FONTS = [
    ("song-regular.otf", NOTO + "NotoSerifCJK-Regular.ttc", SIMPLIFIED, "Juanzong Song", "Regular", 400, "all"),
    ("song-bold.otf", NOTO + "NotoSerifCJK-Bold.ttc", SIMPLIFIED, "Juanzong Song", "Bold", 700, "common"),
    ("hei-regular.otf", NOTO + "NotoSansCJK-Medium.ttc", SIMPLIFIED, "Juanzong Hei", "Regular", 400, "common"),
    ("hei-bold.otf", NOTO + "NotoSansCJK-Bold.ttc", SIMPLIFIED, "Juanzong Hei", "Bold", 700, "basic"),
    ("kai-regular.ttf", "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0, "Juanzong Kai", "Regular", 400, "common"),
    ("fang-regular.otf", FANDOL + "FandolFang-Regular.otf", 0, "Juanzong Fang", "Regular", 400, "common"),
    ("rare-regular.ttf", "usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", 0, "Juanzong Rare", "Regular", 400, "rare"),
]


def unihan(sources, file, field):
    """The values of one Unihan field, by code point."""
    pattern = re.compile(rf"U\+([0-9A-F]+)\t{field}\t(\S+)")
    with bz2.open(sources / UNICODE / file, "rt", encoding="utf-8") as lines:
        return {int(m[1], 16): m[2] for m in map(pattern.match, lines) if m}


def double_byte(codec, first, second):
    """Every character of a double-byte code."""
    found = set()
    for a in first:
        for b in second:
            try:
                found.update(map(ord, bytes([a, b]).decode(codec)))
            except UnicodeDecodeError:
                pass
    return found


def repertoires(sources):
    """The sets of code points that `README.md` describes."""
    # Unihan: kTGH is 通用规范汉字表 (2013), 8105 characters
    tgh = set(unihan(sources, "Unihan_OtherMappings.txt.bz2", "kTGH"))
    assert len(tgh) == 8105, len(tgh)
    gb2312 = double_byte("gb2312", range(0xA1, 0xFF), range(0xA1, 0xFF))
    gbk = double_byte("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
    ext_a = set(range(0x3400, 0x4DB6))
    uro_additions = set(range(0x9FA6, 0x9FF0))  # 66, and the 8 that GBK kept in its private area
    level2 = {c for c in gbk | ext_a | uro_additions | tgh if not 0xE000 <= c <= 0xF8FF}
    # Characters of the population register (GIDC, GXM) and of place names (GDM): the names people bring
    register = unihan(sources, "Unihan_IRGSources.txt.bz2", "kIRG_GSource")
    names = {c for c, source in register.items() if source.startswith(("GIDC", "GXM", "GDM"))}
    western = set()
    for start, end in [
        (0x20, 0x7E), (0xA0, 0x17F), (0x180, 0x24F), (0x2C6, 0x2DD), (0x300, 0x304), (0x30C, 0x30C),
        (0x384, 0x3CE), (0x401, 0x451), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BF),
        (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF),
        (0x2500, 0x25FF), (0x2600, 0x266F), (0x2713, 0x2718), (0x2776, 0x2793),
        (0x2E80, 0x2FD5), (0x2FF0, 0x2FFB), (0x3000, 0x303F), (0x3040, 0x30FF), (0x3105, 0x312F), (0x31C0, 0x31E3),
        (0x3200, 0x33FF), (0xFE10, 0xFE19), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
    ]:
        western.update(range(start, end + 1))
    return {
        "tgh": tgh,
        "level2": level2,
        "names": names,
        "all": level2 | names | western | set(range(0x4E00, 0xA000)) | set(range(0x20000, 0x323B0)),
        "common": tgh | gb2312 | western,
        "basic": gb2312 | western,
    }


def cut(source, face, wanted, family, style, weight, target):
    """Writes one font: these characters, no hints, no layout features but kerning and vertical forms."""
    font = TTFont(source, fontNumber=face, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "vert", "ccmp", "mark"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.glyph_names = False
    options.legacy_kern = False
    options.drop_tables += ["DSIG", "VORG", "BASE", "FFTM", "PfEd", "hdmx", "VDMX", "LTSH", "gasp", "MATH", "EBDT", "EBLC", "meta"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    postscript = f"{family}-{style}".replace(" ", "")
    names = {1: family, 2: style, 3: f"{postscript};juanzong", 4: f"{family} {style}", 6: postscript}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14) and record.platformID == 3]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        top = cff.topDictIndex[0]
        for entry, text in (("FullName", f"{family} {style}"), ("FamilyName", family)):
            if hasattr(top, entry):
                setattr(top, entry, text)
    font.save(target)
    return set(font.getBestCmap())


def ranges(points):
    """Code points as lines `4E00..9FA5`, for the tests."""
    lines, points = [], sorted(points)
    start = previous = points[0]
    for point in points[1:] + [None]:
        if point is not None and point == previous + 1:
            previous = point
            continue
        lines.append(f"{start:04X}" if start == previous else f"{start:04X}..{previous:04X}")
        start = previous = point
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sources", type=Path, required=True)
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent)
    arguments = arguments.parse_args()
    sets = repertoires(arguments.sources)
    song = set(TTFont(arguments.sources / FONTS[0][1], fontNumber=SIMPLIFIED).getBestCmap())
    sets["rare"] = (sets["level2"] | sets["names"]) - song
    digests = []
    for file, source, face, family, style, weight, repertoire in FONTS:
        target = arguments.out / file
        got = cut(arguments.sources / source, face, sets[repertoire], family, style, weight, target)
        data = target.read_bytes()
        digests.append(f"{hashlib.sha256(data).hexdigest()}  {file}\n")
        print(f"{file}: {len(got)} characters, {len(data)} bytes")
    (arguments.out / "SHA256SUMS").write_text("".join(digests))
    (arguments.out / "general-standard-8105.txt").write_text(ranges(sets["tgh"]))
    (arguments.out / "gb18030-2022-level2.txt").write_text(ranges(sets["level2"]))
    (arguments.out / "register-names.txt").write_text(ranges(sets["names"]))
    print("fonttools", fonttools_version)


if __name__ == "__main__":
    main()
