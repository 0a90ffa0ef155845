#!/usr/bin/env python3
"""Fits the few numbers of `src/inspect/legibility/model.rs` and states the errors on held-out pages.

    python3 fit.py TRAIN... --held-out DIR...

A folder holds the PDFs, `truth.jsonl` (make_pages.py) or `labels.jsonl` (make_held_out.py), and `measured.jsonl`
(`legibility_measure --tiles *.pdf`, run inside it). Nothing is fitted on the folders after `--held-out`.

The score of a tile is the product over the signs of 1/(1+exp(-steep·(ln value − ln half))): a text is read when nothing
keeps it from being read. That of a page is the mean over its tiles, weighted by windows. The target is the recognition rate,
sharpened around 0.75; plain gradient descent (Adam), a pull towards where it began on every number.
"""
import json, pathlib, sys

import numpy as np


def ln(value, low, high):
    return float(np.log(min(max(value, low), high)))


def signs(t):
    """As in model.rs; `t` is one tile. Each is larger for text that is easier to read."""
    of = lambda name: t[name] if t[name] is not None else 0.0
    rises = [r for r in (of("rise_along_px"), of("rise_across_px")) if r > 0] or [t["line_px"] / 3]
    return {
        "weakest": ln(t["weakest"], 0.3, 4),
        "even": ln(t["even"], 0.1, 1),
        "grain": ln(t["contrast"] / max(t["grain"], 1 / 255), 0.5, 30),
        "contrast": ln(t["contrast"] / max(t["paper"], 0.05), 0.02, 0.5),
        "grey": -ln(t["grey"], 0.15, 0.8),
        "apart": ln(t["apart"], 0.4, 0.9),
        # In a shadow that leaves four fifths of the light a copier, an eye and an OCR still find their level.
        "copied": 0.3 if 0.8 < t["shade"] < 0.96 else float(np.clip(t["copied"], -0.3, 0.3)),
        "specks": -ln(t["specks"], 0.002, 0.06),
        "busy": -ln(max(t["edges_along"], t["edges_across"]), 4, 15),
        "elements": ln(t["line_px"] / max(max(rises), of("step_px"), 1.3), 2, 20),
        "swing": ln(min(t["swing_along"], t["swing_across"]), 0.5, 4),
        "thin": ln(t["dark"], 0.04, 0.2),
    }


NAMES = ["weakest", "even", "grain", "contrast", "grey", "apart", "copied", "specks", "busy", "elements", "swing", "thin"]


def load(folder):
    folder, truth = pathlib.Path(folder), {}
    for name in ("truth.jsonl", "labels.jsonl"):
        if (folder / name).exists():
            for row in map(json.loads, open(folder / name)):
                # A piece that the OCR does not read when clean says nothing.
                if row.get("clean", 1) >= 0.85:
                    truth[row["file"]] = min(1.0, row["rate"] / row.get("clean", 1))
    pages = []
    for row in map(json.loads, open(folder / "measured.jsonl")):
        if row["file"] in truth:
            tiles = (row.get("tiles") or {}).get("tiles") or []
            f = np.array([[signs(t)[n] for n in NAMES] for t in tiles]).reshape(len(tiles), len(NAMES))
            pages.append((truth[row["file"]], f, np.array([t["windows"] for t in tiles], float), row))
    return pages


def chances(w, f):
    k = len(NAMES)
    return 1 / (1 + np.exp(-np.exp(w[k:]) * (f - w[:k])))


def scores(w, pages):
    return np.array([float((chances(w, f).prod(1) * n).sum() / n.sum()) if len(f) else 0.0 for _, f, n, _ in pages])


def auc(score, good):
    order = np.argsort(score, kind="mergesort")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for value in np.unique(score):
        ranks[score == value] = ranks[score == value].mean()
    n = good.sum()
    return (ranks[good].sum() - n * (n + 1) / 2) / (n * (~good).sum())


def report(name, w, pages):
    s, r = scores(w, pages), np.array([rate for rate, *_ in pages])
    good, bad = r >= 0.9, r <= 0.6
    known = good | bad
    print(f"{name}: {len(pages)} pages, {good.sum()} legible (rate >= 0.9), {bad.sum()} illegible (<= 0.6)   AUC {auc(s[known], good[known]):.4f}")
    for at in (0.4, 0.5, 0.55, 0.6, 0.65, 0.7):
        print(f"  from {at:.2f}: legible refused {np.mean(s[good] < at):.3f}  illegible accepted {np.mean(s[bad] >= at):.3f}")
    for what, of in [("resolution alone", lambda row: row["facts"]["effective_dpi"] or 0),
                     ("edge rise alone", lambda row: -(row["facts"]["edge_rise_mm"] or 9))]:
        base = np.array([of(row) for *_, row in pages])
        print(f"  baseline {what}: AUC {auc(base[known], good[known]):.4f}")


def fit(pages, steps=2500, pull=1e-3):
    pages = [p for p in pages if len(p[1])]
    owner = np.concatenate([[i] * len(p[1]) for i, p in enumerate(pages)])
    f = np.concatenate([p[1] for p in pages])
    n = np.concatenate([p[2] / p[2].sum() for p in pages])
    r = np.array([rate for rate, *_ in pages])
    target, bad = 1 / (1 + np.exp(-10 * (r - 0.75))), r <= 0.6
    # A page between is worth less: readers disagree about it too. Illegible pages weigh as much as legible ones.
    weight = np.where((r >= 0.9) | bad, 1.0, 0.5) * np.where(bad, (r >= 0.9).sum() / bad.sum(), 1.0)
    k = len(NAMES)
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
        w[k:] = np.clip(w[k:], -1, 3.4)
    return w


if __name__ == "__main__":
    arguments = sys.argv[1:]
    cut = arguments.index("--held-out") if "--held-out" in arguments else len(arguments)
    train = [page for folder in arguments[:cut] for page in load(folder)]
    w = fit(train)
    report("fitted", w, train)
    for folder in arguments[cut + 1:]:
        report(f"held out {folder}", w, load(folder))
    for i, name in enumerate(NAMES):
        half, steep = w[i], np.exp(w[len(NAMES) + i])
        less = name in ("grey", "specks", "busy")
        shown = half if name == "copied" else np.exp(-half if less else half)
        print(f"  {name:10} half {shown:.3g}  steep {steep:.1f}")
