"""Writes goldens.txt: the losses of 50 training steps of small recurrent networks and of a GPT, by PyTorch.

    python3 make_goldens.py > goldens.txt        (PyTorch, float64)

Weights, samples and targets follow from a rule, so that the file holds losses only. Weight number i of a
network, in the order of Wengert's parameters, is numbers(shape, 10 + i); Wengert's layout is Keras's, and the
columns of a GRU are put into PyTorch's order here. Each step is stochastic gradient descent with momentum.
"""

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
WORDS, SIZE, STEPS, BATCH, UNITS, HEADS = 11, 8, 6, 4, 8, 2


def numbers(shape, seed):
    count = 1
    for size in shape:
        count *= size
    return (torch.sin(0.7 * torch.arange(count) + seed) / 2).reshape(shape)


tokens = torch.tensor([[(3 * b + 2 * t + b * t) % WORDS for t in range(STEPS)] for b in range(BATCH)])
targets = torch.tensor([[(5 * b + t * t + 1) % WORDS for t in range(STEPS)] for b in range(BATCH)])
# Some targets do not count.
targets[1, 3:] = -1


class Weights:
    def __init__(self):
        self.all = []

    def __call__(self, *shape, value=None):
        w = numbers(shape, 10 + len(self.all)) if value is None else torch.full(shape, value)
        self.all.append(w.requires_grad_())
        return w


def train(name, weights, logits):
    optimizer = torch.optim.SGD(weights.all, lr=0.03, momentum=0.9)
    losses = []
    for _ in range(50):
        loss = F.cross_entropy(logits(tokens).reshape(-1, WORDS), targets.reshape(-1), ignore_index=-1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(name, *losses)


def recurrent(kind):
    w = Weights()
    table = w(WORDS, SIZE)
    gates = 4 if kind == "lstm" else 3
    kernel, recurrent = w(SIZE, gates * UNITS), w(UNITS, gates * UNITS)
    bias = w(gates * UNITS) if kind == "lstm" else w(2, gates * UNITS)
    out, out_bias = w(UNITS, WORDS), w(WORDS)

    def order(x):  # rows are gates: Keras's update, reset, candidate are PyTorch's second, first and third
        if kind == "lstm":
            return x
        z, r, h = x.chunk(3, 0)
        return torch.cat([r, z, h], 0)

    def logits(x):
        b = (bias, torch.zeros_like(bias)) if kind == "lstm" else (bias[0], bias[1])
        flat = [order(kernel.T).contiguous(), order(recurrent.T).contiguous(), order(b[0]), order(b[1])]
        start = torch.zeros(1, BATCH, UNITS)
        if kind == "lstm":
            y, _, _ = torch._VF.lstm(table[x], (start, start), flat, True, 1, 0.0, False, False, True)
        else:
            y, _ = torch._VF.gru(table[x], start, flat, True, 1, 0.0, False, False, True)
        return y @ out + out_bias

    train(kind, w, logits)


def gpt(tied):
    w = Weights()
    table = w(WORDS, SIZE)
    if not tied:
        positions = w(STEPS, SIZE)
    q, qb, k, kb, v, vb, o, ob = [w(*s) for s in [(SIZE, SIZE), (SIZE,)] * 4]
    g1, b1 = w(SIZE), w(SIZE)
    e, eb, c, cb = w(SIZE, 4 * SIZE), w(4 * SIZE), w(4 * SIZE, SIZE), w(SIZE)
    g2, b2 = w(SIZE), w(SIZE)
    g3, b3 = w(SIZE), w(SIZE)
    if not tied:
        out, out_bias = w(SIZE, WORDS), w(WORDS)

    def heads(x):
        return x.reshape(BATCH, STEPS, HEADS, SIZE // HEADS).transpose(1, 2)

    def rotated(x):  # Llama's: the halves of a head are the coordinates
        size = SIZE // HEADS
        angle = torch.arange(STEPS)[:, None] * 10000.0 ** (-2 * torch.arange(size // 2) / size)
        cos, sin = torch.cat([angle.cos()] * 2, -1), torch.cat([angle.sin()] * 2, -1)
        a, b = x.chunk(2, -1)
        return x * cos + torch.cat([-b, a], -1) * sin

    def logits(t):
        x = table[t] if tied else table[t] + positions
        n = F.layer_norm(x, (SIZE,), g1, b1, 1e-5)
        queries, keys, values = heads(n @ q + qb), heads(n @ k + kb), heads(n @ v + vb)
        if tied:
            queries, keys = rotated(queries), rotated(keys)
        means = F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        x = x + means.transpose(1, 2).reshape(BATCH, STEPS, SIZE) @ o + ob
        n = F.layer_norm(x, (SIZE,), g2, b2, 1e-5)
        x = x + F.relu(n @ e + eb) @ c + cb
        x = F.layer_norm(x, (SIZE,), g3, b3, 1e-5)
        return x @ table.T if tied else x @ out + out_bias

    train("tied" if tied else "gpt", w, logits)


recurrent("lstm")
recurrent("gru")
gpt(False)
gpt(True)
