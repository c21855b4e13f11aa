"""Every feed and every letter before the strict checker."""
import subprocess

import pytest

from conftest import TOOLS, calendar_of
from test_main_job import cancel

CHECKER = str(TOOLS / "icscheck.py")
FEEDS = ("/calendars/all.ics", "/calendars/sachsen.ics",
         "/calendars/sachsen/with-regions.ics",
         "/calendars/sachsen/arbeit-2030.ics", "/calendars/bautzen.ics")


def check(*words):
    done = subprocess.run(["/usr/bin/python3", CHECKER, *words],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", FEEDS)
def test_the_checker_finds_nothing_in_a_feed(shared_site, path):
    check("--strict", "--fresh", shared_site.url + path)


def test_the_checker_finds_nothing_in_the_download(shared_site):
    check("--strict", "--fresh", "--no-feed-meta", "--download", shared_site.url +
          "/calendars/sachsen/arbeit-2030/download.ics")


def test_the_checker_finds_nothing_in_any_letter(site):
    site.register("erika@example.org", family="Łęcka-Müller")
    site.register("john@example.org", lang="en")
    cancel(site, "erika@example.org")
    site.letters_to("erika@example.org", 4)
    site.letters_to("john@example.org", 2)
    files = sorted((site.folder / "mail").glob("*.eml"))
    invites = [f for f, m in zip(files, site.letters()) if calendar_of(m)]
    assert len(invites) == 3
    for file in invites:
        check("--strict", str(file))
    erika = [str(f) for f, m in zip(files, site.letters())
             if calendar_of(m) and "erika" in m["To"]]
    check("--strict", "--chain", *erika)


def test_no_feed_names_a_person_or_the_room_online(site):
    site.register("marke-ag7@example.org", family="Markenname",
                  mode="online")
    letters = site.letters_to("marke-ag7@example.org", 2)
    confirmation = next(m for m in letters if calendar_of(m) is None)
    invitation = next(m for m in letters if calendar_of(m) is not None)
    text = confirmation.get_body(("plain",)).get_content()
    room = next(w for w in text.split() if "stream." in w)
    for path in FEEDS:
        feed = site.client().get(path).text.replace("\r\n ", "")
        for secret in ("marke-ag7", "Markenname", room):
            assert secret not in feed
    assert room not in invitation.as_string()
    assert room not in calendar_of(invitation).to_ical().decode()
    assert room not in site.client().get("/de/sachsen/arbeit-2030").text
