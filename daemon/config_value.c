/* Values of the configuration: from text into struct settings and back. */
#include "daemon/config_table.h"

#include <assert.h>
#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"

static void *field_of(struct settings *settings,
                      const struct config_option *option)
{
    return (char *)settings + option->offset;
}

static const void *value_of(const struct settings *settings,
                            const struct config_option *option)
{
    return (const char *)settings + option->offset;
}

/* --- lists ------------------------------------------------------------- */

/* The words of a list, in the arena; NULL ends them. */
static char **split(struct arena *arena, const char *value, size_t *count)
{
    size_t most = strlen(value) / 2 + 2;
    char **items = ARENA_ARRAY(arena, char *, most);

    *count = 0;
    for (const char *at = value + strspn(value, " \t"); *at;) {
        size_t length = strcspn(at, " \t");
        items[(*count)++] = arena_strndup(arena, at, length);
        at += length;
        at += strspn(at, " \t");
    }
    return items;
}

/* --- addresses --------------------------------------------------------- */

static bool is_host_name(const char *text, size_t length)
{
    if (!length || length > 253 || text[0] == '.' || text[0] == '-')
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return false;
        if (c == '.' && i + 1 < length && text[i + 1] == '.')
            return false;
    }
    return true;
}

/* host[:port], host as a name, an IPv4 address or an IPv6 one in brackets. */
static bool read_host_port(struct arena *arena, const char *text,
                           char **host, int64_t *port)
{
    size_t length = strcspn(text, ":");

    *port = 0;
    if (*text == '[') {
        const char *end = strchr(text, ']');
        struct netaddr address;
        if (!end)
            return false;
        char *inside = arena_strndup(arena, text + 1,
                                     (size_t)(end - text - 1));
        if (!strchr(inside, ':') || !netaddr_parse(inside, &address))
            return false;
        length = (size_t)(end - text) + 1;
    } else if (!is_host_name(text, length)) {
        return false;
    }
    *host = arena_strndup(arena, text, length);
    text_lower_ascii(*host);
    if (text[length] == ':')
        return parse_int(text + length + 1, 1, 65535, port);
    return !text[length];
}

bool config_url_parse(struct arena *arena, const char *text,
                      struct config_url *url)
{
    const char *mark = strstr(text, "://");

    if (!mark || mark == text)
        return false;
    url->scheme = arena_strndup(arena, text, (size_t)(mark - text));
    const char *rest = mark + 3;
    size_t length = strlen(rest);
    if (length && rest[length - 1] == '/')
        length--;
    return read_host_port(arena, arena_strndup(arena, rest, length),
                          &url->host, &url->port);
}

bool config_host_is_loopback(const char *host)
{
    struct netaddr address;
    size_t length = strlen(host);
    const char *tail = ".localhost";

    if (!strcmp(host, "localhost") || !strcmp(host, "[::1]"))
        return true;
    if (length > strlen(tail) && !strcmp(host + length - strlen(tail), tail))
        return true;
    return netaddr_parse(host, &address) && netaddr_is_loopback(&address);
}

static bool scheme_allowed(const char *schemes, const char *scheme)
{
    size_t length = strlen(scheme);

    for (const char *at = schemes; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == length && !memcmp(at, scheme, length))
            return true;
        at += word;
    }
    return false;
}

static bool read_origin(struct arena *arena,
                        const struct config_option *option,
                        const char *value, char **out, struct str *why)
{
    struct config_url url;

    if (!config_url_parse(arena, value, &url)) {
        str_addf(why, "is not an address like %.*s://host or "
                 "%.*s://host:port",
                 (int)strcspn(option->schemes, " "), option->schemes,
                 (int)strcspn(option->schemes, " "), option->schemes);
        return false;
    }
    if (!scheme_allowed(option->schemes, url.scheme)) {
        str_addf(why, "begins with %s://; one of these is expected: %s",
                 url.scheme, option->schemes);
        return false;
    }
    /* Browsers leave the usual port away in Host and Origin. */
    if ((!strcmp(url.scheme, "https") && url.port == 443) ||
        (!strcmp(url.scheme, "http") && url.port == 80))
        url.port = 0;
    *out = url.port ? arena_printf(arena, "%s://%s:%lld", url.scheme,
                                   url.host, (long long)url.port)
                    : arena_printf(arena, "%s://%s", url.scheme, url.host);
    return true;
}

