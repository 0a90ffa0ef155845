#!/usr/bin/env python3
"""Fits the few numbers of `src/inspect/legibility/model.rs` and states the errors on pages held out.

    python3 fit.py TRAIN... [--families] [--even-light] [--held-out DIR...]

A folder holds the PDFs, `truth.jsonl` (make_pages.py) or `labels.jsonl` (the others), and `measured.jsonl`
(`legibility_measure --tiles *.pdf`, run inside it). Nothing is fitted on the folders after `--held-out`. With `--families` the
faults of the training folders are parted into six groups, and each is judged by numbers fitted on the other five: the error on
a kind of fault that was never seen.

With `--even-light` pages for training that were spoilt by uneven light or colour, and that the OCR did not read as they were, are
left out: it takes one level for the whole page, so that they say nothing of what an eye reads.

The score of a tile is the product over the signs of 1/(1+exp(-steep·(ln value − ln half))): a text is read when nothing
keeps it from being read. That of a page is the mean over its tiles, weighted by windows. The target is the recognition rate,
sharpened around 0.75; plain gradient descent (Adam), a pull towards where it began on every number.
"""
import json, math, pathlib, sys

import numpy as np

# name: the range beyond which it says nothing more, and whether more of it is worse
SIGNS = {
    "even": (0.1, 1, False), "grain": (0.5, 30, False), "grey": (0.15, 0.8, True), "apart": (0.4, 0.9, False),
    "busy": (4, 15, True), "elements": (2, 20, False), "pieces": (2, 14, True), "edges": (0.3, 4, False), "thin": (0.04, 0.2, False),
    "sides": (0.2, 1, False), "specks": (0.002, 0.06, True), "crumbs": (0.005, 0.5, True), "fog": (0.003, 0.5, True),
}
NAMES = list(SIGNS)
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
    return of(name)


def sign(name, t):
    """Larger for text that is easier to read."""
    low, high, worse = SIGNS[name]
    v = min(max(value(name, t), low), high)
    v = math.log(v)
    return -v if worse else v


UNEVEN = {"shadow", "fold", "glare", "photo", "coloured", "stains", "screen", "wrinkled"}


def uneven(made):
    """Whether a page was spoilt by light or colour that is not the same all over it."""
    faults = set(made.get("faults") or [made.get("main", "none")])
    return bool(faults & UNEVEN) or "mix" in faults and (made.get("shadow", 0) > 0.35 or "fold" in made or "glare" in made)


def load(folder, even_light=False):
    folder, truth = pathlib.Path(folder), {}
    for name in ("truth.jsonl", "labels.jsonl"):
        if (folder / name).exists():
            for row in map(json.loads, open(folder / name)):
                # A piece that the OCR does not read when clean says nothing.
                if row.get("clean", 1) >= 0.85:
                    truth[row["file"]] = min(1.0, row["rate"] / row.get("clean", 1)), row
    pages = []
    for row in map(json.loads, open(folder / "measured.jsonl")):
        name = row["file"].split("/")[-1]
        if name in truth:
            rate, made = truth[name]
            if even_light and rate < 0.9 and uneven(made):
                continue
            tiles = (row.get("tiles") or {}).get("tiles") or []
            f = np.array([[sign(n, t) for n in NAMES] for t in tiles]).reshape(len(tiles), len(NAMES))
            faults = made.get("faults") or [made.get("main", "none")]
            pages.append((rate, f, np.array([t["windows"] for t in tiles], float), row, faults[0] if faults else "none"))
    return pages


def chances(w, f):
    k = f.shape[1]
    return 1 / (1 + np.exp(-np.exp(w[k:]) * (f - w[:k])))


def scores(w, pages):
    return np.array([float((chances(w, f).prod(1) * n).sum() / n.sum()) if len(f) and n.sum() >= 5 else 0.0 for _, f, n, *_ in pages])


def auc(score, good):
    order = np.argsort(score, kind="mergesort")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for v in np.unique(score):
        ranks[score == v] = ranks[score == v].mean()
    n = good.sum()
    return (ranks[good].sum() - n * (n + 1) / 2) / (n * (~good).sum())


def errors(name, s, pages):
    r = np.array([rate for rate, *_ in pages])
    good, bad = r >= 0.9, r <= 0.6
    known = good | bad
    print(f"{name}: {len(pages)} pages, {good.sum()} legible (rate >= 0.9), {bad.sum()} illegible (<= 0.6)   AUC {auc(s[known], good[known]):.4f}")
    print("  refused/accepted in % from " + "  ".join(
        f"{at:.2f}: {100 * np.mean(s[good] < at):.1f}/{100 * np.mean(s[bad] >= at):.1f}" for at in np.arange(0.3, 0.8, 0.05)))


def report(name, w, pages):
    errors(name, scores(w, pages), pages)
    r = np.array([rate for rate, *_ in pages])
    good, known = r >= 0.9, (r >= 0.9) | (r <= 0.6)
    for what, of in [("resolution alone", lambda row: row["facts"]["effective_dpi"] or 0),
                     ("edge rise alone", lambda row: -(row["facts"]["edge_rise_mm"] or 9))]:
        base = np.array([of(row) for _, _, _, row, _ in pages])
        print(f"  baseline {what}: AUC {auc(base[known], good[known]):.4f}")


def fit(pages, steps=1500, pull=1e-3):
    pages = [p for p in pages if len(p[1])]
    owner = np.concatenate([[i] * len(p[1]) for i, p in enumerate(pages)])
    f = np.concatenate([p[1] for p in pages])
    n = np.concatenate([p[2] / p[2].sum() for p in pages])
    r = np.array([p[0] for p in pages])
    target, bad = 1 / (1 + np.exp(-10 * (r - 0.75))), r <= 0.6
    # A page between is worth less: readers disagree about it too. Illegible pages weigh as much as legible ones.
    weight = np.where((r >= 0.9) | bad, 1.0, 0.5) * np.where(bad, (r >= 0.9).sum() / bad.sum(), 1.0)
    k = f.shape[1]
    w = np.concatenate([np.quantile(f, 0.02, axis=0) - 0.3, np.full(k, np.log(4.0))])
    start, m, v = w.copy(), np.zeros(2 * k), np.zeros(2 * k)
    for step in range(1, steps + 1):
        steep, chance = np.exp(w[k:]), chances(w, f)
        product = chance.prod(1)
        s = np.clip(np.bincount(owner, product * n, len(pages)), 1e-4, 1 - 1e-4)
        ds = (weight * (s - target) / (s * (1 - s)) / len(pages))[owner] * n
        dz = (ds * product)[:, None] * (1 - chance)
        g = np.concatenate([(-dz * steep).sum(0), (dz * (f - w[:k]) * steep).sum(0)]) + pull * (w - start)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= 0.03 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
        w[k:] = np.clip(w[k:], -1, STEEPEST)
    return w


def by_family(pages, groups=6, **how):
    """Each page's score by numbers that never saw its kind of fault."""
    families = sorted({p[4] for p in pages})
    s = np.zeros(len(pages))
    for group in range(groups):
        out = {f for i, f in enumerate(families) if i % groups == group}
        w = fit([p for p in pages if p[4] not in out], **how)
        these = [i for i, p in enumerate(pages) if p[4] in out]
        s[these] = scores(w, [pages[i] for i in these])
    return s


if __name__ == "__main__":
    arguments = sys.argv[1:]
    cut = arguments.index("--held-out") if "--held-out" in arguments else len(arguments)
    folders = [a for a in arguments[:cut] if not a.startswith("--")]
    train = [page for folder in folders for page in load(folder, "--even-light" in arguments)]
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
