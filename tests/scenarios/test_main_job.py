"""One person gets in: from the page to the letters, the feed and back."""
import re

import icalendar

from conftest import MEETING, calendar_of, link_in, wait_for


def test_a_person_registers_and_gets_two_letters(site):
    done = site.register("erika@example.org")
    assert done.status == 303, done.text
    receipt = site.client().get(done.location)
    assert receipt.status == 200
    assert "Sie sind angemeldet" in receipt.text
    assert "erika@example.org" in receipt.text
    # The link stands in the letter only.
    assert not re.search(r"/de/r/[\w-]", receipt.text)

    letters = site.letters_to("erika@example.org", 2)
    confirmation = next(m for m in letters if calendar_of(m) is None)
    invitation = next(m for m in letters if calendar_of(m) is not None)
    assert confirmation["Subject"].startswith("Anmeldebestätigung: ")
    assert link_in(confirmation).startswith("/de/r/")
    assert "/r/" not in invitation.as_string()
    event = calendar_of(invitation).walk("VEVENT")[0]
    assert calendar_of(invitation)["METHOD"] == "REQUEST"
    assert event["ATTENDEE"].lower() == "mailto:erika@example.org"
    assert event["DTSTART"].dt.hour == 10


def test_without_the_tick_there_is_no_invitation(site):
    site.register("ohne@example.org", invite=None)
    site.register("mit@example.org")
    site.letters_to("mit@example.org", 2)
    letters = site.letters_to("ohne@example.org", 1)
    assert len(letters) == 1 and calendar_of(letters[0]) is None


def cancel(site, address):
    letters = site.letters_to(address, 2)
    path = link_in(next(m for m in letters if calendar_of(m) is None))
    client = site.client()
    form = client.get(path).form("/cancel")
    answer = client.post(form.action, form.fields)
    assert answer.status == 303, answer.text
    return path


def test_cancelling_by_link_frees_the_seat_and_calls_the_entry_back(site):
    site.register("erika@example.org")
    path = cancel(site, "erika@example.org")
    assert site.count("--state", "registered") == 0
    withdrawal = wait_for(
        lambda: next((m for m in site.letters() if calendar_of(m)
                      and calendar_of(m)["METHOD"] == "CANCEL"), None))
    request = next(m for m in site.letters() if calendar_of(m)
                   and calendar_of(m)["METHOD"] == "REQUEST")
    before, after = (calendar_of(m).walk("VEVENT")[0]
                     for m in (request, withdrawal))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["STATUS"] == "CANCELLED"
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert "/undo" in site.client().get(path).text


def test_undo_takes_the_seat_again_with_a_new_invitation(site):
    site.register("erika@example.org")
    path = cancel(site, "erika@example.org")
    client = site.client()
    form = client.get(path).form("/undo")
    assert client.post(form.action, form.fields).status == 303
    assert site.count("--state", "registered") == 1
    letters = site.letters_to("erika@example.org", 6)
    uids = {str(calendar_of(m).walk("VEVENT")[0]["UID"]) for m in letters
            if calendar_of(m) and calendar_of(m)["METHOD"] == "REQUEST"}
    assert len(uids) == 2


def test_opening_every_link_changes_nothing(site):
    site.register("erika@example.org")
    letters = site.letters_to("erika@example.org", 2)
    path = link_in(next(m for m in letters if calendar_of(m) is None))
    for _ in range(2):
        for tail in ("", "/cancel", "/undo"):
            assert site.client().get(path + tail).status in (200, 303)
    assert site.count("--state", "registered") == 1
    assert len(site.letters()) == 2


def test_the_feed_has_the_meeting_and_answers_304(site):
    client = site.client()
    feed = client.get("/calendars/sachsen.ics")
    events = icalendar.Calendar.from_ical(feed.body).walk("VEVENT")
    assert any("Zusammen in die Zukunft" in e["SUMMARY"] for e in events)
    again = client.get("/calendars/sachsen.ics",
                       If_None_Match=feed.headers["etag"])
    assert again.status == 304 and not again.body


def test_a_second_start_goes_on_with_what_is_there(site):
    site.register("erika@example.org")
    site.letters_to("erika@example.org", 2)
    site.stop()
    site.start()
    assert site.count("--state", "registered") == 1
    assert len(site.letters()) == 2


def test_a_kill_loses_nothing_that_was_acknowledged(site):
    for i in range(20):
        assert site.register(f"p{i}@example.org").status == 303
    site.kill()
    site.start()
    assert site.count("--state", "registered") == 20
    for i in range(20):
        site.letters_to(f"p{i}@example.org", 2)


def test_the_form_works_in_english(site):
    done = site.register("john@example.org", lang="en", family="Doe")
    assert done.status == 303
    assert "You are registered" in site.client().get(done.location).text
    letters = site.letters_to("john@example.org", 2)
    assert all(m["Content-Language"] == "en" for m in letters)
    assert "Hello" in letters[0].get_body(("plain",)).get_content()


def test_names_of_every_alphabet_survive(site):
    for given, family in (("Đặng", "Ștefănescu"), ("Þóra", "Þórsdóttir"),
                          ("Seán", "O’Neill"), ("Zofia", "Łęcka-Müller")):
        assert site.register("n@example.org", given=given,
                             family=family).status == 303
    # typed decomposed, kept composed
    assert site.register("u@example.org", family="Mu\u0308ller").status == 303
    out = site.run("attendees", "list", "sachsen/arbeit-2030",
                   "--json").stdout
    for name in ("Ștefănescu", "Þórsdóttir", "O’Neill", "Łęcka-Müller"):
        assert name in out
    for typed in ("muller", "mueller", "MÜLLER"):
        assert site.count("--search", typed) == 2


def test_the_page_is_the_same_bytes_for_everybody_in_a_second(site):
    def two():
        both = [site.client().get(MEETING) for _ in range(2)]
        stamps = {page.form("/register").fields["stamp"] for page in both}
        return both if len(stamps) == 1 else None
    first, second = wait_for(two)
    assert first.body == second.body
    assert first.headers["etag"] == second.headers["etag"]
    assert "set-cookie" not in first.headers
    assert first.headers["cache-control"] == "no-cache"
