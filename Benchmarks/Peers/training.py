"""Trains one of the benchmark's networks with another framework and prints steps per second.

    training.py PEER WORKLOAD --threads N [--data DIR]

PEER is one of
  keras      `model.fit` on TensorFlow, as the tutorials call it
  torch      the quickest eager loop: batches cut from one tensor, fused optimizer
  jax-step   one compiled call per batch
  jax-scan   one compiled call per epoch, no Python between its steps

All train the same layers with the same optimizer on arrays of the same shape, shuffled in each epoch, and
know loss and accuracy of each step, as Keras does and as the engine's `fit` does. The first epoch compiles
and is not counted.
"""
import argparse
import math
import time

from common import images, report, start

RELU, TANH, SIGMOID, SOFTMAX, LINEAR = "relu", "tanh", "sigmoid", "softmax", None
WITH_DROPOUT = [(128, RELU, 0.2), (64, RELU, 0.2)]

# name: inputs, layers as (units, activation, dropout behind it), batch size, counted epochs
NETWORKS = {
    "circles": (2, [(4, TANH, 0), (1, SIGMOID, 0)], 32, 60),
    "rounding": (1, [(8, RELU, 0), (2, SOFTMAX, 0)], 32, 10),
    "one-circle": (2, WITH_DROPOUT + [(2, SOFTMAX, 0)], 10, 60),
    "hyderabad": (38, WITH_DROPOUT + [(1, LINEAR, 0)], 10, 10),
    "mnist-mlp-b10": (784, WITH_DROPOUT + [(10, SOFTMAX, 0)], 10, 2),
    "mnist-mlp-b128": (784, WITH_DROPOUT + [(10, SOFTMAX, 0)], 128, 3),
    "fashion": (784, [(128, RELU, 0), (10, SOFTMAX, 0)], 32, 3),
}


def samples(name, folder):
    """Inputs, targets, and a mark for the workload's name; made-up ones have the tutorial's shape."""
    import numpy as np
    random = np.random.default_rng(1)
    if name == "circles":
        x = random.normal(size=(1000, 2)).astype("float32")
        return x, (np.hypot(*x.T) < 1).astype("float32")[:, None], ""
    if name == "rounding":
        x = random.random((10_000, 1), dtype="float32")
        return x, (x[:, 0] >= 0.5).astype("int32"), ""
    if name == "one-circle":
        x = random.uniform(-1, 1, (110, 2)).astype("float32")
        return x, (np.square(x).sum(1) < 0.5).astype("int32"), ""
    if name == "hyderabad":
        x = random.normal(size=(2434, 38)).astype("float32")
        return x, x @ random.normal(size=(38, 1)).astype("float32"), ""
    return images("fashion-mnist" if name == "fashion" else "mnist", folder)


def keras(threads, inputs, layers, batch, epochs, x, y):
    import tensorflow
    tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(threads)
    import keras
    model = keras.Sequential([keras.layers.Input((inputs,))])
    for units, activation, rate in layers:
        model.add(keras.layers.Dense(units, activation=activation))
        if rate:
            model.add(keras.layers.Dropout(rate))
    loss = {SIGMOID: "binary_crossentropy", SOFTMAX: "sparse_categorical_crossentropy",
            LINEAR: "mean_squared_error"}[layers[-1][1]]
    model.compile(
        optimizer=keras.optimizers.SGD(0.5) if layers[-1][1] == SIGMOID else "adam", loss=loss,
        metrics=["accuracy"] if layers[-1][1] else None)
    ends = []
    model.fit(x, y, batch_size=batch, epochs=1 + epochs, verbose=0, callbacks=[
        keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: ends.append(time.perf_counter()))])
    return [b - a for a, b in zip(ends, ends[1:])]


