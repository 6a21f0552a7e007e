"""Writes convolutions.txt: values and gradients of PyTorch's convolutions in double precision.

Run with PyTorch:  python make_convolutions.py > convolutions.txt

Every number of an input follows from a rule, so that the file holds answers only: element i of tensor s is
sin(0.7 i + s) / 2, with the channels last. The differentiated number is the sum of w * y, with w from the same rule.
A line `case` tells kind, shapes and settings; the lines behind it are the result and the gradients of the images, the
kernel and the bias. PyTorch pads both sides alike; the padding of TensorFlow and Keras is made beside it here.
"""

import numpy as np
import torch
import torch.nn.functional as F


def numbers(shape, seed):
    count = int(np.prod(shape))
    return torch.tensor((np.sin(0.7 * np.arange(count) + seed) / 2).reshape(shape), requires_grad=True)


def line(name, value):
    print(name, " ".join(repr(float(x)) for x in value.detach().numpy().ravel()))


def zeros(size, kernel, stride, dilation, padding):
    """What is added before and behind an axis."""
    extent = (kernel - 1) * dilation + 1
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return extent - 1, 0
    total = max(0, ((size + stride - 1) // stride - 1) * stride + extent - size)
    return total // 2, total - total // 2


def fitted(y, before, size, axis):
    """`size` elements behind `before`, with zeros where there are none."""
    y = y.narrow(axis, before, min(size, y.shape[axis] - before))
    missing = size - y.shape[axis]
    return torch.cat([y, torch.zeros([*y.shape[:axis], missing, *y.shape[axis + 1 :]], dtype=y.dtype)], axis)


def case(kind, x, kernel, strides=(1, 1), dilation=(1, 1), groups=1, padding="valid"):
    print(
        "case", kind, ",".join(map(str, x)), ",".join(map(str, kernel)), *strides, *dilation, groups, padding)
    filters = {"convolution": kernel[3], "transposed": kernel[2], "depthwise": kernel[2] * kernel[3]}[kind]
    images, weights, bias = numbers(x, 1), numbers(kernel, 2), numbers([filters], 3)
    first = images.permute(0, 3, 1, 2)
    if kind == "transposed":
        y = F.conv_transpose2d(first, weights.permute(3, 2, 0, 1), stride=strides, dilation=dilation)
        for axis in (0, 1):
            extent = (kernel[axis] - 1) * dilation[axis] + 1
            size = x[axis + 1] * strides[axis]
            if padding == "valid":
                size += max(extent - strides[axis], 0)
            before = max(extent - strides[axis], 0) // 2 if padding == "same" else 0
            y = fitted(y, before, size, axis + 2)
        y = y + bias[:, None, None]
    else:
        pads = [zeros(x[i + 1], kernel[i], strides[i], dilation[i], padding) for i in (1, 0)]
        first = F.pad(first, [*pads[0], *pads[1]])
        if kind == "depthwise":
            groups = x[3]
            weights_ = weights.reshape(kernel[0], kernel[1], 1, filters)
        else:
            weights_ = weights
        y = F.conv2d(first, weights_.permute(3, 2, 0, 1), bias, stride=strides, dilation=dilation, groups=groups)
    y = y.permute(0, 2, 3, 1)
    (y * numbers(y.shape, 4).detach()).sum().backward()
    line("y", y)
    line("dx", images.grad)
    line("dk", weights.grad)
    line("db", bias.grad)


for kind in ("convolution", "transposed", "depthwise"):
    last = {"convolution": (2, 3), "transposed": (3, 2), "depthwise": (2, 1)}[kind]
    for size in (1, 2, 3, 4, 5, 7):
        padding = "same" if size % 2 == 0 or size == 7 else "valid"
        case(kind, (1, 7, 5, 2), (size, min(size, 5), *last), padding=padding)
    for stride in (2, 3):
        for padding in ("valid", "same"):
            case(kind, (2, 5, 6, 2), (3, 2, *last), (stride, 5 - stride), padding=padding)
            case(kind, (1, 5, 4, 2), (1, 1, *last), (stride, stride), padding=padding)
    case(kind, (1, 7, 8, 2), (3, 3, *last), dilation=(2, 3))
    case(kind, (1, 7, 8, 2), (3, 2, *last), dilation=(2, 3), padding="same")
    case(kind, (1, 6, 5, 2), (2, 3, *last), (2, 1), (2, 1), padding="same")
    case(kind, (2, 1, 9, 2), (1, 3, *last), padding="same")
    case(kind, (1, 1, 1, 2), (1, 1, *last))
    case(kind, (1, 1, 1, 2), (3, 3, *last), padding="same")
for padding in ("valid", "same", "causal"):
    case("convolution", (2, 1, 9, 2), (1, 4, 2, 3), (1, 2), (1, 2), padding=padding)
    case("convolution", (1, 5, 5, 4), (3, 3, 2, 6), (2, 1), groups=2, padding=padding)
case("convolution", (1, 4, 4, 6), (2, 2, 2, 3), groups=3)
case("convolution", (1, 4, 5, 3), (3, 3, 1, 3), dilation=(1, 2), groups=3, padding="same")
case("convolution", (1, 3, 4, 20), (2, 2, 20, 5), padding="same")
case("convolution", (1, 3, 7, 20), (2, 2, 20, 5), (1, 2), dilation=(1, 2))
case("transposed", (1, 3, 3, 20), (2, 3, 20, 20), (2, 2), padding="same")
case("depthwise", (1, 4, 5, 3), (3, 3, 3, 2), (1, 2), padding="same")
case("depthwise", (1, 5, 3, 17), (3, 2, 17, 1))
