"""ThreadSanitizer and valgrind, over what people do. Only in tools/prove,
which makes the builds."""
import concurrent.futures
import os
import pathlib
import random
import re
import signal
import subprocess
import time

import pytest

from conftest import BINARY, MEETING, Site, wait_for
from proofs import Crowd, say
from test_desk import CSV, LIST, sign_in
from test_main_job import cancel
from test_prove_commotion import cause
from test_prove_memory import (Courier, MemorySite, library, spread,  # noqa: F401
                               tried_all)

THREADS = pathlib.Path(os.environ.get("CONVENED_THREADS_BUILD", ""))
VALGRIND = ["valgrind", "--leak-check=full",
            "--errors-for-leak-kinds=definite", "--num-callers=30",
            "--error-exitcode=99"]
READ = ("/de/", MEETING, MEETING.replace("/de/", "/en/"), "/de/sachsen",
        "/calendars/all.ics", "/calendars/sachsen.ics", "/de/nirgends")

pytestmark = pytest.mark.proof


@pytest.fixture(autouse=True)
def only_long(scale):
    if not scale(False, True):
        pytest.skip("only in tools/prove")


def cancel_somebody(site, rnd):
    """By the link of a letter that lies there."""
    letters = list((site.folder / "mail").glob("*-letter.eml"))
    if not letters:
        return
    text = rnd.choice(letters).read_text("utf-8", "replace")
    link = re.search(r"/de/r/[\w.-]+", text.replace("=\n", ""))
    page = site.client().get(link[0]) if link else None
    for form in page.forms() if page else ():
        if form.action.endswith(("/cancel", "/undo")):
            site.client().post(form.action, form.fields)


def busy_person(site, crowd, number, end):
    """Does this and that until then; how much."""
    rnd, done = random.Random(number), 0
    desk = sign_in(site)[0] if number % 8 == 0 else None
    while time.monotonic() < end:
        what = rnd.random()
        if what < 0.4:
            crowd.register()
        elif what < 0.8:
            assert site.client().get(rnd.choice(READ)).status < 500
        elif what < 0.9:
            cancel_somebody(site, rnd)
        elif desk:
            desk.get(rnd.choice((CSV, LIST)))
        elif number == 1:
            site.run("attendees", "list", "sachsen/arbeit-2030")
        elif number == 2:
            site.process.send_signal(signal.SIGHUP)  # a new crew
            time.sleep(1)
        done += 1
    return done


@pytest.fixture
def threaded(tmp_path, monkeypatch):
    """Three workers, and ThreadSanitizer that looks on."""
    assert (THREADS / "convened").exists(), "CONVENED_THREADS_BUILD"
    monkeypatch.setenv("TSAN_OPTIONS", "exitcode=66 halt_on_error=0")
    site = Site(tmp_path / "demo")
    site.binary = THREADS / "convened"
    site.start()
    site.stop()
    with open(site.folder / "convened.conf", "a") as conf:
        conf.write("\n[threads]\nworkers = 3\n")
    return site.start()


def test_threads_do_not_race_in_a_commotion(threaded):
    try:
        cause(threaded, 30)
    finally:
        threaded.stop()
    assert "ThreadSanitizer" not in threaded.log_text()


def test_threads_do_not_race(threaded):
    site = threaded
    try:
        site.set_seats(onsite=400, online=100000)
        crowd = Crowd(site, threads=0)
        end = time.monotonic() + 30
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            done = sum(pool.map(lambda n: busy_person(site, crowd, n, end),
                                range(64)))
    finally:
        site.stop()
    assert "ThreadSanitizer" not in site.log_text()
    say(f"ThreadSanitizer: {done} deeds of 64 people in 30 s, three workers, "
        f"{len(crowd.acked)} registered: 0 reports")


class Watched:
    """A process of ours below valgrind, and what that says in the end."""

    def __init__(self, site, path, *words):
        self.path = path
        self.log = open(path, "ab")
        self.process = subprocess.Popen(
            [*VALGRIND, str(BINARY), *words, "--config",
             str(site.folder / "convened.conf")], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.process.kill()  # if it did not end
        self.process.wait()
        self.log.close()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(120) == 0, self.path.read_text()[-5000:]
        assert "ERROR SUMMARY: 0 errors" in self.path.read_text()


def main_job(site):
    for n in range(5):
        assert site.register(f"p{n}@example.org").status == 303
    wait_for(lambda: len(site.letters()) == 10, 120, "ten letters")
    for n in range(2):
        cancel(site, f"p{n}@example.org")
    for path in READ:
        site.client().get(path)
    desk, _ = sign_in(site)
    assert desk.get(LIST).status == 200
    assert desk.get(CSV).status == 200
    site.run("attendees", "list", "sachsen/arbeit-2030", "--json")
    wait_for(lambda: len(site.letters()) >= 14, 120, "four more letters")


def test_valgrind_finds_nothing_in_what_people_do(tmp_path):
    site = Site(tmp_path / "demo").start()
    site.stop()
    with Watched(site, tmp_path / "server.log", "serve",
                 "--no-courier") as server:
        site.process, site.log = server.process, server.log
        wait_for(site.answers, 60, "the server to answer")
        with Watched(site, tmp_path / "courier.log", "courier") as courier:
            main_job(site)
            courier.end()
        server.end()
    say("valgrind: registering, letters, cancelling, pages, desk, export, "
        "commands: 0 errors, 0 leaks in server and courier")


def test_nothing_wrong_is_touched_after_a_failed_malloc(
        tmp_path, library):  # noqa: F811
    site = MemorySite(tmp_path / "demo", library).start()
    site.set_seats(onsite=1000)
    crowd = Crowd(site, threads=0)
    site.orders.give(site.process.pid)
    crowd.register()
    wait_for(lambda: tried_all(site), 20)
    count, _ = site.orders.end()
    site.stop()
    log = tmp_path / "valgrind.log"
    wrap = [*VALGRIND, f"--log-file={log}.%p"]
    site.wrap = [*site.wrap, *wrap]
    with open(tmp_path / "courier.log", "wb") as out:
        courier = Courier(site, library, out)  # not below valgrind
        for k in spread(count, 40):
            if not site.process:
                site.start()
                crowd.register()
                wait_for(lambda: tried_all(site), 30)
            site.orders.give(site.process.pid, k)
            crowd.register()
            wait_for(lambda: tried_all(site), 30)
            site.orders.end()
            if site.process.poll() is not None:
                site.kill()
        if site.process:
            site.stop()
        courier.process.terminate()
        courier.code()
    wrong = re.findall(r"Invalid (?:read|write|free)|uninitialised",
                       "".join(p.read_text()
                               for p in tmp_path.glob("valgrind.log*")))
    assert not wrong, wrong
    say("valgrind, while each 1/40 of a registration's allocations fails: "
        "nothing wrong is touched")
