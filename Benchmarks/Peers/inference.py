"""Predictions of 784-128-10 for one image and for ten thousand, with another framework.

    inference.py keras|torch|jax|onnx --threads N

NumPy arrays go in and come out, as a program has them. Keras is called by `predict`, with batches as large
as it likes best.
"""
import argparse

from common import report, seconds_per_call, start

parser = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=("keras", "torch", "jax", "onnx"))
options = start(parser)

import numpy as np

random = np.random.default_rng(0)
W1, B1 = random.normal(0, 0.05, (784, 128)).astype("float32"), np.zeros(128, "float32")
W2, B2 = random.normal(0, 0.1, (128, 10)).astype("float32"), np.zeros(10, "float32")
IMAGES = random.random((10_000, 784), dtype="float32")


def expected():
    z = np.maximum(IMAGES @ W1 + B1, 0) @ W2 + B2
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def keras():
    import keras
    import tensorflow
    tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(options.threads)
    model = keras.Sequential([
        keras.layers.Input((784,)), keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax")])
    model.set_weights([W1, B1, W2, B2])
    return lambda x: model.predict(x, batch_size=1000, verbose=0)


def torch():
    import torch
    from torch import nn
    torch.set_num_threads(options.threads)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10), nn.Softmax(1))
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), (W1.T, B1, W2.T, B2)):
            parameter.copy_(torch.from_numpy(value.copy()))

    def predict(x):
        with torch.inference_mode():
            return model(torch.from_numpy(x)).numpy()
    return predict


def jax():
    import jax
    weights = jax.device_put((W1, B1, W2, B2))

    @jax.jit
    def forward(weights, x):
        w1, b1, w2, b2 = weights
        return jax.nn.softmax(jax.nn.relu(x @ w1 + b1) @ w2 + b2)
    return lambda x: np.asarray(forward(weights, x))


def onnx():
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["x", "w1", "b1"], ["z1"]), helper.make_node("Relu", ["z1"], ["a"]),
         helper.make_node("Gemm", ["a", "w2", "b2"], ["z2"]),
         helper.make_node("Softmax", ["z2"], ["y"], axis=1)],
        "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["samples", 784])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["samples", 10])],
        [numpy_helper.from_array(value, name)
         for value, name in ((W1, "w1"), (B1, "b1"), (W2, "w2"), (B2, "b2"))])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), settings,
                                           ["CPUExecutionProvider"])
    return lambda x: session.run(None, {"x": x})[0]


predict = {"keras": keras, "torch": torch, "jax": jax, "onnx": onnx}[options.peer]()
one = IMAGES[:1].copy()
assert np.allclose(predict(IMAGES), expected(), atol=1e-4)
report(options.peer, "fashion-one-image", options.threads, "us",
       [1e6 * s for s in seconds_per_call(lambda: predict(one), repeats=9)])
report(options.peer, "fashion-10000-images", options.threads, "ms",
       [1e3 * s for s in seconds_per_call(lambda: predict(IMAGES), repeats=5)])
