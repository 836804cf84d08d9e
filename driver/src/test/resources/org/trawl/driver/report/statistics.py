"""Expected values for StatisticsTest, by SciPy and scikit-learn: python3 statistics.py > statistics.json

Trials of two made-up sweeps: `grid`, whole, 3 x 2 x 3 with 4 seeds, and `holes`, of which some combinations are
missing. Comparisons: Hsu's formulas as ComparisonsWithBest states them, with NumPy's medians and SciPy's quantiles; the
moderated variances by SciPy's F density, its minimizer for the prior variance, and a finer sum over 1/d0.
Importance: of the whole grid by means over the axes of an array; of the other by scikit-learn's own regression trees,
whose leaves are boxes, averaged over many random ones.
"""

import itertools
import json

import numpy as np
from scipy import optimize, stats
from sklearn.ensemble import RandomForestRegressor

LEVELS = [[0.01, 0.1, 1.0], [8.0, 32.0], [16.0, 32.0, 64.0]]
SEEDS = 4

# Accuracies of 3 points over 5 folds of 60 samples.
FOLDS = np.array([[55, 57, 54, 58, 56], [53, 54, 54, 56, 54], [40, 45, 41, 46, 44]]) / 60


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


def moderated(variances, degrees):
    """d0, s0^2 and the moderated variances."""
    unit = np.mean(variances)
    if len(variances) < 6:
        return None, unit, np.full(len(variances), unit)
    x = np.asarray(variances) / unit

    def fit(inverse):
        if inverse == 0:
            return np.sum(stats.chi2.logpdf(x * degrees, degrees) + np.log(degrees)), 1.0
        law = stats.f(degrees, 1 / inverse)
        found = optimize.minimize_scalar(
            lambda log: -np.sum(law.logpdf(x / np.exp(log)) - log), bounds=(-20, 5), method="bounded", options={"xatol": 1e-10}
        )
        return -found.fun, np.exp(found.x)

    inverses = np.linspace(0, 0.5, 401)
    likelihoods = np.array([fit(inverse)[0] for inverse in inverses])
    weights = np.exp(likelihoods - likelihoods.max())
    mean = np.trapezoid(weights * inverses, inverses) / np.trapezoid(weights, inverses)
    prior = fit(mean)[1] * unit
    return 1 / mean, prior, (prior / mean + degrees * np.asarray(variances)) / (1 / mean + degrees)


def with_best(values, overlap=0.0):
    """Hsu's comparisons of the rows of an array: a row a group, a column a block, the larger the better."""
    k, r = values.shape
    means = values.mean(axis=1)
    rest = values - means[:, None]
    rest = rest - np.median(rest, axis=0)
    rest = rest - rest.mean(axis=1, keepdims=True)
    step = np.diff(np.unique(values))
    step = step[step > 1e-12 * np.abs(means).max()].min()
    raw = np.maximum((rest**2).sum(axis=1) / ((r - 1) * (1 - 1 / k)), step**2 / 12)
    d0, prior, variances = moderated(raw, r - 1)
    quantile = stats.t.ppf(1 - 0.05 / (k - 1), min(d0 + r - 1 if d0 else np.inf, (k - 1) * (r - 1)))
    margins = quantile * np.sqrt((variances[:, None] + variances[None, :]) * (1 / r + overlap))
    leads = means[:, None] - means[None, :]
    other = ~np.eye(k, dtype=bool)
    kept = np.array([np.all((leads + margins)[i][other[i]] >= 0) for i in range(k)])
    lower = [min(0.0, *(leads - margins)[i][other[i] & kept], 0.0) for i in range(k)]
    upper = [max(0.0, np.min((leads + margins)[i][other[i]])) for i in range(k)]
    return {
        "d0": d0 and float(d0),
        "prior": float(prior),
        "variances": list(map(float, variances)),
        "kept": list(map(bool, kept)),
        "lower": list(map(float, lower)),
        "upper": list(map(float, upper)),
        "told": float(quantile * np.sqrt(2 * np.sort(variances)[k // 2] * (1 / r + overlap))),
    }


def comparison(rows):
    cells = {}
    for row in rows:
        cells.setdefault(row["cell"], []).append(row["value"])
    ordered = sorted(cells, key=lambda cell: -np.mean(cells[cell]))
    found = with_best(np.array([cells[cell] for cell in ordered]))
    found["points"] = [
        {"cell": cell, "mean": float(np.mean(cells[cell])), "deviation": float(np.std(cells[cell], ddof=1))} for cell in ordered
    ]
    return found


def marginal(rows, key):
    """The values of one key: means over the other keys, by seed."""
    groups = {}
    for row in rows:
        groups.setdefault(row["cell"][key], {}).setdefault(row["seed"], []).append(row["value"])
    means = {level: [float(np.mean(of[seed])) for seed in range(SEEDS)] for level, of in groups.items()}
    ordered = sorted(means, key=lambda level: -np.mean(means[level]))
    return {"levels": ordered, **with_best(np.array([means[level] for level in ordered]))}


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
            "folds": with_best(FOLDS, 1 / 4),
            "exact": exact(grid),
            "forest": forest(holes),
        },
        indent=None,
    ).replace('}, {"cell"', '},\n{"cell"')
)
