"""The server as its operators meet it: reload, handed-over sockets, the
service manager, health and numbers, the log, the end."""
import asyncio
import http.client
import json
import os
import pty
import signal
import subprocess
import sys
import time
import urllib.parse

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from prometheus_client.parser import text_string_to_metric_families

from conftest import ROOT, SANITIZED, Sink
from operation import (BINARY, Client, Crowd, Manager, Service, Visitor,
                       free_port, listening_socket, wait_for)

PATIENCE = 40 if SANITIZED else 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A demonstration that was made once; each test works on a copy."""
    site = Service(tmp_path_factory.mktemp("made") / "demo").prepare()
    return site


@pytest.fixture
def service(folder, tmp_path):
    """service(...): a server on a copy of that folder; ended afterwards."""
    made = []

    def make(**how):
        site = Service(tmp_path / f"demo{len(made)}", **how)
        subprocess.run(["cp", "-a", str(folder.folder), str(site.folder)],
                       check=True)
        text = site.config.read_text()
        text = text.replace(str(folder.folder), str(site.folder))
        text = text.replace(str(folder.port), str(site.port))
        site.config.write_text(text)
        made.append(site)
        return site

    yield make
    for site in made:
        if site.process:
            site.stop()


@pytest.fixture
def manager(tmp_path):
    manager = Manager(tmp_path)
    yield manager
    manager.close()


# ---- reload ---------------------------------------------------------------

def impressum(site):
    return site.client().get("/de/impressum").text


def test_a_reload_takes_over_settings_and_texts(service):
    site = service().start()
    path = site.folder / "texts" / "de" / "impressum.md"
    path.write_text("# Impressum\n\nGanz neu geschrieben.\n")
    site.configure("log", requests="no")
    site.configure("threads", workers="3")
    assert "Ganz neu geschrieben" not in impressum(site)
    # It may answer before it has its name.
    wait_for(lambda: len(site.threads("worker")) == 1, PATIENCE, "a worker")
    site.reload()
    assert "Ganz neu geschrieben" in impressum(site)
    wait_for(lambda: len(site.threads("worker")) == 3, PATIENCE,
             "the old worker to go")
    before = site.log_text().count("GET /:lang/")
    impressum(site)
    assert site.log_text().count("GET /:lang/") == before


def test_what_only_a_restart_can_change_is_named_and_kept(service):
    site = service().start()
    elsewhere = free_port()
    text = site.config.read_text()
    site.config.write_text(text.replace(f":{site.port}", f":{elsewhere}"))
    site.configure("threads", writer_queue="99")
    site.reload()
    log = site.log_text()
    assert "threads.writer-queue: stays 4096 until a restart" in log
    assert f"site.listen: stays 127.0.0.1:{site.port} until a restart" in log


def test_a_faulty_file_changes_nothing_and_every_fault_is_told(service):
    site = service().start()
    good = site.config.read_text()
    site.configure("mail", paralel="4", retry_min="never")
    site.configure("log", requests="no")
    site.reload("not reloaded")
    log = site.log_text()
    assert "paralel" in log and "parallel" in log and "retry-min" in log
    before = log.count("GET /:lang/")
    impressum(site)
    wait_for(lambda: site.log_text().count("GET /:lang/") > before, 5,
             "a line for the request")
    site.config.write_text(good)
    site.reload()


def test_nobody_notices_a_reload(service):
    site = service().start()
    with Crowd(site.port) as crowd:
        for _ in range(6):
            time.sleep(0.3)
            site.reload()
        time.sleep(0.3)
    assert crowd.faults == []
    assert crowd.answered > 100
    wait_for(lambda: len(site.threads("worker")) == 1, PATIENCE,
             "the old workers to go")


def test_a_form_that_is_being_sent_survives_a_reload(service):
    site = service().start()
    action, values = site.filled_form("reload@example.org")
    site.reload()
    assert site.client().post(action, values).status == 303
    site.letters_to("reload@example.org", 1)


def test_a_closed_terminal_ends_the_server(service):
    site = service()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(BINARY), "--config", str(site.config), "serve"],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
        start_new_session=True)
    os.close(theirs)
    wait_for(lambda: answers(site.port), PATIENCE, "the server to answer")
    os.close(ours)
    process.send_signal(signal.SIGHUP)
    assert process.wait(PATIENCE) == 0


def answers(port):
    try:
        return Client(port).get("/-/healthz").status == 200
    except OSError:
        return False


# ---- handed-over sockets --------------------------------------------------

def test_a_restart_behind_a_handed_over_socket_refuses_nobody(service):
    site = service()
    held = listening_socket(site.port)
    site.sockets = [("http", held)]
    site.start()
    assert "not on site.listen" in site.log_text()
    with Crowd(site.port) as crowd:
        for _ in range(3):
            time.sleep(0.3)
            site.stop()
            site.start()
        time.sleep(0.3)
    held.close()
    assert crowd.faults == []
    assert crowd.answered > 50


def test_the_metrics_socket_serves_operators_and_nobody_else(service):
    site = service()
    port = free_port()
    site.sockets = [("http", listening_socket(site.port)),
                    ("metrics", listening_socket(port))]
    site.start()
    # From there even a forwarded request, and any name, will do.
    far = Client(port).get("/-/metrics", X_Forwarded_For="192.0.2.7",
                           Host="numbers.example.net:9100")
    assert far.status == 200
    assert Client(port).get("/de/").status == 404
    assert Client(port).get("/-/readyz").text.count("ok (") == 4
    assert site.client().get("/-/metrics",
                             X_Forwarded_For="192.0.2.7").status == 403


# ---- the service manager --------------------------------------------------

@pytest.mark.parametrize("abstract", [False, True])
def test_the_manager_is_told_in_order(service, tmp_path, abstract):
    manager = Manager(tmp_path, abstract)
    site = service(manager=manager, words=["--no-courier"]).start()
    wait_for(lambda: "READY=1" in manager.lines(), 10, "READY")
    site.reload()
    wait_for(lambda: manager.count("READY=1") == 2, 10, "READY again")
    site.stop()
    wait_for(lambda: "STOPPING=1" in manager.lines(), 10, "STOPPING")
    words = [line.split("=")[0] for line in manager.lines()
             if not line.startswith("STATUS=")]
    assert words == ["READY", "RELOADING", "MONOTONIC_USEC", "READY",
                     "STOPPING"]
    stamp = next(line for line in manager.lines()
                 if line.startswith("MONOTONIC_USEC="))
    assert abs(int(stamp.split("=")[1]) / 1e6 - time.monotonic()) < 60
    status = [line for line in manager.lines() if "connections" in line]
    assert status and "0 letters waiting" in status[0], manager.lines()
    manager.close()


def strace(*words):
    """Injects faults into a running thread until it is ended."""
    process = subprocess.Popen(["strace", "-q", "-o", "/dev/null", *words],
                               stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    assert process.poll() is None
    return process


def silence_of(manager, seconds):
    """The watchdog stays silent for so long, sooner or later."""
    def silent():
        feeds = [at for at, line in manager.heard if line == "WATCHDOG=1"]
        return time.monotonic() - feeds[-1] > seconds
    wait_for(silent, 20, "the watchdog to fall silent")


def feeding(manager):
    since = time.monotonic()
    wait_for(lambda: manager.count("WATCHDOG=1", since) >= 2, PATIENCE,
             "the watchdog to be fed")


def test_the_watchdog_hears_of_a_worker_that_is_stuck(service, manager):
    site = service(manager=manager, watchdog=1).start()
    feeding(manager)
    worker, = site.threads("worker")
    # The thread sleeps for six seconds on its next way into the loop.
    holder = strace("-p", str(worker),
                    "-e", "inject=epoll_wait:delay_enter=6000000:when=1")
    site.process.send_signal(signal.SIGCONT)
    silence_of(manager, 2)
    assert "watchdog: a worker does not answer" in site.log_text()
    holder.terminate()
    holder.wait()
    feeding(manager)


def test_the_watchdog_hears_that_the_database_cannot_be_read(service,
                                                              manager):
    site = service(manager=manager, watchdog=1).start()
    feeding(manager)
    holder = strace("-p", str(site.process.pid),
                    "-e", "inject=pread64:error=EIO")
    silence_of(manager, 2)
    assert "watchdog: the database cannot be read" in site.log_text()
    holder.terminate()
    holder.wait()
    feeding(manager)


def test_the_watchdog_hears_of_a_writer_that_is_stuck(service, manager):
    site = service(manager=manager, watchdog=1).start()
    feeding(manager)
    writer, = site.threads("writer")
    holder = strace("-p", str(writer),
                    "-e", "inject=futex:delay_exit=6000000:when=1")
    silence_of(manager, 2)
    assert "watchdog: the writer does not answer" in site.log_text()
    holder.terminate()
    holder.wait()
    feeding(manager)


@pytest.mark.alone
def test_an_idle_server_sleeps(service, scale, tmp_path):
    """No thread of it wakes up; and it is small."""
    site = service(words=["--no-courier"]).start()
    # The last checkpoint, and in the long form the last connection's deadline,
    # which is not taken back when it has ended well.
    time.sleep(scale(2, 17))
    trace = tmp_path / "trace"
    holder = subprocess.Popen(["strace", "-f", "-q", "-p",
                               str(site.process.pid), "-o", str(trace)],
                              stderr=subprocess.DEVNULL)
    time.sleep(scale(5, 25))
    holder.terminate()
    holder.wait()
    # What a call that was begun before looks like, and our own leaving.
    woken = [line for line in trace.read_text().split("\n")
             if line and "<unfinished" not in line
             and "<detached" not in line and "restart_syscall" not in line]
    assert woken == []
    if not SANITIZED:
        assert site.own_mib() <= 8


# ---- health and numbers ---------------------------------------------------

def test_health_says_a_word_to_all_and_the_reasons_to_operators(service):
    site = service().start()
    ask = site.client().get
    far = {"X_Forwarded_For": "192.0.2.7"}
    assert ask("/-/healthz", **far).text == "ok\n"
    assert "version: " in ask("/-/healthz").text
    assert ask("/-/readyz", **far).text == "ready\n"
    assert ask("/-/readyz").text.count("ok (") == 4
    public = ask("/-/readyz", Accept="application/json", **far)
    assert public.headers["content-type"].startswith("application/json")
    assert json.loads(public.text) == {"status": "ready"}
    checks = json.loads(ask("/-/readyz", Accept="application/json").text)
    assert set(checks["checks"]) == {"database", "writer", "disk", "letters"}
    assert public.headers["cache-control"] == "no-store"
    assert ask("/-/metrics", **far).status == 403


def test_it_is_not_ready_without_room_on_the_disk(service):
    site = service()
    site.configure("health", disk_free="1024 GiB")
    site.start()
    answer = site.client().get("/-/readyz")
    assert answer.status == 503
    assert "disk: FAULT" in answer.text
    far = site.client().get("/-/readyz", X_Forwarded_For="192.0.2.7")
    assert (far.status, far.text) == (503, "not ready\n")


def test_it_is_not_ready_while_nobody_comes_for_letters(service):
    site = service(words=["--no-courier"])
    site.configure("health", letter_age="1 s")
    site.start()
    assert site.client().get("/-/readyz").status == 200
    site.register("wartet@example.org")
    wait_for(lambda: site.client().get("/-/readyz").status == 503, 10,
             "an overdue letter")
    assert "letters: FAULT" in site.client().get("/-/readyz").text


def numbers(site, port=None):
    text = Client(port or site.port).get("/-/metrics").text
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation, family.name
        assert family.type != "unknown", family.name
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, key
            found[key] = sample.value
    return found


def total(found, name, **labels):
    return sum(value for (got, has), value in found.items()
               if got == name and set(labels.items()) <= set(has))


def test_numbers_follow_what_happens(service):
    site = service().start()
    before = numbers(site)
    for i in range(3):
        assert site.register(f"zahl{i}@example.org").status == 303
        site.letters_to(f"zahl{i}@example.org", 1)
    site.client().get("/de/gibt-es-nicht")
    after = wait_for(lambda: (lambda n: n if total(
        n, "convened_letters", state="queued") == 0 else None)(
            numbers(site)), 20, "the letters to go")

    def more(name, **labels):
        return total(after, name, **labels) - total(before, name, **labels)

    form = "/:lang/:alliance/:meeting/register"
    assert more("convened_http_requests_total", route=form,
                method="POST", code="3xx") == 3
    assert more("convened_http_request_duration_seconds_count", route=form,
                method="POST") == 3
    assert more("convened_http_requests_total", code="4xx") >= 1
    assert more("convened_registrations", meeting="arbeit-2030",
                state="registered") == 3
    assert more("convened_seats_taken", meeting="arbeit-2030") == 3
    assert more("convened_seats") == 0
    assert more("convened_letter_attempts_total", result="sent") >= 3
    assert more("convened_writer_jobs_total") >= 6
    assert more("convened_writer_commit_seconds_count") >= 3
    assert total(after, "convened_courier_connected") == 1
    assert total(after, "convened_build_info") == 1
    assert total(after, "process_resident_memory_bytes") > 1e6
    assert ("convened_wal_bytes", ()) in after
    assert total(after, "convened_database_bytes") > 0
    site.reload()
    kept = numbers(site)
    assert total(kept, "convened_http_requests_total", route=form) == \
        total(after, "convened_http_requests_total", route=form)
    assert total(kept, "convened_config_reloads_total") == 1


def test_health_addresses_of_their_own(service):
    site = service()
    port = free_port()
    site.configure("health", listen=f"127.0.0.1:{port}")
    site.start()
    assert total(numbers(site, port), "convened_build_info") == 1
    assert Client(port).get("/de/").status == 404


LEAVES_A_LOG = """
import os, sqlite3, sys
path, size = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(path)
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("PRAGMA synchronous = OFF")
while not os.path.exists(path + "-wal") or \\
        os.path.getsize(path + "-wal") < size:
    db.execute("UPDATE registration SET changed_at = changed_at + 1")
    db.commit()
