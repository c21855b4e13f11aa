"""What can happen to a registration, as those live it whom it concerns: each
journey on a phone with scripts and without, in German and in English."""
import json

import pytest

from conftest import MEETING
from phone import Chromium, Plain, Told, mailed_link
from test_accessibility import reports
from test_desk import sign_in
from test_desk_decide import agree

pytestmark = [pytest.mark.browser, pytest.mark.proof]
# Chromium has to show that each kind of page works with scripts and without;
# that it does so in the other language as well is seen by plain HTTP, and in
# the long form in Chromium too.
KINDS = {"scripts": ("de",), "no-scripts": ("en",), "plain": ("de", "en")}


@pytest.fixture(scope="module", params=[
    (kind, lang) for kind in KINDS for lang in ("de", "en")],
    ids=lambda p: "-".join(p))
def phone(request, shared_site, tmp_path_factory, scale):
    kind, lang = request.param
    if kind == "plain":
        yield Plain(shared_site, lang)
        return
    if lang not in scale(KINDS[kind], ("de", "en")):
        pytest.skip("in the long form only")
    phone = Chromium(shared_site, lang, tmp_path_factory.mktemp("profile"),
                     kind == "scripts")
    yield phone
    phone.close()


@pytest.fixture
def meeting(phone, request):
    kind, lang = request.node.callspec.params["phone"]

    def make(slug, *seats, **terms):
        return Told(phone.site, lang, f"{slug}-{kind}", *seats, **terms)
    return make


def enter(phone, m, given, **fields):
    phone.open(m.path)
    phone.fill(given_name=given, family_name="Muster",
               email=m.address(given), **fields)


def test_waiting_for_a_place_until_somebody_cancels(phone, meeting):
    m = meeting("wait", 1, 1)
    m.come("Anna", mode="onsite")
    m.seen(phone.tr("On site: waiting list"))
    enter(phone, m, "Bodo")
    phone.sees("On site: waiting list")
    phone.tick("mode", "onsite-waiting")
    phone.press("/register")
    phone.sees("You are on the waiting list")
    phone.open(m.mine("Bodo"))
    phone.sees("You are on the waiting list")
    assert phone.tr("You are number %s in the queue for a place on site."
                    ).replace("%s", "1") in phone.text()
    assert m.press(m.mine("Anna"), "/cancel").status == 303
    phone.open(m.mine("Bodo", 2))
    phone.sees("You are registered")
    assert m.states()["Bodo"] == ("registered", "onsite")


def test_an_offered_place_is_taken(phone, meeting):
    m = meeting("claim", 1, claim_term="1 d")
    m.come("Anna")
    m.come("Bodo", mode="onsite-waiting")
    assert m.press(m.mine("Anna"), "/cancel").status == 303
    phone.open(m.mine("Bodo", 2))
    phone.sees("A place is free for you: %s")
    phone.press("/claim")
    phone.sees("You are registered")
    assert m.states()["Bodo"] == ("registered", "onsite")


def test_three_come_together_and_go_one_by_one(phone, meeting):
    m = meeting("party", 9, 9)
    enter(phone, m, "Anna", organisation="Werk Beispiel")
    phone.tick("mode", "onsite")
    phone.press("/register", "add", "1")
    phone.fill(given_name_2="Bea", family_name_2="Probe",
               email_2=m.address("Bea"))
    phone.press("/register", "add", "1")
    phone.fill(given_name_3="Cleo", family_name_3="Test")
    phone.tick("mode-3", "online")
    phone.press("/register")
    phone.sees("You are registered", "Who is coming")
    text = phone.text()
    for words in ("Anna Muster", "Bea Probe", "Cleo Test", m.address("Bea")):
        assert words in text
    assert m.states() == {"Anna": ("registered", "onsite"),
                          "Bea": ("registered", "onsite"),
                          "Cleo": ("registered", "online")}
    # Bea has a link of her own, and it shows nobody's else.
    phone.open(m.mine("Bea"))
    phone.sees("You are registered")
    phone.press("/cancel")
    phone.sees("Your registration is cancelled")
    assert m.states()["Anna"][0] == "registered"
    phone.press("/undo")
    phone.sees("You are registered")
    # Anna speaks for all of them.
    phone.open(m.mine("Anna"))
    phone.sees("Registered together with you")
    phone.follow("/cancel-all")
    phone.press("/cancel-all")
    phone.sees("Your registration is cancelled")
    assert {s for s, _ in m.states().values()} == {"cancelled"}
    phone.press("/undo")
    phone.sees("You are registered")
    assert m.states()["Anna"][0] == "registered"
    assert m.states()["Cleo"][0] == "cancelled"


def test_an_address_is_confirmed_by_the_mailed_link(phone, meeting):
    m = meeting("confirm", 9, confirm_term="48 h")
    enter(phone, m, "Anna")
    phone.press("/register")
    phone.sees("Please confirm your e-mail address")
    assert m.states()["Anna"][0] == "unconfirmed"
    phone.open(m.mine("Anna"))
    assert m.states()["Anna"][0] == "unconfirmed"
    phone.sees("Please confirm your e-mail address")
    phone.press("/confirm")
    phone.sees("You are registered")
    assert m.states()["Anna"][0] == "registered"
    m.site.letters_to(m.address("Anna"), 2)


