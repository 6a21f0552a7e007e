"""Trains small networks with Keras and PyTorch and writes what they compute to goldens.txt.

    pip install -r requirements.txt
    python3 make_goldens.py

All is computed in float64, Keras on TensorFlow: on PyTorch, Keras computes means in float32. A line is a case, `kind words… | numbers | numbers …`:

    train NETWORK LOSS OPTIMIZER PEERS | outputs | gradients | losses | sums | weights
        outputs before the first step; the gradients of all trainable weights and of the input there; the
        loss of each of 50 steps; after each step the sum of all weights, each times one of 1, 2, … 7; all
        weights at the end. PEERS is `keras`, or `both` where PyTorch's own layers, losses and
        optimizers were run too and agreed to 3e-12; the numbers are then PyTorch's.
    rates SCHEDULE | the rates of steps 0 to 59
    spread INITIALIZER | least, greatest, mean, standard deviation, the nine deciles
        of 1,200,000 weights, Keras's.
    drops RATE | the share of zeros, what becomes of a 1 that is kept
        of 1,000,000 ones, Keras's Dropout.

Initial weights, samples and targets come from the generator of numbers below, which OracleTests.swift
has too; they are multiples of 1/64, so that they are the same in float32.
"""

import math
import os
import warnings

warnings.filterwarnings("ignore")
os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}

import keras
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F

assert keras.__version__ == "3.15.1" and torch.__version__.startswith("2.13.0")
keras.backend.set_floatx("float64")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

SAMPLES, INPUTS, OUTPUTS, STEPS = 6, 3, 2, 50
L = keras.layers
D = np.float64  # TensorFlow would round Python's own numbers to float32.


def numbers(seed, count, reach):
    """Multiples of 1/64 in ±reach."""
    state, out = seed * 0x9E3779B97F4A7C15 & (1 << 64) - 1, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        out.append(((state >> 33) % (2 * reach * 64 + 1)) / 64 - reach)
    return np.array(out)


x = numbers(1, SAMPLES * INPUTS, 2).reshape(SAMPLES, INPUTS)


def targets(loss):
    """The targets of a loss: numbers, signs, classes, shares."""
    t = numbers(2, SAMPLES * OUTPUTS, 2).reshape(SAMPLES, OUTPUTS)
    base = loss.split(".")[0]
    if base in ("binary_crossentropy",) or loss == "hinge.binary":
        return (t > 0).astype(float)
    if base == "hinge":
        return np.where(t > 0, 1.0, -1.0)
    if base == "categorical_crossentropy":
        return np.eye(OUTPUTS)[(t[:, 0] > 0).astype(int)]
    if base == "sparse_categorical_crossentropy":
        return (t[:, 0] > 0).astype(float)
    if base == "kl_divergence":
        share = (t[:, :1] + 2.5) / 5
        return np.concatenate([share, 1 - share], axis=1)
    return t


# MARK: Networks

def head(loss):
    """The activation of the last layer that suits a loss."""
    base = loss.split(".")[0]
    return {"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax",
            "sparse_categorical_crossentropy": "softmax", "kl_divergence": "softmax"}.get(base, "linear")


def keras_network(name, loss):
    last = L.Dense(OUTPUTS, activation=head(loss))
    R = keras.regularizers
    bodies = {
        "batchnorm": lambda: [L.Dense(4), L.BatchNormalization(momentum=D(0.99), epsilon=D(1e-3)),
                              L.Activation("tanh")],
        "batchnormfast": lambda: [
            L.Dense(4, activation="tanh"), L.BatchNormalization(momentum=D(0.8), epsilon=D(1e-2))],
        "LeakyReLU": lambda: [L.Dense(4), L.LeakyReLU(negative_slope=D(0.3))],
        "ELU": lambda: [L.Dense(4), L.ELU(alpha=D(0.7))],
        "reshape": lambda: [L.Dense(4, activation="tanh"), L.Reshape((2, 2)),
                            L.Dense(3, activation="sigmoid"), L.Flatten()],
        "deep": lambda: [L.Dense(5, activation="tanh"), L.Dense(4, activation="sigmoid"),
                         L.Dense(3, activation="softplus")],
        "l1": lambda: [L.Dense(4, activation="tanh", kernel_regularizer=R.L1(D(0.03)))],
        "l2": lambda: [L.Dense(4, activation="tanh", kernel_regularizer=R.L2(D(0.05)),
                               bias_regularizer=R.L2(D(0.01)))],
        "l1l2": lambda: [L.Dense(4, activation="tanh", kernel_regularizer=R.L1L2(D(0.01), D(0.02)))],
        "bare": lambda: [],
        "lambda": lambda: [L.Dense(4), L.Lambda(lambda v: v * v / 2)],
        "frozen": lambda: [L.Dense(4, activation="tanh", trainable=False)],
    }
    body = bodies[name]() if name in bodies else [L.Dense(4, activation=name)]
    return keras.Sequential([keras.Input((INPUTS,))] + body + [last])


