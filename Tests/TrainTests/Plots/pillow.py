"""Reads the PNG files of PNGTests.swift with Pillow and compares every byte.

    python3 Tests/TrainTests/Plots/pillow.py

Needs the Python package pillow. The test writes each picture as NAME.png and its pixels as NAME.raw;
NAME is the format and the size. The pictures inside of the golden SVG files are read too.
"""

import base64
import glob
import io
import os
import re
import subprocess
import sys
import tempfile

from PIL import Image

MODES = {"grey": "L", "rgb": "RGB", "rgba": "RGBA"}

with tempfile.TemporaryDirectory() as folder:
    subprocess.run(
        ["swift", "test", "--filter", "PNGTests"] + sys.argv[1:],
        env={**os.environ, "WENGERT_PNG_FOLDER": folder}, check=True, stdout=subprocess.DEVNULL)
    paths = sorted(glob.glob(folder + "/*.png"))
    assert len(paths) == 15, paths
    for path in paths:
        name, size = os.path.basename(path)[:-4].split("-")
        image = Image.open(path)
        image.load()
        assert image.mode == MODES[name], path
        assert f"{image.width}x{image.height}" == size, path
        with open(path[:-4] + ".raw", "rb") as raw:
            assert image.tobytes() == raw.read(), path

embedded = 0
goldens = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Goldens")
for path in glob.glob(goldens + "/*.svg"):
    with open(path) as svg:
        for data in re.findall("base64,([^\"]*)", svg.read()):
            Image.open(io.BytesIO(base64.b64decode(data, validate=True))).verify()
            embedded += 1
assert embedded > 0
print(f"{len(paths)} pictures are equal bit for bit, {embedded} embedded ones are sound")
