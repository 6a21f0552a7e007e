"""Runs the functions of Tensor on awkward numbers and writes what is right to awkward.txt.

    python3 make_awkward.py          (NumPy 2.4.6 and mpmath 1.3.0 wrote the file that is here)

Zeros of both signs, subnormal numbers, neighbours of 1, numbers near overflow, infinities, NaN, the ends
of integers. What is right is computed with 64 bits of significand and 15 of exponent (NumPy's longdouble,
mpmath where that has no function) and rounded, or by NumPy in the type itself where the steps are part of
the definition (sums, order, division, square roots, the mean from which deviations are taken). Where NumPy's own function gives something else, the
reason is in NUMPY_DIFFERS below; a difference without a reason stops the script.

A line is `kind name type tolerance | numbers | numbers …`, numbers in hexadecimal:

    numbers - TYPE 0 | the operands of all functions of one number
    unary NAME TYPE ULPS | the results
    pairs - TYPE 0 | the operands: every pair of them, the second running faster
    binary NAME TYPE ULPS | the results
    reduce NAME TYPE ULPS | the elements | the results
    make NAME TYPE ULPS | the arguments | the results
    histogram - TYPE 0 | the elements | the arguments, if not the defaults | counts | edges
    integers NAME TYPE 0 | the operands | the results
"""

import math
import os
import warnings

import mpmath
import numpy as np

warnings.filterwarnings("ignore")
mpmath.mp.prec = 300
LD = np.longdouble
assert np.finfo(LD).nmant == 63, "needs a processor with 80-bit numbers"
TYPES = {"f4": np.float32, "f8": np.float64}
lines, differing = [], {}

NUMPY_DIFFERS = {
    "mean": "its sum overflows where the mean is finite",
    "standardDeviation": "its squares overflow or underflow where the deviation does not",
    "norm": "its squares overflow or underflow where the norm does not",
    "quantile": "infinity times a share of it is taken off again: NaN",
    "linspace": "the width overflows, or a subnormal step has lost its digits",
    "variance": "a mean that overflowed makes everything infinite",
    "nanMean": "its sum overflows where the mean is finite",
}


def text(value):
    value = float(value)
    return "nan" if value != value else value.hex()


def row(values):
    return " ".join(text(v) for v in values)


def emit(kind, name, dtype, tolerance, *parts):
    lines.append(" | ".join([f"{kind} {name} {dtype} {tolerance}", *[row(p) for p in parts]]))


def by_mpmath(function, limits):
    """A function of one number, with its values at -infinity and infinity."""
    def apply(x):
        x = float(x)
        if x != x:
            return x
        if math.isinf(x):
            return limits[x > 0]
        if x == 0:
            return x
        return function(mpmath.mpf(x))
    return apply


def rounded(value, dtype):
    """The nearest number of the type; mpmath's numbers have a wider range than any type."""
    if isinstance(value, mpmath.mpf):
        return dtype(LD(mpmath.nstr(value, 30)))
    return dtype(value)


erf = by_mpmath(mpmath.erf, (-1, 1))
gelu = by_mpmath(lambda x: x * mpmath.ncdf(x) if x > -1e3 else -mpmath.mpf(0), (-0.0, math.inf))
one = LD(1)

UNARY = {  # name: the function, and how many units in the last place off it may be
    "negate": (lambda x: -x, 0), "abs": (np.abs, 0), "square": (lambda x: x * x, 0),
    "sign": (lambda x: x if x == 0 else np.sign(x), 0), "floor": (np.floor, 0), "ceil": (np.ceil, 0),
    "round": (np.rint, 0), "trunc": (np.trunc, 0), "reciprocal": (np.reciprocal, 0),
    "sqrt": (np.sqrt, 0), "rsqrt": (lambda x: one / np.sqrt(x), 2), "exp": (np.exp, 2),
    "log": (np.log, 2), "tanh": (np.tanh, 2), "expm1": (np.expm1, 2), "log1p": (np.log1p, 2),
    "sigmoid": (lambda x: one / (one + np.exp(-x)), 2), "relu": (lambda x: LD(0) if x < 0 else x, 0),
    "softplus": (lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), 2),
    "sin": (np.sin, 2), "cos": (np.cos, 2), "tan": (np.tan, 4), "erf": (erf, 4), "gelu": (gelu, 4),
    "asin": (np.arcsin, 2), "acos": (np.arccos, 2), "atan": (np.arctan, 2), "sinh": (np.sinh, 2),
    "cosh": (np.cosh, 2), "log2": (np.log2, 2), "log10": (np.log10, 2), "exp2": (np.exp2, 2),
    "cbrt": (np.cbrt, 2), "isNaN": (np.isnan, 0), "isFinite": (np.isfinite, 0),
    "isInfinite": (np.isinf, 0),
    "nanToNum": (None, 0),
}

