"""Computes functions of a network, their derivatives, losses and metrics at awkward numbers, for awkward.txt.

    python3 make_awkward.py          (NumPy 2.4.6 and mpmath 1.3.0 wrote the file that is here)

The formulas are evaluated by mpmath with 300 bits and a range without end, and rounded once; limits take
the place of 0 · ∞ and ∞ - ∞ where there are limits. Subnormal operands count as zero, as on a tape. PyTorch
2.13 and Keras 3.15 differ where DIFFERS says.

A line is `kind name type ulps | numbers | numbers …`, numbers in hexadecimal:

    function NAME TYPE ULPS | x | values | derivatives
    loss NAME TYPE ULPS | predictions | targets | losses | derivatives by the prediction
    rows NAME TYPE ULPS | logits of 3 classes | targets | loss | derivatives by the logits
    metric NAME f8 ULPS | predictions | targets | value

Tolerances are units in the last place of a value. Derivatives may be off by as many units of 1, too: the
tape computes many of them from a rounded value, as 1 - y² of a tanh.
"""

import math
import os
import warnings

import mpmath
import numpy as np
from mpmath import mpf

warnings.filterwarnings("ignore")
mpmath.mp.prec = 300
TYPES = {"f4": np.float32, "f8": np.float64}
INF, NAN = math.inf, math.nan
lines = []

DIFFERS = """
silu(-infinity)          PyTorch and Keras: NaN, -∞ · 0
softsign(±infinity)      PyTorch and Keras: NaN, ∞ / ∞
the slope at NaN of pieces that are straight (linear, relu, leaky_relu, step, hard_tanh …): that of the lower piece
sqrt'(0)                 PyTorch and Keras: infinity, so that the gradient of a norm of zeros is NaN
a sure logit that is right, binary cross-entropy: PyTorch: NaN
a logit of -infinity whose target is 0, categorical cross-entropy: PyTorch and Keras: NaN
binary cross-entropy of probabilities 0 and 1: Keras: 15.94 for one of the two mistakes in float32
Huber(delta: infinity)   Keras: NaN, ∞ · 0
"""


def text(value):
    value = float(value)
    return "nan" if value != value else value.hex()


def rounded(value, dtype):
    if isinstance(value, mpf):
        if mpmath.isinf(value) or mpmath.isnan(value):
            return dtype(float(value))
        return dtype(np.longdouble(mpmath.nstr(value, 30)))
    return dtype(value)


def emit(kind, name, code, ulps, *parts):
    dtype = TYPES[code]
    rows = [" ".join(text(rounded(v, dtype)) for v in part) for part in parts]
    lines.append(" | ".join([f"{kind} {name} {code} {ulps}", *rows]))


def sigma(x):
    return 1 / (1 + mpmath.exp(-x))


