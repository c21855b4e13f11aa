"""The mail process by itself: the real `convened courier` between a door that
the test holds open and a real SMTP server (RELIABILITY A5, A6, G15)."""
import asyncio
import email
import email.policy
import json
import os
import pathlib
import queue
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CONVENED_BUILD", ROOT / "build"))

PARTS = {
    "from_name": "Fachkräfteallianz Beispielland, Büro",
    "from_address": "treffen@example.org",
    "to_name": "Đặng Þórsdóttir",
    "to_address": "dang.thorsdottir@example.net",
    "reply_to": "buero@example.org",
    "subject": "Anmeldebestätigung: Größe – und mehr, 7. März 2027",
    "message_id": "0b7d8f60-6c1e-4b3a-9d51-2f0c8a7e4b10@example.org",
    "date": 1798761600,
    "lang": "de",
    "text": "Guten Tag,\n\n.\nSie sind angemeldet.\n",
    "html": "<!doctype html><html lang=\"de\"><h1>Größe</h1></html>\n",
}


class Door:
    """The server's side of courier.sock."""

    def __init__(self, path):
        self.path = str(path)
        self.said = queue.Queue()
        self.credits = 0
        self.peer = None
        self.open()

    def open(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen()
        threading.Thread(target=self.serve, args=(self.listener,),
                         daemon=True).start()

    def serve(self, listener):
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            self.peer, self.credits = peer, 0
            try:
                self.listen(peer)
            except OSError:
                pass  # the courier hung up

    def listen(self, peer):
        with peer.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                self.credits += message.get("ready", 0)
                self.said.put(message)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        if self.peer:
            self.peer.shutdown(socket.SHUT_RDWR)
            self.peer.close()
        os.unlink(self.path)

    def give(self, number, **changes):
        parts = {k: v for k, v in {**PARTS, **changes}.items()
                 if v is not None}
        bodies = b""
        for name in ("text", "html", "calendar"):
            if isinstance(parts.get(name), str):
                body = parts[name].encode()
                parts[name], bodies = len(body), bodies + body
        self.line(json.dumps({"letter": number, "parts": parts}), bodies)

    def line(self, text, bodies=b""):
        end = time.monotonic() + 10
        while self.peer is None and time.monotonic() < end:
            time.sleep(0.01)
        self.peer.sendall(text.encode() + b"\n" + bodies)

    def hear(self, key, seconds=20):
        """The next message that has that key."""
        end = time.monotonic() + seconds
        while True:
            message = self.said.get(timeout=max(0.01, end - time.monotonic()))
            if key in message:
                return message

    def result(self, seconds=20):
        message = self.hear("done", seconds)
        return message["done"], message["delivery"], message["remark"]


class Sink:
    """An SMTP server that can be told to misbehave."""

    def __init__(self):
        self.envelopes = []
        self.peers = set()
        self.answers = {}  # step -> answer
        self.close_after_data = False
        self.stall = None  # an asyncio event that DATA waits for

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.peers.add(session.peer)
        if "mail" in self.answers:
            return self.answers["mail"]
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "rcpt" in self.answers:
            return self.answers["rcpt"].format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        if self.stall:
            await asyncio.sleep(self.stall)
        self.envelopes.append(envelope)
        if self.close_after_data:
            server.transport.abort()
        return self.answers.get("data", "250 2.0.0 Ok, kept")


@pytest.fixture
def house(tmp_path):
    """Starts what a test asks for and ends it."""
    house = House(tmp_path)
    yield house
    house.end()


class House:
    def __init__(self, tmp_path):
        self.path = tmp_path
        (tmp_path / "run").mkdir()
        self.door = Door(tmp_path / "run" / "courier.sock")
        self.sink = Sink()
        self.ended = []
        self.process = None

    def smtp(self, **options):
        controller = Controller(self.sink, hostname="127.0.0.1", port=0,
                                **options)
        # Port 0 is asked for by hand: aiosmtpd would knock at it.
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            controller.port = s.getsockname()[1]
        controller.start()
        self.ended.append(controller.stop)
        return f"smtp://127.0.0.1:{controller.port}"

    def courier(self, relay="", env=None, **mail):
        lines = ["[site]", "base-url = http://localhost:8080", "[state]",
                 f"directory = {self.path}", f"run = {self.path}/run",
                 "[mail]", f"spool = {self.path}/mail",
                 "domain = example.org"]
        if relay:
            lines.append(f"relay = {relay}")
        mail = {"tls": "none", "parallel": "2", **mail}
        lines += [f"{k.replace('_', '-')} = {v}" for k, v in mail.items()]
        config = self.path / "convened.conf"
        config.write_text("\n".join(lines) + "\n")
        self.log = open(self.path / "log", "w+")
        self.process = subprocess.Popen(
            [BUILD / "convened", "--config", config, "courier"],
            stdout=self.log, stderr=self.log,
            env={**os.environ, **(env or {})})
        return self.door

    def words(self):
        self.log.flush()
        return (self.path / "log").read_text()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(15) == 0, self.words()
        for stop in self.ended:
            stop()
        if self.process:
            assert "Sanitizer" not in self.words()
            assert "runtime error" not in self.words()
            assert "@example.net" not in self.words()


def parsed(envelope):
    return email.message_from_bytes(envelope.content,
                                    policy=email.policy.default)


def test_a_letter_arrives_as_it_was_given(house):
    door = house.courier(house.smtp())
    door.give(17)
    assert door.result() == (17, "sent", "250 2.0.0 Ok, kept")
    [envelope] = house.sink.envelopes
    assert envelope.mail_from == PARTS["from_address"]
    assert envelope.rcpt_tos == [PARTS["to_address"]]
    mail = parsed(envelope)
    assert mail["Subject"] == PARTS["subject"]
    assert mail["From"].addresses[0].display_name == PARTS["from_name"]
    assert mail["To"].addresses[0].display_name == PARTS["to_name"]
    assert mail["Reply-To"] == PARTS["reply_to"]
    assert mail["Message-ID"] == f"<{PARTS['message_id']}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "de"
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == PARTS["text"]
    assert html.get_content_type() == "text/html"
    assert not [d for part in mail.walk() for d in part.defects]


def test_many_letters_share_few_connections(house):
    door = house.courier(house.smtp(), parallel=2)
    given, done = 0, set()
    while len(done) < 60:
        while door.credits > 0 and given < 60:
            door.credits -= 1
            given += 1
            door.give(given, to_address=f"person{given}@example.net")
        message = door.said.get(timeout=20)
        if "done" in message:
            assert message["delivery"] == "sent"
            done.add(message["done"])
    assert len(done) == 60
    assert len(house.sink.peers) <= 2


def test_no_more_letters_are_asked_for_than_can_be_taken(house):
    door = house.courier(house.smtp(), parallel=2)
    assert door.hear("ready") == {"ready": 4}


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("code,delivery", [("451 4.7.1", "later"),
                                           ("421 4.3.2", "later"),
                                           ("550 5.1.1", "refused"),
                                           ("554 5.7.1", "refused"),
                                           ("530 5.7.0", "later")])
def test_the_relays_no_is_understood(house, step, code, delivery):
    house.sink.answers[step] = f"{code} not now"
    door = house.courier(house.smtp())
    door.give(3)
    assert door.result() == (3, delivery, f"{code} not now")
    house.sink.answers.clear()
    door.give(4)
    assert door.result()[:2] == (4, "sent")


def test_a_remark_does_not_name_the_recipient(house):
    house.sink.answers["rcpt"] = ("550 5.1.1 <{address}>: Recipient rejected:"
                                  " DANG.THORSDOTTIR is unknown")
    door = house.courier(house.smtp())
    door.give(5)
    number, delivery, remark = door.result()
    assert (number, delivery) == (5, "refused")
    assert remark == "550 5.1.1 <…>: Recipient rejected: … is unknown"


def test_a_remark_is_short(house):
    house.sink.answers["rcpt"] = "550 " + "x" * 480
    door = house.courier(house.smtp())
    door.give(5)
    remark = door.result()[2]
    assert remark.startswith("550 xxx") and len(remark.encode()) == 200


def test_a_connection_lost_after_the_letter_is_tried_again(house):
    house.sink.close_after_data = True
    door = house.courier(house.smtp())
    door.give(6)
    assert door.result()[:2] == (6, "later")
    house.sink.close_after_data = False
    door.give(6)
    assert door.result()[:2] == (6, "sent")
    one, two = house.sink.envelopes
    assert parsed(one)["Message-ID"] == parsed(two)["Message-ID"]
    assert one.content == two.content


def test_nobody_at_the_relays_door(house):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    door = house.courier(f"smtp://127.0.0.1:{port}")
    door.give(7)
    number, delivery, remark = door.result()
    assert (number, delivery) == (7, "later") and remark


class RawRelay(threading.Thread):
    """Says these lines to whoever comes, one for each line heard, and keeps
    what it heard. The last line is said for ever; None hangs up."""

    def __init__(self, *says):
        super().__init__(daemon=True)
        self.says, self.heard, self.visits = says, [], 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "smtp://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            peer, _ = self.listener.accept()
            self.visits += 1
            with peer, peer.makefile("rwb") as stream:
                try:
                    self.talk(stream)
                except OSError:
                    pass

    def talk(self, stream):
        says = list(self.says)
        while True:
            line = says.pop(0) if len(says) > 1 else says[0]
            if line is None:
                return
            if line:
                stream.write(line.encode() + b"\r\n")
                stream.flush()
            heard = stream.readline()
            if not heard:
                return
            self.heard.append(heard)


@pytest.mark.parametrize("greeting", ["554 5.3.2 go away", "421 busy",
                                      "not SMTP at all", None])
def test_a_relay_that_does_not_greet_is_not_the_letters_fault(house,
                                                              greeting):
    relay = RawRelay(greeting)
    door = house.courier(relay.url, timeout="1 s")
    door.give(8)
    assert door.result()[:2] == (8, "later")
    assert not any(h.startswith(b"MAIL") for h in relay.heard)


def test_a_silent_relay_costs_no_more_than_the_timeout(house):
    relay = RawRelay("")
    door = house.courier(relay.url, timeout="1 s")
    begin = time.monotonic()
    door.give(9)
    assert door.result()[:2] == (9, "later")
    assert time.monotonic() - begin < 5


def test_a_refused_sign_in_lets_the_letter_wait(house, tmp_path):
    relay = RawRelay("220 hello", "250-relay\r\n250 AUTH PLAIN",
                     "535 5.7.8 wrong password")
    secret = tmp_path / "password"
    secret.write_text("geheim\n")
    secret.chmod(0o600)
    door = house.courier(relay.url, user="bote", password_file=secret)
    door.give(10)
    assert door.result()[:2] == (10, "later")
    assert not any(h.startswith(b"MAIL") for h in relay.heard)


def test_the_password_comes_from_a_credential(house, tmp_path):
    seen = []

    def authenticate(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    relay = house.smtp(authenticator=authenticate, auth_require_tls=False,
                       auth_required=True)
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "smtp-password").write_text("s3cret wort\n")
    door = house.courier(
        relay, user="bote",
        env={"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")})
    door.give(11)
    assert door.result()[:2] == (11, "sent")
    assert seen[0] == (b"bote", b"s3cret wort")


