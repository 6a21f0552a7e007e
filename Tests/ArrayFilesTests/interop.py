"""Exchanges files with NumPy, safetensors and PyTorch and compares every bit.

    python3 Tests/ArrayFilesTests/interop.py [DIR]

Needs the Python packages numpy, safetensors and torch. The arrays follow a rule that InteropTests.swift
knows too: byte i of the elements is (37 i + 11) mod 256; truth values are true where i mod 3 is 0.
This program writes them to DIR/python, lets the test read these and write its own to DIR/swift, and
reads those.
"""

import filecmp
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

TYPES = ["bool", "uint8", "int32", "int64", "float32", "float64",
         "int8", "int16", "uint16", "uint32", "uint64", "float16"]
SHAPES = [(), (5,), (2, 3), (0, 4), (3, 1, 5), (1000,)]


def array(type_name, shape):
    count = int(np.prod(shape))
    if type_name == "bool":
        return (np.arange(count) % 3 == 0).reshape(shape)
    size = np.dtype(type_name).itemsize
    data = ((37 * np.arange(count * size) + 11) % 256).astype("u1").tobytes()
    return np.frombuffer(data, dtype="<" + np.dtype(type_name).str[1:]).reshape(shape)


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


folder = sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()
theirs, ours = os.path.join(folder, "python"), os.path.join(folder, "swift")
os.makedirs(theirs, exist_ok=True)
os.makedirs(ours, exist_ok=True)
arrays = {f"{t}_{i}": array(t, s) for t in TYPES for i, s in enumerate(SHAPES)}
for name, value in arrays.items():
    np.save(f"{theirs}/{name}.npy", value)
    if value.ndim > 1:
        np.save(f"{theirs}/{name}_fortran.npy", np.asfortranarray(value))
        np.save(f"{theirs}/{name}_big.npy", value.astype(value.dtype.newbyteorder(">")))
np.savez(f"{theirs}/stored.npz", **arrays)
np.savez_compressed(f"{theirs}/compressed.npz", **arrays)
save_file(arrays, f"{theirs}/all.safetensors", {"format": "np"})
torch.save({n: torch.from_numpy(a.copy()) for n, a in arrays.items()}, f"{theirs}/all.pt")

subprocess.run(
    ["swift", "test", "--filter", "InteropTests"],
    env=dict(os.environ, WENGERT_INTEROP=folder), check=True)

for name, value in arrays.items():
    assert filecmp.cmp(f"{ours}/{name}.npy", f"{theirs}/{name}.npy", shallow=False), name
for file in ["stored.npz", "compressed.npz", "zip64.npz"]:
    with np.load(f"{ours}/{file}") as archive:
        assert archive.files == list(arrays), file
        for name, value in arrays.items():
            assert same(archive[name], value), (file, name)
loaded = load_file(f"{ours}/all.safetensors")
assert set(loaded) == set(arrays)
for name, value in arrays.items():
    assert same(loaded[name], value), name
loaded = torch.load(f"{ours}/all.pt", weights_only=True)
mapped = torch.load(f"{ours}/all.pt", weights_only=True, mmap=True)
assert list(loaded) == list(mapped) == list(arrays)
for name, value in arrays.items():
    assert same(loaded[name].numpy(), value) and same(mapped[name].numpy(), value), name
print(f"{len(arrays)} arrays, both ways, as NPY, NPZ, PyTorch and safetensors: every bit equal")
