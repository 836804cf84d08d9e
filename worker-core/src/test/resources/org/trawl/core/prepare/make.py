"""Writes what PreparedReferenceTest compares with: values of scikit-image, scikit-learn and Pillow.

    python3 make.py ../../../../../../main/resources/org/trawl/core/data/digits.csv.gz

Run with scikit-image 0.19.3, scikit-learn 1.2.1, NumPy 1.24.2 and Pillow 9.4.0 (Debian 12:
python3-skimage, python3-sklearn, python3-pil).
"""

import json
import sys

import numpy as np
from PIL import Image
from skimage.feature import hog
from sklearn.decomposition import PCA

digits = np.loadtxt(sys.argv[1], delimiter=",", dtype=np.float64)[:, :-1]
images = (digits[:20].reshape(20, 8, 8) * 255 / 16).astype(np.uint8)


def resized(image, rows, columns):
    return np.asarray(Image.fromarray(image).resize((columns, rows), Image.BILINEAR))


def numbers(array):
    return [float("%.7g" % value) for value in np.asarray(array, dtype=np.float64).ravel()]


def pixels(array):
    return [int(value) for value in np.asarray(array).ravel()]


def write(name, value):
    with open(name, "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


large = np.stack([resized(image, 28, 28) for image in images])
colors = np.random.default_rng(1).integers(0, 256, (20, 13, 11, 3)).astype(np.uint8)


def scaled(image, scale):
    """In single precision, as samples are; a last bit decides which bin 45 degrees fall into."""
    return (image * np.float32(1 / scale)).astype(np.float64) if scale != 1 else image


def histograms(pictures, scale, orientations, cell, block):
    axis = -1 if pictures.ndim == 4 else None
    features = [
        hog(
            scaled(image, scale),
            orientations=orientations,
            pixels_per_cell=cell,
            cells_per_block=block,
            block_norm="L2-Hys",
            channel_axis=axis,
        )
        for image in pictures
    ]
    return {
        "shape": list(pictures.shape[1:]),
        "images": pixels(pictures),
        "scale": scale,
        "orientations": orientations,
        "pixels": list(cell),
        "cells": list(block),
        "features": numbers(features),
    }


write(
    "hog.json",
    [
        histograms(large, 1, 10, (7, 8), (3, 3)),
        histograms(large, 255, 9, (5, 6), (2, 1)),
        histograms(images, 1, 8, (2, 2), (1, 2)),
        histograms(colors, 255, 12, (4, 3), (2, 2)),
    ],
)


def principal(samples, components):
    pca = PCA(components, svd_solver="full").fit(samples)
    # scikit-learn's signs depend on its version: of each, the largest loading becomes positive
    rows = np.arange(len(pca.components_))
    largest = np.abs(pca.components_).argmax(axis=1)
    signs = np.sign(pca.components_[rows, largest])
    return {
        "rows": len(samples),
        "components": components,
        "found": len(rows),
        "variances": numbers(pca.explained_variance_ratio_),
        "transformed": numbers(pca.transform(digits[:50]) * signs),
    }


write("pca.json", [principal(digits[:1000], 10), principal(digits, 0.9), principal(digits[:300], 3)])


def resizing(pictures, rows, columns):
    return {
        "shape": list(pictures.shape[1:]),
        "images": pixels(pictures),
        "rows": rows,
        "columns": columns,
        "resized": pixels(np.stack([resized(image, rows, columns) for image in pictures])),
    }


write(
    "resize.json",
    [
        resizing(images[:5], 28, 28),
        resizing(large[:5], 14, 9),
        resizing(large[:5], 28, 5),
        resizing(colors[:5], 7, 20),
    ],
)

write(
    "gray.json",
    {
        "shape": list(colors.shape[1:]),
        "images": pixels(colors),
        "gray": pixels([np.asarray(Image.fromarray(image).convert("L")) for image in colors]),
    },
)
