"""Writes hdf5_goldens.txt: files that h5py wrote in all forms that are read, and what stands in them.

    python3 make_hdf5_goldens.py          (h5py 3.14.0 with HDF5 1.14.6 wrote the file that is here)

A file is a line `file name bytes`, the bytes in base64 after deflation, and lines about what is in it:

    array path type shape values     values as NumPy's float64 in hexadecimal bits, row by row; `-` for none
    texts path shape text…           texts in hexadecimal
    attribute path name type shape values
    attribute path name texts shape text…
    refused path words               reading it stops with an error that contains these words

Sizes are joined by `x` (`-` without axes), values and texts by `,`; an empty text is `-`, and `--` stands for
no text at all. Arrays of more than 12 elements have `crc` and the CRC-32 of their bytes instead of values.
"""

import base64
import io
import struct
import zlib

import h5py
import numpy as np

generator = np.random.RandomState(3)
lines = []


def shape_words(shape):
    return "x".join(map(str, shape)) or "-"


def words(value):
    """Type, shape and values of a number or an array of numbers."""
    value = np.asarray(value)
    if value.size > 12:
        little = value.astype(value.dtype.newbyteorder("<"))
        return f"{value.dtype.name} {shape_words(value.shape)} crc {zlib.crc32(little.tobytes())}"
    values = ",".join(struct.pack(">d", float(v)).hex() for v in value.ravel().tolist())
    return f"{value.dtype.name} {shape_words(value.shape)} {values or '-'}"


def text_words(value):
    value = np.asarray(value, dtype=object)
    texts = [v.encode() if isinstance(v, str) else bytes(v) for v in value.ravel().tolist()]
    return f"texts {shape_words(value.shape)} {','.join(t.hex() or '-' for t in texts) or '--'}"


def is_text(dtype):
    return dtype.kind in "SO" or h5py.check_string_dtype(dtype) is not None


def describe(file, refused):
    def visit(path, item):
        if isinstance(item, h5py.Dataset):
            if path in refused:
                lines.append(f"refused {path} {refused[path]}")
            elif is_text(item.dtype):
                lines.append(f"{text_words(item[()])}".replace("texts", f"texts {path}", 1))
            elif item.shape is None:
                lines.append(f"array {path} {item.dtype.name} 0 -")
            else:
                lines.append(f"array {path} {words(item[()])}")
        attributes(path, item)

    def attributes(path, item):
        for name, value in item.attrs.items():
            array = np.asarray(value)
            texts = array.dtype.kind in "SOU"
            what = text_words(value) if texts else words(value)
            lines.append(f"attribute {path} {name} {what}")

    attributes("/", file)
    file.visititems(visit)


def make(name, build, refused={}, **options):
    memory = io.BytesIO()
    with h5py.File(memory, "w", **options) as file:
        build(file)
    content = memory.getvalue()
    squeezed = base64.b64encode(zlib.compress(content, 9)).decode()
    lines.append(f"file {name} {squeezed}")
    with h5py.File(io.BytesIO(content), "r") as file:
        describe(file, refused)


TYPES = ["|b1", "|u1", "|i1", "<u2", ">u2", "<i2", ">i2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8",
         "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]


def numbers(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return generator.standard_normal(shape).astype(dtype)
    if dtype.kind == "b":
        return generator.randint(0, 2, shape).astype(bool)
    limits = np.iinfo(dtype)
    return generator.randint(max(limits.min, -2**40), min(limits.max, 2**40), shape).astype(dtype)


def types(file):
    for dtype in TYPES:
        file[dtype[1:] + ("be" if dtype[0] == ">" else "")] = numbers(dtype, (2, 3))
    file["scalar"] = np.float32(2.5)
    file["empty"] = h5py.Empty("f4")
    file["nothing"] = np.zeros((3, 0, 2), "f4")
    file["special"] = np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324])
    file["names"] = np.array([b"a", b"bcd", b""])
    file["long"] = np.array(["é", "", "a long text " * 5], dtype=h5py.string_dtype())
    file["one"] = "only"
    file.create_dataset("pairs", (3,), np.dtype(("<i2", (2,))))
    file["pairs"][...] = np.arange(6, dtype="<i2").reshape(3, 2)
    file["choice"] = np.array([0, 5], dtype=h5py.enum_dtype({"A": 0, "B": 5}, basetype="i2"))
    file["compound"] = np.zeros(2, [("a", "f4"), ("b", "i2")])
    file.create_dataset("rows", (2,), h5py.vlen_dtype("i4"))
    file["complex"] = np.zeros(2, "c8")


def attributes(file):
    file.attrs["text"] = "Größe"
    file.attrs["bytes"] = np.bytes_(b"fixed")
    file.attrs["names"] = np.array([b"dense", b"dense_1", b"x"])
    file.attrs["list"] = ["one", "", "three"]
    file.attrs["numbers"] = np.arange(6, dtype=">i4").reshape(2, 3)
    file.attrs["one"] = 0.25
    file.attrs["flag"] = True
    group = file.create_group("g/inner")
    for number in range(30):
        group.attrs[f"a{number}"] = number * 1.5
    file["x"] = np.arange(3.0)
    file["x"].attrs["unit"] = "m"
    file["named"] = np.dtype("<f4")
    file.create_dataset("typed", data=[1.0, 2.0], dtype=file["named"])


