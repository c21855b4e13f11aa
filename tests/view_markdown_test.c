/* Descriptions: nothing in them may become a script, and their plain form
 * reads well in a calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "web/view/markdown.h"

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

static void check_html(void **state, const char *source, const char *html)
{
    struct safe_html safe = markdown_html(*state, source, 2);
    if (!html)
        assert_null(safe.markup);
    else
        assert_string_equal(safe.markup, html);
}

static void check_plain(void **state, const char *source, const char *plain)
{
    assert_string_equal(markdown_plain(*state, source), plain);
}

static void common_marks_become_html(void **state)
{
    check_html(state, "A *calm* **day** & `x<y`",
               "<p>A <em>calm</em> <strong>day</strong> &amp; "
               "<code>x&lt;y</code></p>\n");
    check_html(state, "- a\n- b\n",
               "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
    check_html(state, "[Plan](/plan) <https://example.org/>",
               "<p><a href=\"/plan\">Plan</a> "
               "<a href=\"https://example.org/\">https://example.org/</a>"
               "</p>\n");
    check_html(state, "\"not\" -- smart...",
               "<p>&quot;not&quot; -- smart...</p>\n");
}

static void nothing_gives_nothing(void **state)
{
    check_html(state, NULL, NULL);
    check_html(state, "", NULL);
    check_html(state, "<script>alert(1)</script>", NULL);
    check_plain(state, NULL, "");
    check_plain(state, "", "");
}

static void raw_html_is_dropped(void **state)
{
    check_html(state, "a <img src=x onerror=alert(1)> b", "<p>a  b</p>\n");
    check_html(state, "a\n\n<iframe src=//example.org></iframe>\n\nb",
               "<p>a</p>\n<p>b</p>\n");
    check_html(state, "<svg><a xlink:href=\"javascript:x\">y</a></svg>",
               "<p>y</p>\n");
    check_html(state, "<!-- x -->\n\nb <!-- y --> c", "<p>b  c</p>\n");
}

static void no_script_hides_in_an_address(void **state)
{
    static const char *const bad[] = {
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](< javascript:alert(1)>)",
        "[x](java&#115;cript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](java&NewLine;script:alert(1))",
        "[x](&#1;javascript:alert(1))",
        "[x](vbscript:msgbox)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
        "[x](file:///etc/passwd)",
        "[x](//example.org/)",
        "[x]\n\n[x]: javascript:alert(1)",
        "![x](javascript:alert(1))",
        "[![x](javascript:a)](javascript:b)",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct safe_html safe = markdown_html(*state, bad[i], 2);
        assert_null(strstr(safe.markup, "<a"));
        assert_null(strstr(safe.markup, "<img"));
        assert_null(strstr(safe.markup, "href"));
        assert_null(strstr(safe.markup, "src"));
        assert_non_null(strchr(safe.markup, 'x'));
    }
    check_html(state, "<javascript:alert(1)>",
               "<p>javascript:alert(1)</p>\n");
}

static void values_cannot_leave_their_attribute(void **state)
{
    check_html(state, "[x](/a \"\\\" onclick=\\\"y\")",
               "<p><a href=\"/a\" title=\"&quot; onclick=&quot;y\">x</a>"
               "</p>\n");
    check_html(state, "[x](/a\"onclick=y)",
               "<p><a href=\"/a%22onclick=y\">x</a></p>\n");
}

static void images_leave_their_words(void **state)
{
    check_html(state, "![our *hall*](https://example.org/hall.png)",
               "<p>our <em>hall</em></p>\n");
}

static void headings_begin_at_the_top_and_skip_nothing(void **state)
{
    check_html(state, "# a\n## b\n### c", "<h2>a</h2>\n<h3>b</h3>\n"
                                          "<h4>c</h4>\n");
    check_html(state, "### a\n#### b\n### c", "<h2>a</h2>\n<h3>b</h3>\n"
                                              "<h2>c</h2>\n");
    check_html(state, "# a\n#### b\n# c", "<h2>a</h2>\n<h3>b</h3>\n"
                                          "<h2>c</h2>\n");
    check_html(state, "#### a\n# b", "<h2>a</h2>\n<h2>b</h2>\n");
    check_html(state, "# a\n## b\n### c\n#### d\n##### e\n###### f",
               "<h2>a</h2>\n<h3>b</h3>\n<h4>c</h4>\n<h5>d</h5>\n"
               "<h6>e</h6>\n<h6>f</h6>\n");
}

static void broken_utf8_is_replaced(void **state)
{
    check_html(state, "a\xff" "b", "<p>a\xef\xbf\xbd" "b</p>\n");
}

static void deep_nesting_ends(void **state)
{
    enum { DEEP = 20000 };
    char *source = arena_alloc(*state, 2 * DEEP + 1);
    for (size_t i = 0; i < DEEP; i++)
        source[i] = "[*>("[i % 4];
    assert_non_null(markdown_html(*state, source, 2).markup);
    memset(source, '>', DEEP);
    assert_non_null(markdown_html(*state, source, 2).markup);
    assert_non_null(markdown_plain(*state, source));
}

static void plain_has_no_marks(void **state)
{
    check_plain(state, "# Day\n\nA *calm*\nday & `x`.\n\nMore  \nhere.",
                "Day\n\nA calm day & x.\n\nMore\nhere.");
    check_plain(state, "a <b>c</b>\n\n---\n\n> d", "a c\n\nd");
    check_plain(state, "    code\n    more\n", "code\nmore");
    check_plain(state, "![hall](/hall.png)", "hall");
}

static void plain_links_tell_their_address(void **state)
{
    check_plain(state, "See [the plan](https://example.org/p).",
                "See the plan (https://example.org/p).");
    check_plain(state, "<https://example.org/>", "https://example.org/");
    check_plain(state, "<a@example.org> [Jo](mailto:jo@example.org)",
                "a@example.org Jo (jo@example.org)");
    check_plain(state, "[](https://example.org/)", "https://example.org/");
    check_plain(state, "[x](javascript:alert(1))", "x");
}

static void plain_lists_keep_their_shape(void **state)
{
    check_plain(state, "Bring:\n\n- pen\n- paper\n  - blue\n  - red\n- hat\n\n"
                       "3. c\n4. d\n\nEnd",
                "Bring:\n\n- pen\n- paper\n  - blue\n  - red\n- hat\n\n"
                "3. c\n4. d\n\nEnd");
    check_plain(state, "- a\n\n  b\n- c", "- a\n  b\n- c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_marks_become_html),
        cmocka_unit_test(nothing_gives_nothing),
        cmocka_unit_test(raw_html_is_dropped),
        cmocka_unit_test(no_script_hides_in_an_address),
        cmocka_unit_test(values_cannot_leave_their_attribute),
        cmocka_unit_test(images_leave_their_words),
        cmocka_unit_test(headings_begin_at_the_top_and_skip_nothing),
        cmocka_unit_test(broken_utf8_is_replaced),
        cmocka_unit_test(deep_nesting_ends),
        cmocka_unit_test(plain_has_no_marks),
        cmocka_unit_test(plain_links_tell_their_address),
        cmocka_unit_test(plain_lists_keep_their_shape),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
