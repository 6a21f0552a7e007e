"""Writes goldens.txt: values and gradients of Keras's layers for images and its normalisations in double precision.

Run with Keras 3 on TensorFlow:  python make_goldens.py > goldens.txt
(On PyTorch, Keras rounds means to float32 whatever the policy is, and averages padding too.)

Every number of an input or a weight follows from a rule, so that the file holds answers only:
element i of tensor s is sin(0.7 i + s) / 2. The differentiated number is the sum of w * y over all
results, with w from the same rule.
Each line is a name, a shape and the numbers.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

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
    shape = ",".join(map(str, value.shape))
    print(name, shape, " ".join(repr(float(x)) for x in value.ravel()))


def run(name, layer, x, positive=(), **options):
    """Calls the layer with weights by rule; writes the result, all gradients and what it measured."""
    x = tf.constant(x)
    layer(x)
    weights = [numbers(w.shape, 10 + i) for i, w in enumerate(layer.get_weights())]
    for i in positive:
        weights[i] = weights[i] + 1
    layer.set_weights(weights)
    trained = [w.value for w in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, **options)
        loss = tf.reduce_sum(numbers(tuple(y.shape), 30) * y)
    line(f"{name}.result0", y)
    for i, gradient in enumerate(tape.gradient(loss, [x, *trained])):
        line(f"{name}.input0" if i == 0 else f"{name}.weight{i - 1}", tf.convert_to_tensor(gradient))
    for i, w in enumerate(layer.non_trainable_variables):
        line(f"{name}.measured{i}", w.value)


L = keras.layers
images = numbers((2, 4, 5, 4), 1)
steps = numbers((3, 5, 4), 1)
mask = tf.constant(np.array([[1, 1, 1, 1, 1], [0, 1, 1, 0, 1], [1, 1, 0, 0, 0]], dtype=bool))

for padding in ["valid", "same"]:
    for name, two, one in [("max", L.MaxPooling2D, L.MaxPooling1D),
                           ("average", L.AveragePooling2D, L.AveragePooling1D)]:
        run(f"{name}.{padding}.2", two(2, padding=padding), images)
        run(f"{name}.{padding}.3.2", two(3, 2, padding=padding), images)
        run(f"{name}.{padding}.2.3.1", two((2, 3), (1, 1), padding=padding), images)
        run(f"{name}.{padding}.steps", one(2, padding=padding), steps)
        run(f"{name}.{padding}.steps.3.1", one(3, 1, padding=padding), steps)
for kept in [False, True]:
    end = ".kept" if kept else ""
    run("global_max" + end, L.GlobalMaxPooling2D(keepdims=kept), images)
    run("global_average" + end, L.GlobalAveragePooling2D(keepdims=kept), images)
    run("global_max.steps" + end, L.GlobalMaxPooling1D(keepdims=kept), steps)
    run("global_average.steps" + end, L.GlobalAveragePooling1D(keepdims=kept), steps)
    run("global_average.masked" + end, L.GlobalAveragePooling1D(keepdims=kept), steps, mask=mask)

run("up.nearest", L.UpSampling2D((2, 3)), images)
run("up.bilinear", L.UpSampling2D((2, 3), interpolation="bilinear"), images)
run("up.steps", L.UpSampling1D(3), steps)
run("padding", L.ZeroPadding2D(((1, 0), (2, 3))), images)
run("padding.steps", L.ZeroPadding1D((1, 2)), steps)
run("cropping", L.Cropping2D(((1, 0), (2, 2))), images)
run("cropping.steps", L.Cropping1D((1, 2)), steps)

run("prelu", L.PReLU(), images)
run("prelu.shared", L.PReLU(shared_axes=[1, 2]), images)
run("group", L.GroupNormalization(2), images)
run("group.each", L.GroupNormalization(-1), images)
run("group.steps", L.GroupNormalization(1), steps)
run("rms", L.RMSNormalization(), steps)
run("layer.images", L.LayerNormalization(axis=[1, 2, 3]), images)
run("layer.inner", L.LayerNormalization(axis=[1, 3]), images)
run("batch.training", L.BatchNormalization(momentum=0.9), images, positive=[3], training=True)
run("batch.inference", L.BatchNormalization(), images, positive=[3], training=False)
