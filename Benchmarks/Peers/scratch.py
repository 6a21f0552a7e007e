"""An iteration of full-batch gradient descent, 48,000 images through 784-10-10 (ReLU, sigmoid), in ms.

    scratch.py numpy|torch|jax --threads N [--data DIR]

NumPy computes as the article writes it, samples in columns, in float32.
"""
import argparse
import time

from common import images, report, start

parser = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=("numpy", "torch", "jax"))
parser.add_argument("--data", help="the folder with mnist and fashion-mnist")
options = start(parser)

import numpy as np

ALPHA = 0.1
pixels, labels, mark = images("mnist", options.data)
pixels, labels = np.ascontiguousarray(pixels[:48_000]), labels[:48_000]
targets = np.eye(10, dtype="float32")[labels]
random = np.random.default_rng(0)
w1 = random.normal(0, 0.05, (784, 10)).astype("float32")
w2 = random.normal(0, 0.4, (10, 10)).astype("float32")
b1 = b2 = np.zeros(10, "float32")


def numpy():
    x, y, m = np.ascontiguousarray(pixels.T), np.ascontiguousarray(targets.T), len(pixels)
    state = [w1.T.copy(), b1[:, None].copy(), w2.T.copy(), b2[:, None].copy()]

    def iterate():
        v1, c1, v2, c2 = state
        z1 = v1 @ x + c1
        a1 = np.maximum(z1, 0)
        a2 = 1 / (1 + np.exp(-(v2 @ a1 + c2)))
        cost = -(y * np.log(a2) + (1 - y) * np.log(1 - a2)).sum() / m
        dz2 = a2 - y
        dz1 = (v2.T @ dz2) * (z1 > 0)
        v2 -= ALPHA / m * (dz2 @ a1.T)
        c2 -= ALPHA / m * dz2.sum(1, keepdims=True)
        v1 -= ALPHA / m * (dz1 @ x.T)
        c1 -= ALPHA / m * dz1.sum(1, keepdims=True)
        return cost
    return iterate


def torch():
    import torch
    from torch import nn
    torch.set_num_threads(options.threads)
    x, y = torch.from_numpy(pixels), torch.from_numpy(targets)
    model = nn.Sequential(nn.Linear(784, 10), nn.ReLU(), nn.Linear(10, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=ALPHA)

    def iterate():
        cost = nn.functional.binary_cross_entropy_with_logits(model(x), y, reduction="sum") / len(x)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        return cost.item()
    return iterate


def jax():
    import jax
    import jax.numpy as jnp
    x, y = jax.device_put(pixels), jax.device_put(targets)
    state = [jax.device_put([w1, b1, w2, b2])]

    def cost_of(parameters):
        v1, c1, v2, c2 = parameters
        z = jax.nn.relu(x @ v1 + c1) @ v2 + c2
        return (jnp.logaddexp(0, z) - y * z).sum() / len(x)

    @jax.jit
    def step(parameters):
        cost, gradients = jax.value_and_grad(cost_of)(parameters)
        return [p - ALPHA * g for p, g in zip(parameters, gradients)], cost

    def iterate():
        state[0], cost = step(state[0])
        return cost.block_until_ready()
    return iterate


iterate = {"numpy": numpy, "torch": torch, "jax": jax}[options.peer]()
iterate()
seconds = []
for _ in range(20):
    begin = time.perf_counter()
    iterate()
    seconds.append(time.perf_counter() - begin)
report(options.peer, "from-scratch-f32" + mark, options.threads, "ms", [1e3 * s for s in seconds])
