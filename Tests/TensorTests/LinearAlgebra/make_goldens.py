"""Asks NumPy and mpmath about small matrices of the kinds that decompositions fail on: goldens.txt.

    python3 make_goldens.py          (NumPy 2.4.6, SciPy 1.17.1 and mpmath 1.3.0 wrote the file that is here)

Three lines make a case: the kind, the size and the elements of a matrix; what each function gives, as
`name=number,number,…`; and nothing. `throws` stands for a LinAlgError. Singular values, eigenvalues and
determinants near the rounding errors of the matrix are compared with its size; see DecompositionGoldens.
"""

import mpmath
import numpy as np
import scipy.linalg as sl

mpmath.mp.dps = 40

rng = np.random.default_rng(14)


def spectrum(n, values):
    u, v = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    return (u * values) @ v.T


def with_zero(n, axis, part):
    a = rng.normal(size=(n, n))
    index = [slice(None)] * 2
    index[axis] = int(part * (n - 1))
    a[tuple(index)] = 0
    return a


def growth(n):
    a = np.eye(n) - np.tril(np.ones((n, n)), -1)
    a[:, -1] = 1
    return a


def intercept(n):
    a = np.round(rng.normal(3000, 1000, size=(n, n)))
    a[:, 0] = 1
    return a


def digits(n):
    a = np.maximum(rng.integers(-16, 17, size=(n, n)), 0).astype(float)
    a[:, 0] = 0
    return a


def kahan(n):
    s, c = 0.9320390859672263, 0.3623577544766736
    return np.diag(s ** np.arange(n)) @ (np.eye(n) - c * np.triu(np.ones((n, n)), 1))


KINDS = {
    "normal": lambda n: rng.normal(size=(n, n)),
    "one large value": lambda n: spectrum(n, np.r_[1, np.full(n - 1, 1e-9)]),
    "one small value": lambda n: spectrum(n, np.r_[np.ones(n - 1), 1e-9]),
    "geometric": lambda n: spectrum(n, np.logspace(0, -9, n)),
    "clusters": lambda n: spectrum(n, np.where(np.arange(n) % 2, 1e-3, 1) * (1 + 1e-13 * np.arange(n))),
    "rank 1": lambda n: np.outer(rng.integers(1, 5, n), rng.integers(1, 5, n)).astype(float),
    "zeros": lambda n: np.zeros((n, n)),
    "first column of zeros": lambda n: with_zero(n, 1, 0),
    "middle column of zeros": lambda n: with_zero(n, 1, 0.5),
    "last row of zeros": lambda n: with_zero(n, 0, 1),
    "columns graded up": lambda n: rng.normal(size=(n, n)) * np.logspace(-9, 0, n),
    "columns graded down": lambda n: rng.normal(size=(n, n)) * np.logspace(0, -9, n),
    "rows graded down": lambda n: rng.normal(size=(n, n)) * np.logspace(0, -9, n)[:, None],
    "intercept": intercept,
    "digits": digits,
    "equal elements": lambda n: np.full((n, n), 3.0),
    "Hilbert": lambda n: sl.hilbert(n),
    "Kahan": kahan,
    "companion": lambda n: sl.companion(np.r_[1, rng.integers(-5, 6, n)]).astype(float) + np.zeros((n, n)),
    "Frank": lambda n: np.array([[n - max(i, j) if j >= i - 1 else 0 for j in range(n)] for i in range(n)], float),
    "Wilkinson": lambda n: np.diag(abs(np.arange(n) - (n - 1) / 2)) + np.eye(n, k=1) + np.eye(n, k=-1),
    "growth": growth,
    "Jordan": lambda n: 0.5 * np.eye(n) + np.eye(n, k=1),
    "nilpotent": lambda n: np.triu(rng.integers(-3, 4, (n, n)), 1).astype(float),
    "permutation": lambda n: np.eye(n)[rng.permutation(n)],
    "huge": lambda n: rng.normal(size=(n, n)) * 1e300,
    "tiny": lambda n: rng.normal(size=(n, n)) * 1e-300,
    "positive definite": lambda n: (lambda g: g @ g.T + np.eye(n))(rng.normal(size=(n, n))),
}


def exponential(a):
    """In 40 digits: SciPy's `expm` has relative errors up to 3e-12 here."""
    return np.array(mpmath.expm(mpmath.matrix(a.tolist())).tolist(), float)


def answer(function):
    try:
        return ",".join(repr(float(x)) for x in np.ravel(function()))
    except np.linalg.LinAlgError:
        return "throws"


lines = []
for kind, make in KINDS.items():
    for n in (1, 2, 3, 5):
        a = make(n)
        b = np.arange(1.0, n + 1) * np.max(abs(a))
        with np.errstate(all="ignore"):
            results = {
                "singularValues": lambda: np.linalg.svd(a, compute_uv=False),
                "eigenvalues": lambda: np.linalg.eigvalsh(a),
                "determinant": lambda: np.linalg.det(a),
                "logDeterminant": lambda: np.linalg.slogdet(a)[1],
                "rank": lambda: np.linalg.matrix_rank(a),
                "norm": lambda: np.linalg.norm(a / (np.max(abs(a)) or 1)) * np.max(abs(a)),
                "cholesky": lambda: np.linalg.cholesky(a),
                "solve": lambda: np.linalg.solve(a, b),
                "exponential": lambda: exponential(a) if np.max(abs(a)) < 20 else np.zeros(0),
            }
            lines.append(f"{kind}|{n}|" + ",".join(repr(float(x)) for x in a.ravel()))
            lines.append(" ".join(f"{name}={answer(f)}" for name, f in results.items()))
            lines.append("")

with open("goldens.txt", "w") as file:
    file.write("\n".join(lines))