BINARY = {
    "add": (np.add, 0), "subtract": (np.subtract, 0), "multiply": (np.multiply, 0),
    "divide": (np.divide, 0), "minimum": (np.minimum, 0), "maximum": (np.maximum, 0),
    "floorDivide": (np.floor_divide, 0), "mod": (np.mod, 0), "fmod": (np.fmod, 0),
    "pow": (lambda a, b: (a.astype(LD) ** b.astype(LD)), 2),
    "hypot": (lambda a, b: np.hypot(a.astype(LD), b.astype(LD)), 2),
    "atan2": (lambda a, b: np.arctan2(a.astype(LD), b.astype(LD)), 2),
    "less": (np.less, 0), "lessOrEqual": (np.less_equal, 0), "equal": (np.equal, 0),
    "notEqual": (np.not_equal, 0), "greater": (np.greater, 0), "greaterOrEqual": (np.greater_equal, 0),
    "isClose": (lambda a, b: np.isclose(a.astype(float), b.astype(float)), 0),
    "clipped": (lambda a, b: np.clip(a, -np.abs(np.where(np.isnan(b), 1, b)),
                                     np.abs(np.where(np.isnan(b), 1, b))), 0),
}


def quantile(x, q):
    """By linear interpolation, in which an infinite neighbour decides."""
    x = np.sort(x)
    if np.isnan(x).any():
        return LD("nan")
    place = q * (len(x) - 1)
    below = int(place)
    share = LD(place - below)
    if share == 0 or x[below] == x[below + 1]:
        return x[below]
    return x[below] * (1 - share) + x[below + 1] * share


def variance(x):
    """The deviations are those from the mean as the type has it, if it has all its digits."""
    mean = x.mean()
    if np.isfinite(mean) and abs(mean) >= np.finfo(dtype).tiny:
        mean = LD(dtype(mean))
    return ((x - mean) ** 2).mean()


def log_sum_exp(x):
    top = x.max() if len(x) else LD("-inf")
    shift = top if np.isfinite(top) else LD(0)
    return np.log(np.exp(x - shift).sum()) + shift


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


# Of the elements in longdouble: name: function, tolerance, NumPy's own (None: there is none),
# whether nothing is an argument.
WIDE = {
    "mean": (np.mean, 4, np.mean, True), "variance": (variance, 8, np.var, False),
    "standardDeviation": (lambda x: np.sqrt(variance(x)), 8, np.std, False),
    "norm": (lambda x: np.sqrt((x * x).sum()), 8, np.linalg.norm, True),
    "norm1": (lambda x: np.abs(x).sum(), 4, lambda x: np.linalg.norm(x, 1), True),
    "normInfinity": (lambda x: np.abs(x).max() if len(x) else 0, 0, None, True),
    "logSumExp": (log_sum_exp, 4, None, True), "softmax": (softmax, 8, None, False),
    "median": (lambda x: quantile(x, 0.5), 1, np.median, False),
    "quantile": (lambda x: quantile(x, 0.25), 4, lambda x: np.quantile(x, 0.25), False),
    "nanMean": (np.nanmean, 4, np.nanmean, False),
}
# Of the elements in their type: the steps are the definition.
NARROW = {
    "sum": (np.sum, 4, True), "nanSum": (np.nansum, 4, True), "product": (np.prod, 4, True), "min": (np.min, 0, False),
    "max": (np.max, 0, False), "argmin": (np.argmin, 0, False), "argmax": (np.argmax, 0, False),
    "nanMin": (np.nanmin, 0, False), "nanMax": (np.nanmax, 0, False),
    "cumulativeSum": (np.cumsum, 4, True), "cumulativeProduct": (np.cumprod, 4, True),
    "sorted": (np.sort, 0, True), "argsort": (lambda x: np.argsort(x, kind="stable"), 0, True),
    "unique": (np.unique, 0, True), "differences": (np.diff, 0, True),
    "countNonzero": (np.count_nonzero, 0, True), "sumOfSquares": (lambda x: np.vdot(x, x), 4, True),
}


