"""Writes what SciPy knows of the distributions that RandomGenerator draws from to distributions.txt.

    python3 make_distributions.py          (SciPy 1.17.1 wrote the file that is here)

A line is a distribution: `name parameter… = mean variance number…`. For continuous ones the numbers are
the edges between 16 equally likely bins, for discrete ones the bins' first counts and, after `;`, the
probabilities of the bins.
"""
import numpy as np
from scipy import stats

lines = []


def emit(name, parameters, distribution, numbers):
    mean, variance = distribution.stats("mv")
    words = [name, *map(str, parameters), "=", repr(float(mean)), repr(float(variance)), *numbers]
    lines.append(" ".join(words))


def continuous(name, parameters, distribution):
    emit(name, parameters, distribution, [repr(float(distribution.ppf(i / 16))) for i in range(1, 16)])


def discrete(name, parameters, distribution):
    # Bins of neighbouring counts, none less likely than 1 in 40.
    starts, chances, chance, start, k = [], [], 0.0, 0, 0
    last = int(distribution.ppf(1 - 1e-12)) + 1
    while k <= last:
        chance += distribution.pmf(k)
        rest = distribution.sf(k)
        if chance >= 0.025 and rest >= 0.025:
            starts.append(start)
            chances.append(chance)
            start, chance = k + 1, 0.0
        k += 1
    starts.append(start)
    chances.append(1 - sum(chances))
    emit(name, parameters, distribution,
         [*map(str, starts), ";", *(repr(float(c)) for c in chances)])


continuous("exponential", [2.5], stats.expon(scale=2.5))
for concentration in (0.05, 0.3, 1, 1.7, 9, 1000):
    continuous("gamma", [concentration, 2], stats.gamma(concentration, scale=2))
for alpha, beta in ((0.2, 0.3), (0.5, 0.5), (1, 3), (2.5, 0.7), (30, 40)):
    continuous("beta", [alpha, beta], stats.beta(alpha, beta))
for mean in (0.3, 4, 9.9, 10.1, 50, 3000):
    discrete("poisson", [mean], stats.poisson(mean))
for trials, probability in ((1, 0.3), (20, 0.1), (20, 0.9), (100, 0.5), (1000, 0.02), (10**6, 3e-6),
                            (5000, 0.97)):
    discrete("binomial", [trials, probability], stats.binom(trials, probability))

with open("distributions.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
print(len(lines), "distributions")
