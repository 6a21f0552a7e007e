"""Writes keras_goldens.txt: small models of every kind of layer, stored by Keras, with predictions; or checks
files that the library wrote.

    python3 make_keras_goldens.py             (Keras 3.15.1 on NumPy wrote the file that is here)
    python3 make_keras_goldens.py FOLDER      loads every name.keras in FOLDER and compares with name.npz: the
                                              input x and the predictions y, within 1e-5; KERAS_FOLDER=FOLDER
                                              makes the tests leave such files

A line is `model name form x-shape x y-shape y file`: the form is `keras` or `h5`, numbers are 32-bit floats in
hexadecimal, the file is in base64 after deflation.
"""

import base64
import os
import sys
import tempfile
import zlib

os.environ["KERAS_BACKEND"] = "numpy"
import keras
import numpy as np
from keras import layers as L

if len(sys.argv) > 1:
    for name in sorted(os.listdir(sys.argv[1])):
        if not name.endswith(".keras"):
            continue
        path = os.path.join(sys.argv[1], name)
        model = keras.saving.load_model(path)
        data = np.load(path.replace(".keras", ".npz"))
        error = np.abs(np.asarray(model(data["x"])) - data["y"]).max()
        print(name, error)
        assert error <= 1e-5, name
    sys.exit()

generator = np.random.RandomState(5)
lines = []


def numbers(a):
    a = np.ascontiguousarray(a, "<f4")
    return "x".join(map(str, a.shape)) + " " + a.tobytes().hex()


def add(name, shape, layers, forms=("keras",), x=None):
    model = keras.Sequential([keras.Input(shape)] + layers) if isinstance(layers, list) else layers
    model.set_weights([(generator.uniform(0.1, 0.9, w.shape)).astype("f4") for w in model.get_weights()])
    if x is None:
        x = generator.standard_normal((3,) + shape)
    x = np.asarray(x, "f4")
    y = np.asarray(model(x, training=False))
    for form in forms:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model." + form)
            model.save(path)
            content = open(path, "rb").read()
        file = base64.b64encode(zlib.compress(content, 9)).decode()
        lines.append(f"model {name} {form} {numbers(x)} {numbers(y)} {file}")


words = generator.randint(0, 9, (3, 5))
add("dense", (6,), [L.Dense(4, activation="tanh", kernel_regularizer="l2"), L.Dropout(0.2), L.Dense(2, "softmax")],
    ("keras", "h5"))
add("no-bias", (6,), [L.Dense(4, use_bias=False), L.ReLU(), L.Dense(1, activation="sigmoid")])
add("normalization", (4,), [L.BatchNormalization(), L.LayerNormalization(), L.BatchNormalization(scale=False),
                            L.BatchNormalization(center=False)], ("keras", "h5"))
add("activations", (6,), [L.LeakyReLU(0.1), L.Dense(5, "gelu"), L.ELU(0.5), L.Activation("softplus"), L.Dense(4, "silu"),
                          L.Softmax()])
add("shapes", (6,), [L.Reshape((2, 3)), L.Permute((2, 1)), L.Flatten(), L.RepeatVector(2),
                     L.TimeDistributed(L.Dense(3))])
add("embedding", (5,), [L.Embedding(9, 3, mask_zero=True), L.LSTM(4)], x=words)
add("lstm", (5, 3), [L.LSTM(4, return_sequences=True), L.LSTM(2, go_backwards=True, use_bias=False)])
add("gru", (5, 3), [L.GRU(4, return_sequences=True), L.GRU(2, reset_after=False)])
add("rnn", (5, 3), [L.Masking(0.5), L.SimpleRNN(4, return_sequences=True), L.SimpleRNN(2, activation="relu")])
add("bidirectional", (5, 3), [L.Bidirectional(L.LSTM(2, return_sequences=True)),
                              L.Bidirectional(L.GRU(2), merge_mode="sum")], ("keras", "h5"))
add("conv2d", (6, 7, 2), [L.Conv2D(3, 3, strides=2, padding="same", activation="relu"), L.Conv2D(4, (2, 1)), L.Flatten()],
    ("keras", "h5"))
add("conv1d", (9, 2), [L.Conv1D(3, 3, padding="causal", dilation_rate=2), L.SeparableConv1D(4, 2)])
add("depthwise", (6, 6, 2), [L.DepthwiseConv2D(3, depth_multiplier=2), L.SeparableConv2D(3, 2, use_bias=False)])
add("transposed", (3, 3, 2), [L.Conv2DTranspose(3, 3, strides=2, padding="same")])
add("images", (6, 7, 2), [L.ZeroPadding2D(((1, 0), (2, 1))), L.Conv2D(4, 3), L.GroupNormalization(2), L.PReLU(shared_axes=[1, 2]),
                         L.MaxPooling2D(2, strides=1), L.UpSampling2D((2, 1)), L.UpSampling2D(2, interpolation="bilinear"),
                         L.Cropping2D(((1, 2), (0, 3))), L.SpatialDropout2D(0.1), L.AveragePooling2D((2, 3), padding="same"),
                         L.GlobalAveragePooling2D()])
add("sequences", (7, 2), [L.ZeroPadding1D((1, 2)), L.RMSNormalization(), L.GaussianNoise(0.1), L.MaxPooling1D(3, strides=2),
                          L.UpSampling1D(3), L.GaussianDropout(0.1), L.Cropping1D((1, 2)), L.AveragePooling1D(2),
                          L.SpatialDropout1D(0.1), L.GlobalMaxPooling1D(keepdims=True)])
add("nested", (4,), [keras.Sequential([keras.Input((4,)), L.Dense(3), L.BatchNormalization()]), L.Dense(2)])

x = keras.Input((4,))
shared = L.Dense(4, activation="tanh")
a = shared(x)
b = shared(a)
joined = L.Concatenate()([L.Add()([a, b]), L.Multiply()([a, x]), L.Subtract()([a, b]), L.Average()([x, b]),
                          L.Maximum()([x, a]), L.Minimum()([x, a]), L.Dot(1, normalize=True)([a, b])])
add("graph", (4,), keras.Model(x, L.Dense(2)(joined)), ("keras", "h5"))
x = keras.Input((5, 4))
add("attention", (5, 4), keras.Model(x, L.Add()([x, L.MultiHeadAttention(2, 3)(x, x)])), ("keras", "h5"))
x = keras.Input((5, 4))
add("causal", (5, 4), keras.Model(x, x + L.MultiHeadAttention(1, 2, use_bias=False)(x, key=x, value=x, use_causal_mask=True)))
x = keras.Input((4,))
add("chain", (4,), keras.Model(x, L.Dense(2)(L.Dense(3)(x))))
with open("keras_goldens.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "models", sum(map(len, lines)), "bytes")
