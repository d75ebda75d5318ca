"""What the benchmark scripts share: how commands are run, the machine and the versions of a report, how it is written."""
import datetime
import json
import math
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, ".build/release/lockstep")
INSTRUCTIONS = [("AVX2", "avx2"), ("FMA", "fma"), ("AVX-512", "avx512f"), ("NEON", "asimd"), ("SVE", "sve")]


# A terminal of another character set must not end a measurement at the line that it cannot show.
for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(errors="backslashreplace")


class Failure(Exception):
    """Something that ends the comparison, as a sentence."""


def positive(text):
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


positive.__name__ = "whole number from 1 on"


def positive_number(text):
    """A finite number greater than zero."""
    value = float(text)
    if not 0 < value < math.inf:
        raise ValueError
    return value


positive_number.__name__ = "number greater than zero"


def require_writable(path):
    """Before anything is measured: figures that take long must not be lost."""
    directory = os.path.dirname(os.path.abspath(path))
    try:
        os.makedirs(directory, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise Failure(f"{directory} cannot be written to: {error.strerror}. Choose another --output.") from None


def write(report, text, path):
    """Writes all figures (.json) and their table (.md), and shows the table."""
    with open(path + ".json", "w") as file:
        json.dump(report, file, indent=1)
        file.write("\n")
    with open(path + ".md", "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    print("\n" + text)


def output_of(command, environment=None, shows_output=False):
    """What a command printed; a sentence if it fails. With `shows_output`, shown if it fails, where builds complain."""
    try:
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=1800)
    except FileNotFoundError:
        raise Failure(f"{command[0]} was not found. Run scripts/install-dependencies first.") from None
    except subprocess.TimeoutExpired:
        raise Failure(f"'{shlex.join(command)}' did not end within half an hour.") from None
    if result.returncode != 0:
        if shows_output:
            print(result.stdout, file=sys.stderr)
        raise Failure(f"'{shlex.join(command)}' failed with exit code {result.returncode}; its messages are above.")
    return result.stdout


def build():
    """Brings the product up to date with the sources, so that the commit in the report is what was measured."""
    if subprocess.run([os.path.join(ROOT, "scripts/install-dependencies")]).returncode != 0:
        raise Failure("what Lockstep needs is not all here; the messages above say what to do.")
    print("Building lockstep (some minutes the first time).", flush=True)
    output_of(["swift", "build", "--package-path", ROOT, "-c", "release", "--product", "lockstep"], shows_output=True)


def environment():
    """That of commands that start mpirun, which refuses root unless told twice."""
    root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"} if os.geteuid() == 0 else {}
    return dict(os.environ, **root)


def begin(pytorch=None):
    """A report of what is to be measured and where; builds Lockstep and warns of a busy machine."""
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"Warning: the machine is busy (load {load:.1f}); figures for others to read need an idle one.",
              flush=True)
    build()
    return {"command": shlex.join(["scripts/benchmarks/" + os.path.basename(sys.argv[0]), *sys.argv[1:]]),
            "date": datetime.date.today().isoformat(), "machine": machine(), "load": load,
            "versions": versions(pytorch)}


def measured(report):
    """Where the figures of a report come from, as the beginning of a sentence."""
    m, v = report["machine"], report["versions"]
    instructions = f"{m['cores']} cores" + (f", {m['instructions']}" if m["instructions"] else "")
    peer = f"PyTorch {v['pytorch']}, " if "pytorch" in v else ""
    return (f"`{report['command']}`, {report['date']}: {m['processor']}, {instructions}, load {report['load']:.1f} "
            f"before; Lockstep {v['lockstep']}, {peer}{v['mpi']}, {v['swift']}")


def throughput(launcher, options):
    """One run of 'lockstep benchmark throughput', its JSON line."""
    command = [*launcher, PROGRAM, "benchmark", "throughput", *options, "--json"]
    return json.loads(output_of(command, environment()).strip().splitlines()[-1])


def two_cores():
    """The cores of two ranks that are measured apart from each other."""
    return sorted(os.sched_getaffinity(0))[:2]


def unconnected(options):
    """Two ranks at once that know nothing of each other: what the machine itself leaves of twice one rank."""
    command = [PROGRAM, "benchmark", "throughput", *options, "--json"]
    started = [subprocess.Popen(["taskset", "-c", str(core), *command], stdout=subprocess.PIPE, text=True)
               for core in two_cores()]
    outputs = [process.communicate()[0] for process in started]
    if any(process.returncode != 0 for process in started):
        raise Failure(f"'{shlex.join(command)}' failed; its messages are above.")
    return {"images_per_second": sum(json.loads(output)["images_per_second"] for output in outputs)}


def bound(ranks, threads=1):
    """mpirun with every thread bound to a core of its own."""
    return ["mpirun", "-np", str(ranks), "--map-by", "core" if threads == 1 else f"slot:PE={threads}", "--bind-to",
            "core"]


def commit():
    """The commit of the sources, marked if they differ from it; `unknown` outside a git checkout."""
    def git(*arguments):
        try:
            result = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
        except OSError:
            return ""
        return result.stdout.strip() if result.returncode == 0 else ""
    head = git("rev-parse", "--short", "HEAD")
    # The figures are what is being written: they do not change what is measured.
    changes = git("status", "--porcelain", "--", ".", ":!scripts/benchmarks/figures")
    return (head or "unknown") + ("-dirty" if changes else "")


def first_line(*command):
    return (subprocess.run(command, capture_output=True, text=True).stdout.splitlines() or ["unknown"])[0]


def versions(pytorch=None):
    peer = {"pytorch": pytorch} if pytorch else {}
    return {"lockstep": commit(), "swift": first_line("swift", "--version"), "mpi": first_line("mpirun", "--version"),
            **peer}


def machine():
    with open("/proc/cpuinfo") as file:
        lines = file.read().splitlines()
    def field(*names):
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(names)), "")
    flags = field("flags", "Features").split()
    seen = [name for name, flag in INSTRUCTIONS if flag in flags]
    return {"processor": field("model name") or platform.machine(), "cores": len(os.sched_getaffinity(0)),
            "instructions": ", ".join(seen), "system": platform.platform()}


def cell(values):
    return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"
