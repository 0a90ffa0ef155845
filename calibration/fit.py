#!/usr/bin/env python3
"""Fits the few numbers of `src/inspect/legibility/model.rs` and states the errors on held-out pages.

    python3 fit.py DIR        DIR/<split>/truth.jsonl (make_pages.py) and DIR/<split>.jsonl (legibility_measure --tiles)

A page's score is the mean over its tiles of 1/(1+exp(-(w0 + w·f))), weighted by windows; the target is the recognition
rate as a share of that of the clean page. Plain gradient descent, a pull towards 0 on every weight but the constant.
"""
import json, sys

import numpy as np

NAMES = ["edges", "clear", "contrast", "sharp_tones", "apart", "shade", "specks", "busy"]


def ln(x, low, high):
    return float(np.log(min(max(x, low), high)))


def features(t):
    """As in model.rs; `t` is one tile. Each is 0 for a good scan and falls as the text gets harder to read."""
    along, across = t["edges_along"] or 0.0, t["edges_across"] or 0.0
    clear = t["contrast"] / max(t["noise"], 1.0 / 255)
    return [
        ln(min(along, across) / 3, 0.05, 1.0),
        ln(clear / 25, 0.05, 1.0),
        ln(t["contrast"] / max(t["paper"], 0.05) / 0.4, 0.02, 1.0),
        -ln(t["grey"] / 0.25, 1.0, 4.0),
        ln(t["apart"] / 0.8, 0.5, 1.0),
        ln(t["shade"] / 0.95, 0.15, 1.0),
        -ln(t["specks"] / 0.002, 1.0, 30.0),
        -ln(max(along, across) / 5.5, 1.0, 3.0),
    ]


def load(folder, split):
    truth = {}
    for line in open(f"{folder}/{split}/truth.jsonl"):
        row = json.loads(line)
        # Early runs read ruled tables as pictures; a base that is not read when clean says nothing.
        if row["clean"] >= 0.85:
            truth[row["file"]] = row
    pages = []
    for line in open(f"{folder}/{split}.jsonl"):
        row = json.loads(line)
        name = row["file"].split("/")[-1]
        if name not in truth:
            continue
        tiles = (row.get("tiles") or {}).get("tiles") or []
        pages.append((truth[name], np.array([features(t) for t in tiles]), np.array([t["windows"] for t in tiles], float), row))
    return pages


def auc(score, good):
    order = np.argsort(score, kind="mergesort")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for value in np.unique(score):
        ranks[score == value] = ranks[score == value].mean()
    n = good.sum()
    return (ranks[good].sum() - n * (n + 1) / 2) / (n * (~good).sum())


def scores(w, pages):
    out = []
    for _, f, n, _ in pages:
        if len(f) == 0:
            out.append(0.0)
            continue
        p = 1 / (1 + np.exp(-(w[0] + f @ w[1:])))
        out.append(float((p * n).sum() / n.sum()))
    return np.array(out)


def rates(pages):
    return np.array([min(1.0, t["rate"] / t["clean"]) for t, *_ in pages])


def report(name, w, pages):
    s, r = scores(w, pages), rates(pages)
    good, bad = r >= 0.9, r <= 0.6
    known = good | bad
    print(f"{name}: {len(pages)} pages, {good.sum()} legible (rate >= 0.9), {bad.sum()} illegible (<= 0.6), {(~known).sum()} between")
    print(f"  AUC {auc(s[known], good[known]):.4f}   mean absolute error of the rate {np.abs(s - r).mean():.3f}")
    for at in (0.5, 0.6, 0.65, 0.68, 0.71, 0.75, 0.8):
        print(f"  from {at:.2f}: legible refused {np.mean(s[good] < at):.3f}  illegible accepted {np.mean(s[bad] >= at):.3f}")
    kinds = sorted({t["main"] for t, *_ in pages})
    for kind in kinds:
        k = np.array([t["main"] == kind for t, *_ in pages])
        a = auc(s[known & k], good[known & k]) if good[k].any() and bad[k].any() else float("nan")
        print(f"    {kind:10} n {k.sum():3}  AUC {a:.3f}  error {np.abs(s - r)[k].mean():.3f}  bias {(s - r)[k].mean():+.3f}")
    return s, r


def fit(pages, pull=0.0005, steps=4000):
    pages = [p for p in pages if len(p[1])]
    owner = np.concatenate([[i] * len(p[1]) for i, p in enumerate(pages)])
    f = np.concatenate([p[1] for p in pages])
    n = np.concatenate([p[2] / p[2].sum() for p in pages])
    r = rates(pages)
    x = np.hstack([np.ones((len(f), 1)), f])
    w = np.zeros(x.shape[1])
    m, v = np.zeros_like(w), np.zeros_like(w)
    # A page between is worth less: readers disagree about it too.
    weight = np.where((r >= 0.9) | (r <= 0.6), 1.0, 0.6)
    weight *= np.where(r <= 0.6, (r >= 0.9).sum() / max(1, (r <= 0.6).sum()) * 0.8, 1.0)
    for step in range(1, steps + 1):
        p = 1 / (1 + np.exp(-(x @ w)))
        s = np.clip(np.bincount(owner, p * n, len(pages)), 1e-4, 1 - 1e-4)
        ds = weight * (s - r) / (s * (1 - s)) / len(pages)
        g = x.T @ (ds[owner] * n * p * (1 - p))
        g[1:] += pull * w[1:]
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= 0.03 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
        # Every feature is better when larger; a weight of the other sign would only fit the chance of the set.
        w[1:] = np.maximum(w[1:], 0)
    return w


if __name__ == "__main__":
    folder = sys.argv[1]
    train, test = load(folder, "train"), load(folder, "test")
    w = fit(train)
    report("train", w, train)
    report("held out (other fonts, other faults)", w, test)
    r = rates(test)
    good, bad = r >= 0.9, r <= 0.6
    known = good | bad
    for name, of in [("resolution alone", lambda row: (row["facts"]["effective_dpi"] or 0)),
                     ("edge rise alone", lambda row: -(row["facts"]["edge_rise_mm"] or 9))]:
        base = np.array([of(row) for *_, row in test])
        print(f"  baseline {name}: AUC {auc(base[known], good[known]):.4f}")
    print("WEIGHTS =", [round(float(v), 3) for v in w])
    for name, value in zip(["constant", *NAMES], w):
        print(f"  {name:14} {value:+.3f}")