def test_the_organiser_says_yes_at_the_desk(phone, meeting):
    m = meeting("approve", 9, approval="holds")
    enter(phone, m, "Anna")
    phone.press("/register")
    phone.sees("The organisers decide on your registration, and you get "
               "another e-mail. Your place is held until then.")
    phone.open(m.mine("Anna"))
    phone.sees("Your registration is being looked at")
    desk, _ = sign_in(m.site)
    [row] = json.loads(m.site.run("attendees", "list", m.name,
                                  "--json").stdout)
    form = next(f for f in desk.get(m.desk + "?state=pending").forms()
                if "/decide" in f.action)
    asked = desk.post(form.action, {"csrf": form.fields["csrf"],
                                    "wish": "approve",
                                    "pick": row["reference"]})
    assert agree(desk, asked).status == 200
    phone.open(m.mine("Anna", 2))
    phone.sees("You are registered")


def test_details_way_and_person_change_by_the_link(phone, meeting):
    m = meeting("change", 9, 9)
    m.come("Anna", mode="onsite")
    anna = m.mine("Anna")
    phone.open(anna)
    phone.follow("/change")
    phone.fill(family_name="", organisation="Werk Beispiel")
    phone.press("/change")
    phone.sees("Please check your details")
    phone.fill(family_name="Łęcka")
    phone.press("/change")
    text = phone.text()
    assert "Łęcka" in text and "Werk Beispiel" in text
    phone.press("/mode")
    assert m.states()["Anna"] == ("registered", "online")
    phone.follow("/hand-over")
    phone.fill(given_name="Emil", family_name="Probe",
               email=m.address("Emil"))
    phone.press("/hand-over")
    phone.sees("Your place has been handed over")
    assert m.states() == {"Emil": ("registered", "online")}
    assert m.site.client().get(anna).status == 404
    phone.open(m.mine("Emil"))
    phone.sees("You are registered")
    assert "Łęcka" not in phone.text()


def test_after_the_deadline_a_change_is_granted_at_the_desk(phone, meeting):
    m = meeting("late", 9, 9, changes_until="2026-01-01 10:00")
    m.come("Anna", mode="onsite")
    anna = m.mine("Anna")
    phone.open(anna)
    phone.follow("/change")
    phone.sees("The time for changes is over: what you enter here goes to "
               "the organiser as a request.")
    phone.fill(organisation="Werk Beispiel")
    phone.press("/change")
    phone.sees("Change of your details", "Your request of %s is open.")
    phone.press("/mode")
    phone.sees("Another way of taking part")
    phone.press("/mode")
    desk, _ = sign_in(m.site)
    page = desk.get(m.desk + "/requests")
    form = next(f for f in page.forms() if f.action.endswith("/requests"))
    done = desk.post(form.action, form.filled(deed="grant"))
    assert done.status == 200
    phone.open(anna)
    assert "Werk Beispiel" in phone.text()


def test_questions_follow_from_answers_and_needs_from_consent(phone):
    table, other, occupation, nurse = {
        "de": ("Anerkennung", "Digital", "Welchen Beruf", "Pflegefachkraft"),
        "en": ("Recognition", "Digital", "Which occupation", "nurse"),
    }[phone.lang]
    address = f"{type(phone).__name__}.{phone.scripts}.{phone.lang}" \
        "@example.org".lower()
    phone.open(MEETING.replace("/de/", f"/{phone.lang}/"))
    phone.fill(family_name="Muster", email=address)
    phone.tick("mode", "online")
    assert not phone.is_shown(occupation)
    phone.tick_words(table)
    assert phone.is_shown(occupation) == phone.scripts
    if phone.scripts:
        phone.write(occupation, nurse)
        phone.tick_words(other)
        assert not phone.is_shown(occupation)
        phone.tick_words(table)
        assert phone.is_shown(occupation)  # with what was written
    else:
        phone.press("/register")
        phone.sees("One more question")
        phone.write(occupation, nurse)
    phone.open_needs()
    phone.tick("support-wheelchair")
    phone.fill(support_words="Mehr Licht")
    phone.press("/register")
    phone.sees("Please check your details")
    phone.tick("support-consent")
    phone.press("/register")
    phone.sees("You are registered")
    assert nurse in phone.text()
    phone.open(mailed_link(phone.site, address))
    phone.follow("/support")
    assert "Mehr Licht" in phone.value("support-words")


def test_no_heading_stands_over_questions_out_of_sight(phone, meeting):
    if isinstance(phone, Plain):
        pytest.skip("sees no style sheet")
    m = meeting("sight", 5, 5)
    m.site.run("question", "add", m.name, "--kind", "text", "--label-de",
               "Was essen Sie?", "--label-en", "What do you eat?",
               "--if-mode", "onsite")
    heading = phone.tr("Questions about this meeting")
    phone.open(m.path)
    assert heading not in phone.text()
    phone.tick("mode", "onsite")
    assert (heading in phone.text()) == phone.scripts
    phone.tick("mode", "online")
    assert heading not in phone.text()


def test_the_link_is_sent_again(phone, meeting):
    m = meeting("again", 9)
    m.come("Anna")
    anna = m.mine("Anna")
    phone.open(m.path)
    phone.follow("/r/")
    phone.fill(email=m.address("Anna"))
    phone.press("/r/")
    phone.sees("Look into your mailbox")
    phone.open(m.mine("Anna", 2))
    phone.sees("You are registered")
    assert m.mine("Anna", 2) == anna


def test_a_barrier_is_reported(phone):
    phone.open(f"/{phone.lang}/")
    phone.follow("/barrierefreiheit/melden")
    phone.press("/melden")
    phone.sees("Please check your details")
    words = f"Zu klein, {type(phone).__name__} {phone.lang} {phone.scripts}"
    phone.fill(message=words)
    phone.press("/melden")
    assert any(r["message"] == words for r in reports(phone.site))
