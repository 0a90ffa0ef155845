#!/usr/bin/env python3
"""What could be had from the measures at all: a forest of regression trees in the place of the few numbers of `fit.py`, on the same pages.

    python3 forest.py TRAIN... --held-out DIR...

Nothing of it goes into the program: nobody can read it. Where it errs as much as the few numbers do, it is not their form that limits
them, but what is measured. Prints the errors as `fit.py --families` does. Needs scikit-learn.
"""
import sys

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

import fit


def tiles(pages):
    """Signs of all looks of each tile, the page it is of, its share of the page."""
    of = [(i, page, t) for i, page in enumerate(pages) if page.windows.sum() >= 5 for t in range(len(page.signs))]
    return (np.array([page.signs[t].ravel() for _, page, t in of]), np.array([i for i, _, _ in of]),
            np.array([page.windows[t] / page.windows.sum() for _, page, t in of]))


def scores(train, pages):
    """As those of `fit.py`: the mean of what a hasty and what a careful reader reads."""
    signs, owner, share = tiles(train)
    asked, of, part = tiles(pages)
    hasty, careful = (np.array([getattr(page, reader) for page in train]) for reader in ("hasty", "careful"))
    weight = np.where(careful <= 0.6, (hasty >= 0.9).sum() / (careful <= 0.6).sum(), 1.0)
    total = np.zeros(len(pages))
    for truth in (hasty, careful):
        # More of a sign never makes text harder to read.
        forest = HistGradientBoostingRegressor(max_iter=200, learning_rate=0.06, max_depth=4, min_samples_leaf=40, l2_regularization=5.0,
                                               monotonic_cst=[1] * signs.shape[1], random_state=1)
        forest.fit(signs, fit.sharpened(truth)[owner], sample_weight=share * weight[owner])
        total += np.clip(np.bincount(of, part * forest.predict(asked), len(pages)), 0, 1) / 2
    return total


if __name__ == "__main__":
    cut = sys.argv.index("--held-out")
    train = [page for folder in sys.argv[1:cut] for page in fit.load(folder)]
    fit.errors("families held out", fit.by_family(train, scores), train)
    for folder in sys.argv[cut + 1:]:
        pages = fit.load(folder)
        fit.errors(f"held out {folder}", scores(train, pages), pages)
