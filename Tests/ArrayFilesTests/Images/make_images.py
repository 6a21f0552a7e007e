"""Small pictures in every form of PNG, JPEG, BMP and Netpbm, and the pixels that Pillow reads from them.

    pip install pillow==13.0.0 numpy
    python3 make_images.py

writes images.txt, which ImageTests.swift reads, one picture a line:

    NAME WIDTH HEIGHT CHANNELS FILE PIXELS

FILE and PIXELS are in base64. Pillow writes what it can; the rest is put together here. Pixels are what
Pillow reads, except where a transparent colour is given for fewer or more than 8 bits, which Pillow compares with
scaled samples: there they are known from how the file was made.
"""

import base64
import io
import os
import struct
import zlib

import numpy as np
from PIL import Image

rng = np.random.default_rng(1)
lines = []


def add(name, content, expected=None, mode=None):
    """A picture; what it shows is read by Pillow and brought to `mode`, unless it is known."""
    if expected is None:
        image = Image.open(io.BytesIO(content))
        image.load()
        if image.mode.startswith("I"):  # 16 bits: the upper eight
            expected = (np.array(image).astype(np.int64) >> 8).astype(np.uint8)
        else:
            expected = np.array(image.convert(mode or image.mode))
    expected = np.asarray(expected, np.uint8)
    if expected.ndim == 2:
        expected = expected[:, :, None]
    height, width, channels = expected.shape
    lines.append(" ".join([
        name, str(width), str(height), str(channels), base64.b64encode(content).decode(),
        base64.b64encode(expected.tobytes()).decode()]))


