"""Runs NumPy over thousands of random cases and writes what it gives to goldens.txt.

    python3 make_goldens.py          (NumPy 2.4.6 wrote the file that is here)

What a line means is written in cases.py.
"""

import random
import numpy as np

from cases import *

np.seterr(all="ignore")
for _ in range(500):
    a, text = operand(anything(), shape(1))
    tokens, index = index_for(a.shape)
    if len(tokens) <= 4:
        emit("index", [text], [",".join(tokens)], a[index])
for _ in range(250):
    dtype = anything()
    a, text = operand(dtype, shape(1))
    tokens, index = index_for(a.shape)
    if len(tokens) > 4 or "n" in tokens:
        continue
    part = a[index]
    sizes = list(part.shape)
    if sizes and random.random() < 0.4:
        sizes = [1 if random.random() < 0.4 else s for s in sizes][random.randint(0, 1):]
    b, other = operand(dtype, sizes)
    a[index] = b
    emit("assign", [text, other], [",".join(tokens)], a)

BINARY = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "minimum": np.minimum,
          "maximum": np.maximum, "less": np.less, "equal": np.equal,
          "greaterOrEqual": np.greater_equal, "floorDivide": np.floor_divide, "mod": np.mod,
          "select": None}
for _ in range(700):
    dtype, name = numbers(), random.choice(list(BINARY))
    full = shape(0)
    one = [1 if random.random() < 0.25 else s for s in full]
    two = [1 if random.random() < 0.25 else s for s in full]
    cut = random.randint(0, len(full))
    if random.random() < 0.5:
        two = two[cut:]
    else:
        one = one[cut:]
    wild = "wild" if dtype[0] == "f" and name in ("minimum", "maximum", "less", "equal") else "small"
    a, first = operand(dtype, one, wild)
    if name in ("floorDivide", "mod"):
        b, second = operand(dtype, two, "positive" if dtype != "u1" else "positive")
        if (b == 0).any():
            continue
        emit(name, [first, second], [], BINARY[name](a, b))
    elif name == "select":
        b, second = operand(dtype, two)
        m, mask = operand("b1", full)
        emit(name, [mask, first, second], [], np.where(m, a, b))
    else:
        b, second = operand(dtype, two, wild)
        emit(name, [first, second], [], BINARY[name](a, b))

for _ in range(900):
    name = random.choice(["sum", "product", "min", "max", "mean", "variance", "standardDeviation",
                          "norm", "any", "all", "argmin", "argmax", "logSumExp", "nanSum", "nanMax"])
    floats = name in ("mean", "variance", "standardDeviation", "norm", "logSumExp", "nanSum", "nanMax")
    dtype = random.choice(["f4", "f8"]) if floats else numbers()
    if name in ("any", "all"):
        dtype = "b1"
    kind = "powers" if name == "product" else "small"
    if dtype[0] == "f" and name in ("min", "max", "argmin", "argmax", "nanSum", "nanMax"):
        kind = random.choice(["small", "wild"])
    sizes = shape(1, 4, 6)
    if 0 in sizes and name not in ("sum", "product", "any", "all"):
        continue
    a, text = operand(dtype, sizes, kind)
    keep = random.random() < 0.4
    axes = axes_of(a.ndim)
    if name in ("argmin", "argmax", "nanSum", "nanMax"):
        axes = axes[:1]
    t = tuple(axes)
    arguments = [",".join(map(str, axes)), int(keep)]
    with np.errstate(all="ignore"):
        import warnings
        warnings.simplefilter("ignore")
        if name in ("sum", "product"):
            kind = a.dtype if dtype[0] == "f" else np.int64
            f = np.sum if name == "sum" else np.prod
            emit(name, [text], arguments, f(a, axis=t, keepdims=keep, dtype=kind))
        elif name in ("min", "max", "any", "all"):
            emit(name, [text], arguments, getattr(np, name)(a, axis=t, keepdims=keep))
        elif name in ("argmin", "argmax"):
            emit(name, [text], arguments, getattr(np, name)(a, axis=axes[0], keepdims=keep))
        elif name == "nanSum":
            emit(name, [text], arguments, np.nansum(a, axis=axes[0], keepdims=keep))
        elif name == "nanMax":
            emit(name, [text], arguments, np.nanmax(a, axis=axes[0], keepdims=keep))
        elif name == "logSumExp":
            d = a.astype(np.float64)
            emit(name, [text], arguments, np.log(np.exp(d).sum(axis=t, keepdims=keep)), False)
        elif name == "norm":
            emit(name, [text], arguments, np.sqrt((a * a).sum(axis=t, keepdims=keep)), False)
        else:
            f = {"mean": np.mean, "variance": np.var, "standardDeviation": np.std}[name]
            emit(name, [text], arguments, f(a, axis=t, keepdims=keep), False)

