"""Trawl's tables for pandas (with pyarrow): from views import tables; trials = tables()["trials"]."""

import glob
from pathlib import Path

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
    """All tables of the runs that a pattern names, united: a frame by each name, with the name of the run's folder as its column run."""
    return {
        name: pd.concat(
            [pd.read_parquet(table).assign(run=Path(table).parts[-3]) for table in sorted(glob.glob(f"{runs}/tables/{name}"))],
            ignore_index=True,
        )
        for name in NAMES
    }