def linspace(dtype, start, end, count):
    a, b = mpmath.mpf(float(start)), mpmath.mpf(float(end))
    values = [a + (b - a) * i / max(1, count - 1) for i in range(count)]
    return [rounded(v, dtype) for v in values]


for code, dtype in TYPES.items():
    info = np.finfo(dtype)
    eps, huge, normal, tiny = info.eps, info.max, info.tiny, info.smallest_subnormal
    small = dtype(1e-25 if code == "f4" else 1e-200)
    large = dtype(1e30 if code == "f4" else 1e200)
    near = dtype(1e6 if code == "f4" else 1e9)
    positive = [0, tiny, 3 * tiny, normal - tiny, normal, small, 1e-20, eps / 4, 0.1, 0.5, 1 - eps / 2, 1,
                1 + eps, 1.5, 2, 2.5, 3, 10, 16.7, 40, 87.3, 88.7, 89, 103.9, 104.1, 709.78, 709.79, 745.1, 746,
                1e5, 2**24 + 1, 1e9, 2**53 + 2, 1e22, large, huge / 2, huge, math.inf]
    numbers = np.array([s * v for v in positive for s in (1.0, -1.0)] + [math.nan], dtype=dtype)
    emit("numbers", "-", code, 0, numbers)
    for name, (function, ulps) in UNARY.items():
        if name == "nanToNum":
            results = np.nan_to_num(numbers)
        else:
            # What is to be right to the last bit must not be rounded twice.
            wide = dtype if name in ("reciprocal", "sqrt") else LD
            results = [rounded(function(wide(x)), dtype) for x in numbers]
        emit("unary", name, code, ulps, results)

    few = np.array([0, -0.0, tiny, -tiny, normal, small, 0.2, -0.2, 1 - eps / 2, 1, -1, 2, -2, 3, large, -huge,
                    huge, math.inf, -math.inf, math.nan], dtype=dtype)
    emit("pairs", "-", code, 0, few)
    a, b = [m.ravel() for m in np.meshgrid(few, few, indexing="ij")]
    for name, (function, ulps) in BINARY.items():
        emit("binary", name, code, ulps, function(a, b).astype(dtype))

    lists = [[], [3], [-0.0], [0, -0.0, 0], [-0.0, -0.0], [1, math.nan, 2], [math.nan] * 2, [3, math.inf],
             [-math.inf, 5], [-math.inf, 5, 6], [-math.inf, math.inf], [math.inf, math.nan], [math.inf] * 2,
             [-math.inf] * 2, [huge, huge], [-huge, huge], [-huge, huge, huge], [huge / 2, huge / 3, huge],
             [-huge * dtype(0.9), huge * dtype(0.9)], [tiny, -tiny, 3 * tiny], [tiny, 0], [tiny] * 3, [normal, -normal],
             [small, -small], [small, small, 3 * small], [large, -large], [large, 2 * large, -large], [large, small],
             [near, near + 1, near + 2, near + 3], [1, 1 + eps, 1 - eps / 2], [large, 1, 2, 3],
             [huge, 1, math.nan], [(i * 7 % 37) - 18 for i in range(37)], [0.1 * i for i in range(70)]]
    for items in lists:
        x = np.array(items, dtype=dtype)
        for name, (function, ulps, own, takes_nothing) in WIDE.items():
            if len(x) == 0 and not takes_nothing:
                continue
            right = np.atleast_1d(function(x.astype(LD))).astype(dtype)
            emit("reduce", name, code, ulps, x, right)
            if own is not None:
                theirs = np.atleast_1d(own(x)).astype(dtype)
                same = (right == theirs) | (np.isnan(right) & np.isnan(theirs))
                close = np.abs(right.astype(LD) - theirs) <= 20 * np.spacing(np.abs(right))
                if not (same | close).all():
                    differing.setdefault(name, []).append((x.tolist(), right, theirs))
        for name, (function, ulps, takes_nothing) in NARROW.items():
            if len(x) or takes_nothing:
                if name in ("nanMin", "nanMax") and np.isnan(x).all():
                    continue
                emit("reduce", name, code, ulps, x, np.atleast_1d(function(x)))

    for arguments in [(-huge, huge, 5), (huge * dtype(0.9), -huge, 7), (0, 4 * tiny, 10), (tiny, -2 * tiny, 4),
                      (-normal, normal, 9), (1, 1 + eps, 5), (0, 1, 1), (2, 3, 0), (-1, 1, 2), (0, 1, 11),
                      (small, large, 3), (-0.0, 0.0, 3), (huge, huge, 3)]:
        start, end, count = dtype(arguments[0]), dtype(arguments[1]), arguments[2]
        right = np.array(linspace(dtype, start, end, count), dtype=dtype)
        if count:
            right[0] = start
        emit("make", "linspace", code, 2, [start, end, count], right)
        theirs = np.linspace(start, end, count, dtype=dtype)
        if not np.allclose(right, theirs, rtol=1e-5, atol=0):
            differing.setdefault("linspace", []).append((arguments, right, theirs))

    for items, arguments in [([near] * 5, [10]), ([-huge * dtype(0.9), large, huge * dtype(0.9)], [3]),
                             ([tiny, 2 * tiny, 3 * tiny, 5 * tiny], [2]), ([0, 1, 1, 2], [4]),
                             ([1, math.nan, 2, math.inf], [2, 0, 2]), ([-1, 0, 0.5, 1, 2], [2, 0, 1]),
                             ([large] * 3, [4]), ([], [3]), ([0.1, 0.2, 0.3], [7])]:
        x = np.array(items, dtype=dtype)
        bins, ends = arguments[0], [dtype(v) for v in arguments[1:]]
        if not ends:
            ends = [x.min(), x.max()] if len(x) else [dtype(0), dtype(1)]
        low, high = ends
        if low == high:
            reach = max(dtype(0.5), dtype(bins) * np.spacing(low))
            low, high = low - reach, high + reach
        edges = np.array(linspace(dtype, low, high, bins + 1), dtype=dtype)
        inside = x[(x >= low) & (x <= high)]
        places = np.minimum(np.searchsorted(edges, inside, side="right") - 1, bins - 1)
        emit("histogram", "-", code, 2, x, arguments, np.bincount(places, minlength=bins)[:bins], edges)

