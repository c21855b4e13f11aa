#!/usr/bin/python3
"""Other people's parsers read every kind of letter that we send.

usage: mail_check.py [--npm] [SAMPLES-PROGRAM]

Letters with a calendar part go to icscheck, alone and as a chain of REQUEST
and CANCEL; the others are read by Python's own strict parser here. With
--npm ical.js and node-ical judge as well.
"""
import email
import email.policy
import os
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser

HERE = os.path.dirname(os.path.abspath(__file__))
ICSCHECK = os.path.join(HERE, "tools", "icscheck.py")
CHAINS = (("de-chain-1.eml", "de-chain-2.eml"),
          ("en-chain-1.eml", "en-chain-2.eml"),
          ("off-chain-1.eml", "off-chain-2.eml"),
          ("de-move-1.eml", "de-move-2.eml", "de-move-3.eml"),
          ("en-move-1.eml", "en-move-2.eml", "en-move-3.eml"))
LIFE = ("party", "changed", "links", "handed-over", "left", "moved-up",
        "waiting", "already-waiting", "offer", "lapsed", "confirm-address",
        "pending", "declined", "wish-to-host", "wish-declined")
PLAIN = ("de-confirmation.eml", "de-already.eml", "de-goodbye.eml",
         "en-confirmation.eml", "de-called-off.eml", "en-called-off.eml",
         *(f"{lang}-{name}.eml" for lang in ("de", "en") for name in LIFE))
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Tags(HTMLParser):
    """Whether every tag that opens also closes, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes another tag")


def faults_of_bytes(raw):
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a line that does not end in CRLF"
    if any(b > 126 for b in raw):
        yield "an octet that is not ASCII"
    head = raw.split(b"\r\n\r\n")[0].decode()
    for line in head.split("\r\n"):
        if "=?" in line and len(line) > 76:
            yield f"an encoded word on a line of {len(line)}: {line}"
    if len(raw) > 40000:
        yield f"{len(raw)} bytes"


def faults_of_html(html, text):
    tags = Tags()
    tags.feed(html)
    yield from tags.faults
    yield from (f"<{tag}> is not closed" for tag in tags.open)
    if len(html.encode()) > 20000:
        yield "HTML of more than 20 kB"
    for remote in ("<img", "<link", "url(", "src=", "@import"):
        if remote in html:
            yield f"{remote} brings something from afar"
    for link in tags.links:
        if not link.startswith("mailto:") and link not in text:
            yield f"{link} stands in the HTML only"


def faults_of(raw):
    yield from faults_of_bytes(raw)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    for name, value in mail.items():
        yield from (f"{name}: {d!r}" for d in getattr(value, "defects", ()))
    for part in mail.walk():
        yield from (f"{part.get_content_type()}: {d!r}"
                    for d in part.defects)
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = mail.get_body(("html",)).get_content()
    yield from faults_of_html(html, text)
    if "\n\n\n" in text:
        yield "two empty lines on end"
    if not text.endswith("\n") or text.startswith("\n"):
        yield "the text begins or ends oddly"
    for words in ("Auto-Submitted", "Message-ID", "Date", "Content-Language",
                  "X-Auto-Response-Suppress"):
        if len(mail.get_all(words, ())) != 1:
            yield f"{words} not exactly once"


def judge_plain(folder, name):
    with open(os.path.join(folder, name), "rb") as stream:
        faults = list(faults_of(stream.read()))
    for fault in faults:
        print(f"{name}: {fault}")
    return len(faults)


def judge_chain(folder, files, options):
    paths = [os.path.join(folder, name) for name in files]
    return subprocess.run(
        ["/usr/bin/python3", ICSCHECK, "--strict", *options, "--chain",
         *paths]).returncode != 0


def main(arguments):
    options = ("--no-js",)
    if arguments[:1] == ["--npm"]:
        options, arguments = (), arguments[1:]
    program = arguments[0] if arguments else "tests/mail_samples"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.path.abspath(program), folder], check=True)
        written = set(os.listdir(folder))
        judged = set(PLAIN).union(*CHAINS)
        faults = sum(judge_plain(folder, name) for name in sorted(judged))
        faults += sum(judge_chain(folder, chain, options)
                      for chain in CHAINS)
    if written != judged:
        print("written, but judged by nobody:", *sorted(written ^ judged))
    return 1 if faults or written != judged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
