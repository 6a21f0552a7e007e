"""What the scripts of this folder share: threads, data, timing, one JSON line per figure."""
import gzip
import json
import os
import statistics
import time


def start(parser):
    """Reads the command line and holds this process to `--threads` processors.

    Comes before any numerical library is loaded: they read the number of threads once.
    """
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:options.threads])
    for name in ("OMP", "OPENBLAS", "MKL"):
        os.environ[name + "_NUM_THREADS"] = str(options.threads)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # each may hold OpenBLAS to older kernels
        os.environ.pop(name, None)
    if getattr(options, "haswell", False):
        os.environ["OPENBLAS_CORETYPE"] = "Haswell"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    return options


def images(name, folder):
    """Training images in 0...1 as rows of 784, labels, and a mark for the names of workloads.

    Where there are no files, images are made up, and the mark says so."""
    import numpy as np

    def idx(stem):
        for parent in (os.path.join(folder, name), folder) if folder else ():
            for path in (os.path.join(parent, stem), os.path.join(parent, stem + ".gz")):
                if os.path.exists(path):
                    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
                        content = file.read()
                    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3])
        return None

    x, y = idx("train-images-idx3-ubyte"), idx("train-labels-idx1-ubyte")
    if x is not None and y is not None:
        return x.reshape(-1, 784).astype("float32") / 255, y.astype("int32"), ""
    random = np.random.default_rng(1)
    return (random.random((60_000, 784), dtype="float32"),
            random.integers(0, 10, 60_000).astype("int32"), "-made-up")


def seconds_per_call(call, repeats=7):
    """`repeats` samples of at least 60 ms each, after a warm-up."""
    call()
    begin = time.perf_counter()
    call()
    calls = max(1, int(0.06 / max(time.perf_counter() - begin, 1e-7)))
    samples = []
    for _ in range(repeats):
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        samples.append((time.perf_counter() - begin) / calls)
    return samples


def report(peer, workload, threads, unit, values):
    """Prints the median of `values` and their spread."""
    print(json.dumps({
        "peer": peer, "workload": workload, "threads": threads, "unit": unit,
        "value": statistics.median(values), "n": len(values), "min": min(values),
        "max": max(values)}), flush=True)
