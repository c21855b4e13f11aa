"""Fixtures: the real daemon on a folder of its own, a real SMTP server, and a
small HTTP client that reads forms as a browser without scripts does."""
import contextlib
import email
import email.policy
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from html.parser import HTMLParser

import icalendar
import pytest
from aiosmtpd.controller import Controller

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CONVENED_BUILD", ROOT / "build"))
BINARY = BUILD / "convened"
TOOLS = ROOT / "tests" / "tools"
MEETING = "/de/sachsen/arbeit-2030"
SANITIZED = re.compile(rb"__[at]san_init").search(BINARY.read_bytes())
SANITIZER = re.compile(r"(ERROR: \w+Sanitizer|runtime error:|WARNING: "
                       r"ThreadSanitizer)")

sys.path.insert(0, str(pathlib.Path(__file__).parent))


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true",
                     help="proofs at their full size, as tools/prove runs "
                          "them")
    parser.addoption("--front", choices=["nginx"],
                     help="people come through this proxy, run from its "
                          "example in docs/proxies")


def pytest_configure(config):
    if config.getoption("--front"):
        from front import Nginx
        Site.Front = Nginx


def pytest_collection_modifyitems(config, items):
    """What sends bytes of its own to the server has nothing to do with a
    front."""
    if config.getoption("--front"):
        items[:] = [i for i in items if not i.get_closest_marker("direct")]


@pytest.fixture(scope="session")
def scale(request):
    """scale(short, long): the size of a proof in this run."""
    long_run = request.config.getoption("--long")
    return lambda short, long: long if long_run else short


