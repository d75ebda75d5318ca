"""Sides of a comparison that stay in memory and run in turns, so that all meet the same state of the machine.

Each side is a 'lockstep benchmark throughput' that goes on until it is ended. Its processes are stopped and continued by
signals; Lockstep does not count the time of a stop as waiting of a rank. What a side is worth in a turn is read from the
lines that it has added to its metrics file meanwhile.
"""
import json
import os
import signal
import statistics
import subprocess
import tempfile
import time

from benchmark_report import PROGRAM, Failure, environment

ENDLESS = "1000000000"
START_SECONDS = 120
# The step that was under way when a side was stopped, and one more that finds its memory out of the caches.
UNCOUNTED_STEPS = 2


class Side:
    """One training that is measured: its processes and its metrics."""

    def __init__(self, name, launcher, ranks, options, directory):
        self.name = name
        self.place = os.path.join(directory, name.replace(" ", "-").replace(",", ""))
        self.messages = open(self.place + ".messages", "w+")
        # mpirun's processes may be in namespaces of their own, where they have other numbers; each shows up in /proc
        # here, with its environment.
        self.mark = f"LOCKSTEP_SIDE={self.place}"
        command = [*launcher, "env", self.mark, PROGRAM, "benchmark", "throughput", *options, "--steps", ENDLESS,
                   "--metrics", self.metrics]
        self.launcher = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL,
                                         stdout=self.messages, stderr=self.messages)
        self.processes = []
        try:
            self.await_steps(UNCOUNTED_STEPS)
            self.processes = self.find()
            if len(self.processes) != ranks:
                raise Failure(f"'{name}' has {len(self.processes)} processes in place of {ranks}.")
        except BaseException:
            self.processes = self.find()
            self.end()
            raise
        self.signal(signal.SIGSTOP)

    @property
    def metrics(self):
        return self.place + ".jsonl"

    def steps(self):
        """What was recorded of all whole steps so far."""
        try:
            with open(self.metrics) as file:
                return [json.loads(line) for line in file.read().rpartition("\n")[0].splitlines()]
        except FileNotFoundError:
            return []

    def await_steps(self, count):
        latest = time.monotonic() + START_SECONDS
        while len(self.steps()) < count:
            if self.launcher.poll() is not None or time.monotonic() > latest:
                self.messages.seek(0)
                raise Failure(f"'{self.name}' did not start; it said: {self.messages.read().strip() or 'nothing'}")
            time.sleep(0.05)

    def find(self):
        """The numbers of the side's own processes, without those that only launch them."""
        found = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/environ", "rb") as file:
                    if self.mark.encode() in file.read().split(b"\0"):
                        found.append(int(number))
            except OSError:
                pass
        return found

    def signal(self, number):
        for process in self.processes:
            os.kill(process, number)

    def go(self):
        self.known = len(self.steps())
        self.signal(signal.SIGCONT)

    def counted(self):
        """The steps that count since it was told to go."""
        counted = self.steps()[self.known + UNCOUNTED_STEPS:]
        if not counted:
            raise Failure(f"'{self.name}' took no more than {UNCOUNTED_STEPS} steps in a turn; take longer turns.")
        return counted

    def end(self):
        for process in self.processes:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            self.launcher.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.launcher.kill()
        self.messages.close()


def take_turn(group, seconds):
    """Lets the trainings of a group run at once for so long, and says how they fared."""
    for side in group:
        side.go()
    time.sleep(seconds)
    for side in group:
        side.signal(signal.SIGSTOP)
    steps = [side.counted() for side in group]
    def medians(key):
        return [statistics.median(step[key] for step in of_side) for of_side in steps]
    rates = medians("images_per_second")
    return {"images_per_second": sum(rates), "by_training": rates,
            "exposed_communication_seconds": max(medians("exposed_communication_seconds"))}


def compare(groups, turns, seconds):
    """Measures groups of trainings in turns, in reversed order every other turn; all of a group run at once.

    `groups` maps a name to a list of (launcher, ranks, options). Returns for each name a dictionary for each turn: the
    images per second of the group and of each training, and the exposed communication of a step.
    """
    started, results = {name: [] for name in groups}, {name: [] for name in groups}
    with tempfile.TemporaryDirectory() as directory:
        try:
            for name, trainings in groups.items():
                for index, (launcher, ranks, options) in enumerate(trainings):
                    started[name].append(Side(f"{name}, {index}", launcher, ranks, options, directory))
            for turn in range(turns):
                for name in list(groups)[:: -1 if turn % 2 else 1]:
                    results[name].append(take_turn(started[name], seconds))
        finally:
            for side in [side for group in started.values() for side in group]:
                side.end()
    return results
