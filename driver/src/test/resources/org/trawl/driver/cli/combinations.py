"""Writes combinations.json: small trainings by PyTorch 2.13 in float64, of choices that golden/ has one at a time.

Each has the samples, the labels as texts, the weights to start from by their names in a safetensors file, the keys of
a sweep file, and what PyTorch made of it: of each epoch the learning rate and the means over samples of data loss and
penalty, each as before the update of its batch; and the last weights. A bias before a batch normalisation has no
gradient but rounding, which optimizers that divide by its size make steps of; it and the running mean, which follows
it, are left out.

    python3 combinations.py > combinations.json
"""

import json
import math

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

ACTIVATIONS = {
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "identity": lambda z: z,
    "leaky-relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "softplus": F.softplus,
    "lecun-tanh": lambda z: 1.7159 * torch.tanh(2 * z / 3) + 0.01 * z,
    "softmax": lambda z: torch.softmax(z, 1),
}

MOMENTUM = {"optimizer": "sgd", "momentum": 0.9}
NESTEROV = {"optimizer": "sgd", "momentum": 0.8, "nesterov": True}
NORM = {"batch-norm": True}

CASES = [
    ("norm-momentum-l2", dict(sizes=(7, 6, 5, 4, 3), samples=21), {**NORM, "activation": "relu", "dropout": [0, 0, 0]},
     {**MOMENTUM, "learning-rate": 0.05, "l2": 0.05}),
    ("adam-step-warm-up-clip", {}, {},
     {"optimizer": "adam", "beta1": 0.8, "beta2": 0.99, "learning-rate": 0.02, "epochs": 7, "clip.norm": 0.3,
      "schedule.kind": "step", "schedule.every": 2, "schedule.factor": 0.3, "schedule.warm-up": 2}),
    ("rmsprop-l1", {}, {"activation": "softplus"}, {"optimizer": "rmsprop", "l1": 0.02, "learning-rate": 0.003}),
    ("adagrad-l1", {}, {"activation": "elu"}, {"optimizer": "adagrad", "l1": 0.02, "learning-rate": 0.05}),
    ("nesterov-cosine", {}, {}, {**NESTEROV, "learning-rate": 0.05, "epochs": 6, "schedule.kind": "cosine"}),
    ("nesterov-cosine-warm-up", {}, {},
     {**NESTEROV, "learning-rate": 0.05, "epochs": 8, "schedule.kind": "cosine", "schedule.warm-up": 3}),
    ("sum-l2", {}, {}, {"reduction": "sum", "l2": 0.1, "learning-rate": 0.01}),
    ("sum-binary", {}, {"output": "sigmoid"}, {"reduction": "sum", "l1": 0.01, "learning-rate": 0.02}),
    *[
        ("squared-error-" + hidden + "-" + output, {}, {"activation": hidden, "output": output},
         {"loss": "squared-error", "learning-rate": 0.05})
        for hidden, output in [
            ("leaky-relu", "identity"), ("elu", "tanh"), ("softplus", "softplus"), ("softmax", "leaky-relu"),
            ("sigmoid", "elu"), ("lecun-tanh", "relu")]
    ],
    ("batch-of-all", dict(samples=37), {}, {"batch-size": "all", "learning-rate": 0.3}),
    ("batch-above-all", dict(samples=30), {}, {"batch-size": 300, "learning-rate": 0.3}),
    ("batch-in-parts", dict(sizes=(4, 5, 3), samples=301), NORM, {"batch-size": 300, "learning-rate": 0.2}),
    ("last-sample-joined", dict(samples=21), {**NORM, "activation": "sigmoid"}, {"batch-size": 5, "learning-rate": 0.3}),
    ("norm-without-bias", dict(samples=21), {**NORM, "bias": False, "activation": "elu"}, {"batch-size": 5}),
    ("labels-of-text", dict(labels=["Zebra", "apfel", "Ärger"]), {}, {"learning-rate": 0.2}),
    ("labels-of-numbers", dict(labels=["9", "10", "100"]), {}, {"learning-rate": 0.2}),
    ("linear-adamw-l1", dict(sizes=(6, 3)), {}, {"optimizer": "adamw", "decay": 0.1, "l1": 0.01, "learning-rate": 0.02}),
    ("two-classes-binary", dict(sizes=(5, 6, 2)), {"output": "sigmoid"}, {"learning-rate": 0.2}),
]


