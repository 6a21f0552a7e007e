"""Runs the functions that NumPy's users need every day over random cases: everyday_goldens.txt.

    python3 make_everyday_goldens.py          (NumPy 2.4.6 wrote the file that is here)

What a line means is written in cases.py.
"""

import random
import warnings
import numpy as np

from cases import *

random.seed(8)
np.seterr(all="ignore")
warnings.simplefilter("ignore")
FLOATS, INTEGERS = ["f4", "f8"], ["u1", "i4", "i8"]
METHODS = ["inverted_cdf", "averaged_inverted_cdf", "closest_observation",
           "interpolated_inverted_cdf", "hazen", "weibull", "linear", "median_unbiased",
           "normal_unbiased", "lower", "higher", "midpoint", "nearest"]


def repeat(count):
    """Calls a function that emits cases."""
    def call(body):
        for _ in range(count):
            body()
    return call


def listing(numbers):
    return ",".join(map(str, numbers)) or "-"


def full(least=1, most=3, size=5):
    """Sizes without a 0."""
    return [max(1, s) for s in shape(least, most, size)]


def one(dtype, count, kind="small"):
    return operand(dtype, [count], kind)


def distinct_axes(rank):
    axes = axes_of(rank)
    return axes if len({a % rank for a in axes}) == len(axes) else axes[:1]


@repeat(130)
def quantiles():
    skips = random.random() < 0.4
    a, text = operand("f8", full(1, 3, 7), random.choice(["small", "wild"]) if skips else "small")
    axes, keep, method = distinct_axes(a.ndim), random.random() < 0.4, random.choice(METHODS)
    q = random.choice([0, 0.1, 0.25, 0.5, 0.6, 0.875, 1])
    function = np.nanquantile if skips else np.quantile
    result = function(a, q, axis=tuple(axes), keepdims=keep, method=method)
    # Between equal infinities NumPy has NaN, ours has the infinity.
    if not (np.isinf(a).any() and np.isnan(result).any()):
        emit("quantileBy", [text], [METHODS.index(method), q, listing(axes), int(keep), int(skips)],
             result, False)


@repeat(30)
def medians():
    a, text = operand("f8", full(1, 3, 6), "wild")
    axis = random.randrange(-a.ndim, a.ndim)
    emit("nanMedian", [text], [axis], np.nanmedian(a, axis), False)
    emit("nanVariance", [text], [axis, 1], np.nanvar(a, axis, ddof=1), False)
    emit("nanStandardDeviation", [text], [axis, 0], np.nanstd(a, axis), False)


@repeat(30)
def integers_statistics():
    a, text = operand(random.choice(INTEGERS), full(1, 3, 6))
    axis = random.randrange(-a.ndim, a.ndim)
    emit("integerMedian", [text], [axis], np.median(a, axis), False)
    emit("integerVariance", [text], [axis, 0], np.var(a, axis), False)
    emit("integerStandardDeviation", [text], [axis, 1], np.std(a, axis, ddof=1), False)


@repeat(40)
def covariances():
    a, text = operand("f8", full(1, 2, 7))
    axis = random.randrange(a.ndim)
    by_row = axis == 0
    correction = random.randint(0, 1)
    emit("covariance", [text], [axis, correction], np.cov(a, rowvar=by_row, ddof=correction), False)
    emit("correlation", [text], [axis], np.corrcoef(a, rowvar=by_row), False)


@repeat(40)
def averages():
    dtype, sizes = random.choice(FLOATS), full()
    a, text = operand(dtype, sizes)
    axis = random.randrange(-a.ndim, a.ndim)
    w, weights = operand(dtype, sizes if random.random() < 0.5 else [sizes[axis]], "positive")
    keep = random.random() < 0.4
    emit("weightedMean", [text, weights], [axis, int(keep)],
         np.average(a, axis=axis, weights=w, keepdims=keep), False)
    emit("peakToPeak", [text], [axis, int(keep)], np.ptp(a, axis=axis, keepdims=keep))


