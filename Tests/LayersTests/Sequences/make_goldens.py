"""Writes goldens.txt: values, states and gradients of Keras's recurrent layers and attention in double precision.

Run with Keras 3 on PyTorch or TensorFlow:  python make_goldens.py > goldens.txt

Every number of an input or a weight follows from a rule, so that the file holds answers only:
element i of tensor s is sin(0.7 i + s) / 2. The differentiated number is the sum of w * y over all
results, with w from the same rule.
Each line is a name, a shape and the numbers.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch

keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
# Keras on PyTorch rounds products to float32 whatever the policy is; PyTorch itself does not. (Attention is
# rounded all the same.)
backend = keras.src.backend.numpy
backend.matmul = torch.matmul
backend.einsum = lambda subscripts, *operands, **_: torch.einsum(subscripts, *operands)


def numbers(shape, seed):
    count = int(np.prod(shape))
    return (np.sin(0.7 * np.arange(count) + seed) / 2).reshape(shape)


def line(name, value):
    value = value.detach().numpy() if hasattr(value, "detach") else np.asarray(value)
    shape = ",".join(map(str, value.shape))
    print(name, shape, " ".join(repr(float(x)) for x in value.ravel()))


def run(name, layer, inputs, **options):
    """Calls the layer with weights by rule; writes results and all gradients."""
    inputs = [torch.tensor(x, requires_grad=True) for x in inputs]
    layer(*inputs, **options)
    layer.set_weights([numbers(w.shape, 10 + i) for i, w in enumerate(layer.get_weights())])
    results = layer(*inputs, **options)
    results = list(results) if isinstance(results, (list, tuple)) else [results]
    loss = sum((torch.tensor(numbers(tuple(y.shape), 30 + i)) * y).sum() for i, y in enumerate(results))
    loss.backward()
    for i, y in enumerate(results):
        line(f"{name}.result{i}", y)
    for i, x in enumerate(inputs):
        line(f"{name}.input{i}", x.grad)
    for i, w in enumerate(layer.trainable_variables):
        line(f"{name}.weight{i}", w.value.grad)


class WithStates(keras.layers.Layer):
    """A layer whose initial states are inputs."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def call(self, x, *states):
        return self.layer(x, initial_state=list(states))


x = numbers((3, 5, 4), 1)
mask = np.array([[1, 1, 1, 1, 1], [0, 1, 1, 0, 1], [1, 1, 0, 0, 0]], dtype=bool)
units = 3
L = keras.layers
kinds = {
    "simple_rnn": (L.SimpleRNN, 1, {}),
    "lstm": (L.LSTM, 2, {}),
    "gru": (L.GRU, 1, {}),
    "gru_before": (L.GRU, 1, {"reset_after": False}),
}
for name, (kind, states, options) in kinds.items():
    run(f"{name}.last", kind(units, **options), [x])
    run(f"{name}.sequences", kind(units, return_sequences=True, **options), [x])
    run(f"{name}.backwards", kind(units, return_sequences=True, go_backwards=True, **options), [x])
    given = [numbers((3, units), 3 + i) for i in range(states)]
    everything = kind(units, return_sequences=True, return_state=True, **options)
    run(f"{name}.states", WithStates(everything), [x] + given)
    run(f"{name}.masked", kind(units, return_sequences=True, **options), [x], mask=torch.tensor(mask))
    run(
        f"{name}.masked_last", kind(units, go_backwards=True, **options), [x], mask=torch.tensor(mask)
    )
    run(f"{name}.plain", kind(units, use_bias=False, activation="relu", **options), [x])
for mode in ["concat", "sum", "ave", "mul"]:
    run(f"bidirectional.{mode}", L.Bidirectional(L.LSTM(units, return_sequences=True), merge_mode=mode), [x])
run("bidirectional.last", L.Bidirectional(L.GRU(units)), [x])
run(
    "bidirectional.masked", L.Bidirectional(L.LSTM(units, return_sequences=True)), [x],
    mask=torch.tensor(mask),
)


class Attention(keras.layers.Layer):
    def __init__(self, **options):
        super().__init__()
        self.layer = L.MultiHeadAttention(2, 3, **options)

    def call(self, query, value, **options):
        return self.layer(query, value, **options)


class SelfAttention(Attention):
    def call(self, query, **options):
        return self.layer(query, query, **options)


run("attention.self", SelfAttention(), [x])
run("attention.causal", SelfAttention(), [x], use_causal_mask=True)
run("attention.cross", Attention(), [x, numbers((3, 7, 4), 2)])
keys = np.array([[1, 1, 1, 1, 1], [0, 1, 1, 0, 1], [1, 1, 0, 0, 0]], dtype=bool)
run("attention.padded", SelfAttention(), [x], attention_mask=torch.tensor(keys[:, None, :]))
run("attention.plain", SelfAttention(use_bias=False, value_dim=2), [x])
