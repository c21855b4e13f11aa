"""Who is asked before a registration is taken: programs are, a whole
ministry behind one address is too, and everybody gets in who answers."""
import concurrent.futures
import hashlib
import http.client
import itertools
import random
import re
import statistics
import time
import urllib.parse

import pytest

from conftest import (MEETING, SANITIZED, Answer, Client, Site, names,
                      wait_for)
from test_browser import and_wait, browser, field, press

pytestmark = pytest.mark.direct
NUMBERS = {
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf "
          "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn".split(),
    "en": "one two three four five six seven eight nine ten eleven twelve "
          "thirteen fourteen fifteen sixteen seventeen eighteen".split()}
QUESTION = {"de": r"Wie viel ist (\w+) plus (\w+)\?",
            "en": r"How much is (\w+) plus (\w+)\?"}
REGISTER = MEETING + "/register"


class Public(Site):
    """A site for which this machine is anybody."""

    def start(self, *limits):
        super().start()
        self.stop()
        path = self.folder / "convened.conf"
        text = re.sub(r"(?ms)^\[limits\].*?(?=^\[|\Z)", "",
                      path.read_text())
        path.write_text("\n".join((text, "[limits]", *limits, "")))
        super().start()
        self.set_seats(onsite=1000, online=1000)
        return self


class Network(Client):
    """Somebody in 127.0.N.0/24."""
    numbers = itertools.count(1)

    def __init__(self, site):
        super().__init__(site.port)
        self.address = f"127.0.{next(self.numbers)}.7"

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60,
                                          source_address=(self.address, 0))


def read_form(client, lang="de"):
    """Of the meeting's page, filled in but for the address."""
    form = client.get(f"/{lang}" + MEETING.removeprefix("/de")).form(
        "/register")
    return form.filled(**names(form, given="Erika", family="Muster"),
                       mode="onsite")


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    site = Public(tmp_path_factory.mktemp("public") / "demo").start()
    site.form, site.read_at = read_form(Network(site)), time.monotonic()
    yield site
    site.stop()


@pytest.fixture
def lain(public):
    """A form that somebody took the time to fill in."""
    time.sleep(max(0, public.read_at + 3.1 - time.monotonic()))
    return public.form


def sum_asked(page, lang="de"):
    a, b = re.search(QUESTION[lang], page.text).groups()
    return NUMBERS[lang].index(a) + NUMBERS[lang].index(b) + 2


def work_for(form, page):
    """As the script does it."""
    bits = int(re.search(r'data-bits="(\d+)"', page.text)[1])
    parts = int(re.search(r'data-parts="(\d+)"', page.text)[1])
    text = form.fields["once-challenge"]
    most = 1 << 256 - bits

    def search(part):
        begun = hashlib.sha256(f"{text}.{part}.".encode())
        for n in itertools.count():
            hash = begun.copy()
            hash.update(b"%d" % n)
            if int.from_bytes(hash.digest(), "big") < most:
                return str(n)
    return ".".join(map(search, range(parts)))


def answered(page, how, lang="de"):
    form = page.form("/register")
    if how == "work":
        return form.filled(**{"once-work": work_for(form, page)})
    right = sum_asked(page, lang)
    typed = str(right) if how == "digits" else NUMBERS[lang][right - 1]
    return form.filled(**{"once-answer": typed})


def within_one_window(seconds):
    """What a network may do is counted by the clock's own ten minutes, and a
    few more pass when they turn: begins with so much left of them."""
    left = 600 - time.time() % 600
    if left < seconds:
        time.sleep(left + 0.1)


def is_asked(answer):
    return answer.status == 200 and "once-challenge" in answer.text


def test_a_ministry_behind_one_address_gets_in(public):
    """250 people with the page before them, within ten minutes; then 50
    more, and after these 300 in an hour the next one must wait."""
    within_one_window(60 if SANITIZED else 30)
    before = public.count()
    ministry = Network(public)
    langs = ("de", "en")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        forms = list(pool.map(lambda i: read_form(ministry, langs[i % 2]),
                              range(300)))
        time.sleep(3.1)

        def register(i):
            lang = langs[i % 2]
            path = REGISTER.replace("/de/", f"/{lang}/")
            answer = ministry.post(path, {**forms[i],
                                          "email": f"m{i}@example.org"})
            if not is_asked(answer):
                return answer.status, False
            how = "work" if i % 50 == 49 else ("digits", "words")[i % 3 % 2]
            answer = ministry.post(path, answered(answer, how, lang))
            return answer.status, True

        people = list(pool.map(register, range(250)))
        assert {status for status, _ in people} == {303}
        assert [asked for _, asked in people].count(False) == 20
        assert public.count() == before + 250
        assert {register(i)[0] for i in range(250, 300)} == {303}
    late = ministry.post(REGISTER, {**forms[0], "email": "late@example.org"})
    assert is_asked(late)
    late = ministry.post(REGISTER, answered(late, "digits"))
    assert late.status == 429
    assert 0 < int(late.headers["retry-after"]) <= 3600
    assert "aus Ihrem Netz" in late.text.replace("Aus", "aus")
    assert late.form("/register").fields["email"] == "late@example.org"
    assert public.count() == before + 300
    # Next door they do not notice.
    other = Network(public).post(REGISTER, {**forms[0],
                                            "email": "door@example.org"})
    assert other.status == 303


