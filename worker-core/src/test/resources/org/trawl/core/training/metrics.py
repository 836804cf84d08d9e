"""Writes metrics.json beside it: metrics of scikit-learn (1.2.1 made the file) on seeded outputs.

    python3 metrics.py
"""

import json
import pathlib
import warnings

import numpy
from sklearn import metrics

BINS = 15


def calibration_error(labels, outputs):
    """Guo et al. 2017, equation 3; bin i holds (i/15, (i+1)/15]. None where it is not defined."""
    confidence = outputs.max(axis=1)
    if (confidence < 0).any() or (confidence > 1).any():
        return None
    right = outputs.argmax(axis=1) == labels
    error = 0.0
    for i in range(BINS):
        inside = (numpy.ceil(confidence * BINS) == i + 1) | ((confidence == 0) & (i == 0))
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def case(name, labels, outputs):
    """All metrics of a part; outputs are rounded to single precision first."""
    outputs = outputs.astype(numpy.float32).astype(numpy.float64)
    classes = outputs.shape[1]
    predicted = outputs.argmax(axis=1)
    result = {
        "name": name,
        "labels": labels.tolist(),
        "outputs": outputs.tolist(),
        "calibration_error": calibration_error(labels, outputs),
        "top_k_accuracy": [
            float((numpy.argsort(outputs, axis=1, kind="mergesort")[:, ::-1][:, :k] == labels[:, None]).any(axis=1).mean())
            for k in range(1, classes + 1)
        ],
    }
    if classes > 2:
        for k in range(1, classes):
            own = metrics.top_k_accuracy_score(labels, outputs, k=k, labels=range(classes))
            assert own == result["top_k_accuracy"][k - 1]
    per_class = metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(classes), zero_division=0
    )
    for key, values in zip(["precision", "recall", "f1", "support"], per_class):
        result[key] = values.tolist()
    for average in ["macro", "weighted"]:
        means = metrics.precision_recall_fscore_support(
            labels, predicted, average=average, zero_division=0
        )
        for key, value in zip(["precision", "recall", "f1"], means):
            result[average + "_" + key] = float(value)
        try:
            if classes == 2:
                area = metrics.roc_auc_score(labels, outputs[:, 1])
            else:  # wants rows that sum to 1, though it does not use that
                area = one_against_the_rest(labels, outputs, average)
        except ValueError:  # a class is missing
            area = None
        result[average + "_roc_auc"] = area
    result["roc_auc"] = []
    result["roc"] = []
    for k in range(classes):
        of_class = labels == k
        if of_class.all() or not of_class.any():
            result["roc_auc"].append(None)
            result["roc"].append(None)
        else:
            result["roc_auc"].append(metrics.roc_auc_score(of_class, outputs[:, k]))
            false, true, thresholds = metrics.roc_curve(of_class, outputs[:, k])
            points = [false.tolist(), true.tolist(), thresholds[1:].tolist()]
            result["roc"].append(points)
    return result


def one_against_the_rest(labels, outputs, average):
    """As roc_auc_score(multi_class="ovr"), which this is checked against where it answers."""
    areas = [metrics.roc_auc_score(labels == k, outputs[:, k]) for k in range(outputs.shape[1])]
    counts = [(labels == k).sum() for k in range(outputs.shape[1])]
    area = numpy.average(areas, weights=counts if average == "weighted" else None)
    if numpy.allclose(outputs.sum(axis=1), 1):
        own = metrics.roc_auc_score(labels, outputs, multi_class="ovr", average=average)
        assert abs(own - area) < 1e-12
    return float(area)


def softmax(logits):
    exponentials = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def main():
    warnings.simplefilter("error")
    random = numpy.random.default_rng(4)
    cases = []

    def drawn(name, rows, classes, skill, present=None, ties=None):
        labels = random.integers(0, present or classes, rows)
        logits = random.normal(size=(rows, classes))
        logits[numpy.arange(rows), labels] += skill
        outputs = softmax(logits)
        if ties:
            outputs = numpy.round(outputs * ties) / ties
        cases.append(case(name, labels, outputs))

    drawn("ten classes", 120, 10, 2.0)
    drawn("two classes", 80, 2, 1.0)
    drawn("chance", 60, 4, 0.0)
    drawn("ties", 90, 5, 1.0, ties=8)
    drawn("two classes with ties", 50, 2, 0.5, ties=4)
    drawn("a class that is missing", 40, 4, 1.0, present=3)
    labels = numpy.array([0, 1, 2, 2, 1, 0])
    cases.append(case("all right", labels, numpy.eye(3)[labels]))
    cases.append(case("one class predicted", labels, numpy.tile([0.2, 0.5, 0.3], (6, 1))))
    cases.append(case("all equal", labels, numpy.full((6, 3), 0.25)))
    cases.append(case("one class alone", numpy.zeros(5, int), softmax(random.normal(size=(5, 3)))))
    cases.append(case("one sample", numpy.array([1]), numpy.array([[0.25, 0.75]])))
    signed = random.normal(size=(70, 3))
    signed[:4, 0] = [0.0, -0.0, 0.0, -0.0]
    cases.append(case("no probabilities", random.integers(0, 3, 70), signed))
    path = pathlib.Path(__file__).with_name("metrics.json")
    lines = ",\n".join(json.dumps(c, allow_nan=False) for c in cases)
    path.write_text("[\n" + lines + "\n]\n")


main()