for _ in range(500):
    name = random.choice(["sort", "argsort", "unique", "searchSorted", "cumulativeSum",
                          "cumulativeProduct", "differences", "quantile", "histogram", "binCount",
                          "digitize"])
    dtype = numbers()
    if name in ("quantile", "histogram"):
        dtype = random.choice(["f4", "f8"])
    kind = "powers" if name == "cumulativeProduct" else "small"
    if dtype[0] == "f" and name in ("sort", "argsort", "unique"):
        kind = random.choice(["small", "wild"])
    sizes = shape(1, 3, random.choice([6, 6, 30]))
    a, text = operand(dtype, sizes, kind)
    axis = random.randrange(-a.ndim, a.ndim)
    if name == "sort":
        emit(name, [text], [axis], np.sort(a, axis=axis))
    elif name == "argsort":
        emit(name, [text], [axis], np.argsort(a, axis=axis, kind="stable"))
    elif name == "unique":
        v, i, inverse, c = np.unique(a, return_index=True, return_inverse=True, return_counts=True)
        for part, result in enumerate([v, i, inverse.reshape(a.shape), c]):
            emit(name, [text], [part], result)
    elif name in ("searchSorted", "digitize"):
        b, other = operand(dtype, [random.randint(1, 20)])
        side = random.randint(0, 1)
        if name == "digitize":
            emit(name, [text, other], [side], np.digitize(a, np.sort(b), right=bool(side)))
        else:
            emit(name, [text, other], [side],
                 np.searchsorted(np.sort(b), a, side="right" if side else "left"))
    elif name in ("cumulativeSum", "cumulativeProduct"):
        f = np.cumsum if name == "cumulativeSum" else np.cumprod
        emit(name, [text], [axis], f(a, axis=axis, dtype=a.dtype if dtype[0] == "f" else np.int64))
    elif name == "differences":
        n = random.randint(0, 2)
        emit(name, [text], [n, axis], np.diff(a, n=n, axis=axis))
    elif name == "quantile" and 0 not in sizes:
        q = random.choice([0, 0.1, 0.25, 0.5, 0.6, 0.9, 1])
        emit(name, [text], [q, axis], np.quantile(a, q, axis=axis), False)
    elif name == "histogram":
        bins = random.randint(1, 9)
        emit(name, [text], [bins], np.histogram(a, bins=bins)[0])
    elif name == "binCount" and dtype in ("u1",):
        emit(name, [text], [], np.bincount(a.ravel(), minlength=5))