def phi(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


ALPHA, SCALE = mpf("1.6732632423543772"), mpf("1.0507009873554805")

# name: f, f', (f(-∞), f(∞)), (f'(-∞), f'(∞)), units; None for a value tells: as the formula.
FUNCTIONS = {
    "linear": (lambda x: x, lambda x: mpf(1), (-INF, INF), (1, 1), 0),
    "exp": (mpmath.exp, mpmath.exp, (0, INF), (0, INF), 2),
    "log": (lambda x: mpmath.log(x) if x > 0 else -INF if x == 0 else NAN,
            lambda x: 1 / x if x != 0 else math.copysign(INF, x), (NAN, INF), (-0.0, 0), 2),
    "sqrt": (lambda x: mpmath.sqrt(x) if x >= 0 else NAN,
             lambda x: (0 if x == 0 else 1 / (2 * mpmath.sqrt(x))) if x >= 0 else NAN,
             (NAN, INF), (NAN, 0), 2),
    "rsqrt": (lambda x: 1 / mpmath.sqrt(x) if x > 0 else math.copysign(INF, x) if x == 0 else NAN,
              lambda x: -1 / (2 * x * mpmath.sqrt(x)) if x > 0 else -math.copysign(INF, x) if x == 0 else NAN,
              (NAN, 0), (NAN, -0.0), 4),
    "square": (lambda x: x * x, lambda x: 2 * x, (INF, INF), (-INF, INF), 0),
    "abs": (abs, lambda x: mpmath.sign(x), (INF, INF), (-1, 1), 0),
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2, (-1, 1), (0, 0), 4),
    "sigmoid": (sigma, lambda x: sigma(x) * sigma(-x), (0, 1), (0, 0), 4),
    "relu": (lambda x: max(x, mpf(0)), lambda x: mpf(x > 0), (0, INF), (0, 1), 0),
    "step": (lambda x: mpf(x >= 0), lambda x: mpf(0), (0, 1), (0, 0), 0),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)) if x < 0 else x + mpmath.log1p(mpmath.exp(-x)),
                 sigma, (0, INF), (0, 1), 2),
    "sin": (mpmath.sin, mpmath.cos, (NAN, NAN), (NAN, NAN), 2),
    "cos": (mpmath.cos, lambda x: -mpmath.sin(x), (NAN, NAN), (NAN, NAN), 2),
    "tan": (mpmath.tan, lambda x: 1 + mpmath.tan(x) ** 2, (NAN, NAN), (NAN, NAN), 8),
    "erf": (mpmath.erf, lambda x: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-x * x), (-1, 1), (0, 0), 4),
    "gelu": (lambda x: x * mpmath.ncdf(x) if abs(x) < 1000 else max(x, mpf(0)),
             lambda x: mpmath.ncdf(x) + x * phi(x) if abs(x) < 1000 else mpf(x > 0),
             (0, INF), (0, 1), 4),
    "silu": (lambda x: x * sigma(x), lambda x: sigma(x) * (1 + x * sigma(-x)), (0, INF), (0, 1), 4),
    "relu6": (lambda x: min(max(x, mpf(0)), mpf(6)), lambda x: mpf(0 < x < 6), (0, 6), (0, 0), 0),
    "hard_tanh": (lambda x: min(max(x, mpf(-1)), mpf(1)), lambda x: mpf(-1 < x < 1), (-1, 1), (0, 0), 0),
    "hard_sigmoid": (lambda x: min(max((x + 3) / 6, mpf(0)), mpf(1)), lambda x: mpf(-3 < x < 3) / 6, (0, 1), (0, 0), 2),
    "hard_silu": (lambda x: x * min(max((x + 3) / mpf(6), mpf(0)), mpf(1)),
                  lambda x: mpf(x >= 3) if abs(x) >= 3 else (2 * x + 3) / mpf(6), (0, INF), (0, 1), 4),
    "mish": (lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))) if x < 1000 else x,
             lambda x: (mpmath.tanh(mpmath.log1p(mpmath.exp(x)))
                        + x * sigma(x) * mpmath.sech(mpmath.log1p(mpmath.exp(x))) ** 2) if x < 1000 else mpf(1),
             (0, INF), (0, 1), 8),
    "log_sigmoid": (lambda x: -mpmath.log1p(mpmath.exp(-x)) if x > 0 else x - mpmath.log1p(mpmath.exp(x)),
                    lambda x: sigma(-x), (-INF, 0), (1, 0), 4),
    "softsign": (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2, (-1, 1), (0, 0), 4),
    "logCosh": (lambda x: abs(x) + mpmath.log1p(mpmath.expm1(-2 * abs(x)) / 2), mpmath.tanh,
                (INF, INF), (-1, 1), 8),
    "elu": (lambda x: x if x > 0 else mpmath.expm1(x), lambda x: mpf(1) if x > 0 else mpmath.exp(x),
            (-1, INF), (0, 1), 4),
    "selu": (lambda x: SCALE * (x if x > 0 else ALPHA * mpmath.expm1(x)),
             lambda x: SCALE * (1 if x > 0 else ALPHA * mpmath.exp(x)),
             (-SCALE * ALPHA, INF), (0, SCALE), 6),
    "leaky_relu": (lambda x: x if x > 0 else x * mpf(0.2), lambda x: mpf(1) if x > 0 else mpf(0.2),
                   (-INF, INF), (mpf(0.2), 1), 2),
}


SLOPES_AT_NAN = {"linear": 1, "relu": 0, "relu6": 0, "hard_tanh": 0, "hard_sigmoid": 0, "leaky_relu": mpf(0.2), "step": 0}


def flushed(x, dtype):
    """The number as a tape takes it: zero, with its sign, if it is subnormal."""
    return dtype(math.copysign(0, x)) if abs(x) < np.finfo(dtype).tiny else dtype(x)


def at(function, limits, x, at_nan=NAN):
    x = float(x)
    if x != x:
        return at_nan
    if math.isinf(x):
        return limits[x > 0]
    # A zero keeps its sign.
    return function(mpf(x) if x != 0 else x)


