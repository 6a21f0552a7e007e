"""Writes npy_goldens.txt: files that NumPy made of random arrays, and what stands in them.

    python3 make_npy_goldens.py          (NumPy 2.4.6 wrote the file that is here)

A line is `type version shape values bytes`: the type NumPy calls it, the version of the format, sizes
joined by `x` (`-` without axes), the values in row-major order as NumPy's float64 in hexadecimal bits (`-`
for none), and the whole file in hexadecimal. Elements lie in row-major or in Fortran order, in the byte
order of the type.
"""

import io
import random
import struct

import numpy as np

random.seed(11)
generator = np.random.RandomState(12)
lines = []
TYPES = ["|b1", "|u1", "|i1", "<u2", "<i2", "<i4", "<u4", "<i8", "<f2", "<f4", "<f8", ">i4", ">i8",
         ">f4", ">f8", ">i2"]
for number in range(160):
    dtype = np.dtype(TYPES[number % len(TYPES)])
    shape = [random.randint(0 if random.random() < 0.1 else 1, 4)
             for _ in range(random.randint(0, 4))]
    if dtype.kind == "f":
        a = np.asarray(generator.standard_normal(shape)).astype(dtype)
        if a.size > 2:
            a.ravel()[:3] = [-0.0, np.inf, -np.inf]
    elif dtype.kind == "b":
        a = np.asarray(generator.randint(0, 2, shape)).astype(dtype)
    else:
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        limit = 2**53
        a = np.asarray(generator.randint(max(low, -limit), min(high, limit), shape)).astype(dtype)
    if random.random() < 0.4:
        a = np.asfortranarray(a)
    version = random.choice([(1, 0), (1, 0), (2, 0), (3, 0)])
    file = io.BytesIO()
    np.lib.format.write_array(file, a, version=version)
    values = ",".join(struct.pack(">d", float(v)).hex() for v in a.ravel(order="C").tolist())
    lines.append(" ".join([a.dtype.name, str(version[0]), "x".join(map(str, a.shape)) or "-",
                           values or "-", file.getvalue().hex()]))
with open("npy_goldens.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "files")