def smooth(height, width, channels):
    """A picture with edges and slopes."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        (127 + 90 * np.sin(x / (3 + c)) * np.cos(y / (4 - c)) + 35 * ((x + c * y) % 11 > 5)).clip(0, 255)
        for c in range(channels)]
    return np.stack(planes, -1).astype(np.uint8)


# PNG

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(samples, depth):
    """Rows of samples [height, values] as bytes."""
    if depth == 8:
        return [row.astype(np.uint8).tobytes() for row in samples]
    if depth == 16:
        return [row.astype(">u2").tobytes() for row in samples]
    per = 8 // depth
    rows = []
    for row in samples:
        row = np.concatenate([row, np.zeros(-len(row) % per, row.dtype)]).reshape(-1, per)
        weights = [1 << (8 - depth * (k + 1)) for k in range(per)]
        rows.append((row * weights).sum(1).astype(np.uint8).tobytes())
    return rows


def filtered(rows, step):
    """Each row with another filter, whatever suits."""
    out, above = b"", bytes(len(rows[0]) if rows else 0)
    for number, row in enumerate(rows):
        kind = (number * 3 + len(row)) % 5
        line = bytearray()
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda v: abs(p - v))
            line.append((value - [0, a, b, (a + b) // 2, paeth][kind]) & 255)
        out += bytes([kind]) + line
        above = row
    return out


def png(samples, depth, color, interlace=0, palette=b"", transparency=b"", pieces=1):
    """samples: [height, width, values]"""
    height, width, values = samples.shape
    step = max(1, values * depth // 8)
    passes = [(0, 0, 1, 1)] if not interlace else [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for left, top, columns, rows in passes:
        part = samples[top::rows, left::columns]
        if part.size:
            data += filtered(packed(part.reshape(part.shape[0], -1), depth), step)
    data = zlib.compress(data)
    cut = -(-len(data) // pieces)
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace))
            + chunk(b"gAMA", struct.pack(">I", 45455))
            + (chunk(b"PLTE", palette) if palette else b"") + (chunk(b"tRNS", transparency) if transparency else b"")
            + b"".join(chunk(b"IDAT", data[i:i + cut]) for i in range(0, len(data), cut))
            + chunk(b"IEND", b""))


VALUES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
for color, depths in [(0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16])]:
    for depth in depths:
        for interlace in [0, 1]:
            height, width = (11, 13) if interlace else (7, 10)
            count = min(1 << depth, 200)
            samples = rng.integers(0, count if color == 3 else 1 << depth, (height, width, VALUES[color]))
            palette = rng.integers(0, 256, (count, 3)).astype(np.uint8) if color == 3 else None
            name = f"png-{color}-{depth}-{interlace}"
            mode = {0: None if depth == 16 else "L", 2: "RGB", 3: "RGB", 4: "LA", 6: "RGBA"}[color]
            plain = palette.tobytes() if color == 3 else b""
            add(name, png(samples, depth, color, interlace, plain, pieces=1 + depth % 3), mode=mode)
            # The same with a colour that is transparent, or opacities of the palette.
            if color == 3:
                opacity = rng.integers(0, 256, max(1, count // 2)).astype(np.uint8)
                add(name + "-t", png(samples, depth, color, interlace, plain, opacity.tobytes()), mode="RGBA")
            elif color in (0, 2):
                chosen = samples[2, 3]
                opacity = np.where((samples == chosen).all(-1), 255 - 255, 255)[..., None]
                shown = samples >> 8 if depth == 16 else samples * 255 // ((1 << depth) - 1)
                add(name + "-t", png(samples, depth, color, interlace, transparency=chosen.astype(">u2").tobytes()),
                    expected=np.concatenate([shown, opacity], -1))
for size in [(1, 1), (1, 9), (9, 1), (2, 3), (5, 5)]:
    add(f"png-small-{size[0]}x{size[1]}", png(rng.integers(0, 256, size + (3,)), 8, 2, 1), mode="RGB")
for mode in ["1", "L", "P", "RGB", "RGBA", "LA"]:
    buffer = io.BytesIO()
    Image.fromarray(smooth(20, 31, 3)).convert(mode).save(buffer, "PNG", optimize=True)
    add(f"png-pillow-{mode}", buffer.getvalue(), mode={"1": "L", "P": "RGB"}.get(mode, mode))

# JPEG

for channels, mode in [(1, "L"), (3, "RGB")]:
    for height, width in [(8, 8), (16, 16), (21, 37), (1, 1), (33, 2), (3, 19)]:
        for sampling in [0, 1, 2] if channels == 3 else [0]:
            for options in [
                {"quality": 90}, {"quality": 35, "progressive": True}, {"quality": 98, "restart_marker_blocks": 2},
                {"quality": 75, "progressive": True, "restart_marker_rows": 1, "optimize": True}]:
                picture = smooth(height, width, channels)
                buffer = io.BytesIO()
                Image.fromarray(picture[:, :, 0] if channels == 1 else picture).save(
                    buffer, "JPEG", subsampling=sampling, **options)
                form = "-".join(f"{k}{v}" for k, v in options.items())
                add(f"jpeg-{mode}-{height}x{width}-{sampling}-{form}", buffer.getvalue())
picture = rng.integers(0, 256, (24, 40, 3)).astype(np.uint8)
for sampling in [0, 1, 2]:
    for progressive in [False, True]:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, "JPEG", quality=100, subsampling=sampling, progressive=progressive)
        add(f"jpeg-noise-{sampling}-{progressive}", buffer.getvalue())
buffer = io.BytesIO()
Image.fromarray(smooth(15, 18, 3)).save(buffer, "JPEG", keep_rgb=True)
add("jpeg-rgb", buffer.getvalue())


def resampled(content, factors):
    """The same file with other sampling factors in its frame, so that its blocks lie elsewhere."""
    place = content.index(b"\xff\xc0") + 11
    changed = bytearray(content)
    for channel, factor in enumerate(factors):
        changed[place + 3 * channel] = factor
    return bytes(changed)


# 4:4:0 has the units of 4:2:2, of a picture that is as high as it was wide.
buffer = io.BytesIO()
Image.fromarray(smooth(16, 32, 3)).save(buffer, "JPEG", quality=90, subsampling=1)
turned = bytearray(resampled(buffer.getvalue(), [0x12, 0x11, 0x11]))
place = turned.index(b"\xff\xc0") + 5
turned[place:place + 4] = struct.pack(">HH", 32, 16)
add("jpeg-440", bytes(turned))

# BMP

for mode in ["1", "L", "P", "RGB", "RGBA"]:
    buffer = io.BytesIO()
    Image.fromarray(smooth(9, 13, 3)).convert(mode).save(buffer, "BMP")
    add(f"bmp-pillow-{mode}", buffer.getvalue(), mode="RGB")


def bmp(width, height, bits, data, compression=0, palette=b"", masks=b"", header=40):
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(data), 2835, 2835,
                           len(palette) // 4, 0) + masks + bytes(header - 40 - (len(masks) if header > 40 else 0))
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + palette + data


def bottom_up(rows):
    return b"".join(row + bytes(-len(row) % 4) for row in rows[::-1])


palette16 = b"".join(bytes([*rng.integers(0, 256, 3), 0]) for _ in range(16))
indices = rng.integers(0, 16, (6, 11))
add("bmp-4", bmp(11, 6, 4, bottom_up(packed(indices, 4)), palette=palette16), mode="RGB")
add("bmp-1", bmp(11, 6, 1, bottom_up(packed(indices % 2, 1)), palette=palette16[:8]), mode="RGB")
add("bmp-8-top", bmp(11, -6, 8, bottom_up(packed(indices, 8)[::-1]), palette=palette16), mode="RGB")
small = b"".join(palette16[4 * i:4 * i + 3] for i in range(16))
add("bmp-os2", bmp(11, 6, 4, bottom_up(packed(indices, 4)), palette=small, header=12), mode="RGB")
pixels = rng.integers(0, 1 << 16, (5, 7))
words = bottom_up([row.astype("<u2").tobytes() for row in pixels])
add("bmp-555", bmp(7, 5, 16, words), mode="RGB")
add("bmp-565", bmp(7, 5, 16, words, 3, masks=struct.pack("<III", 0xF800, 0x07E0, 0x001F)), mode="RGB")
pixels = rng.integers(0, 1 << 32, (5, 7), dtype=np.uint64)
words = bottom_up([row.astype("<u4").tobytes() for row in pixels])
add("bmp-32", bmp(7, 5, 32, words), mode="RGB")
add("bmp-32-masks", bmp(7, 5, 32, words, 3, masks=struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)), mode="RGB")
add("bmp-32-alpha", bmp(7, 5, 32, words, 3, masks=struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=108),
    mode="RGBA")
runs = bytes([3, 5, 4, 9, 0, 4, 1, 2, 3, 4, 0, 0, 5, 7, 0, 5, 1, 2, 3, 4, 5, 0, 1, 8, 0, 0,
              2, 1, 0, 2, 3, 1, 6, 2, 0, 0, 11, 15, 0, 1])
add("bmp-rle8", bmp(11, 5, 8, runs, 1, palette=palette16), mode="RGB")
runs = bytes([5, 0x3A, 0, 6, 0x12, 0x34, 0x56, 0, 0, 0, 11, 0x7F, 0, 0, 4, 0x11, 0, 5, 0x98, 0x76, 0x50, 0, 2, 0x33, 0, 1])
add("bmp-rle4", bmp(11, 3, 4, runs, 2, palette=palette16), mode="RGB")

# Netpbm

grey = rng.integers(0, 256, (4, 7))
color = rng.integers(0, 256, (3, 5, 3))
bits = rng.integers(0, 2, (5, 11))


def text(samples):
    return "\n".join(" ".join(str(v) for v in row.reshape(-1)) for row in samples).encode()


add("pbm-text", b"P1\n# a comment\n11 5\n" + b"\n".join("".join(map(str, row)).encode() for row in bits), mode="L")
add("pgm-text", b"P2 7 4 255\n" + text(grey), mode="L")
add("ppm-text", b"P3\n5 3 # width, height\n255\n" + text(color) + b"\n", mode="RGB")
add("pbm", b"P4\n11 5\n" + b"".join(packed(bits, 1)), mode="L")
add("pgm", b"P5\n7 4\n255\n" + grey.astype(np.uint8).tobytes(), mode="L")
add("ppm", b"P6 5\t3\r255\n" + color.astype(np.uint8).tobytes(), mode="RGB")
add("pgm-15", b"P5 7 4 15\n" + (grey % 16).astype(np.uint8).tobytes(), mode="L")
add("ppm-100-text", b"P3 5 3 100\n" + text(color % 101), mode="RGB")
add("pgm-16", b"P5 7 4 65535\n" + (grey * 257 - 3 * (grey > 0)).astype(">u2").tobytes())
add("pgm-1000", b"P5 7 4 1000\n" + (grey * 3).astype(">u2").tobytes())
add("pgm-16-text", b"P2 7 4 65535\n" + text(grey * 200))

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "images.txt"), "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "pictures")
