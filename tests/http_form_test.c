#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/cookie.h"
#include "daemon/http/form.h"
#include "daemon/http/negotiate.h"
#include "daemon/http/request.h"

static int begin(void **state)
{
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    struct arena *arena = *state;

    arena_free(&arena);
    return 0;
}

static enum form_verdict parse(struct arena *arena, const char *text,
                               struct form *form)
{
    return form_parse(arena, text, strlen(text), 4, 10, form);
}

static void a_form_is_decoded(void **state)
{
    struct form form;

    assert_int_equal(parse(*state, "a=1+2&b=%C3%BC%26&&c&a=x&", &form),
                     FORM_OK);
    assert_int_equal(form.count, 4);
    assert_string_equal(form_get(&form, "a"), "1 2");
    assert_string_equal(form_get(&form, "b"), "ü&");
    assert_string_equal(form_get(&form, "c"), "");
    assert_true(form_has(&form, "c"));
    assert_string_equal(form_get(&form, "d"), "");
    assert_false(form_has(&form, "d"));
}

static void an_empty_form_has_no_fields(void **state)
{
    struct form form;

    assert_int_equal(parse(*state, "", &form), FORM_OK);
    assert_int_equal(form.count, 0);
}

static void a_malformed_form_is_refused(void **state)
{
    static const char *const texts[] = {
        "a=%", "a=%4", "a=%zz", "a=%00", "%00=a", "a=%ff", "a=%C3",
        "a=\xff", "%ff=a", "a=%ED%A0%80",
    };
    struct form form;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(parse(*state, texts[i], &form), FORM_MALFORMED);
    assert_int_equal(form_parse(*state, "a=\0b", 4, 4, 10, &form),
                     FORM_MALFORMED);
}

static void a_form_keeps_to_its_limits(void **state)
{
    struct form form;

    assert_int_equal(parse(*state, "a=1&b=1&c=1&d=1", &form), FORM_OK);
    assert_int_equal(parse(*state, "a=1&b=1&c=1&d=1&e=1", &form),
                     FORM_TOO_MANY);
    assert_int_equal(parse(*state, "a=1234567890", &form), FORM_OK);
    assert_int_equal(parse(*state, "a=12345678901", &form), FORM_TOO_LONG);
    assert_int_equal(parse(*state, "12345678901=a", &form), FORM_TOO_LONG);
}

static void a_cookie_is_found_among_others(void **state)
{
    assert_string_equal(cookie_find(*state, "a=1; desk=x=y ;b=2", "desk"),
                        "x=y");
    assert_string_equal(cookie_find(*state, "desk=1;desk=2", "desk"), "1");
    assert_string_equal(cookie_find(*state, "desk=", "desk"), "");
    assert_null(cookie_find(*state, "xdesk=1; desk2=2; desk", "desk"));
    assert_null(cookie_find(*state, "", "desk"));
    assert_null(cookie_find(*state, ";;; ;", "desk"));
}

static void a_query_parameter_is_decoded(void **state)
{
    const struct request request = {
        .arena = *state,
        .query = "page=2&name=J%C3%BCrgen+M&bad=%ff&flag&nul=%00",
    };

    assert_string_equal(request_query(&request, "page"), "2");
    assert_string_equal(request_query(&request, "name"), "Jürgen M");
    assert_string_equal(request_query(&request, "flag"), "");
    assert_null(request_query(&request, "bad"));
    assert_null(request_query(&request, "nul"));
    assert_null(request_query(&request, "pag"));
    assert_null(request_query(&request, "pages"));
}

static void gzip_is_sent_to_those_who_take_it(void **state)
{
    (void)state;
    assert_true(accepts_gzip("gzip"));
    assert_true(accepts_gzip("deflate, GZIP;q=0.5, br"));
    assert_true(accepts_gzip("*"));
    assert_true(accepts_gzip("gzip;q=1.000"));
    assert_false(accepts_gzip(NULL));
    assert_false(accepts_gzip(""));
    assert_false(accepts_gzip("gzip;q=0"));
    assert_false(accepts_gzip("gzip; q=0.000"));
    assert_false(accepts_gzip("*, gzip;q=0"));
    assert_false(accepts_gzip("*;q=0"));
    assert_false(accepts_gzip("gzip;q=9"));
    assert_false(accepts_gzip("gzip;q=0.5, identity"));
    assert_false(accepts_gzip("gzipped"));
}

static void the_language_is_the_one_they_want_most(void **state)
{
    (void)state;
    assert_int_equal(accepts_lang(NULL), LANG_DE);
    assert_int_equal(accepts_lang("de-AT,de;q=0.9,en;q=0.8"), LANG_DE);
    assert_int_equal(accepts_lang("en-US,en;q=0.5"), LANG_EN);
    assert_int_equal(accepts_lang("en;q=0.3, de;q=0.7"), LANG_DE);
    assert_int_equal(accepts_lang("fr-FR, en;q=0.7, de;q=0.3"), LANG_EN);
    assert_int_equal(accepts_lang("fr"), LANG_EN);
    assert_int_equal(accepts_lang("de;q=0"), LANG_EN);
    assert_int_equal(accepts_lang("*"), LANG_DE);
    assert_int_equal(accepts_lang("deu"), LANG_EN);
}

static void entity_tags_are_found_in_lists(void **state)
{
    (void)state;
    assert_true(etag_listed("*", "\"a\""));
    assert_true(etag_listed("\"a\"", "\"a\""));
    assert_true(etag_listed("W/\"a\"", "\"a\""));
    assert_true(etag_listed("\"x,y\" , \"b\",W/\"a\"", "\"a\""));
    assert_false(etag_listed("\"a-gz\"", "\"a\""));
    assert_false(etag_listed("a", "\"a\""));
    assert_false(etag_listed("", "\"a\""));
    assert_false(etag_listed("\"a", "\"a\""));
    assert_false(etag_listed("\"x\"; \"a\"", "\"a\""));
}

static void dates_are_compared_only_if_they_are_dates(void **state)
{
    (void)state;
    /* 784111777 is the example of RFC 9110 5.6.7. */
    assert_true(unmodified_since("Sun, 06 Nov 1994 08:49:37 GMT", 784111777));
    assert_true(unmodified_since("Sun, 06 Nov 1994 08:49:38 GMT", 784111777));
    assert_false(unmodified_since("Sun, 06 Nov 1994 08:49:36 GMT",
                                  784111777));
    assert_false(unmodified_since("now", 784111777));
    assert_false(unmodified_since("Sun, 06 Nov 1994 08:49:37 GMT", 0));
}

static void a_form_is_known_by_its_type(void **state)
{
    (void)state;
    assert_true(type_is_form("application/x-www-form-urlencoded"));
    assert_true(
        type_is_form("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
    assert_false(type_is_form("application/x-www-form-urlencodedx"));
    assert_false(type_is_form("multipart/form-data; boundary=a"));
    assert_false(type_is_form(""));
    assert_false(type_is_form(NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_form_is_decoded),
        TEST(an_empty_form_has_no_fields),
        TEST(a_malformed_form_is_refused),
        TEST(a_form_keeps_to_its_limits),
        TEST(a_cookie_is_found_among_others),
        TEST(a_query_parameter_is_decoded),
        TEST(gzip_is_sent_to_those_who_take_it),
        TEST(the_language_is_the_one_they_want_most),
        TEST(entity_tags_are_found_in_lists),
        TEST(dates_are_compared_only_if_they_are_dates),
        TEST(a_form_is_known_by_its_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
