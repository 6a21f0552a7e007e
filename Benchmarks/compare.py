#!/usr/bin/env python3
"""Measures the engine and other frameworks in pairs, and writes the comparison.

    python3 Benchmarks/compare.py [--data DIR] [--pairs 3] [--threads 1 2] [--only NAME ...]

Needs Python 3.11 or newer and a release build of `benchmarks` and `circles`, which it makes. The frameworks
are installed into a virtual environment of their own (2.5 GB; `--venv` names one that exists).

A pair is a run of the engine and, directly after it, one of the peer, each with every number of threads; its
ratio compares both at their best number. Pairs are repeated until the middle half of the ratios of every
workload spans at most `--spread` per cent, or `--most` times: what the rest of the machine does then weighs
on both sides alike, and a ratio that stayed unsteady has a question mark. Lines of JSON go to
`.build/comparison.jsonl`, tables to the screen, with the processor and its measured ceilings. It takes an
hour or more; nothing else should run.
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
GROUPS |= {name: (["training", "--filter", name], [["sequences.py", "torch", name]])
           for name in ("lstm", "gpt")}
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


def best(lines):
    """For each workload and unit, the best value over all numbers of threads."""
    values = {}
    for line in lines:
        if not line["workload"].startswith("ceiling") and not (
                line["group"] == "elementwise" and line.get("metric") == "time"):
            key = line["workload"], line["unit"]
            choose = max if key[1].endswith("/s") else min
            values[key] = choose(line["value"], values.get(key, line["value"]))
    return values


def advantage(unit, ours, theirs):
    """How many times as good as theirs our figure is."""
    return ours / theirs if unit.endswith("/s") else theirs / ours


def spread(ratios):
    """The middle half of the ratios, in per cent of their median."""
    low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return 100 * (high - low) / middle


def peers(name, python, threads, data):
    """For each peer of a group its name and a function that gives its figures."""
    def script(file, peer, *rest):
        takes_data = file in ("training.py", "scratch.py")
        for count in threads:
            yield from figures(run([python, os.path.join(HERE, "Peers", file), peer, *rest, "--threads",
                                    str(count), *(data if takes_data else [])]))

    def process(peer, packages):
        yield from startup(python, peer)
        yield {"peer": peer, "workload": "startup-file", "unit": "MiB", "threads": os.cpu_count(),
               "value": float(run([python, "-c", INSTALLED, *packages]))}

    for arguments in GROUPS[name][1]:
        yield arguments[1], lambda arguments=arguments: script(*arguments)
    if name == "startup":
        for peer, packages in PACKAGES.items():
            yield peer, lambda peer=peer, packages=packages: process(peer, packages)


def measure(options, python, out):
    data = ["--data", options.data] if options.data else []
    benchmarks = os.path.join(ROOT, ".build", "release", "benchmarks")

    def ours(name):
        for count in options.threads:
            yield from figures(run([benchmarks, *GROUPS[name][0], "--json", "--threads", str(count),
                                    *data], count))

    for name in options.only:
        for peer, theirs in peers(name, python, options.threads, data):
            ratios = {}
            for number in range(1, options.most + 1):
                print(f"{name} beside {peer}: pair {number}", file=sys.stderr, flush=True)
                pair = [[line | {"group": name, "against": peer, "pair": number} for line in side]
                        for side in (ours(name), theirs())]
                for line in pair[0] + pair[1]:
                    out.write(json.dumps(line) + "\n")
                out.flush()
                left, right = best(pair[0]), best(pair[1])
                for key in left.keys() & right.keys():
                    ratios.setdefault(key, []).append(advantage(key[1], left[key], right[key]))
                if number >= options.pairs and all(
                        len(r) > 1 and spread(r) <= options.spread for r in ratios.values()):
                    break


def processor():
    """The processor's name."""
    try:
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return run(["sysctl", "-n", "machdep.cpu.brand_string"]).strip() or "unknown processor"


