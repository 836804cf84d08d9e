"""Trawl's tables for pandas (with pyarrow): from views import tables; trials = tables()["trials"]."""

import glob

import pandas as pd

NAMES = (
    "trials",
    "epochs",
    "layers",
    "parts",
    "classes",
    "confusion",
    "roc",
    "attempts",
    "ensembles",
)


def tables(runs="runs/*"):
    """All tables of the runs that a pattern names, united: a frame by each name."""
    return {
        name: pd.concat([pd.read_parquet(folder) for folder in sorted(glob.glob(f"{runs}/tables/{name}"))], ignore_index=True)
        for name in NAMES
    }
