/* What templates of tests/htmlc write when they run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "tests/htmlc/templates.h"

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

static struct str *new_str(void **state)
{
    struct str *out = ARENA_NEW(*state, struct str);
    str_init(out, *state, 100000);
    return out;
}

static struct view_row rows[] = { { "A&B", 0 }, { "C", 1 }, { "D", 2 } };
static const char *names[] = { "x<", "y" };
static const struct view_part other = { .words = "other" };

static struct view_page make_page(void)
{
    return (struct view_page){
        .site = { .title = "Site & <all>" },
        .title = "T \"<&>'",
        .url = "javascript:alert(1)",
        .about = { "<em>made</em>" },
        .number = 7,
        .size = 8,
        .open = true,
        .phase = PHASE_OPEN,
        .rows = { rows, 3 },
        .names = { names, 2 },
        .part = { .words = "part", .rows = { rows, 1 } },
        .other = &other,
    };
}

static const char page_expected[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<title>Site &amp; &lt;all&gt;</title>\n"
    "<main><h1 title=\"T &quot;&lt;&amp;&gt;&#39;\" data-x='7'>T &quot;"
    "&lt;&amp;&gt;&#39;</h1>\n"
    "<em>made</em>\n"
    "<p>7 8?\? \"quoted\" \\n</p>\n"
    "<a href=\"#\">a</a><a href=\"/x/T%20%22%3C%26%3E%27?q=7\">b</a><a "
    "href=\"mailto:T%20%22%3C%26%3E%27\">c</a>\n"
    "open\n"
    "now\n"
    "<li class=\"full\">A&amp;B: 0 seats\n"
    "<i>x&lt;</i><i>y</i>\n"
    "</li>\n"
    "<li>C: 1 seat\n"
    "<i>x&lt;</i><i>y</i>\n"
    "</li>\n"
    "<li>D: 2 seats\n"
    "<i>x&lt;</i><i>y</i>\n"
    "</li>\n"
    "<div>part<b>A&amp;B</b>\n"
    "</div>\n"
    "<div>other</div>\n"
    "\n"
    "<input name=\"x\" checked required>\n"
    "<textarea>\n"
    "   T &quot;&lt;&amp;&gt;&#39;\n"
    "</textarea><pre>\n"
    "   kept T &quot;&lt;&amp;&gt;&#39;\n"
    "</pre>\n"
    "<script>\n"
    "  if (1 < 2) x = \"<b>\";\n"
    "</script>\n"
    "<!-- <a href=x onclick=y> -->\n"
    "<p>Hello T &quot;&lt;&amp;&gt;&#39;, 7 of 100 % 100 % &quot;sure&q"
    "uot;\n"
    "T &quot;&lt;&amp;&gt;&#39; has 7 more 7 </p>\n"
    "<b title=\"A &amp; B\" lang='x&lt; y '>Site &amp; &lt;all&gt;</b>\n"
    "</main>\n"
    "</html>\n";

static void a_page_stands_in_its_layout(void **state)
{
    struct str *out = new_str(state);
    struct view_page page = make_page();
    template_page(out, LANG_EN, &page);
    assert_string_equal(out->data, page_expected);
}

static void branches_follow_the_values(void **state)
{
    struct str *out = new_str(state);
    struct view_branches view = { 0 };
    template_branches(out, LANG_EN, &view);
    assert_string_equal(out->data, "none closed soon not2 same\n");
    str_clear(out);
    view = (struct view_branches){ .note = "<", .open = true,
                                   .phase = PHASE_OVER, .number = 2,
                                   .size = 3 };
    template_branches(out, LANG_EN, &view);
    assert_string_equal(out->data, "&lt; over two many differ\n");
    str_clear(out);
    view = (struct view_branches){ .note = "", .open = true,
                                   .phase = PHASE_OPEN, .number = -1,
                                   .size = -1 };
    template_branches(out, LANG_EN, &view);
    assert_string_equal(out->data, "open now not2 many same\n");
}

static void indentation_stays_in_the_source(void **state)
{
    struct str *out = new_str(state);
    struct view_blanks blanks = { .yes = true, .rows = { rows, 2 } };
    template_blanks(out, LANG_EN, &blanks);
    assert_string_equal(out->data,
                        "<ul>\n<li>\na  b\nc\n</li>\n<li>yes</li>\n"
                        "<li>A&amp;B</li>\n<li>C</li>\n"
                        "x <b>A&amp;B</b> <b>C</b> y\n"
                        "A&amp;B\nC\n.\n"
                        "a \nb\n c\n"
                        "<p\nclass=\"a\n      b\"\nid=\"c\">d</p>\n</ul>\n");
}

static void a_plain_text_escapes_nothing(void **state)
{
    struct str *out = new_str(state);
    struct view_mail_note note = { "Jo <&>", 2, { rows, 2 } };
    template_mail_note_txt(out, LANG_EN, &note);
    assert_string_equal(out->data,
                        "Hello Jo <&>,\n\n"
                        "  2 seats are left, dear Jo <&>\n\n"
                        "* A&B\n\n* C (1)\n\n"
                        "Kind regards <Jo <&>>\n");
}

static void a_letter_has_both_forms(void **state)
{
    struct str *out = new_str(state);
    struct view_mail_note note = { .name = "<Jo>" };
    template_mail_note_html(out, LANG_EN, &note);
    assert_string_equal(out->data, "<p>&lt;Jo&gt;</p>\n");
}

static void an_empty_template_writes_nothing(void **state)
{
    struct str *out = new_str(state);
    struct view_empty view = { 0 };
    template_empty(out, LANG_EN, &view);
    assert_int_equal(out->length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_stands_in_its_layout),
        cmocka_unit_test(branches_follow_the_values),
        cmocka_unit_test(indentation_stays_in_the_source),
        cmocka_unit_test(a_plain_text_escapes_nothing),
        cmocka_unit_test(a_letter_has_both_forms),
        cmocka_unit_test(an_empty_template_writes_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