@repeat(30)
def histograms():
    n = random.randint(1, 40)
    (x, first), (y, second) = one("f8", n), one("f8", n)
    bins = [random.randint(1, 6), random.randint(1, 6)]
    counts, edges, other = np.histogram2d(x, y, bins)
    emit("histogram2D", [first, second], [*bins, 0], counts.astype(int))
    emit("histogram2D", [first, second], [*bins, 1], edges, False)
    emit("histogram2D", [first, second], [*bins, 2], other, False)


@repeat(60)
def interpolations():
    n = random.randint(1, 12)
    (p, positions), (v, values) = one("f8", n, "positive"), one("f8", n, random.choice(["small", "wild"]))
    p = np.cumsum(p)
    x, text = operand("f8", shape(0, 2, 9), random.choice(["small", "positive", "wild"]))
    x = x * 2 + 3
    if random.random() < 0.5:
        emit("interpolate", [text, positions, values], [], np.interp(x, p, v), False)
    elif random.random() < 0.5:
        emit("interpolate", [text, positions, values], [-7, 9], np.interp(x, p, v, -7, 9), False)
    else:
        period = random.choice([5.5, 17, 360, -20])
        with np.errstate(all="ignore"):
            finite = np.isfinite(x)
        # Of positions that fall together, NumPy takes any.
        if len(np.unique(p % abs(period))) == len(p):
            emit("interpolatePeriod", [text, positions, values], [period],
                 np.where(finite, np.interp(np.where(finite, x, 0), p, v, period=period), 0), False)


@repeat(40)
def convolutions():
    dtype = random.choice(FLOATS)
    (a, first), (b, second) = one(dtype, random.randint(1, 40)), one(dtype, random.randint(1, 9))
    if random.random() < 0.3:
        a, b, first, second = b, a, second, first
    mode = random.choice(["full", "same", "valid"])
    emit("convolve", [first, second], [mode], np.convolve(a, b, mode))
    emit("correlate", [first, second], [mode], np.correlate(a, b, mode))


@repeat(40)
def slopes():
    order = random.randint(1, 2)
    sizes = [s + order + 1 for s in full(1, 3, 4)]
    a, text = operand("f8", sizes)
    axis = random.randrange(-a.ndim, a.ndim)
    p, positions = one("f8", sizes[axis], "positive")
    p = np.cumsum(p)
    emit("gradient", [text], [axis, 0.5, order], np.gradient(a, 0.5, axis=axis, edge_order=order), False)
    emit("gradientAt", [text, positions], [axis, order],
         np.gradient(a, p, axis=axis, edge_order=order), False)
    emit("trapezoid", [text], [axis, 0.25], np.trapezoid(a, dx=0.25, axis=axis), False)
    emit("trapezoidAt", [text, positions], [axis], np.trapezoid(a, p, axis=axis), False)


@repeat(30)
def polynomials():
    degree = random.randint(0, 3)
    n = degree + random.randint(1, 8)
    (x, first), (y, second) = one("f8", n, "positive"), operand("f8", [n] + full(0, 1, 3))
    (c, coefficients), (z, text) = one("f8", random.randint(0, 5)), operand("f8", shape(0, 2))
    x = np.cumsum(x) / 8
    emit("polyfit", [first, second], [degree], np.polyfit(x, y, degree), False)
    w, weights = one("f8", n, "positive")
    emit("polyfit", [first, second, weights], [degree], np.polyfit(x, y, degree, w=w), False)
    emit("polyval", [coefficients, text], [], np.polyval(c, z), False)
    columns = random.randint(0, 4)
    emit("vandermonde", [text if z.ndim == 1 else coefficients], [columns, n % 2],
         np.vander(z if z.ndim == 1 else c, columns, increasing=bool(n % 2)))


@repeat(50)
def sets():
    dtype = numbers()
    kind = random.choice(["small", "wild"]) if dtype[0] == "f" else "small"
    (a, first), (b, second) = operand(dtype, shape(0, 3), kind), operand(dtype, shape(0, 2, 9), kind)
    emit("isIn", [first, second], [], np.isin(a, b))
    for name, function in {"union": np.union1d, "intersection": np.intersect1d,
                           "subtracting": np.setdiff1d}.items():
        emit(name, [first, second], [], function(a, b))
    if kind == "small":
        emit("symmetricDifference", [first, second], [], np.setxor1d(a, b))