def tables(path, limit):
    """Prints one table per group: medians over pairs, each side at its best number of threads."""
    ceilings, pairs, alone, machine = {}, {}, {}, "unknown processor"
    for line in map(json.loads, open(path)):
        if "processor" in line:
            machine = line["processor"]
        elif line["workload"].startswith("ceiling"):
            ceilings.setdefault((line["workload"], line["unit"]), []).append(line["value"])
        else:
            key = line["group"], line["against"], line["pair"]
            side = 0 if line["peer"] == "wengert" else 1
            pairs.setdefault(key, ([], []))[side].append(line)
            if side == 0 and line["threads"] == 1:
                alone.setdefault((line["group"], line["workload"], line["unit"]), []).append(
                    line["value"])

    def text(value):
        return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

    print(machine)
    for (ceiling, unit), values in ceilings.items():
        print(f"{ceiling}: {text(statistics.median(values))} {unit}, from {text(min(values))} to "
              f"{text(max(values))}")
    # For each row and each peer: our values, its values, and their ratios, one per pair.
    rows = {}
    for (group, against, _), sides in pairs.items():
        left, right = map(best, sides)
        for (workload, unit), value in left.items():
            cells = rows.setdefault((group, workload, unit), {})
            if (workload, unit) in right:
                theirs = right[workload, unit]
                cells.setdefault(against, []).append((value, theirs, advantage(unit, value, theirs)))

    for title, groups in (("Training", TRAINING), ("From scratch", ["from-scratch"]),
                          ("Inference", ["inference"]), ("A new process", ["startup"]),
                          ("Matrix products", ["gemm"]), ("Maps and reductions", ["elementwise"]),
                          ("Arrays", ["arrays"]), ("Linear algebra", ["linalg"])):
        table = {key: cells for key, cells in rows.items() if key[0] in groups and cells}
        if not table:
            continue
        names = list(dict.fromkeys(re.sub("-(step|scan)$", "", n) for c in table.values() for n in c))
        print(f"\n### {title}\n\n| workload | unit | ours, 1 thread | ours, best |"
              + "".join(f" {n} | ratio | spread |" for n in names))
        print("|---|---|" + "---:|" * (2 + 3 * len(names)))
        means = {name: [] for name in names}
        for (group, workload, unit), cells in table.items():
            ours = statistics.median(value for c in cells.values() for value, _, _ in c)
            one = alone.get((group, workload, unit))
            line = [workload, unit, text(statistics.median(one)) if one else "", text(ours)]
            for name in names:
                forms = [c for form, c in cells.items() if re.sub("-(step|scan)$", "", form) == name]
                if not forms:
                    line += ["", "", ""]
                    continue
                # Of a peer's forms the one that does best against us.
                cell = min(forms, key=lambda c: statistics.median(r for _, _, r in c))
                ratios = [r for _, _, r in cell]
                means[name].append(statistics.median(ratios))
                width = spread(ratios) if len(ratios) > 1 else float("inf")
                line += [text(statistics.median(t for _, t, _ in cell)),
                         f"{statistics.median(ratios):.3g}{'' if width <= limit else ' ?'}",
                         f"{width:.0f} %" if len(ratios) > 1 else ""]
            print("| " + " | ".join(line) + " |")
        if len(table) > 8:
            print("| geometric mean | | | |" + "".join(
                f" | {statistics.geometric_mean(m):.3g} | |" for m in means.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="the folder with mnist and fashion-mnist; else made-up images")
    parser.add_argument("--pairs", type=int, default=3, help="how many pairs there are at least")
    parser.add_argument("--most", type=int, default=9, help="how many there are at most")
    parser.add_argument("--spread", type=float, default=5, help="the spread of steady ratios, per cent")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), metavar="NAME",
                        help="of " + ", ".join(GROUPS))
    parser.add_argument("--venv", default=os.path.join(ROOT, ".build", "peers"))
    parser.add_argument("--tables", metavar="FILE", help="prints the tables of an earlier run only")
    options = parser.parse_args()
    if options.tables:
        return tables(options.tables, options.spread)
    if options.pairs < 2 or options.most < options.pairs:
        parser.error("a spread needs two pairs or more, and --most at least as many as --pairs")
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
        out.write(json.dumps({"processor": processor()}) + "\n")
        measure(options, python, out)
    tables(path, options.spread)


if __name__ == "__main__":
    main()
