"""Writes pytorch_layers.txt: layers of PyTorch with their weights, an input and what they make of it.

    python3 make_pytorch_layers.py          (PyTorch 2.13.0 wrote the file that is here)

It is a file of `torch.save` in hexadecimal, 100 digits to a line, with the names `KIND.WEIGHT`, `KIND.input`
and `KIND.output`; images have their channels last.
"""

import io

import torch
from torch import nn

torch.manual_seed(3)
values = {}


def add(kind, layer, *shape, images=False, input=None, call=None):
    layer.eval()
    x = torch.randn(shape) if input is None else input
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.5)
        # Where PyTorch has the channels behind the batch, images are moved there and back.
        y = layer(x.movedim(-1, 1)) if images else (call or layer)(x)
        y = y[0] if isinstance(y, tuple) else y
        y = y.movedim(1, -1) if images else y
    for name, weight in layer.state_dict().items():
        values[f"{kind}.{name}"] = weight
    values[f"{kind}.input"] = x.contiguous()
    values[f"{kind}.output"] = y.contiguous()


add("linear", nn.Linear(3, 4), 2, 3)
add("linear_without_bias", nn.Linear(3, 4, bias=False), 2, 3)
norm = nn.BatchNorm1d(3)
norm(torch.randn(16, 3) * 2 + 1)
add("batch_norm", norm, 4, 3)
add("layer_norm", nn.LayerNorm(5), 2, 5)
add("embedding", nn.Embedding(6, 3), input=torch.tensor([[0, 5, 2], [1, 1, 3]]))
add("lstm", nn.LSTM(3, 2, batch_first=True), 2, 4, 3)
add("gru", nn.GRU(3, 2, batch_first=True), 2, 4, 3)
add("rnn", nn.RNN(3, 2, batch_first=True), 2, 4, 3)
add("bidirectional_gru", nn.GRU(3, 2, batch_first=True, bidirectional=True), 2, 4, 3)
add("bidirectional_lstm", nn.LSTM(3, 2, batch_first=True, bidirectional=True), 2, 4, 3)
attention = nn.MultiheadAttention(4, 2, batch_first=True)
add("attention", attention, 2, 3, 4, call=lambda x: attention(x, x, x))
add("encoder", nn.TransformerEncoderLayer(4, 2, 6, batch_first=True), 2, 3, 4)
add("conv1d", nn.Conv1d(2, 3, 3), 2, 7, 2, images=True)
add("conv2d", nn.Conv2d(2, 3, (3, 2), stride=2), 2, 7, 6, 2, images=True)
add("grouped", nn.Conv2d(4, 6, 3, groups=2, bias=False), 1, 5, 5, 4, images=True)
add("depthwise", nn.Conv2d(3, 6, 3, groups=3), 1, 5, 6, 3, images=True)
add("transposed1d", nn.ConvTranspose1d(2, 3, 3, stride=2), 2, 4, 2, images=True)
add("transposed2d", nn.ConvTranspose2d(2, 3, (3, 2), stride=2), 1, 3, 4, 2, images=True)
content = io.BytesIO()
torch.save(values, content, _use_new_zipfile_serialization=False)
digits = content.getvalue().hex()
with open("pytorch_layers.txt", "w") as output:
    for start in range(0, len(digits), 100):
        output.write(digits[start:start + 100] + "\n")
print(len(values), "tensors")