def torch(threads, inputs, layers, batch, epochs, x, y):
    import torch
    from torch import nn
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    modules, width = [], inputs
    for units, activation, rate in layers:
        modules.append(nn.Linear(width, units))
        modules += {RELU: [nn.ReLU()], TANH: [nn.Tanh()]}.get(activation, [])
        modules += [nn.Dropout(rate)] if rate else []
        width = units
    model = nn.Sequential(*modules)
    last = layers[-1][1]
    rule, rate = (torch.optim.SGD, 0.5) if last == SIGMOID else (torch.optim.Adam, 0.001)
    optimizer = rule(model.parameters(), lr=rate, fused=True)
    loss_of = {SIGMOID: nn.functional.binary_cross_entropy_with_logits,
               SOFTMAX: nn.functional.cross_entropy, LINEAR: nn.functional.mse_loss}[last]
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    y = y.long() if last == SOFTMAX else y
    seconds = []
    for _ in range(1 + epochs):
        begin = time.perf_counter()
        loss_sum, right = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for rows in torch.randperm(len(x)).split(batch):
            targets = y[rows]
            out = model(x[rows])
            loss = loss_of(out, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                loss_sum += loss
                if last == SOFTMAX:
                    right += (out.argmax(1) == targets).sum()
                elif last == SIGMOID:
                    right += ((out > 0) == (targets > 0.5)).sum()
        loss_sum.item(), right.item()
        seconds.append(time.perf_counter() - begin)
    return seconds[1:]


def jax(is_scan, inputs, layers, batch, epochs, x, y):
    import jax
    import jax.numpy as jnp
    import numpy as np
    import optax
    last = layers[-1][1]
    random = np.random.default_rng(0)
    parameters, width = [], inputs
    for units, _, _ in layers:
        limit = (6 / (width + units)) ** 0.5
        parameters.append((jnp.asarray(random.uniform(-limit, limit, (width, units)), jnp.float32),
                           jnp.zeros(units)))
        width = units
    optimizer = optax.sgd(0.5) if last == SIGMOID else optax.adam(0.001)

    def objective(parameters, x, y, key):
        for (w, b), (_, activation, rate) in zip(parameters, layers):
            x = x @ w + b
            x = {RELU: jax.nn.relu, TANH: jnp.tanh}.get(activation, lambda z: z)(x)
            if rate:
                key, own = jax.random.split(key)
                x = jnp.where(jax.random.bernoulli(own, 1 - rate, x.shape), x / (1 - rate), 0)
        if last == SIGMOID:
            right = ((x > 0) == (y > 0.5)).sum()
            return optax.sigmoid_binary_cross_entropy(x, y).mean(), right
        if last == SOFTMAX:
            right = (x.argmax(1) == y).sum()
            return optax.softmax_cross_entropy_with_integer_labels(x, y).mean(), right
        return jnp.square(x - y).mean(), 0

    def step(state, x, y):
        parameters, memory, key = state
        key, own = jax.random.split(key)
        (loss, right), gradients = jax.value_and_grad(objective, has_aux=True)(
            parameters, x, y, own)
        change, memory = optimizer.update(gradients, memory)
        return (optax.apply_updates(parameters, change), memory, key), (loss, right)

    full = len(x) // batch * batch
    if is_scan:
        xs, ys = jax.device_put(x), jax.device_put(y)

        @jax.jit
        def epoch(state):
            parameters, memory, key = state
            key, own = jax.random.split(key)
            order = jax.random.permutation(own, len(xs))
            state, (losses, rights) = jax.lax.scan(
                lambda s, rows: step(s, xs[rows], ys[rows]), (parameters, memory, key),
                order[:full].reshape(-1, batch))
            loss, right = losses.sum(), jnp.sum(jnp.asarray(rights))
            if full < len(x):
                state, (l, r) = step(state, xs[order[full:]], ys[order[full:]])
                loss, right = loss + l, right + r
            return state, loss, right
    else:
        compiled = jax.jit(step, donate_argnums=0)

        def epoch(state):
            order, loss, right = random.permutation(len(x)), 0.0, 0
            for i in range(0, len(x), batch):
                rows = order[i:i + batch]
                state, (l, r) = compiled(state, x[rows], y[rows])
                loss, right = loss + l, right + r
            return state, loss, jnp.asarray(right)

    state, seconds = (parameters, optimizer.init(parameters), jax.random.key(0)), []
    for _ in range(1 + epochs):
        begin = time.perf_counter()
        state, loss, right = epoch(state)
        loss.block_until_ready(), right.block_until_ready()
        seconds.append(time.perf_counter() - begin)
    return seconds[1:]


parser = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=("keras", "torch", "jax-step", "jax-scan"))
parser.add_argument("workload", choices=NETWORKS)
parser.add_argument("--data", help="the folder with mnist and fashion-mnist")
options = start(parser)
inputs, layers, batch, epochs = NETWORKS[options.workload]
x, y, mark = samples(options.workload, options.data)
first = options.peer == "jax-scan" if options.peer.startswith("jax") else options.threads
run = {"keras": keras, "torch": torch, "jax-step": jax, "jax-scan": jax}[options.peer]
steps = math.ceil(len(x) / batch)
report(options.peer, options.workload + mark, options.threads, "steps/s",
       [steps / s for s in run(first, inputs, layers, batch, epochs, x, y)])
