#!/usr/bin/env python3
"""Fits the few numbers of `src/inspect/legibility/model.rs` and states the errors on pages held out.

    python3 fit.py TRAIN... [--families] [--held-out DIR...]

A folder holds the PDFs, `truth.jsonl` (make_pages.py) or `labels.jsonl` (the others), and `measured.jsonl`
(`legibility_measure --tiles *.pdf`, run inside it). Nothing is fitted on the folders after `--held-out`. With `--families` the
faults of the training folders are parted into six groups, and each is judged by numbers fitted on the other five: the error on
a kind of fault that was never seen.

A sign gives the chance 1/(1+exp(-steep·(ln value − ln half))). A hasty reader reads a tile when no sign speaks against it as it
is: the product over all signs. A careful one also looks at it from afar and sharpened, finds the level that parts ink and paper there,
and keeps the best look: the largest of the products over all signs but `level`. The score of a tile is the mean of both, that of
a page the mean over its tiles, weighted by windows. Each reader's part is fitted to what that reader of truth.py recognises,
sharpened around 0.75; the numbers are common to both. Whether characters can be told (`TOLD` of model.rs) is left out here: its two numbers were chosen by hand
(README.md), and it can only raise a score. Plain gradient descent (Adam), a pull towards where it began on every number.
"""
import json, math, pathlib, sys, typing

import numpy as np

# name: the range beyond which it says nothing more, and whether more of it is worse
SIGNS = {
    "even": (0.1, 1, False), "grain": (0.5, 30, False), "grey": (0.15, 0.8, True), "apart": (0.4, 0.9, False),
    "level": (0.1, 1.2, True), "busy": (4, 15, True), "elements": (2, 20, False), "pieces": (2, 14, True), "edges": (0.3, 4, False), "thin": (0.04, 0.2, False),
    "sides": (0.2, 1, False), "crumbs": (0.005, 0.5, True), "fog": (0.003, 0.5, True),
}
NAMES = list(SIGNS)
# A careful reader finds his own level.
WITH_CARE = np.array([name != "level" for name in NAMES])
LOOKS = 4  # from near; again: twice from afar, and sharpened
STEEPEST = 3.0


def value(name, t):
    """As in model.rs; `t` is one tile."""
    of = lambda key: t[key] if t.get(key) is not None else 0.0
    if name == "grain":
        return of("contrast") / max(of("grain"), 1 / 255)
    if name == "busy":
        return max(of("edges_along"), of("edges_across"))
    if name == "elements":
        rises = [r for r in (of("rise_along_px"), of("rise_across_px")) if r > 0] or [of("line_px") / 3]
        return of("line_px") / max(max(rises), 1.3 * max(of("step_px"), 1.0))
    if name == "edges":
        return min(of("edges_along"), of("edges_across"))
    if name == "sides":
        return value("edges", t) / max(value("busy", t), 1e-6)
    if name == "thin":
        return of("dark")
    if name == "level":
        return of("off_level")
    return of(name)


def sign(name, t):
    """Larger for text that is easier to read."""
    low, high, worse = SIGNS[name]
    v = min(max(value(name, t), low), high)
    v = math.log(v)
    return -v if worse else v


class Page(typing.NamedTuple):
    hasty: float          # what a hasty reader recognises, 0–1
    careful: float        # what a careful one does
    signs: np.ndarray     # of each tile, of each look: tiles × looks × signs; NaN for a look that shows nothing
    windows: np.ndarray   # of each tile
    facts: dict
    family: str           # its first fault

    @property
    def legible(self):
        return self.careful >= 0.9

    @property
    def illegible(self):
        return self.careful <= 0.6


def load(folder):
    folder, truth, pages = pathlib.Path(folder), {}, []
    for name in ("truth.jsonl", "labels.jsonl"):
        if (folder / name).exists():
            for row in map(json.loads, open(folder / name)):
                # A piece that the OCR does not read when clean says nothing; nor does a page that nobody read with care.
                if row.get("clean", 1) >= 0.85 and "hasty" in row:
                    truth[row["file"]] = row
    for row in map(json.loads, open(folder / "measured.jsonl")):
        made = truth.get(row["file"].split("/")[-1])
        if made:
            shares = [min(1.0, made[reader] / made.get("clean", 1)) for reader in ("hasty", "rate")]
            tiles = (row.get("tiles") or {}).get("tiles") or []
            signs = np.full((len(tiles), LOOKS, len(NAMES)), np.nan)
            for i, tile in enumerate(tiles):
                for j, look in enumerate([tile, *tile["again"]]):
                    signs[i, j] = [sign(n, look) for n in NAMES]
            family = (made.get("faults") or [made.get("main", "none")])[0]
            pages.append(Page(*shares, signs, np.array([t["windows"] for t in tiles], float), row["facts"], family))
    return pages


def chances(w, signs):
    """Of each tile, look and sign; none for a look that shows nothing."""
    k = len(NAMES)
    with np.errstate(over="ignore"):
        return np.nan_to_num(1 / (1 + np.exp(-np.exp(w[k:]) * (signs - w[:k]))))


def parts(w, signs):
    """What a hasty reader reads of each tile; what a careful one does, and in which look; the chances behind."""
    chance = chances(w, signs)
    with_care = chance[:, :, WITH_CARE].prod(2)
    return chance[:, 0].prod(1), with_care.max(1), with_care.argmax(1), chance