static bool read_template(struct arena *arena, const char *value,
                          char **out, struct str *why)
{
    if (*value && strncmp(value, "https://", 8)) {
        str_add(why, "is not an address that begins with https://");
        return false;
    }
    for (const char *c = value; *c; c++)
        if (*c <= ' ' || *c >= 127 || strchr("<>\"\\^`|", *c)) {
            str_add(why, "holds a character that no address may hold");
            return false;
        }
    *out = arena_strdup(arena, value);
    return true;
}

static bool read_hosts(struct arena *arena, const char *value,
                       struct words *out, struct str *why)
{
    out->items = split(arena, value, &out->count);
    for (size_t i = 0; i < out->count; i++) {
        char *host;
        int64_t port;
        if (!read_host_port(arena, out->items[i], &host, &port)) {
            str_addf(why, "\"%s\" is not a host or host:port",
                     out->items[i]);
            return false;
        }
        out->items[i] = port ? arena_printf(arena, "%s:%lld", host,
                                            (long long)port) : host;
    }
    return true;
}

static bool listen_address(struct arena *arena, const char *item)
{
    char *host;
    int64_t port;
    struct netaddr address;

    if (!strncmp(item, "unix:", 5))
        return item[5] == '/' && strlen(item + 5) < 108;
    if (!read_host_port(arena, item, &host, &port) || !port)
        return false;
    return *host == '[' || netaddr_parse(host, &address);
}

static bool read_listen(struct arena *arena, const char *value,
                        struct words *out, struct str *why)
{
    out->items = split(arena, value, &out->count);
    for (size_t i = 0; i < out->count; i++)
        if (!listen_address(arena, out->items[i])) {
            str_addf(why, "\"%s\" is neither address:port (127.0.0.1:8080, "
                     "[::1]:8080) nor unix:/path", out->items[i]);
            return false;
        }
    return true;
}

static bool read_ranges(struct arena *arena, const char *value,
                        struct netranges *out, struct str *why)
{
    char **items = split(arena, value, &out->count);

    out->items = ARENA_ARRAY(arena, struct netrange, out->count + 1);
    for (size_t i = 0; i < out->count; i++)
        if (!netrange_parse(items[i], &out->items[i])) {
            str_addf(why, "\"%s\" is not an address or range like "
                     "10.0.0.0/8, 192.0.2.7 or ::1", items[i]);
            return false;
        }
    return true;
}

/* --- numbers ----------------------------------------------------------- */

static bool in_bounds(const struct config_option *option, int64_t value,
                      bool (*parse)(const char *, int64_t *),
                      struct str *why)
{
    int64_t min = 0, max = INT64_MAX;
    bool known = (!option->min || parse(option->min, &min)) &&
                 (!option->max || parse(option->max, &max));

    assert(known);
    if (value >= min && value <= max)
        return true;
    str_addf(why, "is not between %s and %s",
             option->min ? option->min : "0",
             option->max ? option->max : "any");
    return false;
}

static bool parse_number(const char *text, int64_t *value)
{
    return parse_int(text, INT64_MIN, INT64_MAX, value);
}

static bool read_number(const struct config_option *option,
                        const char *value, int64_t *out, struct str *why)
{
    bool (*parse)(const char *, int64_t *) = parse_number;
    const char *expected = "a whole number";

    if (option->type == CONF_SIZE) {
        parse = parse_size;
        expected = "a size like 64 KiB (B, KiB, MiB, GiB)";
    } else if (option->type == CONF_DURATION) {
        parse = parse_duration;
        expected = "a duration like 66 min (s, min, h, d, w)";
    }
    if (!parse(value, out)) {
        str_addf(why, "is not %s", expected);
        return false;
    }
    return in_bounds(option, *out, parse, why);
}