def test_a_password_that_others_can_read_is_not_used(house, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("geheim\n")
    secret.chmod(0o644)
    house.courier(house.smtp(), user="bote", password_file=secret)
    assert house.process.wait(10) != 0
    assert "password" in house.words()
    assert "geheim" not in house.words()


# ---- TLS ----


def certificate(folder, name):
    key, cert = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
         cert, "-days", "2", "-subj", f"/CN={name}", "-addext",
         f"subjectAltName=DNS:{name}"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def by_name(url):
    return url.replace("127.0.0.1", "localhost")


def test_a_letter_goes_over_tls_that_can_be_trusted(house, tmp_path):
    context, cert = certificate(tmp_path, "localhost")
    relay = by_name(house.smtp(tls_context=context, require_starttls=True))
    door = house.courier(relay, tls="required", ca_file=cert)
    door.give(20)
    assert door.result()[:2] == (20, "sent")


def test_an_unknown_certificate_gets_no_letter(house, tmp_path):
    context, _ = certificate(tmp_path, "localhost")
    relay = by_name(house.smtp(tls_context=context))
    door = house.courier(relay, tls="required")
    door.give(21)
    number, delivery, remark = door.result()
    assert (number, delivery) == (21, "later")
    assert "certificate" in remark
    assert not house.sink.peers


def test_a_certificate_of_another_name_gets_no_letter(house, tmp_path):
    context, cert = certificate(tmp_path, "mail.example.org")
    relay = by_name(house.smtp(tls_context=context))
    door = house.courier(relay, tls="required", ca_file=cert)
    door.give(22)
    assert door.result()[:2] == (22, "later")
    assert not house.sink.peers


def test_no_letter_and_no_password_leave_in_clear(house, tmp_path):
    relay = RawRelay("220 hello", "250-relay\r\n250 AUTH PLAIN",
                     "250 2.0.0 Ok")
    secret = tmp_path / "password"
    secret.write_text("geheim\n")
    secret.chmod(0o600)
    door = house.courier(relay.url, tls="required", user="bote",
                         password_file=secret)
    door.give(23)
    assert door.result()[:2] == (23, "later")
    assert all(h.split()[0] in (b"EHLO", b"HELO", b"QUIT")
               for h in relay.heard)


def test_the_greeting_names_our_domain_and_nothing_else(house):
    relay = RawRelay("220 hello", "250 relay", "250 Ok", "250 Ok", "354 go",
                     "")
    door = house.courier(relay.url, timeout="2 s")
    door.give(24)
    door.result()
    assert relay.heard[0] == b"EHLO example.org\r\n"
    assert relay.heard[1].startswith(b"MAIL FROM:<treffen@example.org>")
    assert relay.heard[2] == b"RCPT TO:<dang.thorsdottir@example.net>\r\n"
    assert relay.heard[3] == b"DATA\r\n"


# ---- the door ----


@pytest.mark.parametrize("change", [
    {"to_address": "a@example.net>\r\nRCPT TO:<b@example.net"},
    {"subject": "Guten\r\nBcc: b@example.net"},
    {"to_name": "Eins\nZwei"},
    {"from_address": None},
    {"message_id": "x"},
    {"method": "REQUEST"},
])
def test_what_is_no_letter_is_never_sent(house, change):
    door = house.courier(house.smtp())
    door.give(30, **change)
    assert door.result()[:2] == (30, "later")
    door.give(31)
    assert door.result()[:2] == (31, "sent")
    assert len(house.sink.envelopes) == 1


@pytest.mark.parametrize("line", [
    "{", "[]", "{}", '{"letter": "17"}',
    pytest.param("x" * (1 << 20) + "xx", id="too long")])
def test_a_door_that_talks_nonsense_is_left_and_visited_again(house, line):
    door = house.courier(house.smtp())
    door.hear("ready")
    first = door.peer
    try:
        door.line(line)
    except OSError:
        pass
    door.hear("ready")
    assert door.peer is not first
    door.give(32)
    assert door.result()[:2] == (32, "sent")


def test_a_result_that_finds_the_door_closed_is_told_later(house):
    house.sink.stall = 1
    door = house.courier(house.smtp())
    door.give(33)
    time.sleep(0.3)
    door.close()
    time.sleep(1.5)
    while not door.said.empty():
        door.said.get()
    door.open()
    first = door.said.get(timeout=20)
    assert first["done"] == 33 and first["delivery"] == "sent"
    assert "ready" in door.said.get(timeout=20)
    assert len(house.sink.envelopes) == 1


def test_a_letter_handed_out_twice_is_sent_once(house):
    house.sink.stall = 1
    door = house.courier(house.smtp())
    door.give(34)
    door.give(34)
    assert door.result()[:2] == (34, "sent")
    with pytest.raises(queue.Empty):
        door.hear("done", 1.5)
    assert len(house.sink.envelopes) == 1


def test_the_courier_waits_for_a_server_that_is_not_there_yet(house):
    house.door.close()
    door = house.courier(house.smtp())
    time.sleep(0.7)
    door.open()
    door.give(35)
    assert door.result()[:2] == (35, "sent")


# ---- the end ----


def test_a_stop_finishes_what_is_under_way(house):
    house.sink.stall = 1
    door = house.courier(house.smtp())
    door.give(40)
    time.sleep(0.4)
    house.process.send_signal(signal.SIGTERM)
    assert door.result()[:2] == (40, "sent")
    assert house.process.wait(5) == 0


def test_a_stop_does_not_wait_for_a_relay_for_ever(house):
    relay = RawRelay("")
    door = house.courier(relay.url)
    door.give(41)
    time.sleep(0.4)
    begin = time.monotonic()
    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(15) == 0
    assert 8 < time.monotonic() - begin < 13


def test_a_connection_that_the_relay_closed_costs_no_attempt(house):
    """Kept connections grow old on the other side first."""
    door = house.courier(house.smtp(data_size_limit=1 << 20), parallel=1)
    for number in (50, 51):
        door.give(number)
        assert door.result()[:2] == (number, "sent")
        for stop in house.ended:
            stop()
        house.ended.clear()
        url = re.search(r"relay = (.*)",
                        (house.path / "convened.conf").read_text())[1]
        controller = Controller(house.sink, hostname="127.0.0.1",
                                port=int(url.rsplit(":", 1)[1]))
        controller.start()
        house.ended.append(controller.stop)


# ---- the spool ----


def test_without_a_relay_letters_become_files(house):
    door = house.courier()
    for number, method in ((60, None), (61, "REQUEST"), (62, "CANCEL")):
        calendar = method and "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
        door.give(number, method=method, calendar=calendar)
        assert door.result()[:2] == (number, "sent")
    folder = house.path / "mail"
    names = sorted(p.name for p in folder.iterdir())
    assert names == ["20270101T000000Z-000060-letter.eml",
                     "20270101T000000Z-000061-invitation.eml",
                     "20270101T000000Z-000062-withdrawal.eml"]
    mail = email.message_from_bytes((folder / names[0]).read_bytes(),
                                    policy=email.policy.default)
    assert mail["To"].addresses[0].addr_spec == PARTS["to_address"]
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.iterdir())


def test_the_same_letter_in_the_spool_is_one_file(house):
    door = house.courier()
    for _ in range(2):
        door.give(63)
        assert door.result()[:2] == (63, "sent")
    assert len(list((house.path / "mail").iterdir())) == 1


def test_a_spool_that_takes_nothing_lets_letters_wait(house):
    door = house.courier()
    door.hear("ready")
    folder = house.path / "mail"
    folder.rmdir()
    door.give(64)
    assert door.result()[:2] == (64, "later")
    folder.mkdir()
    door.give(64)
    assert door.result()[:2] == (64, "sent")
