"""One epoch of circles in a new process, as briefly as a framework can write it.

    startup.py keras|torch|jax
"""
import sys

import numpy as np

random = np.random.default_rng(0)
x = random.normal(size=(1000, 2)).astype("float32")
y = (np.hypot(*x.T) < 1).astype("float32")[:, None]
order = random.permutation(1000)

if sys.argv[1] == "keras":
    import keras
    model = keras.Sequential([
        keras.layers.Input((2,)), keras.layers.Dense(4, activation="tanh"),
        keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="binary_crossentropy",
                  metrics=["accuracy"])
    model.fit(x, y, batch_size=32, epochs=1, verbose=0)
elif sys.argv[1] == "torch":
    import torch
    from torch import nn
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for rows in torch.from_numpy(order).split(32):
        loss = nn.functional.binary_cross_entropy_with_logits(
            model(torch.from_numpy(x)[rows]), torch.from_numpy(y)[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
elif sys.argv[1] == "jax":
    import jax
    import jax.numpy as jnp
    parameters = [random.normal(0, 0.5, s).astype("float32") for s in ((2, 4), (4,), (4, 1), (1,))]

    def loss_of(parameters, x, y):
        w1, b1, w2, b2 = parameters
        z = jnp.tanh(x @ w1 + b1) @ w2 + b2
        return (jnp.logaddexp(0, z) - y * z).mean()

    @jax.jit
    def step(parameters, x, y):
        return [p - 0.5 * g for p, g in zip(parameters, jax.grad(loss_of)(parameters, x, y))]

    for start in range(0, 1000, 32):
        rows = order[start:start + 32]
        parameters = step(parameters, x[rows], y[rows])
    jax.block_until_ready(parameters)
else:
    raise SystemExit(__doc__)