def torch_activation(name, v):
    return {
        "linear": lambda: v, "relu": lambda: F.relu(v), "leaky_relu": lambda: F.leaky_relu(v, 0.2),
        "elu": lambda: F.elu(v), "selu": lambda: F.selu(v), "gelu": lambda: F.gelu(v),
        "silu": lambda: F.silu(v), "softplus": lambda: F.softplus(v),
        "softsign": lambda: F.softsign(v), "exponential": lambda: torch.exp(v),
        "tanh": lambda: torch.tanh(v), "sigmoid": lambda: torch.sigmoid(v),
        "softmax": lambda: torch.softmax(v, -1), "LeakyReLU": lambda: F.leaky_relu(v, 0.3),
        "ELU": lambda: F.elu(v, 0.7), "relu6": lambda: F.relu6(v),
        # PyTorch's own forms take a sixth that is rounded to float32.
        "hard_silu": lambda: v * F.relu6(v + 3) / 6, "hard_sigmoid": lambda: F.relu6(v + 3) / 6,
        "hard_tanh": lambda: F.hardtanh(v), "mish": lambda: F.mish(v),
        "log_sigmoid": lambda: F.logsigmoid(v), "log_softmax": lambda: F.log_softmax(v, -1),
    }[name]()


# Networks that are dense layers with these activations, for PyTorch.
PLAIN = {name: [name] for name in [
    "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "softsign", "exponential",
    "tanh", "sigmoid", "softmax", "relu6", "hard_silu", "hard_sigmoid", "hard_tanh", "mish",
    "log_sigmoid", "log_softmax"]} | {
    "deep": ["tanh", "sigmoid", "softplus"], "bare": [], "LeakyReLU": ["LeakyReLU"], "ELU": ["ELU"]}
# Penalties of the first kernel and bias: factors of magnitudes, of squares, of the bias's squares.
PENALTIES = {"l1": (0.03, 0, 0), "l2": (0, 0.05, 0.01), "l1l2": (0.01, 0.02, 0)}
PLAIN |= {name: ["tanh"] for name in PENALTIES}
# A constant of these, such as √2, log 2 or 0.96, is rounded to float32 in Keras on TensorFlow.
ROUNDED = {"gelu", "hard_silu", "hard_sigmoid", "leaky_relu", "LeakyReLU", "log_cosh", "nadam"} | set(PENALTIES)


# MARK: Losses

def keras_loss(name):
    K = keras.losses
    return {
        "mean_squared_error": lambda: K.MeanSquaredError(),
        "mean_absolute_error": lambda: K.MeanAbsoluteError(),
        "huber": lambda: K.Huber(), "huber.half": lambda: K.Huber(delta=0.5),
        "log_cosh": lambda: K.LogCosh(), "hinge": lambda: K.Hinge(), "hinge.binary": lambda: K.Hinge(),
        "kl_divergence": lambda: K.KLDivergence(),
        "binary_crossentropy": lambda: K.BinaryCrossentropy(),
        "binary_crossentropy.smoothed": lambda: K.BinaryCrossentropy(label_smoothing=0.1),
        "categorical_crossentropy": lambda: K.CategoricalCrossentropy(),
        "categorical_crossentropy.smoothed": lambda: K.CategoricalCrossentropy(label_smoothing=0.1),
        "sparse_categorical_crossentropy": lambda: K.SparseCategoricalCrossentropy(),
    }[name]()