for code, dtype in TYPES.items():
    info = np.finfo(dtype)
    eps, huge, normal, tiny = info.eps, info.max, info.tiny, info.smallest_subnormal
    positive = [tiny, normal, dtype(1e-25 if code == "f4" else 1e-200), eps / 4, 1e-4, 0.1, 0.5, 1 - eps / 2, 1,
                1 + eps, 1.5, 3, 10, 16.7, 40, 87.3, 89, 103.9, 104.1, 709.79, 745.1, 746, 1e5, 1e9,
                dtype(1e30 if code == "f4" else 1e200), huge, INF]
    x = np.array([0.0] + [s * v for v in positive for s in (1.0, -1.0)] + [NAN], dtype=dtype)
    for name, (f, df, limits, slopes, ulps) in FUNCTIONS.items():
        seen = [flushed(v, dtype) for v in x]
        emit("function", name, code, ulps, x, [at(f, limits, v) for v in seen],
             [at(df, slopes, v, SLOPES_AT_NAN.get(name, NAN)) for v in seen])

    # Losses of one number each.
    def losses(name, pairs, f, df, ulps=4):
        p, t = zip(*pairs)
        p, t = np.array(p, dtype=dtype), np.array(t, dtype=dtype)
        seen = [(float(flushed(a, dtype)), float(flushed(b, dtype))) for a, b in zip(p, t)]
        emit("loss", name, code, ulps, p, t, [f(*pair) for pair in seen], [df(*pair) for pair in seen])

    def error(p, t):
        """The difference as the type has it: its rounding is not the loss's."""
        return float(flushed(dtype(p) - dtype(t), dtype))

    def of_error(f):
        def apply(p, t):
            e = error(p, t)
            return NAN if e != e else f(mpf(e) if math.isfinite(e) else e)
        return apply

    large = dtype(1e30 if code == "f4" else 1e200)
    errors = [(0, 0), (1, 1), (tiny, 0), (0, normal), (1e-4, 0), (0, 1e-4), (1, 1 + eps), (0.5, 0), (0, 1), (3, -1),
              (100, 0), (large, 0), (0, large), (huge, 0), (huge, -huge), (INF, 0), (0, INF), (-INF, 0), (INF, INF), (NAN, 0),
              (0, NAN)]
    finite = [pair for pair in errors if error(*pair) == error(*pair) and math.isfinite(error(*pair))]
    losses("mean_squared_error", errors, of_error(lambda e: e * e), of_error(lambda e: 2 * e))
    losses("mean_absolute_error", errors, of_error(abs), of_error(lambda e: math.copysign(1, e) if e else 0))
    losses("log_cosh", errors,
           of_error(lambda e: abs(e) if math.isinf(e) else abs(e) + mpmath.log1p(mpmath.expm1(-2 * abs(e)) / 2)),
           of_error(lambda e: math.copysign(1, e) if math.isinf(e) else mpmath.tanh(e)), 8)
    losses("huber", errors, of_error(lambda e: e * e / 2 if abs(e) <= 1 else abs(e) - 0.5),
           of_error(lambda e: e if abs(e) <= 1 else math.copysign(1, e)))
    losses("huber.infinity", finite, of_error(lambda e: e * e / 2), of_error(lambda e: e))
    signs = [(p, t) for p in (0, 1, -1, 1 - eps / 2, 0.5, large, -large, huge, INF, -INF, NAN) for t in (1, -1)]
    losses("hinge", signs,
           lambda p, t: NAN if p != p else max(1 - t * mpf(p), mpf(0)) if math.isfinite(p) else 0 if p * t > 0 else INF,
           lambda p, t: 0 if p != p or p * t >= 1 else -t)

    # Probabilities are moved into [1e-7, 1 - 1e-7], rounded to the type, as 1 - p is.
    low, high = mpf(float(dtype(1e-7))), mpf(float(dtype(1 - 1e-7)))
    cut = lambda q: min(max(q, low), high)
    inside = lambda q: low <= q <= high

    def binary(p, t):
        if p != p:
            return NAN
        other = mpf(float(dtype(1) - dtype(p)))
        return -(mpf(t) * mpmath.log(cut(mpf(p))) + (1 - mpf(t)) * mpmath.log(cut(other)))

    def binary_slope(p, t):
        q = mpf(p)
        return -(mpf(t) / q if inside(q) else 0) + ((1 - mpf(t)) / (1 - q) if inside(1 - q) else 0)

    shares = [(p, t) for p in (0, tiny, 1e-9, 1e-3, 0.5, 0.75, 1 - 1e-3, 1) for t in (0, 1, 0.25)]
    losses("binary_crossentropy", shares, binary, binary_slope, 8)
    losses("binary_crossentropy", [(NAN, 0), (NAN, 1)], binary, lambda p, t: 0, 8)

    def logit_loss(z, t):
        if z != z or t != t:
            return NAN
        if math.isinf(z):
            return 0 if t == (z > 0) else INF
        z = mpf(z)
        return abs(z) * (1 - t if z > 0 else t) + mpmath.log1p(mpmath.exp(-abs(z)))

    def logit_slope(z, t):
        if z != z or t != t:
            return NAN
        return (mpf(z > 0) if math.isinf(z) else sigma(mpf(z))) - t

    logits = [(z, t) for z in (0, tiny, -1e-4, 1, -1, 17, -17, 40, -40, 104, -104, 746, -746, large, -large, huge, INF, -INF,
                               NAN) for t in (0, 1, 0.25)]
    losses("binary_crossentropy.logits", logits, logit_loss, logit_slope)
    losses("binary_crossentropy.logits", [(0.5, NAN)], logit_loss, logit_slope)

    # Rows of logits.
    def softmax(z):
        if any(v != v for v in z) or max(z) == INF or max(z) == -INF:
            return [NAN] * 3, NAN
        e = [mpmath.exp(mpf(v) - mpf(max(z))) if v != -INF else mpf(0) for v in z]
        return [v / sum(e) for v in e], mpmath.log(sum(e))

    for z in ([0, 1, -INF], [0, 0, 0], [1000, -1000, 0], [huge, -huge, 0], [huge, huge, 1], [-huge, -huge, -huge],
              [tiny, 0, -tiny], [-INF, -INF, 2], [-INF, -INF, -INF], [INF, 0, 1], [0, NAN, 1], [88.5, 89, 3]):
        z = [float(flushed(dtype(v), dtype)) for v in z]
        p, total = softmax(z)
        for t in ([0.25, 0.75, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]):
            logs = [NAN if q != q else -INF if v == -INF else mpf(v) - mpf(max(z)) - total for q, v in zip(p, z)]
            terms = [0 if s == 0 else INF if l == -INF else NAN if l != l else -s * l for s, l in zip(t, logs)]
            loss = sum((mpf(v) if v == v and abs(v) != INF else v for v in terms), start=mpf(0))
            emit("rows", "categorical_crossentropy", code, 4, z, t, [loss], [q if q != q else q * sum(t) - s for q, s in zip(p, t)])
            if sum(t) == 1 and max(t) == 1:
                label = t.index(1)
                value = -logs[label] if logs[label] == logs[label] else NAN
                emit("rows", "sparse_categorical_crossentropy", code, 4, z, [label], [value], [q if q != q else q - s for q, s in zip(p, t)])

