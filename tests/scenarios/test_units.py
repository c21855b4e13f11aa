"""The units' promises, tried on the program itself: what the server's unit
takes away from it, it does not miss."""
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess

import pytest

from conftest import ROOT, SANITIZED, Site, wait_for
from operation import Service, listening_socket

UNITS = ROOT / "systemd"
# As PrivateUsers= and PrivateNetwork= have it.
ALONE = ["unshare", "--map-root-user", "--net"]
REACH_OUT = """
import os, socket, sys
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
    print("REACHED")
except OSError as fault:
    print("cut off:", fault)
sys.stdout.flush()
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.fixture
def handed_over(tmp_path):
    """The server as convened.socket and PrivateNetwork= have it."""
    if subprocess.run([*ALONE, "true"], capture_output=True).returncode:
        pytest.skip("no namespaces for this user")
    with listening_socket() as outside:
        port = outside.getsockname()[1]
        service = Service(tmp_path / "demo").prepare()
        service.sockets = [("http", outside)]
        own, service.port = service.port, port
        service.wrap = [*ALONE, "/usr/bin/python3", "-c", REACH_OUT,
                        str(port)]
        service.words = ["--no-courier"]
        service.start()
        yield service, own
        service.stop()


def test_a_server_without_a_network_answers_and_reaches_nobody(handed_over):
    service, own = handed_over
    assert "cut off:" in service.log_text()
    assert "REACHED" not in service.log_text()
    assert service.client().get("/de/").status == 200
    assert service.register("erika@example.org").status == 303
    pid = service.process.pid
    assert os.readlink(f"/proc/{pid}/ns/net") != \
        os.readlink("/proc/self/ns/net")
    # site.listen is not bound: nothing listens in there.
    for table in ("tcp", "tcp6"):
        lines = pathlib.Path(f"/proc/{pid}/net/{table}").read_text()
        assert len(lines.splitlines()) == 1, lines
    with pytest.raises(OSError):
        http.client.HTTPConnection("127.0.0.1", own, timeout=5).request(
            "GET", "/")


def unit(name):
    """Keys of a unit as it is installed; those given more than once as
    lists."""
    text = (UNITS / f"{name}.in").read_text().replace(
        "@hardening@\n", (UNITS / "hardening.conf").read_text())
    found = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", text, re.M):
        found.setdefault(key, []).append(value)
    return found


def system_calls(words):
    """What systemd means by "@system-service"."""
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is not there")
    found = set()
    for word in words:
        if not word.startswith("@"):
            found.add(word)
            continue
        done = subprocess.run([analyze, "syscall-filter", word], check=True,
                              capture_output=True, text=True)
        found |= system_calls(
            re.findall(r"^    (@?\w[\w-]*)$", done.stdout, re.M))
    return found


def allowed_by(name):
    calls = set()
    for value in unit(name)["SystemCallFilter"]:
        if value.startswith("~"):
            calls -= system_calls(value[1:].split())
        else:
            calls |= system_calls(value.split())
    return calls


def seen(path):
    """Name and arguments of each call in an strace log."""
    return re.findall(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)",
                      path.read_text("utf-8", "replace"), re.M)


@pytest.mark.skipif(SANITIZED, reason="the sanitizers call more")
def test_no_system_call_is_outside_the_units(tmp_path, sink):
    """Server and courier over a whole registration, with a letter that goes
    out and a reload."""
    traces = tmp_path / "trace"
    site = Site(tmp_path / "demo", relay=sink.url, wrap=[
        "strace", "-D", "-ff", "-qq", "-o", str(traces)]).start()
    try:
        assert site.register("erika@example.org").status == 303
        wait_for(lambda: len(sink.messages) >= 2, 30, "the letters")
        site.run("attendees", "list", "sachsen/arbeit-2030")
        site.process.send_signal(signal.SIGHUP)
        assert site.client().get("/de/").status == 200
    finally:
        site.stop()
    server, courier = [], []
    for path in tmp_path.glob("trace.*"):
        calls = seen(path)
        # A child's trace begins with what it does before it is the courier.
        begins = next((i for i, (name, words) in enumerate(calls)
                       if name == "execve" and '"courier"' in words), None)
        (server if begins is None else courier).extend(
            calls if begins is None else calls[begins:])
    families = {words.split(",")[0] for call, words in server
                if call == "socket"}
    assert families == {"AF_UNIX", "AF_INET"}, families
    for name, calls in (("convened.service", server),
                        ("convened-courier.service", courier)):
        used = {call for call, _ in calls}
        assert {"read", "close"} <= used
        # SQLite gives files of its own to the folder's owner if it is root,
        # which no unit is.
        assert used - allowed_by(name) - {"fchown"} == set()