def free_port():
    """A server that is away for a moment finds its own port free again: the
    kernel gives none of these to whoever connects, and of two runs beside each
    other, plain and sanitized, each has its own."""
    first = 23000 if SANITIZED else 15000
    while True:
        port = random.SystemRandom().randrange(first, first + 8000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


def wait_for(check, seconds=20, what="it", pause=0.05):
    """The first true answer of check(); fails after that many seconds of a
    machine that is not busy, three times as many on one that is."""
    end = time.monotonic() + 3 * seconds
    while time.monotonic() < end:
        got = check()
        if got:
            return got
        time.sleep(pause)
    pytest.fail(f"waited {seconds} s for {what}")


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def location(self):
        return self.headers.get("location")

    def forms(self):
        reader = FormReader()
        reader.feed(self.text)
        return reader.forms

    def form(self, action):
        """The form whose action ends so."""
        for form in self.forms():
            if form.action.split("#")[0].endswith(action):
                return form
        raise AssertionError(f"no form for {action} in {self.forms()}")


class Form:
    def __init__(self, action, method):
        self.action, self.method = action, method
        self.fields = {}
        self.buttons = []
        self.tokens = {}  # autocomplete token -> field name
        self.choices = {}  # radio name -> its values

    def __repr__(self):
        return f"<form {self.method} {self.action} {sorted(self.fields)}>"

    def filled(self, **values):
        return {**self.fields, **values}


class FormReader(HTMLParser):
    """What a browser would send if nothing were typed."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.form = None
        self.textarea = None
        self.select = None

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "form":
            self.form = Form(a.get("action", ""), a.get("method", "get"))
            self.forms.append(self.form)
        if self.form is None:
            return
        name = a.get("name")
        if tag == "input" and name:
            kind = a.get("type", "text")
            if "disabled" in a:
                return
            if a.get("autocomplete"):
                self.form.tokens[a["autocomplete"]] = name
            if kind == "radio":
                self.form.choices.setdefault(name, []).append(a.get("value"))
            if kind in ("checkbox", "radio") and "checked" not in a:
                return
            if kind in ("submit", "image"):
                self.form.buttons.append((name, a.get("value", "")))
                return
            self.form.fields[name] = a.get("value",
                                           "on" if kind == "checkbox" else "")
        elif tag == "textarea" and name:
            self.textarea = name
            self.form.fields[name] = ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and "selected" in a:
            self.form.fields[self.select] = a.get("value", "")
        elif tag == "button" and name:
            self.form.buttons.append((name, a.get("value", "")))

    def handle_data(self, data):
        if self.textarea:
            self.form.fields[self.textarea] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select":
            self.select = None


class Client:
    """One person's browser: no scripts, no redirects followed, cookies kept
    for the desk only. With a front it comes through that."""

    def __init__(self, port, front=None):
        self.port = port
        self.front = front
        self.cookies = {}

    def connect(self):
        return self.front.connect() if self.front else \
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def request(self, method, path, body=None, headers=None):
        connection = self.connect()
        fields = dict(headers or {})
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{k}={v}" for k, v in
                                         self.cookies.items())
        connection.request(method, path, body, fields)
        response = connection.getresponse()
        answer = Answer(response, response.read())
        for key, value in response.getheaders():
            if key.lower() == "set-cookie":
                name, _, rest = value.partition("=")
                content = rest.split(";")[0]
                if content:
                    self.cookies[name] = content
                else:
                    self.cookies.pop(name, None)
        connection.close()
        return answer

    def get(self, path, **headers):
        return self.request("GET", path, headers={
            k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields, origin=True, headers=None):
        sent = {"Content-Type": "application/x-www-form-urlencoded",
                **(headers or {})}
        if origin:
            sent.setdefault("Sec-Fetch-Site", "same-origin")
        return self.request("POST", path, urllib.parse.urlencode(fields),
                            sent)


class Site:
    """`convened demo` on a folder, with every letter in a spool folder or
    sent to a relay. `port` is the server's own; people come through the
    front, if there is one."""
    Front = None  # of this run: --front
    binary = BINARY

    def __init__(self, folder, relay=None, wrap=()):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.relay = relay
        self.wrap = list(wrap)
        self.process = None
        self.front = self.Front(self) if self.Front else None
        self.log_path = self.folder.with_name(self.folder.name + ".log")

    @property
    def url(self):
        return self.front.url if self.front else \
            f"http://127.0.0.1:{self.port}"

    def start(self):
        self.spawn()
        wait_for(self.answers, 60, "the server to answer")
        return self

    def spawn(self):
        if self.front:
            self.front.start()
        words = self.wrap + [str(self.binary), "demo", "--dir", str(self.folder),
                             "--listen", f"127.0.0.1:{self.port}"]
        if self.relay:
            words += ["--relay", self.relay]
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(words, stdout=self.log,
                                        stderr=self.log,
                                        stdin=subprocess.DEVNULL)

    def answers(self):
        if self.process.poll() is not None:
            pytest.fail(f"the server ended: {self.log_text()}")
        try:
            return self.client().get("/-/healthz").status == 200
        except OSError:
            return False

    def stop(self):
        if self.front:
            self.front.stop()
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        self.process = None
        self.log.close()
        text = self.log_text()
        assert not SANITIZER.search(text), text[-4000:]
        assert code == 0, f"exit {code}: {text[-2000:]}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None
        self.log.close()

    def log_text(self):
        return self.log_path.read_text("utf-8", "replace")

    def client(self):
        return Client(self.port, self.front)

    def run(self, *words, input=None, check=True):
        """An admin command against this site."""
        done = subprocess.run(
            [str(BINARY), "--config", str(self.folder / "convened.conf"),
             *words], input=input, capture_output=True, text=True,
            timeout=60)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def desk_login(self):
        lines = (self.folder / "desk-login.txt").read_text().splitlines()
        return lines[0], lines[1]

    def letters(self, to=""):
        """All letters in the spool, or those to one address, oldest first.
        Those of people who are erased vanish from it at any time."""
        letters = []
        for path in sorted((self.folder / "mail").glob("*.eml")):
            with contextlib.suppress(FileNotFoundError):
                content = path.read_bytes()
                if to.encode() in content:
                    letters.append(email.message_from_bytes(
                        content, policy=email.policy.default))
        return letters

    def letters_to(self, address, count):
        def there():
            got = [m for m in self.letters() if address in m["To"]]
            return got if len(got) >= count else None
        return wait_for(there, 20, f"{count} letters to {address}")

    # What a person does.
    def filled_form(self, address, family="Muster", given="Erika", lang="de",
                    meeting="sachsen/arbeit-2030", **fields):
        """Where to post, and what."""
        form = self.client().get(f"/{lang}/{meeting}").form("/register")
        values = form.filled(**names(form, given=given, family=family,
                                     address=address))
        if "mode" in form.choices and not values.get("mode"):
            values["mode"] = "onsite"
        return form.action, {k: v for k, v in {**values, **fields}.items()
                             if v is not None}

    def register(self, address, **more):
        action, values = self.filled_form(address, **more)
        return self.client().post(action, values)

    def count(self, *filters):
        """Registrations of the annual meeting, by the admin command."""
        done = self.run("attendees", "list", "sachsen/arbeit-2030", "--json",
                        *filters)
        return len(json.loads(done.stdout))

    def set_seats(self, **modes):
        words = [w for mode, n in modes.items()
                 for w in (f"--{mode}", str(n))]
        self.run("meeting", "edit", "sachsen/arbeit-2030", *words)


def link_in(message, part="r/"):
    """The one address of ours in a letter's text whose path holds `part`."""
    text = message.get_body(("plain",)).get_content()
    links = {u.rstrip(".,)") for u in re.findall(r"https?://\S+", text)
             if f"/{part}" in u}
    assert len(links) == 1, links
    return urllib.parse.urlsplit(links.pop()).path


def calendar_of(message):
    """The text/calendar part, parsed by python3-icalendar; None without."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return icalendar.Calendar.from_ical(part.get_payload(decode=True))
    return None


def names(form, **values):
    """The form's own field names for what a person calls them."""
    token = {"given": "given-name", "family": "family-name",
             "address": "email", "organisation": "organization"}
    return {form.tokens[token[k]]: v for k, v in values.items()}


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "demo").start()
    yield site
    site.stop()


@pytest.fixture
def own_site(tmp_path):
    """One that the test starts and stops itself."""
    site = Site(tmp_path / "demo")
    yield site
    if site.process:
        site.kill()


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("shared") / "demo").start()
    yield site
    site.stop()


class Sink:
    """A real SMTP server that keeps what it gets."""

    def __init__(self):
        self.messages = []
        self.answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        word = self.answers.get(address)
        if word:
            return word
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(envelope)
        return "250 OK"

    def parsed(self):
        return [email.message_from_bytes(m.content,
                                         policy=email.policy.default)
                for m in self.messages]


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()