for _ in range(700):
    name = random.choice(["reshape", "moveAxis", "swapAxes", "concatenate", "stack", "tile", "repeat",
                          "roll", "flip", "pad", "diagonal", "tril", "triu", "take", "takeAlong",
                          "putAlong", "nonzero", "mask", "maskRows", "maskAssign", "fancy",
                          "scatterAdd", "split"])
    dtype = anything() if name != "scatterAdd" else numbers()
    sizes = shape(1, 4)
    a, text = operand(dtype, sizes)
    rank = a.ndim
    axis = random.randrange(-rank, rank)
    place = axis % rank
    if name == "reshape" and a.size:
        emit(name, [text], [f"{sizes[0]},-1"], a.reshape(sizes[0], -1))
    elif name == "moveAxis":
        to = random.randrange(-rank, rank)
        emit(name, [text], [axis, to], np.moveaxis(a, axis, to))
    elif name == "swapAxes":
        to = random.randrange(-rank, rank)
        emit(name, [text], [axis, to], np.swapaxes(a, axis, to))
    elif name == "concatenate":
        other = list(sizes)
        other[place] = random.randint(0, 4)
        b, second = operand(dtype, other)
        emit(name, [text, second], [axis], np.concatenate([a, b], axis=axis))
    elif name == "stack":
        b, second = operand(dtype, sizes)
        to = random.randrange(-rank - 1, rank + 1)
        emit(name, [text, second], [to], np.stack([a, b], axis=to))
    elif name == "tile":
        counts = [random.randint(0, 3) for _ in range(random.randint(1, 5))]
        if np.prod(counts) * a.size < 3000:
            emit(name, [text], [",".join(map(str, counts))], np.tile(a, counts))
    elif name == "repeat":
        counts = [random.randint(0, 3) for _ in range(sizes[place])]
        if counts:
            emit(name, [text], [axis, ",".join(map(str, counts))], np.repeat(a, counts, axis=axis))
    elif name == "roll":
        n = random.randint(-9, 9)
        emit(name, [text], [axis, n], np.roll(a, n, axis=axis))
    elif name == "flip":
        axes = axes_of(rank)
        if len(set(x % rank for x in axes)) == len(axes):
            emit(name, [text], [",".join(map(str, axes))], np.flip(a, tuple(axes)))
    elif name == "pad":
        mode = random.choice(["constant", "edge", "reflect"])
        most = [max(0, s - 1) if mode == "reflect" else 3 for s in sizes]
        if mode != "constant" and 0 in sizes:
            continue
        widths = [(random.randint(0, min(3, m)), random.randint(0, min(3, m))) for m in most]
        emit(name, [text], [mode, ",".join(f"{x}.{y}" for x, y in widths)], np.pad(a, widths, mode))
    elif name == "diagonal" and rank >= 2:
        k = random.randint(-sizes[-2], sizes[-1])
        emit(name, [text], [k], np.diagonal(a, k, rank - 2, rank - 1))
    elif name in ("tril", "triu") and rank >= 2:
        k = random.randint(-4, 4)
        emit(name, [text], [k], getattr(np, name)(a, k))
    elif name in ("take", "scatterAdd") and sizes[place] > 0:
        i, index = indices(shape(0, 2, 4) if name == "take" else [random.randint(1, 6)], sizes[place])
        if name == "take":
            emit(name, [text, index], [axis], np.take(a, i, axis=axis))
        else:
            b, other = operand(dtype, sizes[:place] + list(i.shape) + sizes[place + 1:])
            whole = [slice(None)] * place + [i]
            np.add.at(a, tuple(whole), b)
            emit(name, [text, index, other], [axis], a)
    elif name in ("takeAlong", "putAlong") and sizes[place] > 0:
        other = list(sizes)
        other[place] = random.randint(1, 6)
        i, index = indices(other, sizes[place])
        if name == "takeAlong":
            emit(name, [text, index], [axis], np.take_along_axis(a, i, axis))
        else:
            np.put_along_axis(a, i, np.array(1, a.dtype), axis)
            emit(name, [text, index], [axis], a)
    elif name == "nonzero":
        emit(name, [text], [], np.argwhere(a))
    elif name in ("mask", "maskRows", "maskAssign"):
        leading = rank if name == "mask" else random.randint(1, rank)
        m, mask = operand("b1", sizes[:leading])
        if name == "maskAssign":
            b, other = operand(dtype, sizes[leading:])
            a[m] = b
            emit(name, [text, mask, other], [], a)
        else:
            emit(name, [text, mask], [], a[m])
    elif name == "fancy" and rank >= 2 and sizes[0] > 0 and sizes[1] > 0:
        i, first = indices([3, 1], sizes[0])
        j, second = indices([4], sizes[1])
        emit(name, [text, first, second], [], a[i, j])
    elif name == "split" and sizes[place] > 0:
        at = sorted(random.sample(range(sizes[place] + 1), min(2, sizes[place] + 1)))
        parts = np.split(a, at, axis=axis)
        emit(name, [text], [axis, ",".join(map(str, at))], np.concatenate(parts[::-1], axis=axis))

