"""Matrix products in GFLOP/s, and maps and reductions in GB/s, with another library.

    arrays.py PEER gemm|elementwise --threads N [--haswell]

PEER is numpy, torch or jax. Results go into an existing array where the library lets them; each input and
the output count once. `--haswell` holds OpenBLAS to AVX2.
"""
import argparse

from common import report, seconds_per_call, start

# Rows of A, columns of A, columns of B, and which of the two is stored transposed.
PRODUCTS = [(n, n, n, "nn") for n in (32, 64, 128, 256, 512, 1024, 2048, 4096)] + [
    (32, 784, 128, "nn"), (128, 784, 128, "nn"), (32, 128, 10, "nn"), (1000, 2, 4, "nn"),
    (10, 784, 128, "nn"), (1024, 1024, 32, "nn"), (784, 32, 128, "tn"), (32, 128, 784, "nt")]


def product(peer, a, b, form):
    """A call that multiplies; transposed operands are views."""
    import numpy as np
    if peer == "torch":
        import torch
        a, b = torch.from_numpy(a), torch.from_numpy(b)
    if peer == "jax":
        import jax
        jax.config.update("jax_enable_x64", True)
        compiled = jax.jit(lambda a, b: (a.T if form == "tn" else a) @ (b.T if form == "nt" else b))
        a, b = jax.device_put(a), jax.device_put(b)
        return lambda: compiled(a, b).block_until_ready()
    a, b = a.T if form == "tn" else a, b.T if form == "nt" else b
    if peer == "torch":
        out = torch.empty(a.shape[0], b.shape[1], dtype=a.dtype)
        return lambda: torch.mm(a, b, out=out)
    out = np.empty((a.shape[0], b.shape[1]), a.dtype)
    return lambda: np.matmul(a, b, out=out)


def gemm(peer, threads):
    import numpy as np
    random = np.random.default_rng(0)
    for name, kind in (("f32", "float32"), ("f64", "float64")):
        for m, k, n, form in PRODUCTS:
            a = random.random((k, m) if form == "tn" else (m, k)).astype(kind)
            b = random.random((n, k) if form == "nt" else (k, n)).astype(kind)
            seconds = seconds_per_call(product(peer, a, b, form), repeats=5)
            report(peer, f"gemm-{name}-{form}-{m}x{k}x{n}", threads, "GFLOP/s",
                   [2e-9 * m * k * n / s for s in seconds])


def numpy_maps(a, b, c, rows):
    import numpy as np
    y, table, column = np.empty_like(a), np.empty_like(rows), np.empty(len(rows), "float32")

    def sigmoid():
        np.negative(a, out=y)
        np.exp(y, out=y)
        np.add(y, 1, out=y)
        np.divide(1, y, out=y)

    def multiply_add():
        np.multiply(a, b, out=y)
        np.add(y, c, out=y)

    def softmax():
        np.subtract(rows, rows.max(1, keepdims=True), out=table)
        np.exp(table, out=table)
        np.divide(table, table.sum(1, keepdims=True), out=table)

    return [lambda: np.maximum(a, 0, out=y), lambda: np.exp(a, out=y), lambda: np.tanh(a, out=y),
            sigmoid, lambda: np.add(a, b, out=y), multiply_add, lambda: np.sum(a),
            lambda: np.max(rows, 1, out=column), softmax]


def torch_maps(a, b, c, rows):
    import torch
    a, b, c, rows = map(torch.from_numpy, (a, b, c, rows))
    y, table, column = torch.empty_like(a), torch.empty_like(rows), torch.empty(len(rows))
    return [lambda: torch.clamp(a, min=0, out=y), lambda: torch.exp(a, out=y),
            lambda: torch.tanh(a, out=y), lambda: torch.sigmoid(a, out=y),
            lambda: torch.add(a, b, out=y), lambda: torch.addcmul(c, a, b, out=y),
            lambda: torch.sum(a), lambda: torch.amax(rows, 1, out=column),
            lambda: torch.softmax(rows, 1, out=table)]


def jax_maps(a, b, c, rows):
    import jax
    import jax.numpy as jnp
    a, b, c, rows = map(jax.device_put, (a, b, c, rows))

    def call(function, *inputs):
        compiled = jax.jit(function)
        return lambda: compiled(*inputs).block_until_ready()

    return [call(jax.nn.relu, a), call(jnp.exp, a), call(jnp.tanh, a), call(jax.nn.sigmoid, a),
            call(jnp.add, a, b), call(lambda a, b, c: a * b + c, a, b, c), call(jnp.sum, a),
            call(lambda r: r.max(1), rows), call(jax.nn.softmax, rows)]


def elementwise(peer, threads):
    import numpy as np
    random = np.random.default_rng(0)
    names = ["relu", "exp", "tanh", "sigmoid", "add", "mul-add", "sum", "max-rows", "softmax"]
    arrays = [2, 2, 2, 2, 3, 4, 1, 1.01, 2]
    for size, label in ((1000, "1k"), (100_000, "100k"), (10_000_000, "10M")):
        a, b, c = (random.standard_normal(size, dtype="float32") for _ in range(3))
        calls = {"numpy": numpy_maps, "torch": torch_maps, "jax": jax_maps}[peer](
            a, b, c, a.reshape(-1, 100))
        for name, moved, call in zip(names, arrays, calls):
            report(peer, f"{name}-{label}", threads, "GB/s",
                   [4e-9 * size * moved / s for s in seconds_per_call(call, repeats=5)])


parser = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=("numpy", "torch", "jax"))
parser.add_argument("suite", choices=("gemm", "elementwise"))
parser.add_argument("--haswell", action="store_true")
options = start(parser)
{"gemm": gemm, "elementwise": elementwise}[options.suite](options.peer, options.threads)
