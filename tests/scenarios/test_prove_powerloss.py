"""RELIABILITY A1, G11: whatever part of the unsynced writes a power cut
leaves on the disk, whoever was told that they are registered is."""
import concurrent.futures
import itertools
import random
import re
import shutil
import subprocess
import sys
import time

import pytest

from conftest import BINARY, TOOLS, Client, Site
from proofs import ANNUAL, HALVES, all_letters_sent, children, say

sys.path.insert(0, str(TOOLS))
import powerloss  # noqa: E402

pytestmark = pytest.mark.proof

CALLS = ("openat,pwrite64,ftruncate,fdatasync,fsync,unlink,rename,write,"
         "writev,sendto,sendmsg")
ACK = r"Location: ([^\r]+)\r"
IS_IN = ("SELECT 1 FROM registration r JOIN person p ON p.id = r.person_id"
         " WHERE r.state = 2 AND p.address = ?")


class TracedSite(Site):
    """Stops by its own process, not by strace's, which hands on its code."""

    def stop(self):
        for pid in children(self.process.pid):
            subprocess.run(["kill", "-TERM", str(pid)], check=True)
        assert self.process.wait(timeout=60) == 0, self.log_text()[-2000:]
        self.process = None
        self.log.close()


def register(site, names, people):
    """They come four at a time, with a breath now and then in which the
    server moves its log."""
    action, values = site.filled_form("x@example.org")
    email = next(k for k, v in values.items() if v == "x@example.org")

    def one(number):
        address = f"p{number}@example.org"
        answer = Client(site.port).post(action, {**values, email: address})
        assert answer.status == 303
        names[answer.location] = address
        if number % 40 == 0:
            time.sleep(0.3)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(one, people))


# LeakSanitizer, in that build, cannot work while strace does.
NO_LEAK_CHECK = ["env", "ASAN_OPTIONS=detect_leaks=0:exitcode=99"]


def run_traced(tmp_path, people):
    """A run, a clean stop, and another run, seen by strace. The logs, the
    files before it, and who was told what."""
    site = Site(tmp_path / "demo").start()
    site.set_seats(onsite=1000000)
    site.stop()
    shutil.copytree(site.folder, tmp_path / "before")
    names, logs = {}, [tmp_path / "first.strace", tmp_path / "second.strace"]
    half = people // 2
    for log, some in zip(logs, (range(half), range(half, people))):
        traced = TracedSite(site.folder, wrap=[
            "strace", "-f", "-y", "-qq", "-xx", "-s", "1048576", "-o",
            str(log), "-e", f"trace={CALLS}", *NO_LEAK_CHECK])
        traced.port = site.port
        traced.start()
        register(traced, names, some)
        all_letters_sent(traced, 300)
        traced.stop()
    return logs, names


def open_with_the_product(tmp_path, events, states):
    """`convened` itself starts on some of the states, and lists whoever was
    acknowledged."""
    start = {p.name: p.read_bytes()
             for p in (tmp_path / "before").glob("convened.db*")}
    folder = tmp_path / "state"
    every = powerloss.crash_states(events, start, states // 3 + 1,
                                   random.Random(7))
    for n, mode, files, acked in itertools.islice(every, states):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "before", folder,
                        ignore=lambda _, found: [
                            f for f in found if f.startswith("convened.db")])
        powerloss.put(files, folder)
        done = subprocess.run(
            [str(BINARY), "--config", str(folder / "convened.conf"),
             "attendees", "list", ANNUAL, "--json"],
            capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (n, mode, done.stderr)
        there = set(re.findall(r"p\d+@example\.org", done.stdout))
        assert set(acked) <= there, (n, mode, set(acked) - there)


def test_no_power_cut_loses_what_was_acknowledged(tmp_path, scale):
    people, points = scale(60, 1000), scale(22, 400)
    logs, names = run_traced(tmp_path, people)
    (tmp_path / "names.tsv").write_text(
        "".join(f"{box}\t{who}\n" for box, who in names.items()))
    words = [str(TOOLS / "powerloss.py"), *map(str, logs), "--db",
             "convened.db", "--ack", ACK, "--names",
             str(tmp_path / "names.tsv"), "--sql", IS_IN, "--start",
             str(tmp_path / "before"), "--points", str(points)]
    for sql in HALVES.values():
        words += ["--whole", sql]
    done = subprocess.run([sys.executable, *words], capture_output=True,
                          text=True, timeout=3000)
    say(done.stdout.strip().replace("\n", "\n  "))
    assert done.returncode == 0, done.stdout + done.stderr
    last = re.search(r"^(\d+) crash points, 0 corrupt, 0 with",
                     done.stdout, re.M)
    assert last and int(last[1]) >= scale(60, 1000)
    assert f" {people} acknowledgements" in done.stdout
    events = powerloss.events_of(logs, "convened.db", ACK, names)
    # The stop in the middle sealed the database, and the start broke it.
    sealed = [e[0] for e in events if "convened.db.sealed" in e[1:]]
    assert "".join(sealed).endswith("rur"), sealed
    open_with_the_product(tmp_path, events, scale(3, 60))
