#!/usr/bin/env python3
"""Measures the engine and other frameworks by turns, in one go, and writes the comparison.

    python3 Benchmarks/compare.py [--data DIR] [--rounds 3] [--threads 1 2] [--only NAME ...]

Needs Python 3.11 or newer and a release build of `benchmarks` and `circles`, which it makes. The frameworks
are installed into a virtual environment of their own (2.5 GB; `--venv` names one that exists). Lines of JSON
go to `.build/comparison.jsonl`, tables to the screen: medians over rounds, each side at its best number of
threads, the engine with one thread beside. All of it takes an hour; nothing else should run.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
TRAINING = ["circles", "rounding", "one-circle", "hyderabad", "mnist-mlp-b10", "mnist-mlp-b128",
            "fashion"]
FRAMEWORKS = ["keras", "torch", "jax-step", "jax-scan"]
# What is compared: the engine's suite and filter, then each peer's script with its arguments.
GROUPS = {name: (["training", "--filter", name],
                 [["training.py", peer, name] for peer in FRAMEWORKS]) for name in TRAINING}
GROUPS |= {
    "from-scratch": (["training", "--filter", "from-scratch"],
                     [["scratch.py", peer] for peer in ("numpy", "torch", "jax")]),
    "inference": (["inference"],
                  [["inference.py", peer] for peer in ("keras", "torch", "jax", "onnx")]),
    "startup": (["startup"], []),
    "gemm": (["gemm"], [["arrays.py", peer, "gemm"] for peer in ("numpy", "torch", "jax")]),
    "elementwise": (["elementwise"],
                    [["arrays.py", peer, "elementwise"] for peer in ("numpy", "torch", "jax")]),
    "arrays": (["arrays"], [["numpy_arrays.py", "numpy", "arrays"]]),
    "linalg": (["linalg"], [["numpy_arrays.py", "numpy", "linalg"]]),
}
PACKAGES = {"keras": ["keras", "tensorflow-cpu"], "torch": ["torch"], "jax": ["jax"]}


def run(command, threads=None):
    """The output of a command, held to a number of processors where the system can do that."""
    def hold():
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    result = subprocess.run(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        preexec_fn=hold if threads and hasattr(os, "sched_setaffinity") else None)
    if result.returncode:
        print(f"  failed ({result.returncode}): {' '.join(command)}", file=sys.stderr)
    return result.stdout


def figures(text):
    """The measurements among the lines of an output."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def startup(python, peer):
    """Seconds and peak memory of a new process that trains one epoch, five times after a first one."""
    command = [python, os.path.join(HERE, "Peers", "startup.py"), peer]
    for attempt in range(6):
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        if status or attempt == 0:
            continue
        scale = 1 if sys.platform == "darwin" else 1024
        yield {"peer": peer, "workload": "startup", "unit": "ms", "threads": os.cpu_count(),
               "value": 1e3 * wall}
        yield {"peer": peer, "workload": "startup-memory", "unit": "MiB", "threads": os.cpu_count(),
               "value": usage.ru_maxrss * scale / 2**20}


INSTALLED = """
import importlib.metadata as metadata, os, re, sys
todo, seen, total = sys.argv[1:], set(), 0
while todo:
    name = re.sub("[-_.]+", "-", todo.pop()).lower()
    if name in seen: continue
    seen.add(name)
    try: package = metadata.distribution(name)
    except metadata.PackageNotFoundError: continue
    total += sum(os.path.getsize(f.locate()) for f in package.files or [] if os.path.isfile(f.locate()))
    todo += [re.match(r"[\\w.-]+", need)[0] for need in package.requires or [] if "extra ==" not in need]
print(total / 2**20)
"""


