"""In Chromium at phone width, as a person would: with and without scripts,
in both languages."""
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from conftest import MEETING, calendar_of, link_in

pytestmark = pytest.mark.browser


def new_browser(folder, scripts):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu",
                 "--disable-quic", "--no-first-run",
                 "--disable-background-networking",
                 "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", f"--user-data-dir={folder}",
                 "--window-size=360,740"):
        options.add_argument(word)
    if not scripts:
        options.add_experimental_option("prefs", {
            "profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(options=options,
                               service=Service("/usr/bin/chromedriver"))
    browser.set_window_size(360, 740)
    return browser


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def browser(request, tmp_path):
    browser = new_browser(tmp_path / "profile", request.param)
    yield browser
    browser.quit()


def field(browser, token):
    return browser.find_element(By.CSS_SELECTOR, f"[autocomplete='{token}']")


def is_gone(element):
    """While one page follows another the driver has several words for it,
    not only StaleElementReferenceException."""
    try:
        element.is_enabled()
    except WebDriverException:
        return True
    return False


def and_wait(browser, act):
    """Does it, and goes on when the next page is there."""
    old = browser.find_element(By.TAG_NAME, "html")
    act()
    wait = WebDriverWait(browser, 10,
                         ignored_exceptions=[WebDriverException])
    wait.until(lambda b: is_gone(old))
    wait.until(lambda b: b.find_elements(By.TAG_NAME, "footer"))


def press(browser, action):
    form = browser.find_element(By.CSS_SELECTOR, f"form[action$='{action}']")
    and_wait(browser, form.find_element(
        By.CSS_SELECTOR, "button:not([formaction]):not([name])").click)


WORDS = {"de": ("Sie sind angemeldet", "Fehler", "Ihre Angaben"),
         "en": ("You are registered", "Error", "your details")}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_person_registers_by_phone_after_a_slip(site, browser, lang):
    done, error, _ = WORDS[lang]
    browser.get(site.url + f"/{lang}/sachsen/arbeit-2030")
    field(browser, "given-name").send_keys("Jürgen")
    field(browser, "email").send_keys("juergen@example.org")
    press(browser, "/register")
    assert browser.title.startswith(error)
    focus = browser.switch_to.active_element
    assert focus.get_attribute("role") == "alert"
    assert field(browser, "given-name").get_attribute("value") == "Jürgen"
    wrong = field(browser, "family-name")
    assert wrong.get_attribute("aria-invalid") == "true"
    wrong.send_keys("Müller")
    for radio in browser.find_elements(By.CSS_SELECTOR,
                                       "input[name=mode][value=onsite]"):
        browser.find_element(By.CSS_SELECTOR,
                             f"label[for={radio.get_attribute('id')}]").click()
    press(browser, "/register")
    assert done in browser.find_element(By.TAG_NAME, "body").text
    assert browser.get_cookies() == []
    browser.refresh()
    browser.back()
    browser.forward()
    assert site.count("--state", "registered") == 1
    letters = site.letters_to("juergen@example.org", 2)
    mine = link_in(next(m for m in letters if calendar_of(m) is None))
    browser.get(site.url + mine)
    press(browser, "/cancel")
    assert site.count("--state", "registered") == 0
    press(browser, "/undo")
    assert site.count("--state", "registered") == 1


def test_changing_the_language_keeps_what_was_typed(site, browser):
    browser.get(site.url + MEETING)
    field(browser, "family-name").send_keys("Łęcka")
    and_wait(browser, browser.find_element(
        By.CSS_SELECTOR, "button[name=switch]").click)
    assert "/en/" in browser.current_url
    assert field(browser, "family-name").get_attribute("value") == "Łęcka"
    assert site.count() == 0


def test_the_keyboard_alone_is_enough(site, browser):
    browser.get(site.url + MEETING)
    field(browser, "family-name").send_keys("Tastatur")
    field(browser, "email").send_keys("taste@example.org")
    for radio in browser.find_elements(By.CSS_SELECTOR, "input[name=mode]"):
        radio.send_keys(Keys.SPACE)
        break
    email = field(browser, "email")
    and_wait(browser, lambda: email.send_keys(Keys.ENTER))
    assert WORDS["de"][0] in browser.find_element(By.TAG_NAME, "body").text


def test_nothing_scrolls_sideways_at_320(site, browser):
    browser.set_window_size(320, 640)
    for path in ("/de/", "/de/sachsen", MEETING, "/en/sachsen/arbeit-2030"):
        browser.get(site.url + path)
        size = browser.find_element(By.TAG_NAME, "html").size["width"]
        assert size <= 320, path


@pytest.mark.parametrize("lang", ["de", "en"])
def test_one_deletes_ones_data_by_phone(site, browser, lang):
    address = f"weg-{lang}@example.org"
    site.register(address, lang=lang, family="Weggang")
    letters = site.letters_to(address, 2)
    mine = link_in(next(m for m in letters if calendar_of(m) is None))
    browser.get(site.url + mine)
    link = browser.find_element(By.CSS_SELECTOR, "a[href$='/erase']")
    and_wait(browser, link.click)
    assert browser.current_url.endswith("/erase")
    press(browser, "/erase")
    title = browser.find_element(By.TAG_NAME, "h1").text
    assert title == {"de": "Ihre Daten sind gelöscht",
                     "en": "Your data has been deleted"}[lang]
    assert "Weggang" not in browser.page_source
    browser.get(site.url + mine)
    assert "404" in browser.page_source
    assert site.count() == 0