def scores(w, pages):
    """A page with too little text has no score, and counts as refused."""
    def of(page):
        if page.windows.sum() < 5:
            return 0.0
        hasty, careful, _, _ = parts(w, page.signs)
        return float(((hasty + careful) / 2 * page.windows).sum() / page.windows.sum())
    return np.array([of(page) for page in pages])


def auc(score, good):
    order = np.argsort(score, kind="mergesort")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for v in np.unique(score):
        ranks[score == v] = ranks[score == v].mean()
    n = good.sum()
    return (ranks[good].sum() - n * (n + 1) / 2) / (n * (~good).sum())


def errors(name, s, pages):
    hasty, careful = np.array([p.hasty for p in pages]), np.array([p.careful for p in pages])
    for reader, good, bad in [("careful", careful >= 0.9, careful <= 0.6), ("hasty", hasty >= 0.9, hasty <= 0.6), ("both", hasty >= 0.9, careful <= 0.6)]:
        known = good | bad
        print(f"{name}, by {reader}: {good.sum()} legible (share >= 0.9), {bad.sum()} illegible (<= 0.6)   AUC {auc(s[known], good[known]):.4f}")
        print("  refused/accepted in % from " + "  ".join(
            f"{at:.2f}: {100 * np.mean(s[good] < at):.1f}/{100 * np.mean(s[bad] >= at):.1f}" for at in np.arange(0.25, 0.8, 0.05)))


def report(name, w, pages):
    errors(name, scores(w, pages), pages)
    good, known = np.array([p.legible for p in pages]), np.array([p.legible or p.illegible for p in pages])
    for what, of in [("resolution alone", lambda facts: facts["effective_dpi"] or 0), ("edge rise alone", lambda facts: -(facts["edge_rise_mm"] or 9))]:
        base = np.array([of(p.facts) for p in pages])
        print(f"  baseline {what}: AUC {auc(base[known], good[known]):.4f}")


def sharpened(share):
    return 1 / (1 + np.exp(-10 * (share - 0.75)))


def fit(pages, steps=1500, pull=1e-3):
    pages = [p for p in pages if len(p.signs)]
    owner = np.concatenate([[i] * len(p.signs) for i, p in enumerate(pages)])
    signs = np.concatenate([p.signs for p in pages])
    n = np.concatenate([p.windows / p.windows.sum() for p in pages])
    hasty, careful = np.array([p.hasty for p in pages]), np.array([p.careful for p in pages])
    good, bad = hasty >= 0.9, careful <= 0.6
    # A page on which readers disagree is worth less. Illegible pages weigh as much as legible ones.
    weight = np.where(good | bad, 1.0, 0.5) * np.where(bad, good.sum() / bad.sum(), 1.0)
    k, every = len(NAMES), np.arange(len(signs))
    w = np.concatenate([np.quantile(signs[:, 0], 0.02, axis=0) - 0.3, np.full(k, np.log(4.0))])
    start, m, v = w.copy(), np.zeros(2 * k), np.zeros(2 * k)
    for step in range(1, steps + 1):
        steep, (read_hastily, read_with_care, best, chance) = np.exp(w[k:]), parts(w, signs)
        g = pull * (w - start)
        for reader, read, look, heeded in [(hasty, read_hastily, 0 * best, np.ones(k)), (careful, read_with_care, best, WITH_CARE)]:
            s = np.clip(np.bincount(owner, read * n, len(pages)), 1e-4, 1 - 1e-4)
            ds = (weight * (s - sharpened(reader)) / (s * (1 - s)) / len(pages))[owner] * n / 2
            of_look = np.nan_to_num(signs[every, look])
            dz = (ds * read)[:, None] * (1 - chance[every, look]) * heeded
            g += np.concatenate([(-dz * steep).sum(0), (dz * (of_look - w[:k]) * steep).sum(0)])
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= 0.03 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
        w[k:] = np.clip(w[k:], -1, STEEPEST)
    return w


def fitted(train, pages):
    return scores(fit(train), pages)


def by_family(pages, judged=fitted, groups=6):
    """Each page's score by numbers that never saw its kind of fault; `judged` gives the scores of pages from others."""
    families = sorted({p.family for p in pages})
    s = np.zeros(len(pages))
    for group in range(groups):
        out = {f for i, f in enumerate(families) if i % groups == group}
        these = [i for i, p in enumerate(pages) if p.family in out]
        s[these] = judged([p for p in pages if p.family not in out], [pages[i] for i in these])
    return s


if __name__ == "__main__":
    arguments = sys.argv[1:]
    cut = arguments.index("--held-out") if "--held-out" in arguments else len(arguments)
    folders = [a for a in arguments[:cut] if not a.startswith("--")]
    train = [page for folder in folders for page in load(folder)]
    if "--families" in arguments:
        errors("families held out", by_family(train), train)
    w = fit(train)
    report("fitted", w, train)
    for folder in arguments[cut + 1:]:
        report(f"held out {folder}", w, load(folder))
    for i, name in enumerate(NAMES):
        half, steep = w[i], np.exp(w[len(NAMES) + i])
        worse = SIGNS[name][2]
        shown = np.exp(-half if worse else half)
        print(f"  {name:10} half {shown:.3g}  steep {-steep if worse else steep:.1f}")
