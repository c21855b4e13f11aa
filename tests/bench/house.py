"""A server of its own for one measurement, what it costs, and the helpers
that load it."""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import time
import urllib.parse
import urllib.request

median = statistics.median
MEETING = "/de/bench/arbeit"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tasks_of(pid):
    try:
        return list(pathlib.Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []


def children_of(pid):
    found = []
    for task in tasks_of(pid):
        try:
            found += (task / "children").read_text().split()
        except OSError:
            pass
    return [int(p) for p in found]


def cpu_us(*pids):
    """Time on a processor so far, of all threads, in microseconds."""
    total = 0
    for pid in pids:
        for task in tasks_of(pid):
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                pass
    return total / 1000


def thread_cpu_us(pid):
    """The same by thread name."""
    times = {}
    for task in tasks_of(pid):
        name = (task / "comm").read_text().strip()
        times[name] = times.get(name, 0) + int(
            (task / "schedstat").read_text().split()[0]) / 1000
    return times


def memory_kib(pid, key="VmRSS"):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1])
    return 0


def switches(pid):
    """How often its threads were woken."""
    count = 0
    for task in tasks_of(pid):
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                count += int(line.split()[1])
    return count


class Bench:
    """What every measurement is given: where the programs are, a folder to
    spoil, and the table that it fills."""

    def __init__(self, build, folder):
        self.build = pathlib.Path(build)
        self.folder = pathlib.Path(folder)
        self.rows = []

    def tool(self, name, *words, check=True, **more):
        """One of tests/bench's programs; its line of JSON."""
        done = subprocess.run(
            [str(self.build / "tests" / "bench" / name),
             *[str(w) for w in words]], stdout=subprocess.PIPE, text=True,
            check=check, **more)
        return json.loads(done.stdout.splitlines()[-1])

    def row(self, goal, what, measured, ceiling=None, ratio=None, limit=None,
            atmost=True, note=""):
        """ratio and limit decide; measured and ceiling are words."""
        fine = None if limit is None or ratio is None else (
            ratio <= limit if atmost else ratio >= limit)
        row = {"goal": goal, "what": what, "measured": measured,
               "ceiling": ceiling or "", "ratio": ratio, "limit": limit,
               "atmost": atmost, "met": fine, "note": note}
        self.rows.append(row)
        print(line_of(row), flush=True)


def line_of(row):
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    limit = "" if row["limit"] is None else (
        ("<= " if row["atmost"] else ">= ") + f"{row['limit']:g}")
    verdict = {True: "yes", False: "NO", None: ""}[row["met"]]
    return (f"{row['goal']:<4}{row['what']:<44.44}{row['measured']:>18}"
            f"{row['ceiling']:>18}{ratio:>9}{limit:>9} {verdict:<4}"
            f"{row['note']}").rstrip()


HEAD = (f"{'':<4}{'what':<44}{'measured':>18}{'against':>18}{'ratio':>9}"
        f"{'goal':>9} met")


