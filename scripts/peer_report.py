"""What the benchmark scripts share: the machine and the versions of a report, its tables, and how it is written."""
import json
import os
import platform
import statistics
import subprocess
import tempfile

INSTRUCTIONS = [("AVX2", "avx2"), ("FMA", "fma"), ("AVX-512", "avx512f"), ("NEON", "asimd"), ("SVE", "sve")]


class Failure(Exception):
    """Something that ends the comparison, as a sentence."""


def positive(text):
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


positive.__name__ = "whole number from 1 on"


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
    with open(path + ".md", "w") as file:
        file.write(text)
    print("\n" + text)


def commit(root):
    """The commit of the sources, marked if they differ from it; `unknown` outside a git checkout."""
    def git(*arguments):
        try:
            result = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True)
        except OSError:
            return ""
        return result.stdout.strip() if result.returncode == 0 else ""
    head = git("rev-parse", "--short", "HEAD")
    # The figures are what is being written: they do not change what is measured.
    return (head or "unknown") + ("-dirty" if git("status", "--porcelain", "--", ".", ":!scripts/figures") else "")


def first_line(*command):
    return (subprocess.run(command, capture_output=True, text=True).stdout.splitlines() or ["unknown"])[0]


def versions(root, pytorch):
    return {"lockstep": commit(root), "swift": first_line("swift", "--version"),
            "mpi": first_line("mpirun", "--version"), "pytorch": pytorch}


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


def ratio_cells(above, below, factor=1.0):
    """The ratio of medians, and the ratios of the single rounds."""
    single = ", ".join(f"{factor * a / b:.2f}" for a, b in zip(above, below))
    return f"{factor * statistics.median(above) / statistics.median(below):.2f} | {single}"


def peer_table(report):
    rates = report["images_per_second"]
    lines = ["| ranks | Lockstep, images/s (range) | PyTorch DDP, images/s (range) | ratio of medians | by round |",
             "|---|---|---|---|---|"]
    for ranks in report["ranks"]:
        ours, theirs = rates[f"lockstep {ranks}"], rates[f"pytorch {ranks}"]
        lines.append(f"| {ranks} | {cell(ours)} | {cell(theirs)} | {ratio_cells(ours, theirs)} |")
    return lines


def scaling_table(report):
    rates, batch = report["images_per_second"], report["global_batch"]
    two = rates["lockstep 2"]
    rows = [(f"weak: 2 ranks × {batch // 2} images against twice 1 rank × {batch // 2}", two,
             rates["lockstep 1, half the batch"], 0.5),
            (f"strong: 2 ranks against twice 1 rank, global batch {batch}", two, rates["lockstep 1"], 0.5),
            (f"communication: 2 ranks × {batch // 2} images against two unconnected ranks × {batch // 2} at once", two,
             rates["lockstep 1 + 1, apart"], 1.0),
            ("threads: 1 rank × 2 threads against 2 ranks × 1 thread", rates["lockstep 1 of 2 threads"], two, 1.0)]
    lines = ["", "| Lockstep against itself | images/s (range) | against (range) | ratio of medians | by round |",
             "|---|---|---|---|---|"]
    for name, above, below, factor in rows:
        lines.append(f"| {name} | {cell(above)} | {cell(below)} | {ratio_cells(above, below, factor)} |")
    account = report["two_rank_step"]
    total = sum(account.values())
    lines += ["", "A two-rank step, mean of the ranks, median over rounds: "
              + ", ".join(f"{name.removesuffix('_seconds').replace('_', ' ')} {seconds * 1e3:.1f} ms "
                          f"({100 * seconds / total:.1f} %)" for name, seconds in account.items()) + "."]
    return lines


def table(report):
    m, v = report["machine"], report["versions"]
    batch = (f"{report['batch_per_rank']} images a rank" if report["batch_per_rank"]
             else f"global batch {report['global_batch']}")
    instructions = f"{m['cores']} cores" + (f", {m['instructions']}" if m["instructions"] else "")
    lines = [f"`{report['command']}`, {report['date']}: {m['processor']}, {instructions}, "
             f"load {report['load']:.1f} before; Lockstep {v['lockstep']}, PyTorch {v['pytorch']}, {v['mpi']}, "
             f"{v['swift']}; {batch}, {report['rounds']} rounds of {report['steps']} steps after 2 others.", ""]
    return "\n".join(lines + peer_table(report) + (scaling_table(report) if report["scaling"] else [])) + "\n"