# Products: small multiples of 1/2, so every sum is exact in any order.
for _ in range(400):
    name = random.choice(["einsum", "einsum", "matmul", "tensordot", "dot", "inner", "outer", "trace"])
    dtype = random.choice(["f4", "f8"])
    if name == "einsum":
        letters = "ijkl"[:random.randint(1, 4)]
        size = {letter: random.randint(1, 4) for letter in letters + "B"}
        dots = random.random() < 0.25
        terms, operands, texts = [], [], []
        for _ in range(random.randint(1, 3)):
            # A letter twice in one operand is its diagonal.
            term = "".join(random.choice(letters) for _ in range(random.randint(0 if dots else 1, 3)))
            ellipsis = dots and random.random() < 0.8
            sizes = [size[letter] for letter in term]
            if ellipsis:
                sizes = [random.choice([1, size["B"]]) for _ in range(random.randint(0, 2))] + sizes
                term = "..." + term
            if not sizes:
                continue
            a, text = operand(dtype, sizes)
            terms.append(term), operands.append(a), texts.append(text)
        if not terms:
            continue
        subscripts = ",".join(terms)
        if random.random() < 0.8:
            used = sorted(set(subscripts) & set(letters))
            output = random.sample(used, random.randint(0, len(used)))
            subscripts += "->" + ("..." if dots else "") + "".join(output)
        try:
            emit(name, texts, [subscripts], np.einsum(subscripts, *operands))
        except ValueError:
            continue
    elif name == "matmul":
        m, k, n = (random.randint(1, 5) for _ in range(3))
        stack = [random.randint(1, 3) for _ in range(random.randint(0, 2))]
        first = [random.choice([1, s]) for s in stack] + [m, k]
        second = [random.choice([1, s]) for s in stack][random.randint(0, len(stack)):] + [k, n]
        if not stack and random.random() < 0.3:
            first = first[1:]
        if not stack and random.random() < 0.3:
            second = second[:1]
        a, text = operand(dtype, first)
        b, other = operand(dtype, second)
        emit(name, [text, other], [], a @ b)
    elif name == "tensordot":
        sizes = [random.randint(1, 4) for _ in range(random.randint(1, 3))]
        a, text = operand(dtype, sizes)
        count = random.randint(1, len(sizes))
        ofA = random.sample(range(len(sizes)), count)
        shared = [sizes[axis] for axis in ofA]
        other = shared + [random.randint(1, 4) for _ in range(random.randint(0, 2))]
        order = random.sample(range(len(other)), len(other))
        b, second = operand(dtype, [other[axis] for axis in order])
        ofB = [order.index(i) for i in range(count)]
        emit(name, [text, second], [",".join(map(str, ofA)), ",".join(map(str, ofB))],
             np.tensordot(a, b, (ofA, ofB)))
    elif name in ("dot", "inner"):
        k = random.randint(1, 4)
        first = [random.randint(1, 3) for _ in range(random.randint(0, 2))] + [k]
        second = [random.randint(1, 3) for _ in range(random.randint(0, 2))] + [k]
        if name == "dot" and len(second) > 1:
            second[-1], second[-2] = second[-2], second[-1]
        a, text = operand(dtype, first)
        b, other = operand(dtype, second)
        emit(name, [text, other], [], getattr(np, name)(a, b))
    elif name == "outer":
        a, text = operand(dtype, shape(1, 2))
        b, other = operand(dtype, shape(1, 2))
        emit(name, [text, other], [], np.outer(a, b))
    elif name == "trace":
        a, text = operand(dtype, [random.randint(1, 5) for _ in range(random.randint(2, 3))])
        offset = random.randint(-a.shape[-2], a.shape[-1])
        emit(name, [text], [offset], np.trace(a, offset, -2, -1))

