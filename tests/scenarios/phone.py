"""People at work on the pages: in Chromium at the width of a phone, with and
without scripts, or by plain HTTP, as a browser without scripts reads them.
All do the same, so that one journey is written once."""
import gettext
import html
import re
import urllib.parse

from selenium.webdriver.common.by import By

from conftest import BUILD, calendar_of, link_in, wait_for
from test_browser import and_wait, new_browser
from test_form import Meeting

GERMAN = gettext.GNUTranslations(open(BUILD / "po" / "de.mo", "rb"))


class Phone:
    """What every kind can, in one language. A page is spoken of by the
    English words of its source."""
    scripts = False

    def __init__(self, site, lang):
        self.site, self.lang = site, lang

    def tr(self, words):
        if self.lang == "en":
            return words
        german = GERMAN.gettext(words)
        if german == words:
            german = GERMAN.ngettext(words, words, 1)
        assert german != words, f"no German for {words!r}"
        return german

    def sees(self, *words):
        text = self.text()
        for one in words:
            # Where numbers and names are filled in, what stands before.
            one = self.tr(one).split("%")[0].strip()
            assert " ".join(one.split()) in text, (one, text)


class Plain(Phone):
    def __init__(self, site, lang):
        super().__init__(site, lang)
        self.client = site.client()
        self.values = {}

    def show(self, path, answer):
        while answer.status == 303:
            path = answer.location
            answer = self.client.get(path)
        self.path, self.answer, self.values = path, answer, {}
        assert f'<html lang="{self.lang}">' in answer.text

    def open(self, path):
        self.show(path, self.client.get(path))

    def fill(self, **values):
        for name, value in values.items():
            name = name.replace("_", "-")
            assert any(name in f.fields for f in self.answer.forms()), name
            self.values[name] = value

    def tick(self, name, value="1"):
        assert re.search(f'<input type="(radio|checkbox)" [^>]*name="{name}"'
                         f' value="{value}"', self.answer.text), name
        self.values[name] = value

    def tick_words(self, words):
        self.values[self.choice(words)[0]] = self.choice(words)[1]

    def choice(self, words):
        target = re.search(rf'<label for="([^"]+)">{words}',
                           self.answer.text)[1]
        control = re.search(rf'<input [^>]*id="{target}"[^>]*>',
                            self.answer.text)[0]
        return [html.unescape(re.search(rf'{k}="([^"]*)"', control)[1])
                for k in ("name", "value")]

    def is_shown(self, words):
        text = self.answer.text
        block = text[text.rindex("<div data-if", 0, text.index(words)):]
        return " hidden" not in block.split(">")[0]

    def write(self, words, text):
        self.fill(**{re.search(rf'<label for="([^"]+)">{words}',
                               self.answer.text)[1]: text})

    def value(self, name):
        return next(f.fields[name] for f in self.answer.forms()
                    if name in f.fields)

    def open_needs(self):
        assert '<details class="support"' in self.answer.text

    def press(self, action, name=None, value=None):
        form = self.answer.form(action)
        if name:
            assert (name, value) in form.buttons, form.buttons
            self.values[name] = value
        path = form.action.split("#")[0]
        self.show(path, self.client.post(path, form.filled(**self.values)))

    def follow(self, ending):
        found = {html.unescape(u) for u in
                 re.findall(r'<a [^>]*href="([^"#]+)"', self.answer.text)}
        path, = {u for u in found if u.split("?")[0].endswith(ending)}
        self.open(urllib.parse.urljoin(self.path, path))

    def text(self):
        body = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", re.search(
            r"(?s)<main.*?</main>", self.answer.text)[0])
        return " ".join(html.unescape(body).split())


class Chromium(Phone):
    def __init__(self, site, lang, folder, scripts):
        super().__init__(site, lang)
        self.scripts = scripts
        self.browser = new_browser(folder, scripts)

    def open(self, path):
        self.browser.get(self.site.url + path)
        width = self.browser.execute_cdp_cmd(
            "Page.getLayoutMetrics", {})["cssContentSize"]["width"]
        assert width <= 360, (path, width)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def put(self, element, text):
        element.clear()
        element.send_keys(text)

    def fill(self, **values):
        for name, value in values.items():
            self.put(self.one(f"[name='{name.replace('_', '-')}']"), value)

    def tick(self, name, value="1"):
        target = self.one(f"input[name='{name}'][value='{value}']")
        self.one(f"label[for='{target.get_attribute('id')}']").click()

    def label(self, words):
        return self.browser.find_element(
            By.XPATH, f"//label[starts-with(normalize-space(.), '{words}')]")

    def tick_words(self, words):
        self.label(words).click()

    def is_shown(self, words):
        return any(label.is_displayed() for label in
                   self.browser.find_elements(
                       By.XPATH, f"//label[starts-with(., '{words}')]"))

    def write(self, words, text):
        self.put(self.browser.find_element(
            By.ID, self.label(words).get_attribute("for")), text)

    def value(self, name):
        return self.one(f"[name='{name}']").get_attribute("value")

    def open_needs(self):
        self.one("details.support summary").click()

    def press(self, action, name=None, value=None):
        button = f"[name='{name}'][value='{value}']" if name else \
            ":not([formaction]):not([name])"
        and_wait(self.browser, self.one(
            f"form[action$='{action}'] button{button}").click)

    def follow(self, ending):
        and_wait(self.browser, self.one(
            f"a[href$='{ending}'],a[href*='{ending}?']").click)

    def text(self):
        return " ".join(self.one("main").text.split())

    def close(self):
        self.browser.quit()


class Told(Meeting):
    """A meeting whose people read one language."""

    def __init__(self, site, lang, slug, *seats, **terms):
        super().__init__(site, f"{lang}-{slug}", *seats, **terms)
        self.lang, self.slug = lang, slug
        self.path = f"/{lang}/{self.name}"
        self.desk = f"/{lang}/desk/{self.name}"

    def page(self, lang=None):
        return super().page(lang or self.lang)

    def address(self, given):
        return f"{given}.{self.slug}.{self.lang}@example.org".lower()

    def come(self, *people, **fields):
        """They register by plain HTTP; the path of the receipt."""
        answer = self.send(f"{people[0]} {self.address(people[0])}",
                           *people[1:], **fields)
        assert answer.status == 303, answer.text
        return answer.location

    def mine(self, given, letters=1):
        """The link in the last of so many letters to this person."""
        return mailed_link(self.site, self.address(given), letters)

    def press(self, path, action, **fields):
        """A button on one of the pages behind the link."""
        client = self.site.client()
        form = client.get(path).form(action)
        return client.post(form.action, form.filled(**fields))


def mailed_link(site, address, letters=1):
    """In the last of so many letters that are not for a calendar."""
    def found():
        mails = [m for m in site.letters(address)
                 if address in m["To"] and calendar_of(m) is None]
        return mails if len(mails) >= letters else None
    return link_in(wait_for(found, 20, f"{letters} letters to {address}")[-1])