def measure(options, python, out):
    def keep(lines, group):
        for line in lines:
            out.write(json.dumps(line | {"group": group}) + "\n")
        out.flush()

    data = ["--data", options.data] if options.data else []
    benchmarks = os.path.join(ROOT, ".build", "release", "benchmarks")
    for number in range(options.rounds):
        for name in options.only:
            ours, peers = GROUPS[name]
            print(f"round {number + 1} of {options.rounds}: {name}", file=sys.stderr, flush=True)
            for threads in options.threads:
                keep(figures(run([benchmarks, *ours, "--json", "--threads", str(threads), *data],
                                 threads)), name)
                for script, peer, *rest in peers:
                    takes_data = script in ("training.py", "scratch.py")
                    keep(figures(run(
                        [python, os.path.join(HERE, "Peers", script), peer, *rest, "--threads",
                         str(threads), *(data if takes_data else [])])), name)
            if name == "startup":
                for peer, packages in PACKAGES.items():
                    keep(startup(python, peer), name)
                    size = run([python, "-c", INSTALLED, *packages])
                    keep([{"peer": peer, "workload": "startup-file", "unit": "MiB",
                           "threads": os.cpu_count(), "value": float(size)}], name)


def tables(path):
    """Prints one table per group: medians, each side at its best number of threads."""
    values = {}
    for line in map(json.loads, open(path)):
        if line["workload"].startswith("ceiling") or line.get("metric") == "time" and (
                line["group"] == "elementwise"):
            continue
        peer = re.sub("-(step|scan)$", "", line["peer"])
        key = line["group"], line["workload"], line["unit"]
        values.setdefault(key, {}).setdefault((peer, line["peer"], line["threads"]), []).append(
            line["value"])

    def text(value):
        return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

    for title, groups in (("Training", TRAINING), ("From scratch", ["from-scratch"]),
                          ("Inference", ["inference"]), ("A new process", ["startup"]),
                          ("Matrix products", ["gemm"]), ("Maps and reductions", ["elementwise"]),
                          ("Arrays", ["arrays"]), ("Linear algebra", ["linalg"])):
        rows = {key: peers for key, peers in values.items() if key[0] in groups}
        names = list(dict.fromkeys(p for peers in rows.values() for p, _, _ in peers if p != "wengert"))
        rows = {key: peers for key, peers in rows.items() if any(p == "wengert" for p, _, _ in peers)
                and any(p != "wengert" for p, _, _ in peers)}
        if not rows:
            continue
        print(f"\n### {title}\n\n| workload | unit | ours, 1 thread | ours, best |"
              + "".join(f" {n} | ratio |" for n in names))
        print("|---|---|" + "---:|" * (2 + 2 * len(names)))
        ratios = {name: [] for name in names}
        for (_, workload, unit), peers in rows.items():
            medians = {key: statistics.median(v) for key, v in peers.items()}
            best = max if unit.endswith("/s") else min
            of = lambda name: [v for (p, _, _), v in medians.items() if p == name]
            ours = best(of("wengert"))
            one = [v for (p, _, t), v in medians.items() if p == "wengert" and t == 1]
            cells = [workload, unit, text(one[0]) if one else "", text(ours)]
            for name in names:
                if of(name):
                    theirs = best(of(name))
                    ratio = ours / theirs if unit.endswith("/s") else theirs / ours
                    ratios[name].append(ratio)
                    cells += [text(theirs), f"{ratio:.3g}"]
                else:
                    cells += ["", ""]
            print("| " + " | ".join(cells) + " |")
        if len(rows) > 8:
            means = [f"{statistics.geometric_mean(r):.3g}" if r else "" for r in ratios.values()]
            print("| geometric mean | | | | " + " | ".join(f" | {m}" for m in means) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="the folder with mnist and fashion-mnist; else made-up images")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), metavar="NAME",
                        help="of " + ", ".join(GROUPS))
    parser.add_argument("--venv", default=os.path.join(ROOT, ".build", "peers"))
    parser.add_argument("--tables", metavar="FILE", help="prints the tables of an earlier run only")
    options = parser.parse_args()
    if options.tables:
        return tables(options.tables)
    if options.data:
        options.data = os.path.abspath(options.data)
    python = os.path.join(os.path.abspath(options.venv), "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", options.venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r",
                        os.path.join(HERE, "Peers", "requirements.txt")], check=True)
    for product in ("benchmarks", "circles"):
        subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=ROOT, check=True,
                       stdout=sys.stderr)
    path = os.path.join(ROOT, ".build", "comparison.jsonl")
    with open(path, "w") as out:
        measure(options, python, out)
    tables(path)


if __name__ == "__main__":
    main()