def torch_loss(name, p, z, t):
    """The loss of predictions p, which come from z; None where PyTorch has no such loss."""
    classes = torch.tensor(t.argmax(-1) if t.ndim > 1 else t.astype(int))
    t = torch.tensor(t)
    return {
        "mean_squared_error": lambda: F.mse_loss(p, t),
        "mean_absolute_error": lambda: F.l1_loss(p, t),
        "huber": lambda: F.huber_loss(p, t), "huber.half": lambda: F.huber_loss(p, t, delta=0.5),
        "log_cosh": lambda: torch.log(torch.cosh(p - t)).mean(),
        "kl_divergence": lambda: F.kl_div(torch.log(p), t, reduction="batchmean"),
        "binary_crossentropy": lambda: F.binary_cross_entropy_with_logits(z, t),
        "binary_crossentropy.smoothed":
            lambda: F.binary_cross_entropy_with_logits(z, t * 0.9 + 0.05),
        "categorical_crossentropy": lambda: F.cross_entropy(z, t),
        "categorical_crossentropy.smoothed": lambda: F.cross_entropy(z, t, label_smoothing=0.1),
        "sparse_categorical_crossentropy": lambda: F.cross_entropy(z, classes),
    }.get(name, lambda: None)()


# MARK: Optimizers and schedules

S = keras.optimizers.schedules
SCHEDULES = {
    "exponential": lambda: S.ExponentialDecay(D(0.1), D(10), D(0.5)),
    "exponential.staircase": lambda: S.ExponentialDecay(D(0.1), D(10), D(0.5), staircase=True),
    "cosine": lambda: S.CosineDecay(D(0.1), D(40)),
    "cosine.alpha": lambda: S.CosineDecay(D(0.1), D(40), alpha=D(0.2)),
    "cosine.warmup": lambda: S.CosineDecay(D(0.01), D(30), warmup_target=D(0.1), warmup_steps=D(10)),
    "piecewise": lambda: S.PiecewiseConstantDecay([10, 25, 40], [D(0.1), D(0.05), D(0.02), D(0.01)]),
    "polynomial": lambda: S.PolynomialDecay(D(0.1), D(40), end_learning_rate=D(0.01), power=D(2)),
    "polynomial.line": lambda: S.PolynomialDecay(D(0.1), D(40), end_learning_rate=D(0.0001)),
    "inverse": lambda: S.InverseTimeDecay(D(0.1), D(10), D(0.5)),
}


def keras_optimizer(name):
    O, base = keras.optimizers, name.split("+")[0].split(".")[0]
    betas = {"beta_1": D(0.9), "beta_2": D(0.999), "epsilon": D(1e-7)}
    if "+" in name:
        rate = SCHEDULES[name.split("+")[1]]()
        return O.SGD(rate) if base == "sgd" else O.Adam(rate, **betas)
    sharp = {"epsilon": D(1e-30)}
    return {
        "sgd": lambda: O.SGD(0.1), "sgd.momentum": lambda: O.SGD(0.05, momentum=D(0.9)),
        "sgd.nesterov": lambda: O.SGD(0.05, momentum=D(0.9), nesterov=True),
        "sgd.value": lambda: O.SGD(0.1, clipvalue=D(0.1)), "sgd.norm": lambda: O.SGD(0.1, clipnorm=D(0.3)),
        "sgd.globalnorm": lambda: O.SGD(0.1, global_clipnorm=D(0.5)),
        "adam": lambda: O.Adam(0.001, **betas),
        "adam.fast": lambda: O.Adam(0.02, beta_1=D(0.8), beta_2=D(0.99), epsilon=D(1e-7)),
        "adam.sharp": lambda: O.Adam(0.02, **betas | sharp),
        "adamw": lambda: O.AdamW(0.01, weight_decay=D(0.004), **betas),
        "adamw.sharp": lambda: O.AdamW(0.01, weight_decay=D(0.1), **betas | sharp),
        "nadam": lambda: O.Nadam(0.01, **betas), "adamax": lambda: O.Adamax(0.01, **betas),
        "adamax.sharp": lambda: O.Adamax(0.01, **betas | sharp),
        "rmsprop": lambda: O.RMSprop(0.01, rho=D(0.9), epsilon=D(1e-7)),
        "rmsprop.sharp": lambda: O.RMSprop(0.002, rho=D(0.8), **sharp),
        "adagrad": lambda: O.Adagrad(0.1, initial_accumulator_value=D(0.1), epsilon=D(1e-7)),
        "adagrad.sharp": lambda: O.Adagrad(0.1, initial_accumulator_value=D(0.3), **sharp),
        "adadelta": lambda: O.Adadelta(1.0, rho=D(0.95), epsilon=D(1e-7)),
        "adadelta.slow": lambda: O.Adadelta(1.0, rho=D(0.9), epsilon=D(1e-6)),
    }[name]()