@repeat(30)
def distinct_parts():
    dtype = random.choice(["u1", "i4", "f8"])
    a, text = operand(dtype, full(1, 3, 3))
    a, text = operand(dtype, [random.randint(1, 9), 1, random.randint(1, 2)]) if random.random() < 0.5 \
        else (a, text)
    axis = random.randrange(-a.ndim, a.ndim)
    v, i, inverse, c = np.unique(a, return_index=True, return_inverse=True, return_counts=True, axis=axis)
    for part, result in enumerate([v, i, inverse.ravel(), c]):
        emit("uniqueAlong", [text], [axis, part], result)


@repeat(60)
def orders():
    dtype = numbers()
    kind = random.choice(["small", "wild"]) if dtype[0] == "f" else "small"
    sizes = full(1, 2, random.choice([4, 60]))
    keys = [operand(dtype, sizes, kind) for _ in range(random.randint(1, 3))]
    emit("lexsort", [text for _, text in keys], [], np.lexsort([key for key, _ in keys]))
    a, text = keys[0]
    axis = random.randrange(-a.ndim, a.ndim)
    k = random.randrange(a.shape[axis])
    # Both sides sorted, so that any partition at k gives the same.
    emit("partitioned", [text], [k, axis], np.sort(a, axis))
    emit("argPartitioned", [text], [k, axis], np.sort(a, axis))
    emit("cumulativeMax", [text], [axis], np.maximum.accumulate(a, axis))
    emit("cumulativeMin", [text], [axis], np.minimum.accumulate(a, axis))


@repeat(70)
def shapes():
    dtype = anything()
    a, text = operand(dtype, shape(2, 4))
    axes = random.sample(range(a.ndim), 2)
    turns = random.randint(-5, 5)
    emit("rotated", [text], [turns, listing(axes)], np.rot90(a, turns, axes))
    axes = [random.randrange(-a.ndim, a.ndim) for _ in range(2)]
    shifts = [random.randint(-6, 6) for _ in axes]
    emit("rollAxes", [text], [listing(shifts), listing(axes)], np.roll(a, shifts, axes))
    axis = random.randrange(-a.ndim, a.ndim)
    if a.shape[axis] > 0:
        size, step = random.randint(1, a.shape[axis]), random.randint(1, 3)
        windows = np.lib.stride_tricks.sliding_window_view(a, size, axis)
        part = [slice(None)] * a.ndim
        part[axis] = slice(None, None, step)
        emit("slidingWindows", [text], [size, axis, step], windows[tuple(part)])


@repeat(70)
def pads():
    dtype = numbers()
    mode = random.choice(["symmetric", "wrap", "reflect", "mean"])
    a, text = operand(dtype, full(1, 3, 4))
    widths = [(random.randint(0, 9), random.randint(0, 9)) if random.random() < 0.7 else (0, 0)
              for _ in a.shape]
    emit("padBy", [text], [mode, ",".join(f"{x}.{y}" for x, y in widths)],
         np.pad(a, widths, mode), mode != "mean")


@repeat(30)
def diagonals():
    dtype = anything()
    a, text = operand(dtype, full(2, 2, 6))
    b, value = operand(dtype, [min(a.shape)])
    np.fill_diagonal(a, b)
    emit("fillDiagonal", [text, value], [], a)
    rows, columns, k = random.randint(0, 5), random.randint(0, 5), random.randint(-4, 4)
    for name, function in {"lowerTriangleIndices": np.tril_indices,
                           "upperTriangleIndices": np.triu_indices}.items():
        emit(name, [text], [rows, columns, k], np.stack(function(rows, k, columns)))


@repeat(30)
def coordinates():
    sizes = full(1, 4)
    i, text = indices(shape(0, 2, 4), int(np.prod(sizes)))
    emit("unraveled", [text], [listing(sizes)], np.stack(np.unravel_index(i, sizes)))
    emit("raveled", [text], [listing(sizes)], i)