os.kill(os.getpid(), 9)
"""


@pytest.mark.alone
@pytest.mark.proof
def test_numbers_and_a_crash_cost_little_with_many_people(service, scale):
    """A scrape reads no large table; a start after a crash that left a long
    log takes a moment (A10, G16)."""
    site = service(words=["--no-courier"])
    people = scale(2000, 100000)
    database = site.folder / "convened.db"
    fill = ROOT / "tests" / "bench" / "fill.py"
    subprocess.run([sys.executable, fill, database, "people", str(people)],
                   check=True)
    site.start()
    numbers(site)
    before = site.cpu_ms()
    for _ in range(50):
        site.client().get("/-/metrics")
    cost = (site.cpu_ms() - before) / 50
    assert cost <= (40 if SANITIZED else 10)
    site.kill()
    subprocess.run([sys.executable, "-c", LEAVES_A_LOG, database,
                    str(scale(4, 64) << 20)], check=False)
    began = time.monotonic()
    site.start()
    assert time.monotonic() - began < (60 if SANITIZED else 10)
    assert site.cpu_ms() < (20000 if SANITIZED else 2000)
    assert site.client().get("/-/readyz").status == 200


# ---- the log --------------------------------------------------------------

MARKS = ("geheimnisvoll", "Unverwechselbar", "Ungenannt")


def test_json_lines_have_fields_and_nobodys_name(service):
    site = service()
    site.configure("log", format="json", level="debug")
    site.start()
    answer = site.register("geheimnisvoll@example.org",
                           family="Unverwechselbar", given="Ungenannt")
    site.client().get(answer.location)
    site.letters_to("geheimnisvoll@example.org", 1)
    email, password = site.desk_login()
    form = site.client().get("/de/desk/sign-in").form("/sign-in")
    site.client().post(form.action, form.filled(email=email,
                                                password=password))
    site.reload()
    site.stop()
    text = site.log_text()
    text = text[text.index("{"):]
    lines = [json.loads(line) for line in text.splitlines() if line]
    requests = [line for line in lines if "request" in line]
    spoken = next(line for line in lines if "message" in line)
    assert {"time", "level", "program"} <= set(spoken)
    post = next(r for r in requests if r["method"] == "POST")
    assert post["route"] == "/:lang/:alliance/:meeting/register"
    assert post["status"] == 303 and post["client"] == "127.0.0.0/24"
    assert post["seconds"] > 0 and post["bytes"] > 0
    for mark in (*MARKS, email, password, "127.0.0.1\"",
                 answer.location.rsplit("/", 1)[1]):
        assert mark not in text


@pytest.mark.parametrize("name, begins", [("plain", ""), ("journal", "<6>")])
def test_the_form_of_the_log_can_be_chosen(service, name, begins):
    site = service()
    site.configure("log", format=name)
    site.start()
    line = wait_for(lambda: next((li for li in site.log_text().splitlines()
                                  if "serving http" in li), None),
                    PATIENCE, "the first words")
    if begins:
        assert line.startswith("<6>convened: serving")
    else:
        assert line[2] == ":" and line[8:18] == " convened:"


def test_sigusr1_does_no_harm(service):
    site = service().start()
    site.process.send_signal(signal.SIGUSR1)
    time.sleep(0.2)
    assert site.answers()


# ---- the courier ----------------------------------------------------------

@pytest.fixture
def relay():
    """Takes letters from whoever knows the password of the hour."""
    sink = Sink()
    sink.password = "eins"

    def check(server, session, envelope, mechanism, login):
        # Not "handled": the controller is to answer, a 535 too.
        return AuthResult(success=login.password == sink.password.encode(),
                          handled=False)

    controller = Controller(sink, hostname="127.0.0.1", port=free_port(),
                            authenticator=check, auth_required=True,
                            auth_require_tls=False)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    yield sink
    controller.stop()


@pytest.mark.alone
def test_a_courier_takes_a_new_password_and_loses_nothing(service, relay,
                                                          manager):
    site = service(words=["--no-courier"])
    secret = site.folder / "relay-password"
    secret.write_text("eins\n")
    secret.chmod(0o600)
    site.configure("mail", relay=relay.url, tls="none", user="wir",
                   password_file=secret, retry_min="1 s", retry_max="1 s")
    site.start()
    env = dict(os.environ, NOTIFY_SOCKET=manager.name,
               WATCHDOG_USEC="1000000")
    courier = subprocess.Popen(
        [str(BINARY), "--config", str(site.config), "courier"],
        stderr=site.log, env=env)
    people = [f"brief{i}@example.org" for i in range(12)]
    for i, address in enumerate(people):
        assert site.register(address).status == 303
        if i == 4:  # the relay has a new one, then we have it too
            relay.password = "zwei"
        if i == 7:
            secret.write_text("zwei\n")
            courier.send_signal(signal.SIGHUP)

    def all_there():
        to = [a for m in relay.messages for a in m.rcpt_tos]
        return set(people) <= set(to)
    wait_for(all_there, 40, "all letters")
    seen = [m["Message-ID"] for m in relay.parsed()]
    assert len(seen) == len(set(seen))
    assert manager.lines().count("READY=1") == 2
    assert "RELOADING=1" in manager.lines()
    feeding(manager)
    secret.chmod(0o644)  # now it is at fault
    courier.send_signal(signal.SIGHUP)
    wait_for(lambda: manager.lines().count("READY=1") == 3, 10, "READY")
    assert courier.poll() is None
    courier.terminate()
    assert courier.wait(20) == 0
    wait_for(lambda: "STOPPING=1" in manager.lines(), 5, "STOPPING")


class Slow(Sink):
    """Keeps its client waiting for the last word about a letter."""
    held = True
    waiting = 0

    async def handle_DATA(self, server, session, envelope):
        self.waiting += 1
        while self.held:
            await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def slow_relay():
    sink = Slow()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    yield sink
    sink.held = False
    controller.stop()


@pytest.mark.alone
def test_of_two_reloads_during_a_letter_the_newer_counts(service, slow_relay,
                                                         manager):
    site = service(words=["--no-courier"])
    site.configure("mail", relay=slow_relay.url, tls="none",
                   retry_min="1 s", retry_max="1 s")
    site.start()
    courier = subprocess.Popen(
        [str(BINARY), "--config", str(site.config), "courier"],
        stderr=site.log, env=dict(os.environ, NOTIFY_SOCKET=manager.name))
    assert site.register("eins@example.org").status == 303
    wait_for(lambda: slow_relay.waiting, PATIENCE, "the first letter")
    good = site.config.read_text()
    nowhere = f"smtp://127.0.0.1:{free_port()}"
    for reloads, text in enumerate((good.replace(slow_relay.url, nowhere),
                                    good), 1):
        site.config.write_text(text)
        courier.send_signal(signal.SIGHUP)
        wait_for(lambda: site.log_text().count("reloading, ") == reloads,
                 PATIENCE, "the courier")
    slow_relay.held = False
    wait_for(lambda: manager.lines().count("READY=1") == 2, PATIENCE,
             "READY")
    assert site.register("zwei@example.org").status == 303
    wait_for(lambda: "zwei@example.org" in [
        a for m in slow_relay.messages for a in m.rcpt_tos], PATIENCE,
        "a letter by the newer way")
    courier.terminate()
    assert courier.wait(20) == 0


def test_a_courier_that_is_reloaded_in_a_hurry_lives_on(service, slow_relay):
    """Until it is told to end, which it obeys between two lives, too."""
    site = service(words=["--no-courier"])
    site.configure("mail", relay=slow_relay.url, tls="none")
    site.start()
    for step in range(24):
        before = len(site.log_text())
        courier = subprocess.Popen(
            [str(BINARY), "--config", str(site.config), "courier"],
            stderr=site.log)
        wait_for(lambda: "connected to the server"
                 in site.log_text()[before:], PATIENCE, "the courier")
        for _ in range(15):
            courier.send_signal(signal.SIGHUP)
            time.sleep(0.001)
            assert courier.poll() is None
        courier.send_signal(signal.SIGHUP)
        time.sleep(step % 12 * 0.0001)
        courier.terminate()
        assert courier.wait(20) == 0


# ---- the end --------------------------------------------------------------

def test_the_end_comes_in_time_during_a_download(service):
    site = service()
    site.configure("limits", stop_time="2 s")
    site.start()
    for i in range(40):
        site.register(f"viele{i}@example.org", family="V" * 90)
    email, password = site.desk_login()
    desk = site.client()
    form = desk.get("/de/desk/sign-in").form("/sign-in")
    desk.post(form.action, form.filled(email=email, password=password))
    slow = Visitor(site.port)
    cookie = "; ".join(f"{k}={v}" for k, v in desk.cookies.items())
    slow.socket.sendall(
        b"GET /de/desk/sachsen/arbeit-2030/attendees.csv HTTP/1.1\r\n"
        b"Host: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n"
        % (site.port, cookie.encode()))
    time.sleep(0.2)
    began = time.monotonic()
    site.stop()  # exit 0, and nothing that a sanitizer finds
    assert time.monotonic() - began < PATIENCE / 2
    slow.close()


def test_a_wrong_password_of_somebody_who_left_is_no_burden(service):
    """The delayed answer finds nobody, and the end does not wait for it."""
    site = service().start()
    email, _ = site.desk_login()
    form = site.client().get("/de/desk/sign-in").form("/sign-in")
    body = dict(form.filled(email=email, password="falsch"))
    for _ in range(2):  # from the second try on there is a delay
        site.client().post(form.action, body)
    c = http.client.HTTPConnection("127.0.0.1", site.port)
    c.request("POST", form.action, urllib.parse.urlencode(body),
              {"Content-Type": "application/x-www-form-urlencoded",
               "Sec-Fetch-Site": "same-origin"})
    time.sleep(0.5 if not SANITIZED else 2)
    c.close()
    began = time.monotonic()
    site.stop()
    assert time.monotonic() - began < 4
