"""RELIABILITY A7, A8, G14: disks that are full, broken or read-only, want of
descriptors, somebody else's lock. What can be served is served, what cannot
be written is refused honestly, and afterwards nobody has to lift a hand."""
import concurrent.futures
import contextlib
import errno
import http.client
import os
import random
import re
import resource
import socket
import sqlite3
import subprocess
import time

import pytest

from conftest import BINARY, MEETING, Client, Site, wait_for
from proofs import (ANNUAL, Books, Crowd, Strace, all_letters_sent, cpu_seconds, say)
from test_desk import CSV, sign_in

pytestmark = pytest.mark.proof

PAGES = ("/de/", "/en/", MEETING, MEETING.replace("/de/", "/en/"),
         "/de/sachsen", "/en/sachsen", "/calendars/all.ics",
         "/calendars/sachsen.ics", "/-/healthz")


@pytest.fixture
def own_site(tmp_path):
    """One that may end in its test."""
    site = Site(tmp_path / "demo").start()
    yield site
    if site.process:
        site.stop()


@pytest.fixture
def small_disk(tmp_path):
    """4 MB of memory as a file system; for root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "proof",
                           str(disk)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no right to mount here: {done.stderr}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@contextlib.contextmanager
def failing(site, folder, *injections):
    options = [w for i in injections for w in ("-e", f"inject={i}")]
    calls = ",".join(i.partition(":")[0] for i in injections)
    with Strace(folder, [site.process.pid], "-e", f"trace={calls}",
                *options):
        yield


@contextlib.contextmanager
def filled(disk):
    stuff = disk / "stuff"
    with open(stuff, "wb", buffering=0) as file:
        for size in (65536, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC
    try:
        yield
    finally:
        stuff.unlink()


def nothing_can_be_written(site, crowd, desk, nothing):
    """What people see as long as the database takes nothing; or hardly
    anything, because its log begins anew in the room that it has."""
    for _ in range(500):  # the log may have room to the last
        answer = crowd.register()
        if answer.status != 303:
            break
    assert answer.status == 503, answer.text
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert crowd.tried[-1] in answer.text  # nothing typed is lost
    form = answer.form("/register")
    assert form.fields[crowd.family]
    for path in PAGES:
        assert site.client().get(path).status == 200, path
    seen = {crowd.register().status for _ in range(20)}
    seen.add(sign_in(site)[1].status)
    assert seen == {503} if nothing else seen <= {303, 503}, seen
    refused = desk.get(CSV)
    assert refused.status == 503 or not nothing and refused.status == 200
    done = site.run("meeting", "edit", ANNUAL, "--onsite", "777",
                    check=False)
    assert (done.returncode and done.stderr.strip()) or not nothing


def costs_little(site, seconds):
    """Trouble that nobody touches costs hardly any CPU or log. In words."""
    began, log = time.monotonic(), site.log_path.stat().st_size
    cpu = cpu_seconds(site.process.pid)
    time.sleep(seconds)
    took = time.monotonic() - began
    cpu = (cpu_seconds(site.process.pid) - cpu) / took
    log = (site.log_path.stat().st_size - log) / took
    assert cpu < 0.05 and log < 1024, (cpu, log)
    return f"{100 * cpu:.1f} % CPU and {log:.0f} B/s of log"


def soon_again(crowd, began):
    """Seconds until somebody is registered again; at most two."""
    while crowd.register().status != 303:
        assert time.monotonic() - began < 2
        time.sleep(0.02)
    return time.monotonic() - began


def survives(site, trouble, name, seconds, nothing=True):
    process = site.process.pid
    site.set_seats(onsite=10000)
    crowd = Crowd(site, threads=0)
    desk, answer = sign_in(site)
    assert answer.status == 303
    for _ in range(20):  # whose letters are on their way meanwhile
        assert crowd.register().status == 303
    with trouble:
        nothing_can_be_written(site, crowd, desk, nothing)
        cost = costs_little(site, seconds)
    took = soon_again(crowd, time.monotonic())
    assert site.client().get("/-/healthz").status == 200
    assert site.process.pid == process and site.process.poll() is None
    site.run("mail", "retry")
    all_letters_sent(site)
    with Books(site) as books:
        books.check(crowd.acked, crowd.tried, thorough=True)
        assert books.number("SELECT count(*) FROM registration") == \
            len(crowd.acked)
    say(f"{name}: {len(crowd.acked)} acknowledged, "
        f"{len(crowd.refused)} refused with 503, 0 lost; meanwhile "
        f"{cost}; registering again after {took:.2f} s")


def test_a_full_file_system(small_disk, tmp_path, scale):
    site = Site(small_disk / "demo")
    site.log_path = tmp_path / "demo.log"
    site.start()
    try:
        survives(site, filled(small_disk), "full file system",
                 scale(2, 20), nothing=False)
    finally:
        site.stop()


def serve(site):
    """As a process manager would start it; without the demo around it."""
    return subprocess.Popen(
        [str(BINARY), "serve", "--no-courier", "--config",
         str(site.folder / "convened.conf")], stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)


def test_a_start_on_a_full_file_system(small_disk, tmp_path):
    """After a clean stop there is no room for SQLite's index, and the words
    say so; after a crash everything is there, and pages are served."""
    site = Site(small_disk / "demo")
    site.log_path = tmp_path / "demo.log"
    site.start()
    assert site.register("vorher@example.org").status == 303
    all_letters_sent(site)
    site.stop()
    with filled(small_disk):
        site.process = serve(site)
        assert site.process.wait(20) == 69
        assert "No space left" in site.process.stderr.read()
    site.start()
    site.kill()
    with filled(small_disk):
        site.process = serve(site)
        wait_for(site.answers, 20, "the server to answer")
        assert site.client().get(MEETING).status == 200
        assert site.register("zuviel@example.org").status in (303, 503)
    began = time.monotonic()
    while site.register("nachher@example.org").status != 303:
        assert time.monotonic() - began < 2
    site.process.terminate()
    assert site.process.wait(20) == 0
    site.process = None


def test_a_disk_that_takes_nothing(tmp_path, scale):
    for error in scale(("EIO",), ("EIO", "ENOSPC", "EROFS")):
        site = Site(tmp_path / error).start()
        try:
            survives(site, failing(site, tmp_path, f"pwrite64:error={error}",
                                   f"ftruncate:error={error}"),
                     f"{error} at every pwrite64", scale(1, 20))
        finally:
            site.stop()


def test_a_disk_that_fails_now_and_then(own_site, tmp_path, scale):
    """One write in so many, whoever's it is: of all the people in one
    transaction each is told the truth."""
    site = own_site
    site.set_seats(onsite=100000, online=100000)
    crowd = Crowd(site, rate=300)
    every = scale((80,), (7, 40, 80, 400))
    for nth in every:
        with failing(site, tmp_path, f"pwrite64:error=EIO:when={nth}+{nth}"):
            crowd.start()
            time.sleep(scale(1.5, 20))
            crowd.stop()
        site.run("mail", "retry")
        all_letters_sent(site, 120)
        with Books(site) as books:
            books.check(crowd.acked, crowd.tried, thorough=True)
            assert len(crowd.acked) == len(books.people())
    crowd.end()
    assert crowd.acked and set(crowd.refused.values()) == {503}
    assert len(crowd.acked) + len(crowd.refused) == len(crowd.tried)
    say(f"EIO at one pwrite64 in {every}, eight people at once: "
        f"{len(crowd.acked)} acknowledged and in, {len(crowd.refused)} "
        f"refused with 503 and out, nobody without an answer")


@pytest.mark.parametrize("crowded", [False, True])
def test_nothing_is_promised_after_a_refused_fsync(own_site, tmp_path, scale,
                                                   crowded):
    """The process ends, and what the next one finds is true."""
    site, slowest, told = own_site, 0, 0
    site.set_seats(onsite=10000, online=1000)
    rnd = random.Random(8)
    crowd = Crowd(site, rate=200, threads=8 if crowded else 0)
    for n in scale((1, 12), range(1, 41)):
        all_letters_sent(site)
        time.sleep(0.3)  # until the log has been moved
        with Strace(tmp_path, [site.process.pid], "-s", "24",
                    "-e", "trace=fdatasync,writev,exit_group", "-e",
                    f"inject=fdatasync:error=EIO:when={n}+") as strace:
            if crowded:
                crowd.start()
            else:
                while crowd.register():
                    pass
            assert site.process.wait(20) == 70
            crowd.stop()
            failed = strace.lines(r"fdatasync.*EIO")[0][0]
            ended = strace.lines("exit_group")[0][0]
        slowest = max(slowest, ended - failed)
        if not crowded:  # else one of the batch before may be on its way
            assert not [t for t, _ in strace.lines("HTTP/1.1 303")
                        if t > failed]
        site.kill()
        site.start()
        told = len(crowd.acked)
        with Books(site) as books:
            books.check(crowd.acked, crowd.tried)
        time.sleep(rnd.uniform(0, 0.05))
    crowd.end()
    assert "fsync" in site.log_text()
    assert slowest < 1
    say(f"EIO from up to the {n}th fdatasync on"
        f"{', under load' if crowded else ''}: {told} acknowledged, 0 lost, "
        f"0 promised after it; ended within {1000 * slowest:.0f} ms")


def test_without_descriptors_it_serves_on_and_rests(own_site, scale):
    site, seconds = own_site, scale(2, 10)  # less than a kept one may rest
    site.set_seats(onsite=1000)
    pid = site.process.pid
    desk, _ = sign_in(site)
    good = KeptClient(site.port)
    assert good.get(MEETING) == 200
    have = len(os.listdir(f"/proc/{pid}/fd"))
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (have + 20, before[1]))
    crowd = []
    try:
        for _ in range(300):
            crowd.append(socket.create_connection(("127.0.0.1", site.port)))
        wait_for(lambda: len(os.listdir(f"/proc/{pid}/fd")) >= have + 20, 10)
        cost = costs_little(site, seconds)
        assert good.get(MEETING) == 200
        assert good.get("/calendars/all.ics") == 200
    finally:
        for one in crowd:
            one.close()
    began = time.monotonic()
    assert site.register("danach@example.org").status == 303
    took = time.monotonic() - began
    assert took < 2
    assert desk.get(CSV).status == 200
    good.close()
    say(f"300 connections, 20 descriptors: {cost}; a kept connection is "
        f"served, a new one {took:.2f} s after the crowd left")


def test_a_crowd_at_the_limit_leaves_room_for_our_own(tmp_path, scale):
    site = Site(tmp_path / "demo", wrap=["prlimit", "--nofile=128"]).start()
    crowd = []
    try:
        for _ in range(300):
            crowd.append(socket.create_connection(("127.0.0.1", site.port)))
        cost = costs_little(site, scale(2, 20))
        assert "meeting" in site.run("meeting", "list").stdout.lower()
        for one in crowd:
            one.close()
        assert site.register("danach@example.org").status == 303
        site.letters_to("danach@example.org", 2)
        say(f"300 connections where 128 files may be open: {cost}; admin "
            f"commands run, letters go out")
    finally:
        site.stop()


class KeptClient:
    """One connection for several requests."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port,
                                                     timeout=30)

    def get(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status

    def close(self):
        self.connection.close()


def test_a_folder_that_cannot_be_written_is_named_at_start(own_site):
    site = own_site
    site.register("vorher@example.org")
    all_letters_sent(site)
    site.stop()
    mounted = subprocess.run(["mount", "--bind", "-o", "ro",
                              str(site.folder), str(site.folder)],
                             capture_output=True).returncode == 0
    if not mounted:
        site.folder.chmod(0o500)
    try:
        refused = serve(site)
        words = refused.communicate(timeout=20)[1]
    finally:
        if mounted:
            subprocess.run(["umount", str(site.folder)], check=True)
        site.folder.chmod(0o700)
    assert refused.returncode in (69, 73), (refused.returncode, words)
    assert str(site.folder) in words
    assert re.search("Read-only|Permission denied", words)
    site.start()
    with Books(site) as books:
        books.check(["vorher@example.org"], ["vorher@example.org"], True)


def test_somebody_elses_lock_is_waited_for_or_told(own_site, scale):
    site, seconds = own_site, scale(2, 10)
    site.set_seats(onsite=1000)
    crowd = Crowd(site, threads=0)
    desk, _ = sign_in(site)
    foreign = sqlite3.connect(site.folder / "convened.db")
    foreign.isolation_level = None
    foreign.execute("BEGIN IMMEDIATE")
    end = time.monotonic() + 0.5  # short enough to be waited for
    pool = concurrent.futures.ThreadPoolExecutor(1)
    waiting = pool.submit(crowd.register)
    time.sleep(max(0, end - time.monotonic()))
    foreign.execute("COMMIT")
    assert waiting.result().status == 303
    foreign.execute("BEGIN IMMEDIATE")
    end, slowest = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        answer = pool.submit(crowd.register)
        while not answer.done():
            began = time.monotonic()
            for path in PAGES:
                assert site.client().get(path).status == 200
            slowest = max(slowest, time.monotonic() - began)
        assert answer.result().status == 503
        assert answer.result().headers["retry-after"]
        assert crowd.tried[-1] in answer.result().text
    assert desk.get(CSV).status == 503
    foreign.execute("COMMIT")
    foreign.close()
    took = soon_again(crowd, time.monotonic())
    pool.shutdown()
    all_letters_sent(site)
    with Books(site) as books:
        books.check(crowd.acked, crowd.tried, thorough=True)
    say(f"a foreign lock for {seconds} s: {len(crowd.refused)} refused with "
        f"503, pages in {1000 * slowest / len(PAGES):.0f} ms or less; "
        f"registering again after {took:.2f} s")