@repeat(40)
def rounding():
    dtype = random.choice(FLOATS)
    a, text = operand(dtype, shape(0, 3))
    decimals = random.randint(-1, 4)
    scaled = a * a.dtype.type(1.37)
    emit("roundTo", [text], [decimals], np.round(scaled, decimals), False)
    emit("degrees", [text], [], np.degrees(a), False)
    emit("radians", [text], [], np.radians(a), False)
    emit("sinc", [text], [], np.sinc(a), False)
    w, wild = operand(dtype, shape(0, 3), "wild")
    emit("heaviside", [wild], [0.25], np.heaviside(w, a.dtype.type(0.25)))
    emit("clipBelow", [wild], [1], np.clip(w, 1, None))
    emit("clipAbove", [wild], [1], np.clip(w, None, 1))


@repeat(20)
def spaces():
    start, end = random.choice([(1, 1000), (-1000, -1), (0.25, 3), (7, 7), (1e-30, 1e30)])
    count = random.randint(0, 9)
    a, text = one("f8", 1)
    emit("geomspace", [text], [start, end, count], np.geomspace(start, end, count) / start, False)


@repeat(70)
def bits():
    dtype = random.choice(INTEGERS)
    sizes = shape(0, 3)
    other = [1 if random.random() < 0.3 else s for s in sizes][random.randint(0, len(sizes)):]
    (a, first), (b, second) = operand(dtype, sizes), operand(dtype, other)
    p, positive = operand(dtype, other, "positive")
    for name, function in {"and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor,
                           "gcd": np.gcd, "lcm": np.lcm}.items():
        emit(name, [first, second], [], function(a, b))
    emit("not", [first], [], ~a)
    emit("shiftLeft", [first, positive], [], np.left_shift(a, p))
    emit("shiftRight", [first, positive], [], np.right_shift(a, p))
    emit("integerPower", [first, positive], [], np.power(a, p))


@repeat(30)
def integer_products():
    dtype = random.choice(INTEGERS)
    m, k, n = (random.randint(0, 5) for _ in range(3))
    lead = full(0, 2, 3)
    left = random.choice([[k], [m, k], lead + [m, k]])
    right = random.choice([[k], [k, n], lead + [k, n]])
    (a, first), (b, second) = operand(dtype, left), operand(dtype, right)
    emit("integerMatmul", [first, second], [], np.matmul(a, b))


@repeat(70)
def mixed():
    dtype = anything()
    sizes = full(2, 4)
    a, text = operand(dtype, sizes)
    start = random.randint(0, sizes[1])
    end = random.randint(start, sizes[1])
    i, index = indices(random.choice([[2], [3, 2], []]), sizes[0])
    j, second = indices([3], sizes[1])
    m, mask = operand("b1", [sizes[0]])
    n, other = operand("b1", [sizes[1]])
    row = random.randrange(sizes[0])
    column = random.randrange(sizes[1])
    emit("listThenRange", [text, index], [start, end], a[i, start:end])
    emit("listThenInteger", [text, index], [column], a[i, column])
    emit("rangeThenList", [text, second], [], a[1:, j])
    emit("integerThenList", [text, second], [row], a[row, j])
    k, last = indices([3], sizes[-1])
    emit("lastList", [text, last], [], a[..., k])
    emit("maskThenRange", [text, mask], [start, end], a[m, start:end])
    emit("rangeThenMask", [text, other], [], a[:, n])
    v, value = operand(dtype, sizes[2:])
    b = a.copy()
    b[i, start:end] = v
    emit("setListThenRange", [text, index, value], [start, end], b)
    b = a.copy()
    b[:, j] = v
    emit("setRangeThenList", [text, second, value], [], b)
    b = a.copy()
    b[m, start:end] = v
    emit("setMaskThenRange", [text, mask, value], [start, end], b)
    b = a.copy()
    b[:, n] = v
    emit("setRangeThenMask", [text, other, value], [], b)


with open("everyday_goldens.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "cases")