def torch_optimizer(name, weights):
    """The same; where epsilon stands elsewhere in PyTorch's formula, only those in which it is nothing."""
    O = torch.optim
    return {
        "sgd": lambda: O.SGD(weights, 0.1), "sgd.momentum": lambda: O.SGD(weights, 0.05, momentum=0.9),
        "sgd.nesterov": lambda: O.SGD(weights, 0.05, momentum=0.9, nesterov=True),
        "adam.sharp": lambda: O.Adam(weights, 0.02, eps=1e-30),
        "adamw.sharp": lambda: O.AdamW(weights, 0.01, weight_decay=0.1, eps=1e-30),
        "nadam": lambda: O.NAdam(weights, 0.01, momentum_decay=1, eps=1e-7),
        "adamax.sharp": lambda: O.Adamax(weights, 0.01, eps=1e-30),
        "rmsprop.sharp": lambda: O.RMSprop(weights, 0.002, alpha=0.8, eps=1e-30),
        "adagrad.sharp": lambda: O.Adagrad(weights, 0.1, initial_accumulator_value=0.3, eps=1e-30),
        "adadelta": lambda: O.Adadelta(weights, 1.0, rho=0.95, eps=1e-7),
        "adadelta.slow": lambda: O.Adadelta(weights, 1.0, rho=0.9, eps=1e-6),
    }.get(name, lambda: None)()


# MARK: Training

def fresh_weights(shapes):
    """Initial weights: the seed of each is its place."""
    return [numbers(10 + i, math.prod(shape), 1).reshape(shape) for i, shape in enumerate(shapes)]


def mixed(weights):
    flat = np.concatenate([w.ravel() for w in weights])
    return float(sum(value * (1 + i % 7) for i, value in enumerate(flat)))


def by_keras(network, loss, optimizer):
    model = keras_network(network, loss)
    trainable = model.trainable_variables
    # What batch normalisation measures is left as it is.
    given = model.weights if network == "frozen" else trainable
    for variable, value in zip(given, fresh_weights([v.shape for v in given])):
        variable.assign(value)
    loss_function, rule = keras_loss(loss), keras_optimizer(optimizer)
    samples, y = tf.constant(x), tf.constant(targets(loss))
    record = {"losses": [], "sums": []}
    for step in range(STEPS):
        with tf.GradientTape() as tape:
            tape.watch(samples)
            prediction = model(samples, training=True)
            objective = loss_function(y, prediction) + sum(model.losses)
        *gradients, last = tape.gradient(objective, [v.value for v in trainable] + [samples])
        if step == 0:
            record["outputs"] = prediction.numpy().ravel()
            record["gradients"] = np.concatenate([g.numpy().ravel() for g in gradients + [last]])
        record["losses"].append(float(objective))
        rule.apply(gradients, trainable)
        record["sums"].append(mixed([v.numpy() for v in model.weights]))
    record["weights"] = np.concatenate([v.numpy().ravel() for v in model.weights])
    return record


def by_torch(network, loss, optimizer):
    if network not in PLAIN:
        return None
    activations = PLAIN[network] + [head(loss)]
    widths = [INPUTS] + ([5, 4, 3] if network == "deep" else [4] * (len(activations) - 1)) + [OUTPUTS]
    shapes = [s for a, b in zip(widths, widths[1:]) for s in ((a, b), (b,))]
    weights = [torch.tensor(w, requires_grad=True) for w in fresh_weights(shapes)]
    rule = torch_optimizer(optimizer, weights)
    if rule is None:
        return None
    record = {"losses": [], "sums": []}
    for step in range(STEPS):
        given = torch.tensor(x, requires_grad=True)
        v = given
        for i, activation in enumerate(activations):
            z = v @ weights[2 * i] + weights[2 * i + 1]
            v = torch_activation(activation, z)
        objective = torch_loss(loss, v, z, targets(loss))
        if objective is None:
            return None
        l1, l2, bias = PENALTIES.get(network, (0, 0, 0))
        objective = objective + l1 * weights[0].abs().sum() + l2 * (weights[0] ** 2).sum() \
            + bias * (weights[1] ** 2).sum()
        rule.zero_grad()
        objective.backward()
        if step == 0:
            record["outputs"] = v.detach().numpy().ravel()
            record["gradients"] = np.concatenate(
                [w.grad.numpy().ravel() for w in weights] + [given.grad.numpy().ravel()])
        record["losses"].append(float(objective.detach()))
        rule.step()
        record["sums"].append(mixed([w.detach().numpy() for w in weights]))
    record["weights"] = np.concatenate([w.detach().numpy().ravel() for w in weights])
    return record