# Metrics, whose sums are Double.
predictions = [[1e9, 1e9 + 1, 1e9 + 2, 1e9 + 4], [0.0, 1.0, 2.0, 4.0], [1e-200, -1e-200, 0.0, 3e-200], [INF, 1.0, 2.0, 3.0],
               [NAN, 1.0, 2.0, 3.0], [3.0, 3.0, 3.0, 3.0], [1e150, -1e150, 0.0, 0.0], [0.5, 0.5 + 2**-53, 1.0, 0.0]]
targets = [[1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3], [0.0, 1.0, 2.0, 3.0], [0.0] * 4, [0.0, 1.0, 2.0, 3.0],
           [0.0, 1.0, 2.0, 3.0], [3.0] * 4, [0.0, 0.0, 0.0, 1e150], [1.0, 1.0, 0.0, 0.0]]
for p, t in zip(predictions, targets):
    p, t = np.array(p, dtype=np.longdouble), np.array(t, dtype=np.longdouble)
    e = p - t
    spread = ((t - t.mean()) ** 2).sum()
    emit("metric", "mean_absolute_error", "f8", 4, p, t, [np.abs(e).mean()])
    # In Double, as the sums are: squares may underflow and overflow.
    squares = (np.float64(e) ** 2).mean()
    emit("metric", "mean_squared_error", "f8", 4, p, t, [squares])
    emit("metric", "root_mean_squared_error", "f8", 4, p, t, [np.sqrt(squares)])
    r2 = 1 - (e * e).sum() / spread if spread > 0 else NAN if np.isnan(e).any() else float((np.float64(e) ** 2).sum() == 0)
    emit("metric", "r2_score", "f8", 8, p, t, [r2])
    emit("metric", "accuracy", "f8", 0, p, t, [((p > 0.5) == t).mean()])

folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "awkward.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "lines")
