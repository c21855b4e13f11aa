#include "daemon/http/negotiate.h"

#include <string.h>
#include <strings.h>

#include "daemon/base/parse.h"

/* One member of a list with weights: "word;q=0.5". */
struct member {
    const char *word;
    size_t length;
    int weight; /* thousandths; a bad weight counts as 0 */
};

/* RFC 9110 12.4.2: 0 to 1 with at most three digits. */
static int read_weight(const char *text, size_t length)
{
    int weight = 0;

    if (length == 0 || length > 5 || (text[0] != '0' && text[0] != '1') ||
        (length > 1 && text[1] != '.'))
        return 0;
    weight = (text[0] - '0') * 1000;
    for (size_t i = 2, unit = 100; i < length; i++, unit /= 10) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        weight += (text[i] - '0') * (int)unit;
    }
    return weight > 1000 ? 0 : weight;
}

static int member_weight(const char *at, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++) {
        if (at[i] != ';')
            continue;
        size_t skip = i + 1 + strspn(at + i + 1, " \t");

        if (skip + 2 <= length && (at[skip] | 0x20) == 'q' &&
            at[skip + 1] == '=')
            return read_weight(at + skip + 2,
                               strcspn(at + skip + 2, " \t;,"));
    }
    return 1000;
}

/* Steps through the list; false at its end. */
static bool next_member(const char **at, struct member *member)
{
    *at += strspn(*at, ", \t");
    if (!**at)
        return false;
    size_t length = strcspn(*at, ",");
    member->word = *at;
    member->length = strcspn(*at, ",; \t");
    member->weight = member_weight(*at, length);
    *at += length;
    return true;
}

static bool member_is(const struct member *member, const char *word)
{
    return member->length == strlen(word) &&
           strncasecmp(member->word, word, member->length) == 0;
}

bool accepts_gzip(const char *field)
{
    int gzip = -1, any = -1, identity = -1;
    struct member member;

    while (field && next_member(&field, &member)) {
        if (member_is(&member, "gzip") || member_is(&member, "x-gzip"))
            gzip = member.weight;
        else if (member_is(&member, "*"))
            any = member.weight;
        else if (member_is(&member, "identity"))
            identity = member.weight;
    }
    if (gzip < 0)
        gzip = any;
    return gzip > 0 && gzip >= identity;
}

enum lang accepts_lang(const char *field)
{
    int best = 0;
    enum lang lang = field ? LANG_EN : LANG_DE;
    struct member member;

    while (field && next_member(&field, &member)) {
        char code[3] = "";
        enum lang found = LANG_DE;

        if (member.length == 2 ||
            (member.length > 2 && member.word[2] == '-')) {
            code[0] = (char)(member.word[0] | 0x20);
            code[1] = (char)(member.word[1] | 0x20);
        }
        if (!member_is(&member, "*") && !lang_parse(code, &found))
            continue;
        if (member.weight > best) {
            best = member.weight;
            lang = found;
        }
    }
    return lang;
}

bool etag_listed(const char *field, const char *etag)
{
    size_t length = strlen(etag);

    if (strcmp(field, "*") == 0)
        return true;
    for (const char *at = field;;) {
        at += strspn(at, ", \t");
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        /* A tag may hold commas: only its quotes end it. */
        if (*at != '"')
            return false;
        const char *end = strchr(at + 1, '"');
        if (!end)
            return false;
        if ((size_t)(end + 1 - at) == length &&
            memcmp(at, etag, length) == 0)
            return true;
        at = end + 1;
    }
}

bool unmodified_since(const char *field, int64_t last_modified)
{
    int64_t since = parse_http_date(field);

    return last_modified > 0 && since >= 0 && last_modified <= since;
}

bool type_is_form(const char *field)
{
    static const char type[] = "application/x-www-form-urlencoded";
    size_t length = field ? strcspn(field, "; \t") : 0;

    return length == sizeof type - 1 && strncasecmp(field, type, length) == 0;
}
