"""Writes PrintingGoldens.swift: arrays (as bit patterns) and their text in NumPy 2.4.6.

    python3 make_goldens.py        (in this folder; the seed is fixed, so the file never changes)

The layout differs between versions of NumPy (since 2.2 a shortened array tells its shape, since 2.3
float32 turns scientific at 1e6), so another version is refused.
"""

import itertools
import os

import numpy as np

VERSION = "2.4.6"
assert np.__version__ == VERSION, f"needs NumPy {VERSION}, found {np.__version__}"

f4, f8 = np.float32, np.float64
random = np.random.RandomState(20)
cases = []


def case(array, dtype=None, **options):
    cases.append((np.asarray(array, dtype=dtype), options))


# The tutorials' arrays.

def circles(count, noise, factor):
    """scikit-learn's make_circles(random_state=0), coordinates only."""
    generator = np.random.RandomState(0)
    angles = np.linspace(0, 2 * np.pi, count // 2, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = np.concatenate([ring, ring * factor])
    order = np.arange(count)
    generator.shuffle(order)
    return points[order] + generator.normal(scale=noise, size=points.shape)


softmax = [3.4311364e-05, 3.3162915e-09, 1.1220378e-06, 8.4540358e-07, 1.2303259e-06,
           3.2694444e-01, 1.4983615e-06, 5.7602458e-02, 1.9819290e-06, 6.1541218e-01]
case(softmax, f4)
case([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], np.uint8)
case(circles(1000, 0.1, 0.2))
case(circles(1000, 0.1, 0.2), f4)
case([[9.6531916e-01, 3.4680836e-02]], f4)
case([[0.46549733], [0.953], [0.1]], f4)
case([[0], [1], [0], [1]])
case(np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]))

# Empty arrays and arrays without dimensions.
for dtype in (f4, f8, np.bool, np.uint8, np.int32, np.int64):
    case(np.zeros(0, dtype))
    case(np.zeros((0, 3), dtype))
    case(np.ones((), dtype))
case(np.zeros((2, 0, 4), f4))
case(False)
for value in (3.5, 0.1, 1 / 3, 1e-4, 9.9e-5, 123456789.0, 999999.94, 1e6, 1e16, 9.9e15, -0.0, np.nan,
              -np.inf):
    case(value, f4)
    case(value, f8)

# Where the notation changes, in both widths of numbers.
for dtype in (f4, f8):
    for row in (
        [1, 2, 3],
        [1, -2.5, 100],
        [0, -0.0],
        [-0.0, 1.5],
        [1e-4, 1e-3],
        [9.9999e-5, 1e-3],
        [1, 1000],
        [1, 1000.1],
        [999999, 5e5],
        [1e6, 5e5],
        [99999999, 5e7],
        [1e8, 5e7],
        [1e-10, 0, 1],
        [1.5e-10, 2.25e10, -1],
        [1e30, 1],
        [1e-30, -1e-45],
        [np.nan, 1, 2.5],
        [np.inf, -np.inf, np.nan],
        [-np.inf, 1.25],
        [np.inf, 0.5],
        [np.nan],
        [1e10, np.nan, -np.inf],
        [-1e-10, np.inf],
        # Halfway between two numbers of eight decimals: the even one, or the one the rest decides.
        [2.0**-9, 3 * 2.0**-9, 5 * 2.0**-9],
        [0.123456785, 0.123456775, 0.987654325],
        [0.999999995, 0.9999999949],
        [2097152.25, 2097152.75, 16777216],
        # Padding by digits of the exact value; powers of two have uneven neighbours.
        [0.1, 1.17549449e-38, 0.3],
        [2.0**-96, 2.0**87, 2.0**90],
        np.finfo(dtype).max * np.array([1, -0.5]),
        np.finfo(dtype).smallest_subnormal * np.array([1, 3]),
    ):
        with np.errstate(over="ignore"):
            case(row, dtype)
case([1e-100, 1.0])
case([1.7976931348623157e308, 5e-324, np.nan, -np.inf])

# Shapes: nesting, wrapping and omission.
for shape in ((1,), (7,), (30,), (1, 1), (3, 4), (2, 12), (2, 3, 4), (2, 1, 2, 3), (1, 1, 1, 1, 2)):
    case(random.randn(*shape), f4)
    case(random.randint(-500, 500, shape), np.int32)
