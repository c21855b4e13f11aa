/* The operator's legal pages, and the links to calendar services. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "web/texts.h"
#include "web/view/subscribe.h"

static char folder[] = "/tmp/convened-texts-XXXXXX";

static const char *path(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

static void put(const char *name, const char *text, size_t length)
{
    struct arena *arena = arena_new();
    struct err err;

    assert_int_equal(file_write(path(arena, name), text, length, 0600, &err),
                     RC_OK);
    arena_free(&arena);
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct err err;

    (void)state;
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(folder_make(path(arena, "de"), 0700, &err), RC_OK);
    assert_int_equal(folder_make(path(arena, "en"), 0700, &err), RC_OK);
    arena_free(&arena);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {
        "de/impressum.md", "en/impressum.md", "de/leichte-sprache.md",
        "de/datenschutz.md", "de",
        "en", "",
    };
    struct arena *arena = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove(path(arena, names[i]));
    arena_free(&arena);
    return 0;
}

/* A word more is another version; the language is that of the words. */
static void the_notice_has_the_version_of_its_words(void **state)
{
    struct texts *texts;
    struct err err;
    char version[33];

    (void)state;
    assert_int_equal(texts_load(folder, &texts, &err), RC_OK);
    assert_null(texts_notice(texts, LANG_DE));
    texts_free(&texts);
    put("de/datenschutz.md", "Kurz.\n", 6);
    assert_int_equal(texts_load(folder, &texts, &err), RC_OK);
    const struct notice *notice = texts_notice(texts, LANG_EN);
    assert_non_null(notice);
    assert_int_equal(notice->kind, NOTICE_DATA_PROTECTION);
    assert_int_equal(notice->lang, LANG_DE);
    assert_string_equal(notice->words, "Kurz.\n");
    (void)snprintf(version, sizeof version, "%s", notice->version);
    assert_string_equal(texts_notice(texts, LANG_DE)->version, version);
    texts_free(&texts);
    put("de/datenschutz.md", "Kurz!\n", 6);
    assert_int_equal(texts_load(folder, &texts, &err), RC_OK);
    assert_string_not_equal(texts_notice(texts, LANG_DE)->version, version);
    texts_free(&texts);
}

static void a_text_stands_in_for_the_missing_language(void **state)
{
    struct texts *texts;
    struct err err;

    (void)state;
    put("de/impressum.md", "Muster\n", 7);
    assert_int_equal(texts_load(folder, &texts, &err), RC_OK);
    assert_string_equal(texts_get(texts, TEXT_IMPRESSUM, LANG_DE),
                        "Muster\n");
    assert_string_equal(texts_get(texts, TEXT_IMPRESSUM, LANG_EN),
                        "Muster\n");
    assert_null(texts_get(texts, TEXT_DATENSCHUTZ, LANG_DE));
    texts_free(&texts);
    put("en/impressum.md", "Sample\n", 7);
    assert_int_equal(texts_load(folder, &texts, &err), RC_OK);
    assert_string_equal(texts_get(texts, TEXT_IMPRESSUM, LANG_EN),
                        "Sample\n");
    texts_free(&texts);
    assert_null(texts);
}

static void an_empty_text_is_no_page(void **state)
{
    struct texts *texts;
    struct err err;

    (void)state;
    put("de/leichte-sprache.md", " \n\n", 3);
    assert_int_equal(texts_load(folder, &texts, &err), RC_OK);
    assert_null(texts_get(texts, TEXT_LEICHTE_SPRACHE, LANG_DE));
    texts_free(&texts);
}

static void a_text_that_is_no_utf8_is_named(void **state)
{
    struct texts *texts;
    struct err err;

    (void)state;
    put("de/impressum.md", "M\xfcller", 6);
    assert_int_equal(texts_load(folder, &texts, &err), RC_FAIL);
    assert_non_null(strstr(err.text, "de/impressum.md"));
    assert_null(texts);
}

static void no_folder_means_no_texts(void **state)
{
    struct texts *texts;
    struct err err;

    (void)state;
    assert_int_equal(texts_load(NULL, &texts, &err), RC_OK);
    assert_null(texts_get(texts, TEXT_IMPRESSUM, LANG_DE));
    texts_free(&texts);
    assert_int_equal(texts_load("", &texts, &err), RC_OK);
    texts_free(&texts);
}

static void links_to_services_carry_the_address_encoded(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    assert_string_equal(
        subscribe_link(arena, "https://cal.example/add?url={url}&name={name}",
                       "https://x.example/a.ics?b&c", "Tag & Übung"),
        "https://cal.example/add?url=https%3A%2F%2Fx.example%2Fa.ics%3Fb%26c"
        "&name=Tag%20%26%20%C3%9Cbung");
    assert_string_equal(subscribe_link(arena, "https://cal.example/", "u",
                                       "n"),
                        "https://cal.example/");
    assert_null(subscribe_link(arena, "", "u", "n"));
    arena_free(&arena);
}

#define IN_FOLDER(test) \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_text_stands_in_for_the_missing_language),
        IN_FOLDER(an_empty_text_is_no_page),
        IN_FOLDER(a_text_that_is_no_utf8_is_named),
        IN_FOLDER(the_notice_has_the_version_of_its_words),
        cmocka_unit_test(no_folder_means_no_texts),
        cmocka_unit_test(links_to_services_carry_the_address_encoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
