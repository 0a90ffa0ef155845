#!/usr/bin/env python3
"""Fits the weights of `src/inspect/legibility/upright.rs`: python3 fit_upright.py DIR

DIR/<split>/labels.jsonl (make_turned.py) and DIR/<split>.jsonl (legibility_measure --tiles). A page on its head gives the
same signs negated, so every page counts twice.
"""
import json, sys

import numpy as np


def load(folder, split):
    labels = {row["file"]: row for row in map(json.loads, open(f"{folder}/{split}/labels.jsonl"))}
    out, axis_wrong, none = [], 0, 0
    for line in open(f"{folder}/{split}.jsonl"):
        row = json.loads(line)
        label = labels[row["file"].split("/")[-1]]
        if label["label"] != "legible":
            continue
        seen = row.get("tiles") or {}
        if not seen.get("signs"):
            none += 1
            continue
        if seen["turned"] != (label["orientation_deg"] in (90, 270)):
            axis_wrong += 1
            print("  axis wrong:", label["file"], label["kind"], label["layout"], label["orientation_deg"], label["dpi"])
            continue
        sign = -1 if label["orientation_deg"] in (180, 270) else 1
        out.append((sign * np.array(seen["signs"]), label))
    print(f"{split}: {len(out)} pages, axis wrong {axis_wrong}, no signs {none}")
    return out


def fit(x, pull=0.002, steps=6000):
    w = np.zeros(x.shape[1])
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        p = 1 / (1 + np.exp(x @ w))
        g = -(x * p[:, None]).mean(0) + pull * w / 10
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-9)
    return w


if __name__ == "__main__":
    folder = sys.argv[1]
    train, test = load(folder, "train"), load(folder, "test")
    w = fit(np.array([s for s, _ in train]))
    for name, rows in (("train", train), ("held out", test)):
        s = np.array([s for s, _ in rows]) @ w
        print(f"{name}: right {np.mean(s > 0):.4f}; left open below 0.5: {np.mean(np.abs(s) < 0.5):.3f}; wrong and sure: {np.mean(s < -0.5):.4f}; least {np.sort(s)[:5].round(2)}")
    print("WEIGHTS =", [round(float(v), 1) for v in w])