def no_page(public, lain):
    client = Network(public)
    for stamp in itertools.cycle(("", "x", lain["stamp"][:-2] + "xx",
                                  f"{int(time.time())}.{'A' * 22}")):
        yield client, {**lain, "stamp": stamp}


def no_stamp(public, lain):
    client = Network(public)
    while True:
        yield client, {k: v for k, v in lain.items() if k != "stamp"}


def trap_filled(public, lain):
    client = Network(public)
    while True:
        yield client, {**lain, "website": "https://shop.example/"}


def not_answered(public, lain):
    client = Network(public)
    answers = itertools.cycle(("", "x", "https://shop.example/", "0", "1",
                               "19", "drei plus vier", lain["email"]))
    for n, typed in enumerate(answers):
        page = client.post(REGISTER, {**lain, "email": f"s{n}@example.org",
                                      "website": "x"})
        assert is_asked(page)
        yield client, page.form("/register").filled(
            **{"once-answer": typed, "once-work": typed})


def replayed(how):
    def posts(public, lain):
        """One person's answer, for all the others."""
        client = Network(public)
        page = client.post(REGISTER, {**lain, "email": "one@example.org",
                                      "family-name": how, "website": "x"})
        good = answered(page, how)
        assert client.post(REGISTER, good).status == 303
        while True:
            yield client, good
    return posts


NAIVE = {"no page": no_page, "no stamp": no_stamp, "trap": trap_filled,
         "no answer": not_answered, "old work": replayed("work"),
         "old answer": replayed("digits")}


@pytest.mark.proof
@pytest.mark.parametrize("kind", NAIVE)
def test_naive_posts_store_nothing(public, lain, kind, scale):
    posts = NAIVE[kind](public, lain)
    client, values = next(posts)
    before = public.count()
    for i in range(scale(25, 170)):
        if kind != "no answer":
            values = {**values, "email": f"spam{i}@example.org"}
        answer = client.post(REGISTER, values)
        assert answer.status in (200, 403, 422), answer.status
        assert answer.form("/register").fields["email"] == values["email"]
        client, values = next(posts)
    assert public.count() == before


@pytest.mark.proof
def test_who_sends_at_once_is_asked(public, scale):
    """The page fetched and the form back before a person could have read
    it."""
    before = public.count()
    client = Network(public)
    slow = 0
    for i in range(scale(25, 170)):
        began = time.monotonic()
        values = {**read_form(client), "email": f"quick{i}@example.org"}
        answer = client.post(REGISTER, values)
        if time.monotonic() - began > 2:  # this machine was busy elsewhere
            slow += 1
        else:
            assert is_asked(answer)
    assert public.count() <= before + slow
    # A person who is that quick answers, and is in.
    page = client.post(REGISTER, {**read_form(client),
                                  "email": "quick@example.org"})
    if is_asked(page):
        assert client.post(REGISTER, answered(page, "words")).status == 303
    assert public.count("--search", "quick@example.org") == 1


def test_a_slip_mended_quickly_is_no_reason_to_ask(public, lain):
    """The form comes back with the stamp that it had."""
    client = Network(public)
    page = client.post(REGISTER, {**lain, "email": "mended@"})
    assert page.status == 422
    form = page.form("/register")
    mended = form.filled(email="mended@example.org")
    assert client.post(REGISTER, mended).status == 303


@pytest.mark.parametrize("path,fields,status", [
    ("/de/r/", {"email": "eilig@example.org"}, 200),
    ("/de/barrierefreiheit/melden", {"message": "Zu wenig Kontrast"}, 303),
])
def test_who_is_asked_to_press_again_may_do_so_at_once(public, path, fields,
                                                       status):
    """That form, too, comes back with the stamp that it had."""
    client = Network(public)
    shown = client.get(path).form(path)
    time.sleep(1.2)
    page = client.post(path, shown.filled(**fields))
    assert page.status == 422
    time.sleep(2)
    again = page.form(path)
    assert client.post(path, again.filled(**fields)).status == status


@pytest.mark.parametrize("lang", ["de", "en"])
def test_nothing_typed_is_lost_by_hand(public, lain, lang):
    """Whatever fields the form has; a wrong answer is a fault like any
    other, and the language may be changed on the way."""
    client = Network(public)
    path = REGISTER.replace("/de/", f"/{lang}/")
    typed = {"email": f"hand-{lang}@example.org", "website": "x",
             "organisation": "Möbel & \"Söhne\" <GmbH>"}
    sent = [*{**lain, **typed}.items(), ("new", "a\r\nb"), ("twice", "1"),
            ("twice", "2 ")]
    page = client.post(path, sent)
    assert is_asked(page)
    kept = re.findall(r'<input type="hidden" name="([^"]*)"', page.text)
    assert kept == [name for name, _ in sent] + ["once-challenge",
                                                 "once-work"]
    form = page.form("/register")
    assert form.fields["organisation"] == typed["organisation"]

    def answer(form, typed):
        own = {k: form.fields[k] for k in ("once-challenge", "once-work")}
        return client.post(path, [*sent, *own.items(),
                                  ("once-answer", typed)])

    page = answer(form, "99")
    assert page.status == 422 and 'aria-invalid="true"' in page.text
    assert re.search(r"<title>(Fehler|Error): ", page.text)
    assert page.text.count('name="once-challenge"') == 1
    again = page.form("/register")
    other = REGISTER.replace("/de/", "/en/" if lang == "de" else "/de/")
    switched = client.post(other, {**again.fields, "switch": "1"})
    assert switched.status == 200
    assert switched.form("/register").fields["email"] == \
        f"hand-{lang}@example.org"
    assert answer(again, str(sum_asked(page, lang))).status == 303