class House:
    """`convened serve` on a folder of its own, with one open meeting."""

    def __init__(self, bench, name, courier=False, **settings):
        self.bench = bench
        self.folder = bench.folder / name
        self.port = free_port()
        self.courier = courier
        self.process = None
        self.config = self.folder / "convened.conf"
        self.database = self.folder / "convened.db"
        self.log_path = self.folder / "log"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_config(settings)

    def write_config(self, settings):
        """settings: section -> lines, besides what each house needs."""
        sections = {
            "site": [f"base-url = http://127.0.0.1:{self.port}",
                     f"listen = 127.0.0.1:{self.port}"],
            "state": [f"directory = {self.folder}",
                      f"run = {self.folder}"],
            "limits": ["exempt = 127.0.0.0/8"],
        }
        for section, lines in settings.items():
            sections.setdefault(section, []).extend(lines)
        self.config.write_text("".join(
            f"[{name}]\n" + "\n".join(lines) + "\n"
            for name, lines in sections.items()))

    def command(self, *words, **more):
        return subprocess.run(
            [str(self.bench.build / "convened"), "--config",
             str(self.config), *words], check=True, capture_output=True,
            text=True, **more).stdout

    def desk(self):
        """Somebody new who may see the list."""
        email, password = f"desk{time.time_ns()}@example.org", "sehr geheim 1"
        self.command("account", "add", email, "--name", "Desk",
                     input=password + "\n")
        return Desk(self, email, password)

    def furnish(self, seats=1000000):
        self.command("alliance", "add", "bench", "--name-de", "Allianz",
                     "--mail-from", "treffen@example.org",
                     "--contact-name", "Alex Muster",
                     "--contact-email", "kontakt@example.org")
        self.meeting("arbeit", seats)
        return self

    def meeting(self, slug, seats=100):
        self.command("meeting", "add", f"bench/{slug}", "--title-de",
                     "Jahrestreffen Arbeit", "--summary-de", "Ein Treffen.",
                     "--starts", "2035-03-07 10:00", "--ends",
                     "2035-03-07 18:00", "--onsite", str(seats),
                     "--venue-name", "Haus der Beispiele",
                     "--venue-town", "Musterstadt")
        self.command("meeting", "publish", f"bench/{slug}")

    def start(self):
        words = [str(self.bench.build / "convened"), "--config",
                 str(self.config), "serve"]
        if not self.courier:
            words.append("--no-courier")
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(words, stdout=self.log,
                                        stderr=self.log,
                                        stdin=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(self.log_path.read_text()[-2000:])
            try:
                self.fetch("/-/healthz")
                return self
            except OSError:
                time.sleep(0.002)
        raise RuntimeError("the server does not answer")

    def fetch(self, path, **headers):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    @property
    def pid(self):
        return self.process.pid

    def cpu(self):
        return cpu_us(self.pid)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            code = self.process.wait(timeout=60)
            self.process = None
            self.log.close()
            if code != 0:
                raise RuntimeError(f"exit {code}: "
                                   + self.log_path.read_text()[-2000:])

    def copy_state(self, name):
        """The closed database and its key under another folder."""
        to = self.bench.folder / name
        to.mkdir(parents=True, exist_ok=True)
        for file in self.folder.glob("convened.*"):
            if file.name != "convened.conf" and file.is_file():
                shutil.copy(file, to / file.name)
        return to


def spin_down():
    """What the last round left to be written is written before the next."""
    os.sync()


class Desk:
    """An organiser who has signed in."""

    def __init__(self, house, email, password):
        self.house = house
        page = house.fetch("/de/desk/sign-in").decode()
        fields = dict(re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        for token, value in (("username", email),
                             ("current-password", password)):
            tag = re.search(rf'<input[^>]*autocomplete="{token}"[^>]*>',
                            page).group(0)
            fields[re.search(r'name="([^"]+)"', tag).group(1)] = value
        connection = http.client.HTTPConnection("127.0.0.1", house.port)
        connection.request("POST", "/de/desk/sign-in",
                           urllib.parse.urlencode(fields),
                           {"Content-Type":
                            "application/x-www-form-urlencoded",
                            "Sec-Fetch-Site": "same-origin"})
        answer = connection.getresponse()
        cookie = answer.getheader("Set-Cookie")
        if answer.status != 303 or not cookie:
            raise RuntimeError(f"sign-in: {answer.status}")
        self.cookie = cookie.split(";")[0]

    def open(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port)
        connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return answer

    def get(self, path):
        """Seconds to the first byte, to the last, and how many came."""
        start = time.monotonic()
        answer = self.open(path)
        length = len(answer.read(1))
        first = time.monotonic() - start
        while True:
            some = answer.read(1 << 20)
            if not some:
                break
            length += len(some)
        return first, time.monotonic() - start, length
