"""Writes pytorch_goldens.txt: files that PyTorch wrote, and what stands in them.

    python3 make_pytorch_goldens.py          (PyTorch 2.13.0 wrote the file that is here)

A line begins with `file`, `tensor` or `value`:

    file NAME BYTES                    the whole file in hexadecimal
    tensor KEY TYPE SHAPE VALUES       a tensor of that file: sizes joined by `x` (`-` without axes), the values in
                                       row-major order as float64 in hexadecimal bits (`-` for none)
    value KEY TEXT                     a number, text or truth value of that file, as Python prints it
"""

import io
import struct
from collections import OrderedDict

import torch

torch.manual_seed(1)
lines = []


def flattened(value, path=""):
    inner = path + "." if path else ""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from flattened(part, inner + str(key))
    elif isinstance(value, (list, tuple, set)):
        for i, part in enumerate(value):
            yield from flattened(part, inner + str(i))
    else:
        yield path, value


def file(name, value, **options):
    content = io.BytesIO()
    torch.save(value, content, **options)
    lines.append(f"file {name} {content.getvalue().hex()}")
    for key, part in flattened(value):
        key = key or "-"
        if isinstance(part, torch.Tensor):
            part = part.detach()
            numbers = part.to(torch.float64).contiguous().reshape(-1).tolist()
            values = ",".join(struct.pack(">d", v).hex() for v in numbers)
            shape = "x".join(map(str, part.shape))
            lines.append(f"tensor {key} {str(part.dtype)[6:]} {shape or '-'} {values or '-'}")
        else:
            lines.append(f"value {key} {part}")


network = torch.nn.Sequential(OrderedDict(
    linear=torch.nn.Linear(3, 2), norm=torch.nn.BatchNorm1d(2)))
optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
network(torch.randn(5, 3)).square().mean().backward()
optimizer.step()
checkpoint = {
    "epoch": 3, "seed": 2**40 + 1, "best": -1.5e-7, "name": "é", "done": True, "note": None,
    "milestones": [2, 300, 70000], "model": network.state_dict(),
    "optimizer": optimizer.state_dict(),
}
numbers = torch.tensor([[0, 1, 2], [100, 3, 4]])
TYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8",
         "bool", "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2"]
types = {name: numbers.to(getattr(torch, name)) for name in TYPES}
whole = torch.arange(24, dtype=torch.float32)
views = {
    "whole": whole, "slice": whole[5:9], "grid": whole.view(4, 6), "transposed": whole.view(4, 6).T,
    "strided": whole.view(2, 3, 4)[:, 1:, ::2], "permuted": whole.view(2, 3, 4).permute(2, 0, 1),
    "expanded": whole[:3].expand(2, 3), "one": whole[7], "empty": whole[:0].view(0, 4),
    "windows": whole.as_strided((3, 4), (2, 1)),
    "parameter": torch.nn.Parameter(torch.tensor([0.5, -0.0])),
    "axis": whole[3:4].view(1, 1), "shorts": whole.to(torch.int16).view(6, 4)[:, 1:2],
}
old = {"_use_new_zipfile_serialization": False}
file("checkpoint", checkpoint)
file("checkpoint-old", checkpoint, **old)
file("types", types)
file("types-old", {k: v for k, v in types.items() if k in TYPES[:10]}, **old)
file("views", views)
file("views-old", views, **old)
file("tensor", torch.tensor([1.5, 2.5]))
file("list-old", [torch.tensor(3), (torch.tensor([True]), "x")], **old)
file("protocol4", {"w": torch.tensor([1.0]), "t": (1, 2), "long": "x" * 300}, pickle_protocol=4)
file("empty", {})
with open("pytorch_goldens.txt", "w") as output:
    output.write("\n".join(lines) + "\n")
print(len(lines), "lines")
