/* Values become HTML without ever becoming markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/base/arena.h"
#include "web/view/html.h"

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

static struct str *new_str(void **state, size_t ceiling)
{
    struct str *out = ARENA_NEW(*state, struct str);
    str_init(out, *state, ceiling);
    return out;
}

static void all_five_characters_are_escaped(void **state)
{
    struct str *out = new_str(state, 1000);
    html_put(out, "a<b> & \"c\" 'd'");
    assert_string_equal(
        out->data, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
}

static void no_text_is_nothing(void **state)
{
    struct str *out = new_str(state, 1000);
    const char *none = NULL;
    html_put(out, none);
    html_put_value(out, "");
    html_put(out, ((struct safe_html){ NULL }));
    text_put(out, none);
    html_put_url_part(out, none);
    assert_string_equal(out->data, "");
}

static void every_kind_of_integer_is_written(void **state)
{
    struct str *out = new_str(state, 1000);
    html_put(out, (int64_t)INT64_MIN);
    html_put(out, (uint64_t)UINT64_MAX);
    html_put(out, (short)-1);
    html_put_value(out, (size_t)7);
    html_put_url_part(out, 8u);
    text_put(out, (unsigned char)9);
    assert_string_equal(out->data,
                        "-922337203685477580818446744073709551615-1789");
}

static void only_made_markup_passes(void **state)
{
    struct str *out = new_str(state, 1000);
    html_put(out, ((struct safe_html){ "<b>ok</b>" }));
    assert_string_equal(out->data, "<b>ok</b>");
}

static void truth_goes_by_type(void **state)
{
    const char *none = NULL;
    struct str *out = new_str(state, 10);
    assert_false(html_truth(none));
    assert_false(html_truth(""));
    assert_true(html_truth("0"));
    assert_false(html_truth((int64_t)0));
    assert_true(html_truth(-1));
    assert_true(html_truth((int64_t)1 << 40));
    assert_true(html_truth((uint64_t)1 << 63));
    assert_true(html_truth((_Bool)1));
    assert_false(html_truth((_Bool)0));
    assert_true(html_truth(((struct safe_html){ "" })));
    assert_false(html_truth(((struct safe_html){ NULL })));
    assert_true(html_truth(out));
}

static void check_url(void **state, const char *url, const char *written)
{
    struct str *out = new_str(state, 1000);
    html_put_url(out, url);
    assert_string_equal(out->data, written);
}

static void addresses_that_pass_are_escaped(void **state)
{
    static const char *const same[] = {
        "/de/sachsen", "/", "#top", "?page=2", "register", "../up",
        "https://example.org/a?b=c#d", "HTTP://example.org",
        "mailto:a@example.org", "tel:+49351123", "webcal://example.org/x.ics",
        "/a:b", "?x=a:b", "#javascript:x",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        check_url(state, same[i], same[i]);
    check_url(state, "/a?b=1&c=\"'<>",
              "/a?b=1&amp;c=&quot;&#39;&lt;&gt;");
}

static void scripts_as_addresses_become_nothing(void **state)
{
    static const char *const bad[] = {
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "\njavascript:alert(1)",
        "\x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java\rscript:alert(1)",
        "javascript\t:alert(1)",
        "javascript:\n//example.org/%0aalert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "x-javascript:alert(1)",
        "httpsx:alert(1)",
        "\xc2\xa0javascript:alert(1)",
        ":alert(1)",
        "//example.org",
        "/\\example.org",
        "\\\\example.org",
        "",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_url(state, bad[i], "#");
    check_url(state, NULL, "#");
    /* An entity is text once it is escaped, never a scheme. */
    check_url(state, "&#106;avascript:alert(1)",
              "&amp;#106;avascript:alert(1)");
}

static void a_piece_of_an_address_stays_a_piece(void **state)
{
    struct str *out = new_str(state, 1000);
    html_put_url_part(out, "a/b c?d=e&f#g+h%i\"'<>ä@x:1~");
    assert_string_equal(
        out->data,
        "a/b%20c%3Fd%3De%26f%23g%2Bh%25i%22%27%3C%3E%C3%A4@x:1~");
}

static void a_format_is_escaped_as_a_whole(void **state)
{
    struct str *out = new_str(state, 10000);
    html_put_text(out, "<");
    html_putf(out, "<%s> & %d", "\"O'Neill\"", 3);
    assert_string_equal(out->data,
                        "&lt;&lt;&quot;O&#39;Neill&quot;&gt; &amp; 3");
    str_clear(out);
    html_putf(out, "%s", "");
    html_putf(out, "%s%s", "<<", "plain");
    assert_string_equal(out->data, "&lt;&lt;plain");
}

static void a_long_format_has_no_bound_but_the_string(void **state)
{
    struct str *out = new_str(state, 1 << 20);
    char *text = arena_alloc(*state, 100001);
    memset(text, '<', 100000);
    html_putf(out, "[%s]", text);
    assert_int_equal(out->length, 400002);
    assert_string_equal(out->data + 399996, ";&lt;]");
    assert_false(out->overflow);
}

static void a_full_string_is_never_left_half_escaped(void **state)
{
    for (size_t ceiling = 0; ceiling < 40; ceiling++) {
        struct str *out = new_str(state, ceiling);
        html_putf(out, "%s", "<script>x</script>");
        assert_null(strchr(out->data, '<'));
        assert_int_equal(out->overflow, ceiling < 30);
        html_putf(out, "%s", "<");
        assert_null(strchr(out->data, '<'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_five_characters_are_escaped),
        cmocka_unit_test(no_text_is_nothing),
        cmocka_unit_test(every_kind_of_integer_is_written),
        cmocka_unit_test(only_made_markup_passes),
        cmocka_unit_test(truth_goes_by_type),
        cmocka_unit_test(addresses_that_pass_are_escaped),
        cmocka_unit_test(scripts_as_addresses_become_nothing),
        cmocka_unit_test(a_piece_of_an_address_stays_a_piece),
        cmocka_unit_test(a_format_is_escaped_as_a_whole),
        cmocka_unit_test(a_long_format_has_no_bound_but_the_string),
        cmocka_unit_test(a_full_string_is_never_left_half_escaped),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
