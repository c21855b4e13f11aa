/* Sheets, QR codes, JSON and the files compiled in. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <qrcodegen.h>

#include "daemon/base/arena.h"
#include "web/view/json.h"
#include "web/view/qr.h"
#include "web/view/sheet_parts.h"
#include "web/view/static.h"

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    struct arena *arena = *state;
    arena_free(&arena);
    return 0;
}

static const char *one_cell(void **state, const char *text)
{
    struct str *out = ARENA_NEW(*state, struct str);
    str_init(out, *state, 10000);
    csv_cell(out, text);
    return out->data;
}

static void a_sheet_opens_by_double_click(void **state)
{
    struct str out;
    str_init(&out, *state, 10000);
    csv_begin(&out);
    csv_cell(&out, "Name");
    csv_cell(&out, NULL);
    csv_cell(&out, "");
    csv_end_row(&out);
    csv_cell(&out, "Müller; \"Jo\"");
    csv_cell(&out, "01067");
    csv_end_row(&out);
    assert_string_equal(out.data, "\xef\xbb\xbf\"Name\";\"\";\"\"\r\n"
                                  "\"Müller; \"\"Jo\"\"\";\"01067\"\r\n");
}

static void lines_inside_a_cell_end_with_lf(void **state)
{
    assert_string_equal(one_cell(state, "a\r\nb\nc"), "\"a\nb\nc\"");
}

static void formulas_are_defused_and_kept(void **state)
{
    static const char *const bad[] = {
        "=1+1", "+49 351 1234", "-2", "@SUM(A1)", "=HYPERLINK(\"\"x\"\")",
        "\t=1", " =1", "\n@x", "\xef\xbc\x9d" "1", "\xef\xbc\x8b" "1",
        "\xef\xbc\x8d" "1", "\xef\xbc\xa0" "1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *cell = one_cell(state, bad[i]);
        assert_memory_equal(cell, "\"'", 2);
        assert_int_equal(cell[2], bad[i][0]);
    }
    assert_string_equal(one_cell(state, "+49"), "\"'+49\"");
    /* "\r" goes, what is behind it does not slip through. */
    assert_string_equal(one_cell(state, "\r=1"), "\"'=1\"");
}

static void harmless_cells_stay(void **state)
{
    static const char *const good[] = { "a=b", "1-2", "a@example.org", "'x",
                                        "§", "ü", " " };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const char *cell = one_cell(state, good[i]);
        assert_memory_equal(cell + 1, good[i], strlen(good[i]));
    }
}

/* Reads the path back into modules and compares all of them. */
static void check_modules(const char *svg, const uint8_t *code)
{
    int size = qrcodegen_getSize(code);
    uint8_t drawn[200][200] = { { 0 } };
    const char *at = strstr(svg, "fill=\"#000\"");
    assert_non_null(at);
    for (at = strchr(at, 'M'); at && *at == 'M';) {
        char *end;
        long x = strtol(at + 1, &end, 10);
        long y = strtol(end, &end, 10);
        assert_int_equal(*end, 'h');
        long width = strtol(end + 1, &end, 10);
        for (long i = 0; i < width; i++)
            drawn[y - 4][x - 4 + i] = 1;
        at = strchr(end, 'z') + 1;
    }
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++)
            assert_int_equal(drawn[y][x], qrcodegen_getModule(code, x, y));
}

