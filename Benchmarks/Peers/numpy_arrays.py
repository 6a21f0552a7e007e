"""Views, sorting, axes and printing, and linear algebra, with NumPy, in microseconds.

    numpy_arrays.py numpy arrays|linalg --threads N

The counterparts of ArraysSuite.swift and LinearAlgebraSuite.swift. Sorting of positions is stable in both.
"""
import argparse

from common import report, seconds_per_call, start


def measure(threads, workload, call):
    report("numpy", workload, threads, "us", [1e6 * s for s in seconds_per_call(call, repeats=5)])


def arrays(threads):
    import numpy as np
    random = np.random.default_rng(0)
    for count, rows, label in ((1000, 40, "1k"), (1_000_000, 1000, "1M")):
        x = random.standard_normal(count, dtype="float32")
        doubles = x.astype("float64")
        matrix, narrow = x.reshape(rows, -1), x.reshape(-1, 4)
        wide, cube = doubles.reshape(rows, -1), x.reshape(10, count // 100, 10)
        four = np.array([1, 2, 3, 4], "float32")
        column = random.standard_normal((rows, 1), dtype="float32")
        positions = random.integers(0, count, count)
        few = random.integers(0, rows, rows)
        octets = np.full(count, 3, "uint8")
        mask, ordered, zero = x > 0, np.sort(x), np.float32(0)
        for name, call in {
            "view": lambda: matrix[1:, 0:10],
            "slice": lambda: matrix[1:, 1:].copy(),
            "every-second": lambda: x[::2].copy(),
            "reverse": lambda: x[::-1].copy(),
            "transpose": lambda: np.ascontiguousarray(matrix.T),
            "transpose-double": lambda: np.ascontiguousarray(wide.T),
            "concatenate": lambda: np.concatenate([matrix, matrix]),
            "concatenate-columns": lambda: np.concatenate([matrix, matrix], 1),
            "pad": lambda: np.pad(matrix, 1),
            "roll": lambda: np.roll(x, 5),
            "take": lambda: x[positions],
            "take-rows": lambda: matrix[few],
            "mask": lambda: x[mask],
            "select": lambda: np.where(mask, x, zero),
            "sort": lambda: np.sort(x),
            "sort-double": lambda: np.sort(doubles),
            "sort-integers": lambda: np.sort(positions),
            "sort-rows": lambda: np.sort(matrix, 1),
            "argsort": lambda: np.argsort(x, kind="stable"),
            "argsort-double": lambda: np.argsort(doubles, kind="stable"),
            "unique": lambda: np.unique(positions),
            "search-sorted": lambda: np.searchsorted(ordered, x),
            "median": lambda: np.median(x),
            "partition": lambda: np.partition(x, count // 3),
            "arg-partition": lambda: np.argpartition(x, count // 3),
            "nan-median": lambda: np.nanmedian(x),
            "percentiles-rows": lambda: np.quantile(matrix, [0.1, 0.9], axis=1),
            "is-in": lambda: np.isin(positions, few),
            "intersection": lambda: np.intersect1d(positions, few),
            "covariance": lambda: np.cov(wide),
            "interpolate": lambda: np.interp(x, ordered, x),
            "convolve": lambda: np.convolve(x, x[:40]),
            "gradient": lambda: np.gradient(matrix, axis=1),
            "trapezoid": lambda: np.trapezoid(matrix, axis=1),
            "polyval": lambda: np.polyval(four, x),
            "running-max": lambda: np.maximum.accumulate(x),
            "round-decimals": lambda: np.round(x, 2),
            "bit-and": lambda: positions & 255,
            "shift": lambda: positions >> 3,
            "integer-power": lambda: few ** 3,
            "integer-matmul": lambda: few.reshape(-1, 20) @ few.reshape(20, -1),
            "pad-symmetric": lambda: np.pad(matrix, 1, "symmetric"),
            "take-columns": lambda: matrix[:, few % (count // rows)],
            "windows-max": lambda: np.lib.stride_tricks.sliding_window_view(x, 5).max(1),
            "exponential": lambda: random.exponential(size=count),
            "gamma": lambda: random.gamma(2.5, size=count),
            "poisson": lambda: random.poisson(20, count),
            "binomial": lambda: random.binomial(100, 0.3, count),
            "histogram": lambda: np.histogram(x, 50),
            "bin-count": lambda: np.bincount(positions),
            "running-sum": lambda: np.cumsum(x),
            "running-sum-columns": lambda: np.cumsum(matrix, 0),
            "sum-rows": lambda: matrix.sum(1),
            "sum-columns": lambda: matrix.sum(0),
            "sum-middle": lambda: cube.sum(1),
            "sum-short-rows": lambda: narrow.sum(1),
            "sum-bytes": lambda: octets.sum(),
            "max-columns": lambda: matrix.max(0),
            "argmax-rows": lambda: matrix.argmax(1),
            "argmax-columns": lambda: matrix.argmax(0),
            "add-row": lambda: matrix + matrix[0],
            "add-column": lambda: matrix + column,
            "add-short-row": lambda: narrow + four,
            "is-nan": lambda: np.isnan(x),
            "tan": lambda: np.tan(x),
            "floor-divide": lambda: positions // 7,
            "print": lambda: str(matrix),
        }.items():
            measure(threads, f"{name}-{label}", call)


def linalg(threads):
    import numpy as np
    from numpy.linalg import cholesky, det, eigh, inv, lstsq, pinv, qr, solve, svd
    random = np.random.default_rng(0)
    for n in (64, 256, 512):
        for kind, label in (("float32", "f32"), ("float64", "f64")):
            square = random.standard_normal((n, n)).astype(kind)
            tall = random.standard_normal((4 * n, n)).astype(kind)
            few = random.standard_normal((n, 8)).astype(kind)
            many = random.standard_normal((4 * n, 8)).astype(kind)
            positive = square @ square.T + np.eye(n, dtype=kind) * np.dtype(kind).type(n)
            symmetric = square + square.T
            with np.errstate(all="ignore"):
                for name, call in {
                    "cholesky": lambda: cholesky(positive),
                    "determinant": lambda: det(square),
                    "solve": lambda: solve(square, few),
                    "inverse": lambda: inv(square),
                    "qr": lambda: qr(square),
                    "qr-tall": lambda: qr(tall),
                    "eigh": lambda: eigh(symmetric),
                    "svd": lambda: svd(square, full_matrices=False),
                    "svd-tall": lambda: svd(tall, full_matrices=False),
                    "singular-values": lambda: svd(square, compute_uv=False),
                    "pinv": lambda: pinv(square),
                    "lstsq": lambda: lstsq(square, few, rcond=None),
                    "lstsq-tall": lambda: lstsq(tall, many, rcond=None),
                }.items():
                    measure(threads, f"{name}-{n}-{label}", call)


parser = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=("numpy",))
parser.add_argument("suite", choices=("arrays", "linalg"))
options = start(parser)
{"arrays": arrays, "linalg": linalg}[options.suite](options.threads)