def differences(a, b):
    return {key: np.max(np.abs(np.array(a[key]) - np.array(b[key]))) / np.max(np.abs(b[key])) for key in b}


CASES = (
    [(name, "mean_squared_error", "sgd") for name in PLAIN]
    + [(name, "mean_squared_error", "sgd") for name in [
        "batchnorm", "batchnormfast", "reshape", "lambda", "frozen"]]
    + [("tanh", name, "sgd") for name in [
        "mean_absolute_error", "huber", "huber.half", "log_cosh", "hinge", "hinge.binary",
        "kl_divergence", "binary_crossentropy", "binary_crossentropy.smoothed",
        "categorical_crossentropy", "categorical_crossentropy.smoothed",
        "sparse_categorical_crossentropy"]]
    + [("tanh", "mean_squared_error", name) for name in [
        "sgd.momentum", "sgd.nesterov", "sgd.value", "sgd.norm", "sgd.globalnorm", "adam",
        "adam.fast", "adam.sharp", "adamw", "adamw.sharp", "nadam", "adamax", "adamax.sharp",
        "rmsprop", "rmsprop.sharp", "adagrad", "adagrad.sharp", "adadelta", "adadelta.slow"]]
    + [("tanh", "mean_squared_error", "sgd+" + name) for name in SCHEDULES]
    + [("tanh", "mean_squared_error", "adam+cosine.warmup"),
       ("batchnormfast", "sparse_categorical_crossentropy", "adam.fast"),
       ("l2", "binary_crossentropy", "sgd.momentum")]
)

I = keras.initializers
INITIALIZERS = {
    "glorot_uniform": lambda: I.GlorotUniform(3), "glorot_normal": lambda: I.GlorotNormal(3),
    "he_uniform": lambda: I.HeUniform(3), "he_normal": lambda: I.HeNormal(3),
    "lecun_uniform": lambda: I.LecunUniform(3), "lecun_normal": lambda: I.LecunNormal(3),
    "uniform": lambda: I.RandomUniform(-0.3, 0.5, seed=3), "normal": lambda: I.RandomNormal(0.1, 0.5, seed=3),
    "truncated_normal": lambda: I.TruncatedNormal(0.0, 0.5, seed=3),
}


def text(values):
    return " ".join(f"{float(value):.15g}" for value in np.ravel(values))


def main():
    lines, both = [], 0
    for case in CASES:
        record = by_keras(*case)
        other = by_torch(*case)
        if other is not None:
            worst = max(differences(record, other).values())
            assert worst < (1e-6 if ROUNDED & set(case) else 3e-12), (case, differences(record, other))
            record, both = other, both + 1
        words = " ".join(case) + (" keras" if other is None else " both")
        lines.append(f"train {words} | " + " | ".join(
            text(record[key]) for key in ["outputs", "gradients", "losses", "sums", "weights"]))
    for name, make in SCHEDULES.items():
        schedule = make()
        lines.append(f"rates {name} | " + text(
            [float(schedule(step)) for step in range(60)]))
    for name, make in INITIALIZERS.items():
        values = keras.ops.convert_to_numpy(make()((1500, 800), dtype="float64"))
        lines.append(f"spread {name} | " + " ".join(f"{value:.6g}" for value in [
            values.min(), values.max(), values.mean(), values.std(),
            *np.quantile(values, np.arange(1, 10) / 10)]))
    for rate in [0.1, 0.5, 0.8]:
        values = keras.ops.convert_to_numpy(L.Dropout(rate, seed=5)(np.ones((1000, 1000)), training=True))
        lines.append(f"drops {rate} | {np.mean(values == 0):.6g} {values.max():.15g}")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens.txt")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{len(lines)} lines, {len(CASES)} trainings, {both} of them with PyTorch too")


main()
