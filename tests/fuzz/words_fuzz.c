/* The small readers of one word or field each – numbers, times, addresses of
 * machines, cookies, what a client accepts, names –: no crash, and what they
 * accept is within what they promise. */
#include <assert.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/netaddr.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/http/cookie.h"
#include "daemon/http/negotiate.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void read_values(const char *text)
{
    int64_t number;
    bool yes;
    struct civil civil;
    char again[30];

    if (parse_int(text, -5, 1000, &number))
        assert(number >= -5 && number <= 1000);
    if (parse_size(text, &number))
        assert(number >= 0);
    if (parse_duration(text, &number))
        assert(number >= 0);
    (void)parse_bool(text, &yes);
    if (parse_civil(text, &civil)) {
        struct civil back = civil_from_seconds(civil_to_seconds(&civil));
        assert(memcmp(&back, &civil, sizeof back) == 0);
    }
    number = parse_http_date(text);
    if (number != -1) {
        format_http_date(number, again);
        assert(strcmp(again, text) == 0);
    }
}

static void read_machines(const char *text)
{
    struct netaddr address;
    struct netrange range;
    char written[NETADDR_TEXT];

    if (netaddr_parse(text, &address)) {
        struct netaddr again;
        netaddr_text(&address, written);
        assert(netaddr_parse(written, &again));
        assert(memcmp(again.bytes, address.bytes, sizeof again.bytes) == 0);
        netaddr_prefix_text(&address, written);
        assert(strlen(written) < sizeof written);
    }
    if (netrange_parse(text, &range)) {
        const struct netranges one = { .items = &range, .count = 1 };
        assert(range.bits <= 128 && netranges_hold(&one, &range.base));
    }
}

static void read_fields(struct arena *arena, const char *text)
{
    const char *cookie = cookie_find(arena, text, "__Host-desk");

    if (cookie)
        assert(!strchr(cookie, ';'));
    (void)accepts_gzip(text);
    (void)accepts_lang(text);
    (void)unmodified_since(text, 1800000000);
    (void)type_is_form(text);
    if (etag_listed(text, "\"0123456789abcdef\""))
        assert(strchr(text, '*') || strstr(text, "\"0123456789abcdef\""));
}

static void read_percent(struct arena *arena, const char *text)
{
    for (int form = 0; form < 2; form++) {
        size_t length = strlen(text), decoded = 0;
        char *copy = arena_strndup(arena, text, length);

        if (parse_percent(copy, length, form, &decoded))
            assert(decoded <= length && !memchr(copy, '\0', decoded));
    }
}

static void read_text(struct arena *arena, const char *text)
{
    if (!text_is_utf8(text, strlen(text)))
        return;
    char *clean = text_clean_line(arena, text);
    assert(strcmp(text_clean_line(arena, clean), clean) == 0);
    char *same = text_fold_same(arena, text);
    assert(strcmp(text_fold_same(arena, same), same) == 0);
    char *search = text_fold_search(arena, text);
    assert(text_is_utf8(search, strlen(search)));
    char *cut = text_cut(arena, text, 7);
    assert(strlen(cut) <= 7 && text_is_utf8(cut, strlen(cut)));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *text = arena_strndup(arena, (const char *)data, size);

    read_values(text);
    read_machines(text);
    read_fields(arena, text);
    read_percent(arena, text);
    read_text(arena, text);
    arena_free(&arena);
    return 0;
}
