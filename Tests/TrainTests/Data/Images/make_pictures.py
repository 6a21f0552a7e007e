"""Small pictures resized by Pillow and PyTorch and warped by SciPy, for ResizingTests and WarpingTests.

    pip install pillow==13.0.0 numpy==2.4.6 scipy==1.17.1 torch
    python3 make_pictures.py

writes pictures.txt, one case a line, its fields parted by "|":

    resize|ORACLE|FILTER|ANTIALIAS|SHAPE|NEW SHAPE|NUMBERS|NEW NUMBERS
    warp|YY YX Y XY XX X|OUTSIDE|SHAPE|NEW SHAPE|NUMBERS|NEW NUMBERS

Maps count from the centres of the pictures, as AffineMap does.
"""

import numpy as np
import torch
from PIL import Image
from scipy import ndimage

rng = np.random.default_rng(3)
lines = []


def words(numbers):
    return " ".join(repr(n) for n in np.asarray(numbers).reshape(-1).tolist())


def resize(oracle, name, antialias, old, new):
    lines.append("|".join([
        "resize", oracle, name, str(antialias).lower(), words(old.shape), words(new.shape), words(old),
        words(new)]))


filters = {
    "nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC, "area": Image.Resampling.BOX}
sizes = [((1, 1), (3, 2)), ((5, 7), (3, 4)), ((5, 7), (5, 12)), ((9, 16), (2, 3)), ((13, 8), (1, 1)),
         ((6, 5), (9, 13)), ((12, 10), (4, 5))]
for old, new in sizes:
    for name, value in filters.items():
        for channels in (1, 3):
            pixels = rng.integers(0, 256, (*old, channels)).astype(np.uint8)
            image = Image.fromarray(pixels if channels == 3 else pixels[:, :, 0])
            result = np.asarray(image.resize(new[::-1], value)).reshape(*new, channels)
            resize("pillow-bytes", name, True, pixels, result)
        numbers = rng.standard_normal(old).astype(np.float32)
        result = np.asarray(Image.fromarray(numbers, mode="F").resize(new[::-1], value))
        resize("pillow-floats", name, True, numbers[:, :, None], result[:, :, None])
    for antialias in (False, True):
        numbers = rng.standard_normal((1, *old, 3))
        result = torch.nn.functional.interpolate(
            torch.tensor(numbers).permute(0, 3, 1, 2), size=new, mode="bilinear",
            antialias=antialias).permute(0, 2, 3, 1).numpy()
        resize("torch", "bilinear", antialias, numbers, result)

modes = {"constant": "grid-constant", "edge": "nearest", "reflect": "mirror"}
for (old, new) in [((5, 7), (5, 7)), ((8, 6), (4, 9)), ((1, 3), (6, 5)), ((1, 1), (2, 2))]:
    for matrix in [
        [[np.cos(0.4), np.sin(0.4)], [-np.sin(0.4), np.cos(0.4)]], [[0.7, 0], [0, 1.6]],
        [[1.1, 0.3], [-0.2, -0.9]], [[3.0, 0], [0, 4.0]]]:
        move = rng.uniform(-2, 2, 2)
        matrix = np.array(matrix)
        center_old = (np.array(old) - 1) / 2
        center_new = (np.array(new) - 1) / 2
        numbers = rng.standard_normal(old)
        for name, mode in modes.items():
            result = ndimage.affine_transform(
                numbers, matrix, offset=move + center_old - matrix @ center_new, output_shape=new,
                order=1, mode=mode, cval=0.25)
            lines.append("|".join([
                "warp",
                words([matrix[0, 0], matrix[0, 1], move[0], matrix[1, 0], matrix[1, 1], move[1]]),
                name, words((*old, 1)), words((*new, 1)), words(numbers), words(result)]))

with open("pictures.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