def groups(file):
    for number in range(90):
        file[f"many/number_{number}"] = np.int32(number)
    for number in range(9):
        file.create_group(f"few/{'abcdefghi'[number]}/leaf")
    file["a/b/c/d/e"] = np.arange(4.0)
    file["same"] = file["a/b/c/d/e"]
    file["a/back"] = file["a"]
    file["soft"] = h5py.SoftLink("/a/b")
    file["outside"] = h5py.ExternalLink("other.h5", "/x")
    file["empty_group/x"] = np.float32(1)


def tracked(file):
    for number in range(12):
        group = file.create_group(f"{12 - number}", track_order=True)
        group["x"] = number
        group.attrs["n"] = number


def chunks(file):
    x = numbers("<i2", (7, 10))
    for shape in [(2, 3), (7, 10), (10, 4), (1, 1)]:
        limit = (20, 12) if shape == (10, 4) else None
        name = "x".join(map(str, shape))
        file.create_dataset(name, data=x, chunks=shape, maxshape=limit)
        file.create_dataset(name + "gz", data=x, chunks=shape, maxshape=limit, compression="gzip")
        file.create_dataset(name + "all", data=x, chunks=shape, maxshape=limit, compression="gzip",
                            shuffle=True, fletcher32=True)
        file.create_dataset(name + "sum", data=x, chunks=shape, maxshape=limit, fletcher32=True)
    file.create_dataset("grows", data=x, chunks=(2, 3), maxshape=(None, 10))
    file.create_dataset("wide", data=x, chunks=(2, 3), maxshape=(7, None), compression="gzip")
    file.create_dataset("both", data=x, chunks=(2, 3), maxshape=(None, None))
    file.create_dataset("bothgz", data=x, chunks=(2, 3), maxshape=(None, None), compression="gzip")
    part = file.create_dataset("part", (6, 6), "f8", chunks=(2, 2), fillvalue=-1.5)
    part[2:3, 3:5] = 7
    file.create_dataset("untouched", (3, 2), "i4", fillvalue=9)
    file.create_dataset("fill", (3, 2), "i4", chunks=(2, 2), fillvalue=8)
    file.create_dataset("cube", data=numbers("<f4", (3, 4, 5)), chunks=(2, 2, 2), shuffle=True,
                        compression="gzip")
    shrunk = file.create_dataset("shrunk", data=numbers("<f4", (8, 3)), chunks=(2, 3),
                                 maxshape=(None, 3))
    shrunk.resize((3, 3))
    file.create_dataset("lines", data=np.array(["a", "bb", "", "dddd"], dtype=object), chunks=(3,),
                        dtype=h5py.string_dtype(), compression="gzip")
    file.create_dataset("lzf", data=x, chunks=(2, 3), compression="lzf")
    # Space for all chunks from the start: in the new form their place needs no index.
    space = h5py.h5s.create_simple((5, 4))
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((2, 3))
    plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    early = h5py.h5d.create(file.id, b"early", h5py.h5t.NATIVE_FLOAT, space, plist)
    early.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(20, dtype="f4").reshape(5, 4))
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    compact = h5py.h5d.create(file.id, b"compact", h5py.h5t.NATIVE_FLOAT, space, plist)
    compact.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(20, dtype="f4").reshape(5, 4))


def lists(file):
    """So many chunks that lists have pages and trees have several levels."""
    x = (np.arange(6000) % 251).astype("u1")
    file.create_dataset("fixed", data=x, chunks=(1,), maxshape=(7000,))
    file.create_dataset("grows", data=x, chunks=(1,), maxshape=(None,))
    hole = file.create_dataset("hole", (20000,), "u1", chunks=(1,), maxshape=(None,), fillvalue=3)
    hole[19000:19003] = [1, 2, 3]
    hole = file.create_dataset("fixed_hole", (9000,), "u1", chunks=(1,),
                               fillvalue=3)
    hole[5000:5003] = [1, 2, 3]
    file.create_dataset("both", data=x.reshape(60, 100), chunks=(1, 2), maxshape=(None, None))


REFUSED = {"compound": "compound elements", "complex": "compound elements",
           "rows": "rows of different lengths"}
for libver in ["earliest", "v108", "v110", "v112", "v114", "latest"]:
    make(f"types-{libver}", types, REFUSED, libver=libver)
    make(f"attributes-{libver}", attributes, libver=libver)
    make(f"chunks-{libver}", chunks, {"lzf": "lzf"}, libver=libver)
for libver in ["earliest", "latest"]:
    make(f"groups-{libver}", groups, libver=libver)
    make(f"lists-{libver}", lists, libver=libver)
    make(f"tracked-{libver}", tracked, libver=libver, track_order=True)
make("user-block", lambda file: file.create_dataset("g/x", data=np.arange(5)), userblock_size=1024)
make("user-block-latest", lambda file: file.create_dataset("g/x", data=np.arange(5)), userblock_size=512,
     libver="latest")


def large(file):
    """An attribute that is too large for the blocks of a heap."""
    file.attrs["large"] = np.arange(9000, dtype="f8")
    for number in range(12):
        file.attrs[f"a{number}"] = np.arange(number * 100)


make("large-attributes", large, libver="latest")
with open("hdf5_goldens.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "lines", sum(len(line) for line in lines), "bytes")
