"""Seats: never one too many, however many come at once."""
import concurrent.futures
import random
import string
import time

import pytest

from conftest import MEETING
from test_main_job import cancel


def post_all(site, bodies, parallel=64):
    def post(item):
        action, values = item
        return site.client().post(action, values)

    with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
        return list(pool.map(post, bodies))


def test_a_thousand_posts_for_a_hundred_seats(site):
    site.set_seats(onsite=100, online=0)
    action, values = site.filled_form("x@example.org")
    email = next(k for k, v in values.items() if v == "x@example.org")
    answers = post_all(site, [(action, {**values, email: f"p{i}@example.org"})
                              for i in range(1000)])
    states = [a.status for a in answers]
    assert states.count(303) == 100, {s: states.count(s) for s in set(states)}
    assert not [s for s in states if s >= 500]
    assert site.count("--state", "registered") == 100


def test_the_same_body_fifty_times_is_one_registration(site):
    body = site.filled_form("doppelt@example.org")
    answers = post_all(site, [body] * 50, parallel=50)
    assert {a.status for a in answers} == {303}
    assert len({a.location for a in answers}) == 1
    assert site.count("--state", "registered") == 1
    site.letters_to("doppelt@example.org", 2)
    site.register("danach@example.org")
    site.letters_to("danach@example.org", 2)
    assert len(site.letters_to("doppelt@example.org", 2)) == 2


@pytest.mark.proof
def test_the_last_seat_goes_once(site, scale):
    rounds, people = scale(20, 100), scale(50, 200)
    site.set_seats(onsite=1, online=0)
    action, values = site.filled_form("x@example.org")
    email = next(k for k, v in values.items() if v == "x@example.org")
    for taken in range(1, rounds + 1):
        site.set_seats(onsite=taken)
        salt = "".join(random.choices(string.ascii_lowercase, k=6))
        answers = post_all(site, [
            (action, {**values, email: f"{salt}{i}@example.org"})
            for i in range(people)], parallel=people)
        assert not [a for a in answers if a.status >= 500]
        assert [a.status for a in answers].count(303) == 1
        assert site.count("--state", "registered") == taken


def test_a_full_mode_says_so_and_offers_the_other(site):
    site.set_seats(onsite=1, online=5)
    assert site.register("a@example.org", mode="onsite").status == 303
    refused = site.register("b@example.org", mode="onsite")
    assert refused.status == 409
    assert "b@example.org" in refused.text  # nothing typed is lost
    form = refused.form("/register")
    assert site.client().post(form.action,
                              form.filled(mode="online")).status == 303
    assert site.count("--mode", "online") == 1


def test_a_full_meeting_offers_nothing_but_its_waiting_list(site):
    site.set_seats(onsite=1, online=0)
    assert "Warteliste" not in site.client().get(MEETING).text
    assert site.register("a@example.org").status == 303
    time.sleep(1.1)  # seat counts may lag by a second
    page = site.client().get(MEETING)
    assert "Alle Plätze sind vergeben" in page.text
    assert page.form("/register").fields["mode"] == "onsite-waiting"


def test_a_cancelled_seat_can_be_taken_by_another(site):
    site.set_seats(onsite=1, online=0)
    site.register("a@example.org")
    cancel(site, "a@example.org")
    time.sleep(1.1)
    assert site.register("b@example.org").status == 303
    assert site.count("--state", "registered") == 1