def test_two_people_pass_the_question_together(public, lain):
    client = Network(public)
    page = client.post(REGISTER, {
        **lain, "email": "pair@example.org", "family-name": "Paarweise",
        "people": "2", "given-name-2": "Kim", "family-name-2": "Paarweise",
        "email-2": "kim@example.org", "mode-2": "online", "website": "x"})
    assert is_asked(page)
    assert client.post(REGISTER, answered(page, "words")).status == 303
    assert public.count("--search", "Paarweise") == 2


def test_only_the_trap_counts_for_who_is_exempt(shared_site):
    before = shared_site.count()
    for i in range(25):
        answer = shared_site.register(f"e{i}@example.org")
        assert answer.status == 303
    assert is_asked(shared_site.register("f@example.org", website="x"))
    assert shared_site.count() == before + 25


@pytest.mark.proof
def test_the_question_tells_nobody_apart(shared_site, scale):
    """Asked and answered by an address that is registered, by a new one and
    by one to which no more letters go: the same bytes, the same time."""
    site = shared_site
    site.set_seats(onsite=20000)
    action, values = site.filled_form("x@example.org", website="x")
    connection = http.client.HTTPConnection("127.0.0.1", site.port,
                                            timeout=60)
    looks = set()

    def post(fields):
        began = time.perf_counter()
        connection.request("POST", action, urllib.parse.urlencode(fields), {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin"})
        response = connection.getresponse()
        answer = Answer(response, response.read())
        return time.perf_counter() - began, answer

    def once(address):
        """The time of both steps."""
        asking, page = post({**values, "email": address})
        assert is_asked(page)
        challenge = page.form("/register").fields["once-challenge"]
        question = re.search(QUESTION["de"], page.text)[0]
        told, done = post(answered(page, "digits"))
        assert done.status == 303
        for own in (challenge, question, address):
            assert own in page.text
            page.body = page.body.replace(own.encode(), b"")
        looks.add((page.body, len(done.location), done.body,
                   tuple(done.headers)))
        return asking, told

    took = {"known": [], "newxx": [], "fullx": []}

    def measure(first, count):
        for i in range(first, first + count):
            once(f"known{i:05}@example.org")
        # In an order that gives none of them the same neighbours again: each
        # pays for the letters of the one before.
        order = list(took) * count
        random.Random(first).shuffle(order)
        for who in order:
            number = 0 if who == "fullx" else len(took[who])
            took[who].append(once(f"{who}{number:05}@example.org"))

    for i in range(6):
        once("fullx00000@example.org")
    count, most = scale((60, 0.2), (500, 0.05))
    # Where the machine is busy elsewhere it takes more of them to see.
    for turn in range(8):
        measure(turn * count, count)
        seen = [[statistics.median(step) for step in zip(*times)]
                for times in took.values()]
        if all(max(step) - min(step) <= most * max(step)
               for step in zip(*seen)):
            break
    else:
        pytest.fail(f"medians differ: {seen}")
    connection.close()
    assert len(looks) == 1


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """Where everybody is asked."""
    site = Public(tmp_path_factory.mktemp("strict") / "demo").start(
        "form-age = 1 h")
    yield site
    site.stop()


@pytest.mark.browser
def test_a_browser_answers_by_itself_or_a_person_does(strict, browser,
                                                      request):
    scripts = "no-scripts" not in request.node.name
    address = f"{'by' if scripts else 'no'}-script@example.org"
    browser.get(strict.url + MEETING)
    field(browser, "family-name").send_keys("Muster")
    field(browser, "email").send_keys(address)
    browser.find_element("css selector", "label[for=mode-onsite]").click()
    press(browser, "/register")
    if not scripts:
        assert "Eine kurze Frage" in browser.title
        question = browser.find_element("css selector",
                                        "label[for=once-answer]")
        a, b = re.search(QUESTION["de"], question.text).groups()
        typed = browser.find_element("id", "once-answer")
        typed.send_keys(NUMBERS["de"][sum(map(NUMBERS["de"].index,
                                              (a, b))) + 1])
        and_wait(browser, lambda: typed.send_keys("\n"))
    wait_for(lambda: "Sie sind angemeldet" in browser.page_source, 30,
             "the receipt")
    assert browser.get_cookies() == []
    browser.back()
    browser.forward()
    assert strict.count("--search", address) == 1