static bool read_rate(struct arena *arena, const char *value,
                      struct rate *out, struct str *why)
{
    const char *slash = strchr(value, '/');

    if (slash) {
        char *count = text_clean_line(
            arena, arena_strndup(arena, value, (size_t)(slash - value)));
        char *per = text_clean_line(arena, slash + 1);
        if (parse_int(count, 1, 1000000000, &out->count) &&
            parse_duration(per, &out->per) && out->per > 0 &&
            out->per <= 7 * 86400)
            return true;
    }
    str_add(why, "is not a rate like 20 / 10 min");
    return false;
}

static bool read_word(const struct config_option *option, const char *value,
                      void *out, struct str *why)
{
    for (const struct config_word *w = option->words; w->word; w++) {
        if (strcmp(w->word, value))
            continue;
        if (option->size == sizeof(int64_t)) {
            memcpy(out, &w->value, sizeof w->value);
        } else {
            int small = (int)w->value;
            assert(option->size == sizeof small);
            memcpy(out, &small, sizeof small);
        }
        return true;
    }
    str_add(why, "is not one of:");
    for (const struct config_word *w = option->words; w->word; w++)
        str_addf(why, " %s", w->word);
    return false;
}

/* --- the rest ---------------------------------------------------------- */

static bool read_address(struct arena *arena, const char *value, char **out,
                         struct str *why)
{
    *out = arena_strdup(arena, value);
    if (!*value || address_check(arena, value, out) == ADDRESS_OK)
        return true;
    str_add(why, "is not an e-mail address like name@example.org");
    return false;
}

static bool read_date(const char *value, int64_t *out, struct str *why)
{
    struct civil day;

    *out = 0;
    if (!*value)
        return true;
    if (parse_day(value, &day)) {
        *out = civil_to_seconds(&day);
        return true;
    }
    str_add(why, "is not a day like 2027-03-07");
    return false;
}

/* --- both ways --------------------------------------------------------- */

static bool read_text(struct arena *arena, const struct config_option *option,
                      const char *folder, const char *value, char **out,
                      struct str *why)
{
    if (option->type == CONF_NAME && *value &&
        strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789.-_") != strlen(value)) {
        str_add(why, "may hold letters, digits, dots, hyphens and "
                "underscores");
        return false;
    }
    if (option->type == CONF_PATH && !strcmp(value, ".") && *folder)
        *out = arena_strndup(arena, folder, strlen(folder) - 1);
    else if (option->type == CONF_PATH && *value && *value != '/')
        *out = arena_printf(arena, "%s%s", folder, value);
    else
        *out = arena_strdup(arena, value);
    return true;
}

bool config_value_read(struct arena *arena,
                       const struct config_option *option,
                       const char *folder, const char *value,
                       struct settings *settings, struct str *why)
{
    void *field = field_of(settings, option);

    if (!*value && option->needed) {
        str_add(why, "may not be empty");
        return false;
    }
    switch (option->type) {
    case CONF_TEXT:
    case CONF_NAME:
    case CONF_PATH:
        return read_text(arena, option, folder, value, field, why);
    case CONF_ORIGIN:
        if (!*value)
            return read_text(arena, option, folder, value, field, why);
        return read_origin(arena, option, value, field, why);
    case CONF_TEMPLATE:
        return read_template(arena, value, field, why);
    case CONF_HOSTS:
        return read_hosts(arena, value, field, why);
    case CONF_LISTEN:
        return read_listen(arena, value, field, why);
    case CONF_RANGES:
        return read_ranges(arena, value, field, why);
    case CONF_BOOL:
        if (parse_bool(value, field))
            return true;
        str_add(why, "is not yes or no");
        return false;
    case CONF_INT:
    case CONF_SIZE:
    case CONF_DURATION:
        return read_number(option, value, field, why);
    case CONF_RATE:
        return read_rate(arena, value, field, why);
    case CONF_WORD:
        return read_word(option, value, field, why);
    case CONF_ADDRESS:
        return read_address(arena, value, field, why);
    case CONF_DATE:
        return read_date(value, field, why);
    }
    return false;
}

