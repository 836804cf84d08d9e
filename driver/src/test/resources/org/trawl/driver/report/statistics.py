"""Expected values for StatisticsTest, by SciPy and scikit-learn: python3 statistics.py > statistics.json

Trials of two made-up sweeps: `grid`, whole, 3 x 2 x 3 with 4 seeds, and `holes`, of which some combinations are
missing. p: scipy.stats.ttest_rel of each point against the best, adjusted by Holm's method as its paper states it.
Importance: of the whole grid by means over the axes of an array; of the other by scikit-learn's own regression trees,
whose leaves are boxes, averaged over many random ones.
"""

import itertools
import json

import numpy as np
from scipy import stats
from sklearn.ensemble import RandomForestRegressor

LEVELS = [[0.01, 0.1, 1.0], [8.0, 32.0], [16.0, 32.0, 64.0]]
SEEDS = 4


def metric(cell, noise):
    rate, width, batch = (levels[level] for levels, level in zip(LEVELS, cell))
    return round(0.7 + 0.03 * rate - 0.0015 * rate * width + 0.0015 * width + 0.0004 * batch * (rate - 0.5) + noise, 6)


def trials():
    random = np.random.default_rng(7)
    rows = []
    for cell in itertools.product(*(range(len(levels)) for levels in LEVELS)):
        for seed in range(SEEDS):
            value = metric(cell, 0.004 * seed + 0.01 * random.standard_normal())
            rows.append({"cell": cell, "seed": seed, "value": value})
    return rows


def holm(p):
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - rank) * p[index]))
        adjusted[index] = largest
    return adjusted


def comparison(rows):
    cells = {}
    for row in rows:
        cells.setdefault(row["cell"], []).append(row["value"])
    ordered = sorted(cells, key=lambda cell: -np.mean(cells[cell]))
    best = cells[ordered[0]]
    p = [stats.ttest_rel(best, cells[cell]).pvalue for cell in ordered[1:]]
    return [
        {"cell": cell, "mean": float(np.mean(cells[cell])), "deviation": float(np.std(cells[cell], ddof=1)), "p": adjusted}
        for cell, adjusted in zip(ordered, [None, *map(float, holm(p))])
    ]


def marginal(rows, key):
    """p of the values of one key against the best value: means over the other keys, paired by seed."""
    groups = {}
    for row in rows:
        groups.setdefault(row["cell"][key], {}).setdefault(row["seed"], []).append(row["value"])
    means = {level: [float(np.mean(of[seed])) for seed in range(SEEDS)] for level, of in groups.items()}
    ordered = sorted(means, key=lambda level: -np.mean(means[level]))
    p = holm([stats.ttest_rel(means[ordered[0]], means[level]).pvalue for level in ordered[1:]])
    return {"levels": ordered, "p": list(map(float, p))}


def exact(rows):
    table = np.zeros([len(levels) for levels in LEVELS])
    for row in rows:
        table[row["cell"]] += row["value"] / SEEDS
    total = table.var()
    shares = {}
    axes = range(table.ndim)
    alone = {a: table.mean(axis=tuple(b for b in axes if b != a)) - table.mean() for a in axes}
    for a in axes:
        shares[str(a)] = float((alone[a] ** 2).mean() / total)
    for a, b in itertools.combinations(axes, 2):
        both = table.mean(axis=tuple(c for c in axes if c not in (a, b))) - table.mean()
        shares[f"{a},{b}"] = float(((both - alone[a][:, None] - alone[b][None, :]) ** 2).mean() / total)
    return shares


def forest(rows):
    """Hutter et al. 2014 on the finite domain: each tree evaluated on every combination, then decomposed."""
    cells = sorted({row["cell"] for row in rows})
    values = [np.mean([row["value"] for row in rows if row["cell"] == cell]) for cell in cells]
    trees = RandomForestRegressor(n_estimators=4000, bootstrap=False, max_features=2, random_state=1)
    trees.fit(np.array(cells, float), values)
    everything = np.array(list(itertools.product(*(range(len(levels)) for levels in LEVELS))), float)
    sums = {}
    for tree in trees.estimators_:
        predicted = tree.predict(everything)
        rebuilt = [
            {"cell": tuple(int(x) for x in cell), "value": value * SEEDS} for cell, value in zip(everything, predicted)
        ]
        for name, share in exact(rebuilt).items():
            sums[name] = sums.get(name, 0) + share / len(trees.estimators_)
    return sums


grid = trials()
missing = [(0, 0, 0), (2, 1, 2), (1, 0, 1), (2, 0, 0)]
holes = [row for row in grid if row["cell"] not in missing]
print(
    json.dumps(
        {
            "levels": LEVELS,
            "trials": grid,
            "missing": missing,
            "comparison": comparison(grid),
            "marginal": marginal(grid, 0),
            "exact": exact(grid),
            "forest": forest(holes),
        },
        indent=None,
    ).replace('}, {"cell"', '},\n{"cell"')
)
