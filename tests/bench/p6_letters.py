"""P6: the courier against smtp-source, to the same smtp-sink, with as many
kept sessions."""
import os
import socket
import sqlite3
import subprocess
import time

from house import House, MEETING, children_of, cpu_us, free_port, median

SINK, SOURCE = "/usr/sbin/smtp-sink", "/usr/sbin/smtp-source"
SESSIONS = 10
PEOPLE = 4000  # two letters each
ROUNDS = 3


class Sink:
    """Takes letters and forgets them."""

    def __init__(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            [SINK] + (["-u", "nobody"] if os.geteuid() == 0 else [])
            + [f"127.0.0.1:{self.port}", "1000"],
            stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("smtp-sink does not listen")

    def end(self):
        self.process.terminate()
        self.process.wait()


def ask(database, sql):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def letter_size(bench):
    """Mean bytes of a letter as it leaves: two in a spool."""
    house = House(bench, "spool", courier=True).furnish().start()
    bench.tool("http_load", "form", house.port, MEETING, 1, 20, 1)
    mails = house.folder / "mail"
    end = time.monotonic() + 20
    while time.monotonic() < end and len(list(mails.glob("*.eml"))) < 40:
        time.sleep(0.1)
    house.stop()
    sizes = [m.stat().st_size for m in mails.glob("*.eml")]
    return sum(sizes) // len(sizes)


def ours(bench, house, full, sink):
    """Sends all that the full outbox holds."""
    for file in house.folder.glob("convened.db*"):
        file.unlink()
    subprocess.run(["cp", str(full / "convened.db"), str(house.database)],
                   check=True)
    house.start()
    start = time.monotonic()
    count = ask(house.database, "SELECT count(*) FROM letter")
    while ask(house.database,
              "SELECT count(*) FROM letter WHERE state = 0") > 0:
        if time.monotonic() - start > 120:
            raise RuntimeError("letters stay in the queue")
        time.sleep(0.05)
    took = time.monotonic() - start
    sent = ask(house.database, "SELECT count(*) FROM letter WHERE state = 1")
    if sent != count:
        raise RuntimeError(f"{sent} of {count} letters went out")
    server = cpu_us(house.pid) / count
    courier = cpu_us(*children_of(house.pid)) / count
    house.stop()
    return {"rate": count / took, "server": server, "courier": courier,
            "count": count}


def theirs(sink, count, size):
    start = time.monotonic()
    process = subprocess.Popen(
        [SOURCE, "-d", "-s", str(SESSIONS), "-m", str(count), "-l",
         str(size), "-f", "from@example.org", "-t", "to@example.org",
         f"127.0.0.1:{sink.port}"])
    used = 0
    while process.poll() is None:
        used = cpu_us(process.pid) or used
        time.sleep(0.01)
    took = time.monotonic() - start
    return {"rate": count / took, "cpu": used / count}


def measure(bench):
    size = letter_size(bench)
    sink = Sink()
    house = House(bench, "letters", courier=True, mail=[
        f"relay = smtp://127.0.0.1:{sink.port}", "tls = none",
        f"parallel = {SESSIONS}"]).furnish()
    house.courier = False
    house.start()
    bench.tool("http_load", "form", house.port, MEETING, 64, PEOPLE, 1)
    house.stop()
    full = house.copy_state("outbox")
    house.courier = True
    rounds, renderings = [], []
    for _ in range(ROUNDS):
        mine = ours(bench, house, full, sink)
        rounds.append((mine, theirs(sink, mine["count"], size)))
        renderings.append(bench.tool("render_bench", full / "convened.db",
                                     full / "convened.key")["cpu_us"])
    sink.end()
    rate = median(r[0]["rate"] for r in rounds)
    top = median(r[1]["rate"] for r in rounds)
    server = median(r[0]["server"] for r in rounds)
    courier = median(r[0]["courier"] for r in rounds)
    own = median(r[1]["cpu"] for r in rounds)
    bench.row("P6", f"letters of {size} bytes, {SESSIONS} sessions",
              f"{rate:,.0f}/s", f"{top:,.0f}/s", rate / top, 0.9,
              atmost=False, note="smtp-source")
    bench.row("P6", "CPU of a letter, courier", f"{courier:.0f} us",
              f"{own:.0f} us", courier / own, note="smtp-source")
    bench.row("P6", "CPU of a letter, server", f"{server:.0f} us")
    render = median(renderings)
    bench.row("P6", "of these, rendering and MIME", f"{render:.0f} us")
    rest = server + courier - render
    bench.row("P6", "CPU besides rendering", f"{rest:.0f} us", "80 us",
              rest / 80, 1)