for dtype, shape in itertools.product((f4, np.int64), ((1001,), (40, 30), (7, 3, 50), (2, 900))):
    case(np.arange(np.prod(shape)).reshape(shape), dtype)
case(np.arange(6**3).reshape(6, 6, 6) % 10, np.uint8, threshold=100)
case(random.rand(1, 1, 2, 501), f4)
case(random.rand(1500) < 0.5)
case(np.arange(20), np.uint8, threshold=20)

# Truth values and integers.
case([True, False])
case([[True], [True]])
case(random.rand(3, 20) < 0.5)
case([0, 255], np.uint8)
case(np.arange(40), np.uint8)
case([-(2**31), 2**31 - 1, 0], np.int32)
case([-(2**63), 2**63 - 1, 0], np.int64)
case(10 ** np.arange(12))
case([-1, 1000])

# Where the type just fits on the last line, and just does not.
for count in range(15, 21):
    case(np.arange(count) % 10, np.int32)
    case(np.arange(count) % 10 / 4, f4)

# Random numbers of many magnitudes, and any bits at all.
for exponent in range(-10, 11, 2):
    case(random.randn(6) * 10.0**exponent, f4)
    case(random.randn(5) * 10.0**exponent, f8)
    case(np.exp(random.randn(4) * abs(exponent)), f4)
for _ in range(4):
    case(np.frombuffer(random.bytes(32), f4))
    case(np.frombuffer(random.bytes(48), f8))
    case(random.randint(-999, 999, 7) / 2.0 ** random.randint(0, 14), f8)

# Options.
for precision in (0, 2, 15, 17):
    case([0.5, 1.5, 2.5, 2 / 3, 0.125], precision=precision)
    case([1.5e-9, 2.5e-9, 2.0**-569, 1], precision=precision)
    case(2 / 3, precision=precision)
case([1e-5, 6e-9, 4e-9, -4e-9, 1.5], suppress=True)
case([1e9, 1e-9], suppress=True)
case(np.arange(12.0), threshold=5)
case(np.arange(30).reshape(5, 6), threshold=5, edgeitems=1)
case(np.arange(24).reshape(4, 6), threshold=0, edgeitems=2)
case(3.5, f4, threshold=0)
case(random.rand(4, 5), linewidth=40)
case(random.rand(3), linewidth=1)
case(random.rand(12), f4, linewidth=120)

# How the options are called in Swift.
LABELS = {"precision": "precision", "threshold": "threshold", "edgeitems": "edgeItems",
          "linewidth": "lineWidth", "suppress": "suppressScientific"}


def written(array, threshold=1000, edgeitems=3, **_):
    """The elements that appear in the text: those at the edges, if the array is shortened."""
    if array.size > threshold:
        for axis, size in enumerate(array.shape):
            if size > 2 * edgeitems:
                edges = [*range(edgeitems), *range(size - edgeitems, size)]
                array = np.take(array, edges, axis)
    return array


def literal(text):
    if "\n" not in text and len(text) < 78:
        return f'"{text}"'
    indent = " " * 6
    lines = "\n".join(indent + line if line else "" for line in text.split("\n"))
    return f'"""\n{lines}\n{indent}"""'


def swift(array, options):
    elements = written(array, **options)
    pattern = elements.astype(elements.dtype.newbyteorder(">")).tobytes().hex()
    rows = "\n".join(pattern[i:i + 80] for i in range(0, len(pattern), 80))
    with np.printoptions(**options):
        text, representation = str(array), repr(array)
    arguments = ", ".join(f"{LABELS[key]}: {str(value).lower()}" for key, value in options.items())
    return f"""\
  PrintingGolden(
    dtype: "{array.dtype.name}", shape: {list(array.shape)}, options: PrintOptions({arguments}),
    elements: {literal(rows)},
    description: {literal(text)},
    debugDescription: {literal(representation)}),
"""


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "PrintingGoldens.swift"), "w") as file:
    file.write(f"// Arrays and their text in NumPy {VERSION}, written by make_goldens.py; not to be edited.\n\n")
    file.write("import Tensor\n\nlet printingGoldens: [PrintingGolden] = [\n")
    file.writelines(swift(array, options) for array, options in cases)
    file.write("]\n")
print(len(cases), "arrays")
