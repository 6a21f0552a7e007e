"""Random operands, their description, and the lines of a golden file.

A line is a case: `name operand… argument… = shape result`. An operand tells how to make a tensor, as
OracleTests.swift does with the same generator of numbers: `f4:seed:kind:2x3:10:0.2.1,2.3.-1` is type,
seed, kind of values, shape of the memory, permutation of its axes, and start, count and step along
each. A result is a checksum of all elements or, where rounding may differ, the elements.
"""

import random
import struct
import numpy as np

random.seed(7)
MASK = (1 << 64) - 1
TYPES = {"b1": np.bool_, "u1": np.uint8, "i4": np.int32, "i8": np.int64,
         "f4": np.float32, "f8": np.float64}
lines = []


def values(dtype, seed, kind, count):
    state = (seed * 0x9E3779B97F4A7C15) & MASK
    out = []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        n = state >> 33
        if dtype == "b1":
            out.append(n & 1 == 1)
        elif kind == "index":
            out.append(n % seed)
        elif dtype == "u1":
            out.append(n % 200)
        elif kind == "powers":
            out.append([-1, 1, 2, -2, 1, 4][n % 6])
        elif kind == "positive":
            out.append(n % 11 + 1)
        elif kind == "wild" and n % 5 == 0:
            out.append([float("nan"), float("inf"), -float("inf"), -0.0][n // 5 % 4])
        else:
            small = n % 23 - 11
            out.append(small * 0.5 if dtype[0] == "f" else small)
    return np.array(out, dtype=TYPES[dtype])


def shape(least=0, most=4, size=5):
    sizes = [random.randint(1, size) for _ in range(random.randint(least, most))]
    if sizes and random.random() < 0.06:
        sizes[random.randrange(len(sizes))] = 0
    return sizes


def operand(dtype, sizes, kind="small"):
    """A tensor of the shape `sizes`, somehow lying in memory, and its description."""
    seed = random.randint(1, 10**6)
    rank = len(sizes)
    cuts = []
    memory = []
    for size in sizes:
        step = random.choice([1, 1, 1, 2, -1, -2]) if size else 1
        span = (size - 1) * abs(step) + 1 if size else 0
        before, after = random.choice([(0, 0), (0, 0), (1, 0), (0, 2)])
        memory.append(span + before + after)
        cuts.append((before if step > 0 else before + span - 1, size, step))
    permutation = list(range(rank))
    if random.random() < 0.5:
        random.shuffle(permutation)
    base = [0] * rank
    for axis, source in enumerate(permutation):
        base[source] = memory[axis]
    data = values(dtype, seed, kind, int(np.prod(base))).reshape(base)
    view = data.transpose(permutation)
    for axis, (start, count, step) in enumerate(cuts):
        positions = [start + i * step for i in range(count)]
        view = view.take(positions, axis=axis) if count else view.take([], axis=axis).astype(view.dtype)
    text = ":".join([dtype, str(seed), kind, "x".join(map(str, base)),
                     "".join(map(str, permutation)),
                     ",".join(".".join(map(str, cut)) for cut in cuts)])
    return np.ascontiguousarray(view).reshape(sizes), text


def indices(count_or_shape, below):
    """Positions below a bound: the bound is the seed."""
    sizes = [count_or_shape] if isinstance(count_or_shape, int) else count_or_shape
    data = values("i8", below, "index", int(np.prod(sizes))).reshape(sizes)
    base = "x".join(map(str, sizes))
    cuts = ",".join(f"0.{s}.1" for s in sizes)
    return data, f"i8:{below}:index:{base}:{''.join(map(str, range(len(sizes))))}:{cuts}"


def checksum(array):
    h = 0xCBF29CE484222325
    for x in np.asarray(array).ravel().tolist():
        if isinstance(x, float):
            bits = 0x7FF8000000000000 if x != x else struct.unpack("<Q", struct.pack("<d", x + 0.0))[0]
        else:
            bits = int(x) & MASK
        h = ((h ^ bits) * 0x100000001B3) & MASK
        h ^= h >> 29
    return f"#{h:x}"


def emit(name, operands, arguments, result, exact=True):
    result = np.asarray(result)
    sizes = "x".join(map(str, result.shape)) or "-"
    text = checksum(result) if exact else ",".join(f"{x:.9g}" for x in result.ravel().tolist()) or "-"
    lines.append(" ".join([name, *operands, *map(str, arguments), "=", sizes, text]))


def numbers():
    return random.choice(["u1", "i4", "i8", "f4", "f8"])


def anything():
    return random.choice(list(TYPES))


def index_for(sizes):
    """Tokens for a subscript, and NumPy's index."""
    tokens, index = [], []
    count = random.randint(1, min(3, len(sizes)))
    for size in sizes[:count]:
        kind = random.choice("irrsn")
        if kind == "n":
            tokens.append("n")
            index.append(None)
            kind = random.choice("irs")
        if kind == "i" and size == 0:
            kind = "r"
        if kind == "i":
            i = random.randrange(size)
            tokens.append(f"i{i}")
            index.append(i)
        elif kind == "r":
            a = random.randint(0, size)
            b = random.randint(a, size)
            tokens.append(f"r{a}.{b}")
            index.append(slice(a, b))
        else:
            if size == 0:
                tokens.append("r0.0")
                index.append(slice(0, 0))
                continue
            step = random.choice([1, 2, 3, -1, -2])
            a = random.randrange(size)
            stop = size if step > 0 else -1
            tokens.append(f"s{a}.{stop}.{step}")
            index.append(slice(a, stop if stop >= 0 else None, step))
    return tokens, tuple(index)


def axes_of(rank):
    count = random.randint(1, rank)
    axes = random.sample(range(rank), count)
    return [a - rank if random.random() < 0.3 else a for a in axes]