INTEGERS = {"u1": np.uint8, "i4": np.int32, "i8": np.int64}
for code, dtype in INTEGERS.items():
    info = np.iinfo(dtype)
    x = np.array(sorted({info.min, info.min + 1, info.max - 1, info.max, 0, 1, 2, 3, 7}
                        | ({-1, -2, -7} if info.min < 0 else set())), dtype=object).astype(dtype)
    wide = x.astype(np.int64) if code != "u1" else x.astype(np.int64)

    def put(name, arguments, results):
        numbers = [str(int(v)) for v in np.asarray(arguments).ravel()]
        lines.append(f"integers {name} {code} 0 | {' '.join(numbers)} | "
                     + " ".join(str(int(v)) for v in np.atleast_1d(results).ravel()))

    a, b = [m.ravel() for m in np.meshgrid(x, x, indexing="ij")]
    for name in ["add", "subtract", "multiply", "minimum", "maximum"]:
        put(name, x, getattr(np, name)(a, b))
    divisors = x[x != 0]
    c, d = [m.ravel() for m in np.meshgrid(x, divisors, indexing="ij")]
    put("floorDivide", x, np.floor_divide(c, d))
    put("mod", x, np.mod(c, d))
    put("remainder", x, np.fmod(c, d))
    if info.min < 0:
        put("abs", x, np.abs(x))
    put("sign", x, np.sign(x))
    put("square", x, x * x)
    for name, function in {"sum": np.sum, "product": np.prod, "cumulativeSum": np.cumsum,
                           "cumulativeProduct": np.cumprod}.items():
        put(name, x, function(x, dtype=np.int64))
    for name, function in {"min": np.min, "max": np.max, "argmin": np.argmin, "argmax": np.argmax,
                           "sorted": np.sort, "argsort": lambda v: np.argsort(v, kind="stable"),
                           "unique": np.unique, "differences": np.diff}.items():
        put(name, x, function(x))

if set(differing) != set(NUMPY_DIFFERS):
    raise SystemExit(f"a difference without a reason, or a reason without a difference: {differing}")
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "awkward.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "lines;", ", ".join(f"{n}: {len(c)} of NumPy's differ" for n, c in differing.items()))
