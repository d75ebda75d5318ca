"""What the scripts share that compare accuracies: one training run after another, and what its last epoch came to."""
import json
import os
import shlex
import statistics
import subprocess
import time

import benchmark_report
from benchmark_report import PROGRAM, Failure

DIVERGED = 8


def add_arguments(parser, epochs):
    """The options that all comparisons of accuracy have."""
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--epochs", type=benchmark_report.positive, default=epochs,
                        help=f"epochs of every run ({epochs})")
    parser.add_argument("--ranks", type=benchmark_report.positive, default=cores, help=f"ranks ({cores}, the cores)")
    parser.add_argument("--data", default="data/cifar-10-batches-bin", help="CIFAR-10 binary files")
    parser.add_argument("--limit-train", type=benchmark_report.positive, help="use the first N training images only")
    parser.add_argument("--limit-test", type=benchmark_report.positive, help="use the first N test images only")


def require_cores(parser, arguments):
    cores = len(os.sched_getaffinity(0))
    if arguments.ranks > cores:
        parser.error(f"{arguments.ranks} ranks need a core each, and this process may use {cores}.")


def command(arguments, options):
    """A whole run of 'lockstep train' without its output, one thread a rank, each bound to a core."""
    words = ["lockstep", "train", "--data", arguments.data, "--epochs", str(arguments.epochs), *options]
    for name in ["limit_train", "limit_test"]:
        if getattr(arguments, name):
            words += ["--" + name.replace("_", "-"), str(getattr(arguments, name))]
    return [*benchmark_report.bound(arguments.ranks), *words]


def train(words, output):
    """One run and its epochs. A run that diverges is a result; any other failure ends the comparison."""
    started = [PROGRAM if word == "lockstep" else word for word in words] + ["--keep", "1", "--output", output]
    begin = time.monotonic()
    try:
        code = subprocess.run(started, env=benchmark_report.environment()).returncode
    except FileNotFoundError:
        raise Failure(f"{started[0]} was not found. Run scripts/install-dependencies first.") from None
    result = {"command": shlex.join(words), "seconds": time.monotonic() - begin, "diverged": code == DIVERGED}
    if code not in (0, DIVERGED):
        raise Failure(f"'{shlex.join(started)}' ended with exit code {code}; its messages are above.")
    with open(os.path.join(output, "metrics.jsonl")) as file:
        records = [json.loads(line) for line in file]
    result["steps"] = sum(record["kind"] == "step" for record in records)
    result["epochs"] = [record for record in records if record["kind"] == "epoch"]
    return result


def last(results, name):
    """A figure of the last epoch of every run; None if a run diverged."""
    if any(result["diverged"] or not result["epochs"] for result in results):
        return None
    return [result["epochs"][-1][name] for result in results]


def cell(values, scale=1, digits=2, unit=""):
    """The mean of some runs with its range, or the one value."""
    if values is None:
        return "diverged"
    low, mean, high = (f"{scale * value:.{digits}f}" for value in (min(values), statistics.mean(values), max(values)))
    return f"{mean}{unit}" + (f" ({low}–{high})" if len(values) > 1 else "")