static void a_qr_code_is_one_labelled_picture(void **state)
{
    uint8_t scratch[qrcodegen_BUFFER_LEN_MAX], code[qrcodegen_BUFFER_LEN_MAX];
    const char *text = "webcal://example.org/de/sachsen/calendar.ics";
    assert_true(qrcodegen_encodeText(
        text, scratch, code, qrcodegen_Ecc_MEDIUM, 1, 40,
        qrcodegen_Mask_AUTO, true));
    const char *svg = qr_svg(*state, text, "Code \"A\" & <B>").markup;
    assert_memory_equal(svg, "<svg ", 5);
    assert_non_null(strstr(svg, "role=\"img\""));
    assert_non_null(strstr(
        svg, "<title>Code &quot;A&quot; &amp; &lt;B&gt;</title>"));
    char *box = arena_printf(*state, "viewBox=\"0 0 %d %d\"",
                             qrcodegen_getSize(code) + 8,
                             qrcodegen_getSize(code) + 8);
    assert_non_null(strstr(svg, box));
    assert_string_equal(svg + strlen(svg) - 9, "\"/></svg>");
    check_modules(svg, code);
}

static void no_code_for_what_does_not_fit(void **state)
{
    char *text = arena_alloc(*state, 5001);
    memset(text, 'a', 5000);
    assert_null(qr_svg(*state, text, "x").markup);
    assert_null(qr_svg(*state, NULL, "x").markup);
    assert_null(qr_svg(*state, "", "x").markup);
    text[2331] = '\0'; /* the most that level M holds */
    assert_non_null(qr_svg(*state, text, "x").markup);
}

static void json_keeps_its_order(void **state)
{
    json_t *value = json_pack("{s:s,s:i,s:[s]}", "z", "ä\"\n<&>", "a", 1,
                              "m", "x");
    assert_string_equal(json_text(*state, value),
                        "{\"z\":\"ä\\\"\\n<&>\",\"a\":1,\"m\":[\"x\"]}");
    assert_string_equal(json_text(*state, json_string("x")), "\"x\"");
    assert_string_equal(json_text(*state, NULL), "");
}

static void a_data_block_cannot_be_left(void **state)
{
    json_t *value = json_pack(
        "{s:s}", "</script>", "</script><!--&\xe2\x80\xa8\xe2\x80\xa9ä");
    assert_string_equal(
        json_ld(*state, value).markup,
        "<script type=\"application/ld+json\">"
        "{\"\\u003c/script\\u003e\":"
        "\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u2029ä\"}"
        "</script>");
    assert_null(json_ld(*state, NULL).markup);
}

/* FNV-1a, as web/embed counts it. */
static uint64_t hash_of(const struct static_file *file)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < file->length; i++)
        hash = (hash ^ file->bytes[i]) * 0x100000001b3U;
    return hash;
}

static void every_file_has_its_hash_in_its_address(void **state)
{
    assert_non_null(static_files[0].name);
    for (const struct static_file *f = static_files; f->name; f++) {
        const char *dot = strrchr(f->name, '.');
        char *url = arena_printf(*state, "/static/%.*s.%016" PRIx64 "%s",
                                 (int)(dot - f->name), f->name, hash_of(f),
                                 dot);
        assert_string_equal(f->url, url);
        assert_ptr_equal(static_url(f->name), f->url);
    }
}

static void a_style_sheet_is_served_as_one(void **state)
{
    (void)state;
    const struct static_file *f = static_files;
    while (f->name && strcmp(f->name, "site.css") != 0)
        f++;
    assert_non_null(f->name);
    assert_string_equal(f->type, "text/css; charset=utf-8");
    assert_non_null(memchr(f->bytes, '{', f->length));
    /* What every page waits for; 8 kB is the ceiling. */
    assert_true(f->length < 8000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_opens_by_double_click),
        cmocka_unit_test(lines_inside_a_cell_end_with_lf),
        cmocka_unit_test(formulas_are_defused_and_kept),
        cmocka_unit_test(harmless_cells_stay),
        cmocka_unit_test(a_qr_code_is_one_labelled_picture),
        cmocka_unit_test(no_code_for_what_does_not_fit),
        cmocka_unit_test(json_keeps_its_order),
        cmocka_unit_test(a_data_block_cannot_be_left),
        cmocka_unit_test(every_file_has_its_hash_in_its_address),
        cmocka_unit_test(a_style_sheet_is_served_as_one),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
