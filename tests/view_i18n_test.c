/* Catalogues of texts: found by binary search, never believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/view/catalogues.h"
#include "web/view/i18n.h"
#include "web/view/mo.h"

/* A catalogue as msgfmt lays it out: header, two tables, texts. */
#define TEXTS 4
static const struct {
    const char *id;
    size_t id_length;
    const char *text;
    size_t text_length;
} texts[TEXTS] = {
    { "", 0, "Language: de\n", 13 },
    { "%d seat\0%d seats", 16, "%d Platz\0%d Plätze", 19 },
    { "Cancel", 6, "Absagen", 7 },
    { "Register", 8, "Anmelden", 8 },
};

struct catalogue_bytes {
    unsigned char bytes[512];
    size_t length;
};

static void put_u32(unsigned char *at, size_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static void put_text(struct catalogue_bytes *mo, size_t row, const char *text,
                     size_t length)
{
    put_u32(mo->bytes + row, length);
    put_u32(mo->bytes + row + 4, mo->length);
    memcpy(mo->bytes + mo->length, text, length + 1);
    mo->length += length + 1;
}

static struct catalogue_bytes make(void)
{
    struct catalogue_bytes mo = { .length = 28 + 16 * TEXTS };
    put_u32(mo.bytes, 0x950412de);
    put_u32(mo.bytes + 8, TEXTS);
    put_u32(mo.bytes + 12, 28);
    put_u32(mo.bytes + 16, 28 + 8 * TEXTS);
    for (size_t i = 0; i < TEXTS; i++)
        put_text(&mo, 28 + 8 * i, texts[i].id, texts[i].id_length);
    for (size_t i = 0; i < TEXTS; i++)
        put_text(&mo, 28 + 8 * (TEXTS + i), texts[i].text,
                 texts[i].text_length);
    return mo;
}

static void every_text_and_form_is_found(void **state)
{
    (void)state;
    struct catalogue_bytes mo = make();
    assert_string_equal(mo_find(mo.bytes, mo.length, "Cancel", 0), "Absagen");
    assert_string_equal(mo_find(mo.bytes, mo.length, "Register", 0),
                        "Anmelden");
    assert_string_equal(mo_find(mo.bytes, mo.length, "%d seat", 0),
                        "%d Platz");
    assert_string_equal(mo_find(mo.bytes, mo.length, "%d seat", 1),
                        "%d Plätze");
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct catalogue_bytes mo = make();
    static const char *const missing[] = { "", "A", "Cance", "Cancels", "Zoo",
                                           "%d seats" };
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++)
        assert_null(mo_find(mo.bytes, mo.length, missing[i], 0));
    assert_null(mo_find(mo.bytes, mo.length, "%d seat", 2));
    assert_null(mo_find(mo.bytes, mo.length, "Cancel", 1));
}

/* Every answer must lie inside the bytes, with its NUL. */
static void look_up_all(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < TEXTS; i++)
        for (size_t form = 0; form < 3; form++) {
            const char *found = mo_find(bytes, length, texts[i].id, form);
            if (!found)
                continue;
            size_t at = (size_t)((const unsigned char *)found - bytes);
            assert_true(at < length);
            assert_non_null(memchr(found, '\0', length - at));
        }
}

static void a_catalogue_cut_anywhere_finds_nothing_outside(void **state)
{
    (void)state;
    struct catalogue_bytes mo = make();
    for (size_t length = 0; length < mo.length; length++) {
        /* A copy of its own, so that a sanitizer sees one byte too far. */
        unsigned char *cut = test_malloc(length + 1);
        memcpy(cut, mo.bytes, length);
        cut = test_realloc(cut, length ? length : 1);
        look_up_all(cut, length);
        if (length < 28)
            assert_null(mo_find(cut, length, "Cancel", 0));
        test_free(cut);
    }
}

static void no_wrong_number_leads_outside(void **state)
{
    (void)state;
    static const size_t wrong[] = { 0, 1, 7, 27, 28, 200, 255, 256, 511, 512,
                                    0x10000000, 0x20000000, 0x7fffffff,
                                    0x80000000, 0xfffffff8, 0xffffffff };
    struct catalogue_bytes good = make();
    for (size_t at = 0; at + 4 <= 28 + 16 * TEXTS; at += 4)
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
            unsigned char *bad = test_malloc(good.length);
            memcpy(bad, good.bytes, good.length);
            put_u32(bad + at, wrong[i]);
            look_up_all(bad, good.length);
            test_free(bad);
        }
}

static void a_flipped_byte_is_harmless_anywhere(void **state)
{
    (void)state;
    struct catalogue_bytes good = make();
    unsigned char *bad = test_malloc(good.length);
    for (size_t at = 0; at < good.length; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(bad, good.bytes, good.length);
            bad[at] ^= (unsigned char)(1u << bit);
            look_up_all(bad, good.length);
        }
    test_free(bad);
}

static void an_unknown_text_is_its_own_translation(void **state)
{
    (void)state;
    const char *text = "no catalogue holds this sentence";
    assert_ptr_equal(tr(LANG_DE, text), text);
    assert_string_equal(trn(LANG_EN, "1 unheard", "many unheard", 1),
                        "1 unheard");
    assert_string_equal(trn(LANG_DE, "1 unheard", "many unheard", 0),
                        "many unheard");
    assert_string_equal(trn(LANG_DE, "1 unheard", "many unheard", -1),
                        "many unheard");
}

static void both_catalogues_are_compiled_in(void **state)
{
    (void)state;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        assert_true(catalogues[lang].length > 28);
        assert_memory_equal(catalogues[lang].bytes, "\xde\x12\x04\x95", 4);
    }
    /* Each names its own language in its header. */
    assert_non_null(memmem(catalogues[LANG_DE].bytes,
                           catalogues[LANG_DE].length, "Language: de", 12));
    assert_non_null(memmem(catalogues[LANG_EN].bytes,
                           catalogues[LANG_EN].length, "Language: en", 12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_and_form_is_found),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_catalogue_cut_anywhere_finds_nothing_outside),
        cmocka_unit_test(no_wrong_number_leads_outside),
        cmocka_unit_test(a_flipped_byte_is_harmless_anywhere),
        cmocka_unit_test(both_catalogues_are_compiled_in),
        cmocka_unit_test(an_unknown_text_is_its_own_translation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
