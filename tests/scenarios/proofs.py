"""What the proofs share: a crowd that registers, what must be true of the
database whatever happened meanwhile, and strace as the hand of fate."""
import http.client
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import threading
import time

import pytest

from conftest import Client, wait_for

ANNUAL = "sachsen/arbeit-2030"

# What must never be found, and how to count it.
HALVES = {
    "registrations without their person":
        "SELECT count(*) FROM registration WHERE person_id NOT IN"
        " (SELECT id FROM person)",
    "persons without a registration":
        "SELECT count(*) FROM person WHERE id NOT IN"
        " (SELECT person_id FROM registration)",
    "parties without a registration":
        "SELECT count(*) FROM party WHERE id NOT IN"
        " (SELECT party_id FROM registration)",
    "people registered without exactly one seat of their mode":
        "SELECT count(*) FROM registration r WHERE r.state = 2 AND 1 <>"
        " (SELECT count(*) FROM seat s JOIN pool p ON p.id = s.pool_id"
        "  WHERE s.registration_id = r.id AND p.meeting_id = r.meeting_id"
        "  AND p.mode = r.mode)",
    "seats of people who are not registered":
        "SELECT count(*) FROM seat s LEFT JOIN registration r"
        " ON r.id = s.registration_id WHERE r.id IS NULL OR r.state <> 2",
    "pools that count wrongly or are overfull":
        "SELECT count(*) FROM pool p WHERE taken > capacity OR taken <>"
        " (SELECT count(*) FROM seat s WHERE s.pool_id = p.id)",
    "registrations without exactly one confirmation":
        "SELECT count(*) FROM registration r WHERE 1 <> (SELECT count(*)"
        " FROM letter l WHERE l.registration_id = r.id AND l.kind = 0)",
    "wished invitations without exactly one letter":
        "SELECT count(*) FROM registration r WHERE r.wants_invite = 1"
        " AND (r.invite_id IS NULL OR 1 <> (SELECT count(*) FROM letter l"
        " WHERE l.registration_id = r.id AND l.kind = 1))",
    "letters about nobody":
        "SELECT count(*) FROM letter WHERE registration_id NOT IN"
        " (SELECT id FROM registration)",
    "registrations without exactly one line of audit":
        "SELECT count(*) FROM registration r WHERE 1 <> (SELECT count(*)"
        " FROM audit a WHERE a.registration_id = r.id"
        " AND a.deed = 'register')",
}


class Books:
    """The database of a site that runs, read past it."""

    def __init__(self, site):
        path = site.folder / "convened.db"
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True,
                                  timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.db.close()

    def number(self, sql, *values):
        return self.db.execute(sql, values).fetchone()[0]

    def people(self):
        """Addresses of all who are registered."""
        return {a for a, in self.db.execute(
            "SELECT p.address FROM registration r JOIN person p"
            " ON p.id = r.person_id WHERE r.state = 2")}

    def letters(self, where="1"):
        return {i for i, in self.db.execute(
            f"SELECT id FROM letter WHERE {where}")}

    def check(self, acked, tried, thorough=False):
        """Fails unless everybody who was told so is in, nobody is in who
        did not ask, and nothing is half there."""
        wrong = {name: n for name, sql in HALVES.items()
                 if (n := self.number(sql))}
        assert not wrong, wrong
        there = self.people()
        assert set(acked) <= there, f"lost: {set(acked) - there}"
        assert there <= set(tried), f"nobody asked: {there - set(tried)}"
        if thorough:
            assert self.number("PRAGMA integrity_check") == "ok"
            assert not self.db.execute(
                "PRAGMA foreign_key_check").fetchall()


class Crowd:
    """People with an address each who register, about `rate` a second, one
    in five online, while they are let."""

    def __init__(self, site, rate=100, threads=8, seed=1):
        self.site = site
        self.action, self.values = site.filled_form("x@example.org")
        self.address = next(k for k, v in self.values.items()
                            if v == "x@example.org")
        self.family = next(k for k, v in self.values.items()
                           if v == "Muster")
        self.pause = threads / rate
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.go = threading.Event()
        self.over = False
        self.busy = 0
        self.tried, self.acked, self.refused = [], {}, {}
        self.threads = [threading.Thread(target=self.come, daemon=True)
                        for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def next(self):
        with self.lock:
            self.busy += 1
            address = f"p{len(self.tried)}@example.org"
            self.tried.append(address)
            mode = "online" if self.random.random() < 0.2 else "onsite"
        return address, mode

    def come(self):
        while not self.over:
            self.go.wait()
            if self.over:
                return
            began = time.monotonic()
            self.register()
            time.sleep(max(0, began + self.pause - time.monotonic()))

    def register(self):
        """One more; what came of it, None if the connection broke."""
        address, mode = self.next()
        try:
            answer = self.send(address, mode)
        except (OSError, http.client.HTTPException):
            answer = None
        with self.lock:
            self.busy -= 1
            if answer and answer.status == 303:
                self.acked[address] = answer.location
            elif answer:
                self.refused[address] = answer.status
        return answer

    def send(self, address, mode):
        return Client(self.site.port).post(self.action, {
            **self.values, self.address: address, "mode": mode,
            self.family: address.partition("@")[0].capitalize()})

    def start(self):
        self.go.set()

    def stop(self):
        """Nobody comes any more, and all have their answer."""
        self.go.clear()
        wait_for(lambda: not self.busy, 40, "the last answer")

    def end(self):
        self.over = True
        self.go.set()
        for thread in self.threads:
            thread.join(40)


def children(pid):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == pid and words[0] != "Z":
            found.append(int(path.parent.name))
    return found


def courier_of(site):
    """Its process number, once it is there."""
    return wait_for(lambda: children(site.process.pid), 20,
                    "a courier")[0]


def alive(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def cpu_seconds(pid):
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(
        ")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def traced(pid):
    """Every thread of it."""
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        try:
            if "TracerPid:\t0\n" in status.read_text():
                return False
        except OSError:
            pass  # that thread has ended
    return True


class Strace:
    """strace on running processes, with what it shall do to them; its log
    is at .path, times in seconds since 1970."""

    def __init__(self, folder, pids, *options):
        self.path = pathlib.Path(folder) / "strace.log"
        words = ["strace", "-f", "-ttt", "-o", str(self.path), *options]
        for pid in pids:
            words += ["-p", str(pid)]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        os.set_blocking(self.process.stderr.fileno(), False)
        wait_for(lambda: self.holds(pids), 20, "strace to attach")

    def holds(self, pids):
        if self.process.poll() is not None:
            words = self.process.stderr.read() or b""
            if b"not permitted" in words and os.geteuid() != 0:
                pytest.skip("no right to trace another process here")
            pytest.fail(f"strace: {words.decode()}")
        return all(traced(pid) for pid in pids)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.stop()

    def lines(self, pattern):
        """(time, line) of all that match."""
        return [(float(line.split()[1]), line) for line in
                self.path.read_text(errors="replace").splitlines()
                if re.search(pattern, line)]


def all_letters_sent(site, seconds=60):
    """Waits until no letter is queued; the numbers of all letters."""
    with Books(site) as books:
        wait_for(lambda: not books.letters("state = 0"), seconds,
                 "every letter to be sent")
        return books.letters()


def spooled(site):
    """The numbers of the letters in the spool."""
    return {int(p.name.split("-")[1])
            for p in (site.folder / "mail").glob("*.eml")}


def say(text):
    """Figures for docs/reliability.md; pytest shows them with -s."""
    print(f"\n  {text}", flush=True)
