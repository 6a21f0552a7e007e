"""Prints the events of TensorBoard files as TensorFlow reads them: python3 read_events.py FILE...

Needs tensorflow (written with 2.21). It reads what EventFile wrote and checks the checksums on the way.
"""

import sys

from tensorflow.compat.v1.train import summary_iterator

for path in sys.argv[1:]:
    for event in summary_iterator(path):
        if event.HasField("file_version"):
            print("version", event.file_version)
        if event.HasField("graph_def"):
            print("graph", len(event.graph_def), "bytes")
        for value in event.summary.value:
            kind = value.WhichOneof("value")
            if kind == "simple_value":
                print(event.step, value.tag, value.simple_value)
            elif kind == "histo":
                print(event.step, value.tag, list(value.histo.bucket))
            elif kind == "image":
                print(event.step, value.tag, value.image.width, "x", value.image.height)
            else:
                print(event.step, value.tag, kind, value.tensor.string_val)