# Linear algebra in double: what does not depend on the signs of vectors.
for _ in range(400):
    name = random.choice(["solve", "inverse", "determinant", "logDeterminant", "choleskyFactor", "qrR",
                          "eigenvalues", "singularValues", "rank", "pseudoinverse", "leastSquares",
                          "spectralNorm", "nuclearNorm", "symmetricPower"])
    n = random.randint(1, 7)
    m = random.randint(1, 7) if name in ("qrR", "singularValues", "rank", "pseudoinverse",
                                         "leastSquares", "spectralNorm", "nuclearNorm") else n
    stack = [random.randint(1, 3)] if random.random() < 0.2 and name != "leastSquares" else []
    a, text = operand("f8", stack + [m, n])
    L = np.linalg
    if m == n and np.min(L.svd(a, compute_uv=False)) < 0.05 and name in ("solve", "inverse"):
        continue
    v = L.svd(a, compute_uv=False)
    if name in ("pseudoinverse", "leastSquares") and ((v < 0.05) & (v > 1e-12)).any():
        continue
    gram = a @ np.swapaxes(a, -1, -2) + np.eye(m)
    if name == "solve":
        b, other = operand("f8", stack + [n, random.randint(1, 3)])
        emit(name, [text, other], [], L.solve(a, b), False)
    elif name == "inverse":
        emit(name, [text], [], L.inv(a), False)
    elif name == "determinant":
        emit(name, [text], [], L.det(a), False)
    elif name == "logDeterminant":
        emit(name, [text], [], L.slogdet(gram)[1], False)
    elif name == "choleskyFactor":
        emit(name, [text], [], L.cholesky(gram), False)
    elif name == "qrR":
        if np.min(v) > 0.05:
            emit(name, [text], [], L.qr(a)[1], False)
    elif name == "eigenvalues":
        emit(name, [text], [], L.eigvalsh(a + np.swapaxes(a, -1, -2)), False)
    elif name == "symmetricPower":
        w, q = L.eigh(gram)
        emit(name, [text], [], q * np.sqrt(w)[..., None, :] @ np.swapaxes(q, -1, -2), False)
    elif name == "singularValues":
        emit(name, [text], [], v, False)
    elif name == "rank":
        emit(name, [text], [], L.matrix_rank(a))
    elif name == "pseudoinverse":
        emit(name, [text], [], L.pinv(a, rcond=1e-10), False)
    elif name == "leastSquares":
        b, other = operand("f8", [m, random.randint(1, 3)])
        emit(name, [text, other], [], L.lstsq(a, b, rcond=1e-10)[0], False)
    elif name == "spectralNorm":
        emit(name, [text], [], v.max(-1), False)
    elif name == "nuclearNorm":
        emit(name, [text], [], v.sum(-1), False)

# What is printed, on one line: line breaks become bars, blanks become underscores.
for _ in range(300):
    dtype = anything()
    kind = random.choice(["small", "wild"]) if dtype[0] == "f" else "small"
    a, text = operand(dtype, shape(0, 3, 6), kind)
    scale = random.choice([1, 1, 1 / 3, 1e-5, 12345.678, 1e9]) if dtype[0] == "f" else 1
    precision = random.choice([8, 8, 3])
    with np.printoptions(precision=precision):
        printed = str(a * np.array(scale, a.dtype) if dtype[0] == "f" else a)
    lines.append(" ".join(["print", text, repr(float(scale)), str(precision), "=",
                           "x".join(map(str, a.shape)) or "-",
                           printed.replace("\n", "|").replace(" ", "_")]))

with open("goldens.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "cases")
