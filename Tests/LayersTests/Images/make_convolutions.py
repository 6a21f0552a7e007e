"""Writes convolutions.txt: results and gradients of Keras's convolutions in double precision.

Run with Keras 3 on TensorFlow:  KERAS_BACKEND=tensorflow python make_convolutions.py > convolutions.txt

Inputs and weights follow from the rule of ../Sequences/make_goldens.py: element i of tensor s is sin(0.7 i + s) / 2,
the weights begin at tensor 10, and the differentiated number is the sum of w * y with w from tensor 30.
Each line is a name, a shape and the numbers. The number of parameters is in the line `count`.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")


def numbers(shape, seed):
    count = int(np.prod(shape))
    return (np.sin(0.7 * np.arange(count) + seed) / 2).reshape(shape)


def line(name, value):
    value = np.asarray(value)
    print(name, ",".join(map(str, value.shape)), " ".join(repr(float(x)) for x in value.ravel()))


def run(name, layer, x):
    """Calls the layer with weights by rule; writes the result and all gradients."""
    x = tf.constant(x)
    layer(x)
    layer.set_weights([numbers(w.shape, 10 + i) for i, w in enumerate(layer.get_weights())])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        loss = tf.reduce_sum(numbers(tuple(y.shape), 30) * y)
    gradients = tape.gradient(loss, [x, *[w.value for w in layer.trainable_variables]])
    line(f"{name}.result0", y)
    line(f"{name}.input0", gradients[0])
    for i, gradient in enumerate(gradients[1:]):
        line(f"{name}.weight{i}", gradient)
    line(f"{name}.count", [layer.count_params()])


L = keras.layers
images, sequences = numbers((2, 7, 6, 4), 1), numbers((2, 9, 4), 1)
run("conv2d", L.Conv2D(3, 3), images)
run("conv2d.same", L.Conv2D(3, (3, 2), strides=(2, 3), padding="same", activation="tanh"), images)
run("conv2d.even", L.Conv2D(3, 4, strides=2, padding="same", use_bias=False), images)
run("conv2d.dilated", L.Conv2D(3, 3, dilation_rate=2, padding="same"), images)
run("conv2d.groups", L.Conv2D(6, 3, groups=2, activation="relu"), images)
run("conv1d", L.Conv1D(3, 3, strides=2), sequences)
run("conv1d.same", L.Conv1D(3, 4, padding="same", activation="sigmoid"), sequences)
run("conv1d.causal", L.Conv1D(3, 3, dilation_rate=2, padding="causal"), sequences)
run("conv2d_transpose", L.Conv2DTranspose(3, 3, strides=2), images)
run("conv2d_transpose.same", L.Conv2DTranspose(3, 4, strides=2, padding="same", activation="relu"), images)
run("conv2d_transpose.wide", L.Conv2DTranspose(3, (2, 3), strides=3), images)
run("conv1d_transpose", L.Conv1DTranspose(3, 3, strides=2), sequences)
run("conv1d_transpose.same", L.Conv1DTranspose(3, 5, strides=2, padding="same"), sequences)
run("depthwise_conv2d", L.DepthwiseConv2D(3), images)
run("depthwise_conv2d.same", L.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2), images)
run("depthwise_conv1d", L.DepthwiseConv1D(3, strides=2, activation="tanh"), sequences)
run("separable_conv2d", L.SeparableConv2D(5, 3, depth_multiplier=2, activation="tanh"), images)
run("separable_conv2d.same", L.SeparableConv2D(5, 3, strides=2, padding="same"), images)
run("separable_conv1d", L.SeparableConv1D(5, 3, padding="same"), sequences)
