/* The accessibility statement: its parts in the order of the EU's model, and
 * nothing of the operator's words becomes markup by accident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "web/pages/statement.h"
#include "web/texts.h"
#include "web/view/templates.h"

#define DAY_ONE 1788220800 /* 2026-09-01 */

static const struct {
    const char *name, *text;
} files[] = {
    { "de/barrierefreiheit.md", "Der eigene Text." },
    { "de/barrierefreiheit-unvereinbar.md", "## Film\n\nOhne <b>Ton</b>." },
    { "de/barrierefreiheit-unverhaeltnismaessig.md", "Zu teuer." },
    { "de/barrierefreiheit-ausgenommen.md", "Eine fremde Karte." },
    { "de/barrierefreiheit-alternativen.md", "Am Telefon." },
    { "de/barrierefreiheit-durchsetzung.md",
      "Stelle, [hier](javascript:alert(1))" },
};
#define FILES (sizeof files / sizeof *files)

struct world {
    char folder[40];
    struct arena *arena;
    struct settings settings;
    struct site site;
    struct page page;
};

static const char *path(const struct world *world, const char *name)
{
    return arena_printf(world->arena, "%s/%s", world->folder, name);
}

static int set_up(void **state)
{
    static char base[] = "https://termine.example.org";
    static char body[] = "Muster & Söhne", body_en[] = "Muster & Sons";
    static char law[] = "dem <Gesetz>", none[] = "";
    static struct world world;
    struct err err;

    world = (struct world){ .folder = "/tmp/convened-state-XXXXXX",
                            .arena = arena_new() };
    assert_non_null(mkdtemp(world.folder));
    assert_int_equal(folder_make(path(&world, "de"), 0700, &err), RC_OK);
    world.settings = (struct settings){
        .base_url = base, .statement_status = STATEMENT_PARTIAL,
        .statement_body_de = body, .statement_body_en = body_en,
        .statement_law_de = law, .statement_law_en = none,
        .statement_prepared = DAY_ONE,
        .statement_reviewed = DAY_ONE + 30 * 86400,
    };
    world.site.settings = &world.settings;
    world.page = (struct page){ .site = &world.site, .arena = world.arena };
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < FILES; i++)
        remove(path(world, files[i].name));
    remove(path(world, "de"));
    remove(world->folder);
    texts_free(&world->site.texts);
    arena_free(&world->arena);
    return 0;
}

static void load(struct world *world)
{
    struct err err;

    for (size_t i = 0; i < FILES; i++)
        assert_int_equal(file_write(path(world, files[i].name),
                                    files[i].text, strlen(files[i].text),
                                    0600, &err), RC_OK);
    assert_int_equal(texts_load(world->folder, &world->site.texts, &err),
                     RC_OK);
}

static const char *render(struct world *world, enum lang lang)
{
    struct view_statement view;
    struct str out;

    world->page.lang = lang;
    statement_fill(&world->page, &view);
    str_init(&out, world->arena, PAGE_MOST);
    template_statement(&out, lang, &view);
    return out.data;
}

/* All of them, each behind the one before. */
static void expect_in_order(const char *page, const char *const *pieces)
{
    const char *at = page;

    for (; *pieces; pieces++) {
        const char *found = strstr(at, *pieces);

        if (!found)
            fail_msg("no \"%s\", or not in its place, in:\n%s", *pieces,
                     page);
        at = found + strlen(*pieces);
    }
}

static void its_parts_stand_in_the_order_of_the_model(void **state)
{
    static const char *const german[] = {
        "Muster &amp; Söhne ist bemüht", "https://termine.example.org/de/",
        "<h2>Stand der Vereinbarkeit", "teilweise",
        "<h2>Nicht barrierefreie Inhalte</h2>",
        "<h3>Unvereinbarkeit mit", "<h4>Film</h4>",
        "<h3>Unverhältnismäßige Belastung</h3>", "Zu teuer.",
        "<h3>Inhalte, für die das Gesetz nicht gilt</h3>",
        "Eine fremde Karte.",
        "<h3>Barrierefreie Alternativen</h3>", "Am Telefon.",
        "<h2>Erstellung dieser Erklärung</h2>", "1. September 2026",
        "Selbstbewertung", "1. Oktober 2026",
        "<h2>Feedback und Kontakt</h2>", "/de/barrierefreiheit/melden",
        "<h2>Durchsetzungsverfahren</h2>", "Stelle", NULL,
    };
    static const char *const english[] = {
        "Muster &amp; Sons is committed", "https://termine.example.org/en/",
        "<h2>Conformance status</h2>", "partially", "Directive (EU)",
        "<h2>Content that is not accessible</h2>",
        /* What is filled in one language only says in which. */
        "<div lang=\"de\">", "<h2>Preparation of this statement</h2>",
        "1 September 2026", "<h2>Feedback and contact</h2>",
        "<h2>Enforcement procedure</h2>", NULL,
    };
    struct world *world = *state;

    load(world);
    expect_in_order(render(world, LANG_DE), german);
    expect_in_order(render(world, LANG_EN), english);
    assert_null(strstr(render(world, LANG_DE), "Der eigene Text."));
}

static void the_operators_words_become_no_markup(void **state)
{
    struct world *world = *state;

    load(world);
    const char *page = render(world, LANG_DE);
    assert_non_null(strstr(page, "dem &lt;Gesetz&gt;"));
    assert_null(strstr(page, "<Gesetz>"));
    assert_null(strstr(page, "<b>"));
    assert_null(strstr(page, "javascript:"));
}

static void it_says_what_the_status_is(void **state)
{
    struct world *world = *state;

    world->settings.statement_status = STATEMENT_FULL;
    world->settings.statement_method = STATEMENT_EXTERNAL;
    const char *page = render(world, LANG_DE);
    assert_non_null(strstr(page, "vollständig mit"));
    assert_non_null(strstr(page, "Bewertung durch Dritte"));
    assert_null(strstr(page, "Nicht barrierefreie Inhalte"));
    world->settings.statement_status = STATEMENT_NONE;
    assert_non_null(strstr(render(world, LANG_DE), "ist nicht mit"));
}

static void without_a_status_the_own_text_is_shown_if_there_is_one(
    void **state)
{
    struct world *world = *state;

    world->settings.statement_status = STATEMENT_UNSTATED;
    assert_false(statement_is_there(&world->site, LANG_DE));
    load(world);
    assert_true(statement_is_there(&world->site, LANG_EN));
    const char *page = render(world, LANG_DE);
    assert_non_null(strstr(page, "Der eigene Text."));
    assert_non_null(strstr(page, "/de/barrierefreiheit/melden"));
    assert_null(strstr(page, "Zu teuer."));
    assert_null(strstr(page, "ist bemüht"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(its_parts_stand_in_the_order_of_the_model),
        TEST(the_operators_words_become_no_markup),
        TEST(it_says_what_the_status_is),
        TEST(without_a_status_the_own_text_is_shown_if_there_is_one),
    };
    return cmocka_run_group_tests_name("pages/statement", tests, NULL, NULL);
}
