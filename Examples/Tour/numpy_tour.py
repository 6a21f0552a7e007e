"""The tour in NumPy: writes numpy.txt, with which a test compares what Tour.swift prints.

    python3 numpy_tour.py > numpy.txt          (NumPy 2.4.6 wrote the file that is here)
"""

import numpy as np


def show(*values):
    print(*values)


def shape(a):
    return str(list(a.shape))


show("== An array and what it knows of itself")
a = np.arange(15).reshape(3, 5)
show(a)
show(f"shape {shape(a)}, axes {a.ndim}, elements {a.size}, type {a.dtype.name}")
show(np.array([6, 7, 8]))

show("== Arrays from numbers")
show(np.array([2, 3, 4]))
show(np.array([1.2, 3.5, 5.1]))
show(np.array([(1.5, 2, 3), (4, 5, 6)]))
show(np.zeros((3, 4)))
show(np.ones((2, 3, 4), dtype=np.int32))
show(np.full((2, 2), 7.5, dtype=np.float32))
show(np.eye(3))
show(np.arange(10, 30, 5))
show(np.arange(0, 2, 0.3))
show(np.linspace(0, 2, 9))
show(np.sin(np.linspace(0, 2 * np.pi, 8)))
show(np.fromfunction(lambda i, j: 10 * i + j, (5, 4), dtype=int))

show("== How arrays look")
show(np.arange(6))
show(np.arange(12).reshape(4, 3))
show(np.arange(24).reshape(2, 3, 4))
show(np.arange(10000))
show(np.arange(10000).reshape(100, 100))
show(np.array([1e-10, 1, 123456789]))
show(np.array([np.nan, np.inf, -0.5]))
with np.printoptions(precision=3):
    show(np.array([1, 2 / 3]))

show("== Element by element")
a, b = np.array([20, 30, 40, 50]), np.arange(4)
show(a - b)
show(b**2)
show(10 * np.sin(a))
show(a < 35)
m, n = np.array([[1.0, 1], [0, 1]]), np.array([[2.0, 0], [3, 4]])
show(m * n)
show(m @ n)

show("== In place")
ones = np.ones((2, 3))
ones *= 3
show(ones)
generator = np.random.RandomState(1)
r = generator.random_sample((2, 3))
r += ones
show(r)

show("== Types are converted by name")
show(np.ones(3, dtype=int).astype(float) + np.linspace(0, np.pi, 3))
show(np.array([200, 100], dtype=np.uint8) + np.array([100, 100], dtype=np.uint8))
show(np.array([200, 100], dtype=np.uint8).sum())

show("== Many to one")
c = generator.random_sample((2, 3))
show(c)
show(c.sum(), c.min(), c.max())
d = np.arange(12).reshape(3, 4)
show(d.sum(axis=0))
show(d.min(axis=1))
show(d.cumsum(axis=1))

show("== Functions of every element")
b = np.arange(3.0)
show(np.exp(b))
show(np.sqrt(b))
show(np.add(b, [2.0, -1.0, 4.0]))
show(b.clip(0.5, 1.5), np.maximum(b, 1), b.mean(), b.std())

show("== Parts of an array with one axis")
a = np.arange(10) ** 3
show(a)
show(a[2], a[2:5])
a[:6:2] = 1000
show(a)
show(a[::-1])
show(np.cbrt(a))

show("== Parts of an array with more axes")
b = np.fromfunction(lambda i, j: 10 * i + j, (5, 4), dtype=int)
show(b[2, 3])
show(b[0:5, 1])
show(b[:, 1])
show(b[1:3, :])
show(b[-1])
c = np.array([[[0, 1, 2], [10, 12, 13]], [[100, 101, 102], [110, 112, 113]]])
show(shape(c))
show(c[1, ...])
show(c[..., 2])
for row in b:
    show(row)
show(*b.flat)

show("== Other shapes")
a = np.floor(10 * np.random.RandomState(3).random_sample((3, 4)))
show(a)
show(a.ravel())
show(a.reshape(6, 2))
show(a.T)
show(shape(a.T), shape(a))
show(a.reshape(3, -1))
show(shape(a[np.newaxis]), shape(a[:, np.newaxis, :]))