struct unit {
    const char *word;
    int64_t factor;
};

/* In the largest unit that leaves no rest. */
static void print_in_units(const struct unit *units, int64_t value,
                           struct str *out)
{
    while (value % units->factor || (!value && units->factor > 1))
        units++;
    str_addf(out, "%lld %s", (long long)(value / units->factor),
             units->word);
}

void config_print_duration(int64_t value, struct str *out)
{
    static const struct unit units[] = {
        { "d", 86400 }, { "h", 3600 }, { "min", 60 }, { "s", 1 },
    };

    print_in_units(units, value, out);
}

static void print_size(int64_t value, struct str *out)
{
    static const struct unit units[] = {
        { "GiB", INT64_C(1) << 30 }, { "MiB", INT64_C(1) << 20 },
        { "KiB", INT64_C(1) << 10 }, { "B", 1 },
    };

    print_in_units(units, value, out);
}

static void print_date(int64_t at, struct str *out)
{
    struct civil day = civil_from_seconds(at);

    if (at)
        str_addf(out, "%04d-%02d-%02d", day.year, day.month, day.day);
}

static void print_ranges(const struct netranges *ranges, struct str *out)
{
    char text[NETADDR_TEXT];

    for (size_t i = 0; i < ranges->count; i++) {
        const struct netrange *range = &ranges->items[i];
        netaddr_text(&range->base, text);
        unsigned bits = strchr(text, ':') ? range->bits : range->bits - 96;
        str_addf(out, "%s%s/%u", i ? " " : "", text, bits);
    }
}

static void print_words(const struct words *words, struct str *out)
{
    for (size_t i = 0; i < words->count; i++)
        str_addf(out, "%s%s", i ? " " : "", words->items[i]);
}

static void print_word(const struct config_option *option, const void *field,
                       struct str *out)
{
    int64_t value;
    int small;

    if (option->size == sizeof value) {
        memcpy(&value, field, sizeof value);
    } else {
        memcpy(&small, field, sizeof small);
        value = small;
    }
    for (const struct config_word *w = option->words; w->word; w++)
        if (w->value == value)
            str_add(out, w->word);
}

void config_value_print(const struct config_option *option,
                        const struct settings *settings, struct str *out)
{
    const void *field = value_of(settings, option);
    const struct rate *rate = field;

    switch (option->type) {
    case CONF_TEXT:
    case CONF_NAME:
    case CONF_PATH:
    case CONF_ORIGIN:
    case CONF_TEMPLATE:
    case CONF_ADDRESS:
        str_add(out, *(char *const *)field);
        break;
    case CONF_HOSTS:
    case CONF_LISTEN:
        print_words(field, out);
        break;
    case CONF_RANGES:
        print_ranges(field, out);
        break;
    case CONF_BOOL:
        str_add(out, *(const bool *)field ? "yes" : "no");
        break;
    case CONF_INT:
        str_addf(out, "%lld", (long long)*(const int64_t *)field);
        break;
    case CONF_SIZE:
        print_size(*(const int64_t *)field, out);
        break;
    case CONF_DURATION:
        config_print_duration(*(const int64_t *)field, out);
        break;
    case CONF_RATE:
        str_addf(out, "%lld / ", (long long)rate->count);
        config_print_duration(rate->per, out);
        break;
    case CONF_WORD:
        print_word(option, field, out);
        break;
    case CONF_DATE:
        print_date(*(const int64_t *)field, out);
        break;
    }
}
