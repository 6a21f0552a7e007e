"""Trains one of the benchmark's networks for sequences with another framework and prints steps per second.

    sequences.py torch WORKLOAD --threads N

The workloads are `lstm` (embedding 64, LSTM 128) and `gpt` (4 blocks of 4 heads, 128 features, pre-norm, gelu),
both for shuffled batches of 32 sequences of 64 of 65 characters, with Adam; loss and accuracy of each step are
known, as the engine's `fit` has them. The first epoch is not counted.
"""
import argparse
import math
import time

from common import report, start

STEPS, WORDS, BATCH, EPOCHS = 64, 65, 32, 3
ROWS = {"lstm": 960, "gpt": 640}


def network(name):
    import torch
    from torch import nn
    from torch.nn import functional as F

    class LSTM(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.head = nn.Embedding(WORDS, 64), nn.Linear(128, WORDS)
            self.lstm = nn.LSTM(64, 128, batch_first=True)

        def forward(self, x):
            return self.head(self.lstm(self.embed(x))[0])

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = nn.LayerNorm(128), nn.LayerNorm(128)
            self.qkv, self.out = nn.Linear(128, 384), nn.Linear(128, 128)
            self.up, self.down = nn.Linear(128, 512), nn.Linear(512, 128)

        def forward(self, x):
            q, k, v = self.qkv(self.norm1(x)).unflatten(-1, (3, 4, 32)).permute(2, 0, 3, 1, 4)
            means = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(means.transpose(1, 2).flatten(2))
            return x + self.down(F.gelu(self.up(self.norm2(x))))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.head = nn.Embedding(WORDS, 128), nn.Linear(128, WORDS)
            self.places = nn.Parameter(torch.randn(STEPS, 128) * 0.02)
            self.blocks = nn.Sequential(*(Block() for _ in range(4)))
            self.norm = nn.LayerNorm(128)

        def forward(self, x):
            return self.head(self.norm(self.blocks(self.embed(x) + self.places)))

    return {"lstm": LSTM, "gpt": GPT}[name]()


def run(name, threads):
    """Seconds of each epoch but the first."""
    import torch
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = network(name)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    tokens = torch.randint(WORDS, (ROWS[name], STEPS + 1))
    x, y = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    seconds = []
    for _ in range(1 + EPOCHS):
        begin = time.perf_counter()
        loss_sum, right = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for rows in torch.randperm(len(x)).split(BATCH):
            out, targets = model(x[rows]).flatten(0, 1), y[rows].flatten()
            loss = torch.nn.functional.cross_entropy(out, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                loss_sum += loss
                right += (out.argmax(1) == targets).sum()
        loss_sum.item(), right.item()
        seconds.append(time.perf_counter() - begin)
    return seconds[1:]


parser = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("peer", choices=("torch",))
parser.add_argument("workload", choices=ROWS)
options = start(parser)
steps = math.ceil(ROWS[options.workload] / BATCH)
report(options.peer, options.workload, options.threads, "steps/s",
       [steps / s for s in run(options.workload, options.threads)])