show("== Joining and splitting")
a, b = np.array([[9.0, 7], [5, 2]]), np.array([[1.0, 9], [5, 1]])
show(np.vstack((a, b)))
show(np.hstack((a, b)))
x, y = np.array([4.0, 2]), np.array([3.0, 8])
show(np.column_stack((x, y)))
show(np.hstack((x, y)))
show(x[:, np.newaxis])
long = np.arange(24).reshape(2, 12)
for part in np.hsplit(long, 3):
    show(part)
for part in np.hsplit(long, (3, 4)):
    show(part)
show(np.tile([1, 2], (2, 3)))
show(np.repeat([1, 2], 3))

show("== Values, not references")
a = np.arange(12).reshape(3, 4)
b = a.copy()
b[0, 0] = 1234
show(a)
part = a[:, 1:3].copy()
part[:] = 10
show(part)
b[:, 1:3] = 10
show(b)

show("== Arrays of positions")
squares = np.arange(12) ** 2
show(squares[np.array([1, 1, 3, 8, 5])])
show(squares[np.array([[3, 4], [9, 7]])])
palette = np.array([[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]])
show(palette[np.array([[0, 1, 2, 0], [0, 3, 4, 0]])])
a = np.arange(12).reshape(3, 4)
i, j = np.array([[0, 1], [1, 2]]), np.array([[2, 1], [3, 3]])
show(a[i, j])
show(a[i, 2])
show(a[:, j])
time = np.linspace(20, 145, 5)
data = np.sin(np.arange(20)).reshape(5, 4)
show(data)
latest = data.argmax(axis=0)
show(latest)
show(time[latest])
show(data[latest, range(4)])
five = np.arange(5)
five[[1, 3, 4]] = 0
show(five)
five = np.arange(5)
five[[0, 0, 2]] = [1, 2, 3]
show(five)
five = np.arange(5)
np.add.at(five, [0, 0, 2], 1)
show(five)

show("== Arrays of truth values")
a = np.arange(12).reshape(3, 4)
large = a > 4
show(large)
show(a[large])
a[large] = 0
show(a)
b = np.arange(12).reshape(3, 4)
show(b[np.array([False, True, True])])
show(np.where(b < 6, b, -b))
show(np.argwhere(b)[0:2])
x, y = np.linspace(-2, 0.8, 9), np.linspace(-1.4, 1.4, 7)[:, np.newaxis]
re, im = np.zeros((7, 9)), np.zeros((7, 9))
steps = np.full((7, 9), 20)
for step in range(20):
    re, im = re * re - im * im + x, 2 * re * im + y
    diverges = re * re + im * im > 4
    steps[diverges & (steps == 20)] = step
    re[diverges], im[diverges] = 2, 0
show(steps)

show("== Every combination")
a, b, c = np.ix_([2, 3, 4, 5], [8, 5, 4], [5, 4, 6, 8, 3])
show(shape(a), shape(b), shape(c))
result = a + b * c
show(result)
show(result[3, 2, 4])

show("== Linear algebra")
a = np.array([[1.0, 2.0], [3.0, 4.0]])
show(a.T)
show(np.eye(2))
show(np.trace(a))
turn = np.array([[0.0, -1.0], [1.0, 0.0]])
show(turn @ turn)
show(np.linalg.inv(a))
show(np.linalg.solve(a, [5.0, 7.0]))
show(np.linalg.svd(a, compute_uv=False))
show(np.linalg.eigh(np.array([[2.0, 1], [1, 2]]))[0])
show(np.einsum("ij,ij->i", a, a))
show(np.outer([1.0, 2, 3], [4.0, 5]))

show("== A histogram")
values = 2 + 0.5 * np.random.RandomState(1).standard_normal(10000)
counts, edges = np.histogram(values, bins=12)
show(counts)
show(edges)
show(np.median(values), np.percentile(values, 25), np.percentile(values, 75))
show(np.sort(values)[:5])