def single(values):
    """What single precision holds exactly."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def case(number, name, data, network, training):
    random = np.random.default_rng(number)
    sizes = data.get("sizes", (6, 5, 4, 3))
    samples = data.get("samples", 23)
    labels = data.get("labels", [str(i) for i in range(sizes[-1])])
    network = {"activation": "tanh", "output": "softmax", "bias": True, "batch-norm": False, **network}
    training = {"optimizer": "sgd", "learning-rate": 0.1, "loss": "cross-entropy", "batch-size": 4, "epochs": 4, **training}
    features = single(random.standard_normal((samples, sizes[0])))
    classes = random.integers(0, sizes[-1], samples)
    classes[: sizes[-1]] = np.arange(sizes[-1])
    last = len(sizes) - 2

    initial = {}
    for layer in range(last + 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        key = f"layers.{layer}."
        initial[key + "weight"] = single(random.standard_normal((outputs, inputs)) / math.sqrt(inputs))
        if network["bias"]:
            initial[key + "bias"] = single(random.standard_normal(outputs) * 0.3)
        if network["batch-norm"] and layer < last:
            initial[key + "norm.scale"] = single(1 + 0.2 * random.standard_normal(outputs))
            initial[key + "norm.shift"] = single(0.2 * random.standard_normal(outputs))
            initial[key + "norm.mean"] = single(0.2 * random.standard_normal(outputs))
            initial[key + "norm.variance"] = single(1 + 0.5 * random.random(outputs))
    tensors = {
        key: torch.tensor(value, requires_grad=not key.endswith(("mean", "variance"))) for key, value in initial.items()
    }
    weights = [tensor for key, tensor in tensors.items() if key.endswith("weight")]
    learnt = [tensor for tensor in tensors.values() if tensor.requires_grad]
    others = [tensor for tensor in learnt if all(tensor is not weight for weight in weights)]
    rate = training["learning-rate"]
    betas = training.get("beta1", 0.9), training.get("beta2", 0.999)
    optimizer = {
        "sgd": lambda: torch.optim.SGD(
            learnt, rate, momentum=training.get("momentum", 0), nesterov=training.get("nesterov", False)),
        "adam": lambda: torch.optim.Adam(learnt, rate, betas=betas),
        "adamw": lambda: torch.optim.AdamW(
            [{"params": weights, "weight_decay": training.get("decay", 0.01)}, {"params": others, "weight_decay": 0.0}],
            rate, betas=betas),
        "rmsprop": lambda: torch.optim.RMSprop(learnt, rate),
        "adagrad": lambda: torch.optim.Adagrad(learnt, rate),
    }[training["optimizer"]]()

    def forward(x):
        for layer in range(last + 1):
            key = f"layers.{layer}."
            z = x @ tensors[key + "weight"].T
            if network["bias"]:
                z = z + tensors[key + "bias"]
            if layer == last:
                return z
            if network["batch-norm"]:
                norm = [tensors[key + "norm." + part] for part in ("mean", "variance", "scale", "shift")]
                z = F.batch_norm(z, *norm, training=True, momentum=0.1, eps=1e-5)
            x = ACTIVATIONS[network["activation"]](z)

    def losses(z, y):
        wanted = F.one_hot(y, sizes[-1]).double()
        if training["loss"] == "squared-error":
            return 0.5 * ((ACTIVATIONS[network["output"]](z) - wanted) ** 2).sum(1)
        if network["output"] == "softmax":
            return F.cross_entropy(z, y, reduction="none")
        return F.binary_cross_entropy_with_logits(z, wanted, reduction="none").sum(1)

    size = samples if training["batch-size"] == "all" else training["batch-size"]
    batches = []
    start = 0
    while start < samples:
        # One sample cannot be normalised by itself.
        joined = network["batch-norm"] and samples - start == size + 1
        batches.append((start, samples if joined else min(start + size, samples)))
        start = batches[-1][1]

    def factor(epoch):
        warm_up = training.get("schedule.warm-up", 0)
        if epoch <= warm_up:
            return epoch / warm_up
        done = epoch - warm_up - 1
        kind = training.get("schedule.kind")
        if kind == "step":
            return training["schedule.factor"] ** (done // training["schedule.every"])
        if kind == "cosine":
            return (1 + math.cos(math.pi * done / (training["epochs"] - warm_up))) / 2
        return 1

    x, y = torch.tensor(features), torch.tensor(classes)
    epochs = []
    for epoch in range(1, training["epochs"] + 1):
        for group in optimizer.param_groups:
            group["lr"] = rate * factor(epoch)
        loss_sum = penalty_sum = 0
        for start, end in batches:
            optimizer.zero_grad()
            own = losses(forward(x[start:end]), y[start:end])
            penalty = sum(
                training.get("l1", 0) * weight.abs().sum() + training.get("l2", 0) / 2 * (weight**2).sum()
                for weight in weights)
            ((own.sum() if training.get("reduction") == "sum" else own.mean()) + penalty).backward()
            if "clip.norm" in training:
                torch.nn.utils.clip_grad_norm_(learnt, training["clip.norm"])
            optimizer.step()
            loss_sum += own.sum().item()
            penalty_sum += penalty.item() * (end - start)
        epochs.append(
            {"learning_rate": rate * factor(epoch), "train_loss": loss_sum / samples, "train_penalty": penalty_sum / samples})
    normalised = [key[: key.index("norm.")] for key in tensors if key.endswith("norm.scale")]
    rounding = [key + part for key in normalised for part in ("bias", "norm.mean")] if network["bias"] else []
    keys = {"network.hidden": list(sizes[1:-1])}
    keys.update({"network." + key: value for key, value in network.items()})
    keys.update({"training." + key: value for key, value in training.items()})
    return {
        "name": name,
        "keys": keys,
        "features": features.tolist(),
        "labels": [labels[i] for i in classes],
        "initial": {key: value.tolist() for key, value in initial.items()},
        "epochs": epochs,
        "last": {key: tensor.tolist() for key, tensor in tensors.items() if key not in rounding},
    }


print("[")
print(",\n".join(json.dumps(case(i, *each), ensure_ascii=False) for i, each in enumerate(CASES)))
print("]")
