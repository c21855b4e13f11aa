#include "daemon/base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <unistring/version.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"

static const uint8_t *octets(const char *text)
{
    return (const uint8_t *)text;
}

/* libunistring allocates; the arena takes a copy. */
static char *adopt(struct arena *arena, uint8_t *made, size_t length)
{
    assert(made || !length); /* out of memory: its only failure here */
    char *copy = arena_strndup(arena, (const char *)made, length);

    free(made);
    return copy;
}

bool text_is_utf8(const char *text, size_t length)
{
    return u8_check(octets(text), length) == NULL;
}

size_t text_characters(const char *text)
{
    return u8_mbsnlen(octets(text), strlen(text));
}

/* Most of what is typed: every form of it is the same. libunistring would
 * take a quarter of a registration's time to find that out. */
bool text_is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

static char *normalize(struct arena *arena, const char *text, uninorm_t form)
{
    size_t length = 0;

    if (text_is_ascii(text))
        return arena_strdup(arena, text);
    uint8_t *made =
        u8_normalize(form, octets(text), strlen(text), NULL, &length);

    return adopt(arena, made, length);
}

static bool is_blank(ucs4_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
           (c >= 0x80 && uc_is_general_category(c, UC_SPACE_SEPARATOR));
}

/* The next character of valid UTF-8; 0 at the end. */
static ucs4_t next_character(const char **at)
{
    ucs4_t c = 0;

    if (!**at)
        return 0;
    const uint8_t *next = u8_next(&c, octets(*at));
    *at = (const char *)next;
    return c;
}

bool text_is_name(const char *text)
{
    bool some = false;
    int behind = -1; /* letters since a full stop; -1: none stands before */
    ucs4_t c;

    while ((c = next_character(&text)) != 0) {
        if (uc_is_general_category(c, UC_LETTER)) {
            some = true;
            if (behind >= 0 && ++behind > 1)
                return false;
        } else if (c == '.') {
            behind = 0;
        } else if (c == ' ' || c == '-' || c == '\'' || c == 0x2019) {
            behind = -1;
        } else if (!uc_is_general_category(c, UC_MARK)) {
            return false;
        }
    }
    return some;
}

char *text_clean(struct arena *arena, const char *text)
{
    char *clean = normalize(arena, text, UNINORM_NFC);
    char *first = NULL, *end = clean;
    const char *at = clean;

    for (;;) {
        char *start = clean + (at - clean);
        ucs4_t c = next_character(&at);

        if (!c)
            break;
        if (is_blank(c))
            continue;
        if (!first)
            first = start;
        end = clean + (at - clean);
    }
    *end = '\0';
    return first ? first : clean;
}

/* Without libunistring, which would take most of the time of a form that
 * has none but plain letters. */
static char *clean_ascii_line(struct arena *arena, const char *text)
{
    char *line = arena_alloc(arena, strlen(text) + 1), *to = line;

    for (const char *at = text; *at; at++) {
        if (!is_blank((unsigned char)*at))
            *to++ = *at;
        else if (to > line && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > line && to[-1] == ' ')
        to[-1] = '\0';
    return line;
}

char *text_clean_line(struct arena *arena, const char *text)
{
    if (text_is_ascii(text))
        return clean_ascii_line(arena, text);

    const char *at = text_clean(arena, text);
    struct str line;
    bool blank = false;

    str_init(&line, arena, strlen(at) + 1);
    for (;;) {
        const char *start = at;
        ucs4_t c = next_character(&at);

        if (!c)
            break;
        if (!is_blank(c))
            str_add_bytes(&line, start, (size_t)(at - start));
        else if (!blank)
            str_add_char(&line, ' ');
        blank = is_blank(c);
    }
    return line.data;
}

static bool is_unwanted(ucs4_t c)
{
    if (c < 0x80)
        return c < 0x20 || c == 0x7F;
    return uc_is_general_category(c, UC_CONTROL) ||
           uc_is_general_category(c, UC_LINE_SEPARATOR) ||
           uc_is_general_category(c, UC_PARAGRAPH_SEPARATOR) ||
           c == 0xFEFF ||                    /* byte order mark */
           (c & 0xFFFE) == 0xFFFE ||         /* no characters: no XML, and */
           (c >= 0xFDD0 && c <= 0xFDEF) ||   /* so no XLSX, may hold them */
           (c >= 0x202A && c <= 0x202E) ||   /* direction embeddings */
           (c >= 0x2066 && c <= 0x2069);     /* direction isolates */
}

bool text_has_control(const char *text, bool lines_allowed)
{
    for (const char *at = text;;) {
        ucs4_t c = next_character(&at);

        if (!c)
            return false;
        if (lines_allowed && (c == '\t' || c == '\n' || c == '\r'))
            continue;
        if (is_unwanted(c))
            return true;
    }
}

void text_lower_ascii(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static char *casefold(struct arena *arena, const char *text, uninorm_t form)
{
    size_t length = 0;

    if (text_is_ascii(text)) {
        char *lower = arena_strdup(arena, text);

        text_lower_ascii(lower);
        return lower;
    }
    uint8_t *made =
        u8_casefold(octets(text), strlen(text), NULL, form, NULL, &length);

    return adopt(arena, made, length);
}

char *text_fold_same(struct arena *arena, const char *text)
{
    return casefold(arena, text_clean_line(arena, text), UNINORM_NFC);
}

/* Letters of DIN 91379 that do not decompose into A–Z and a mark. */
static const struct {
    ucs4_t letter;
    const char *plain;
} plain_letters[] = {
    { 0xE6, "ae" },  { 0xF0, "d" },   { 0xF8, "o" },   { 0xFE, "th" },
    { 0x111, "d" },  { 0x127, "h" },  { 0x131, "i" },  { 0x138, "k" },
    { 0x142, "l" },  { 0x14B, "n" },  { 0x153, "oe" }, { 0x167, "t" },
    { 0x17F, "s" },  { 0x1E5, "g" },  { 0x259, "a" },  { 0x2B9, "" },
    { 0x2BB, "" },   { 0x2BC, "" },   { 0x2BF, "" },   { 0x2BE, "" },
    { 0x2018, "" },  { 0x2019, "" },  { '\'', "" },    { 0x2010, "-" },
    { 0x2011, "-" }, { 0x2013, "-" },
};

static void add_plain(struct str *out, ucs4_t c, const char *start,
                      size_t length)
{
    if (c < 0x80 && c != '\'') {
        str_add_bytes(out, start, length);
        return;
    }
    if (uc_is_general_category(c, UC_NON_SPACING_MARK))
        return;
    for (size_t i = 0; i < sizeof plain_letters / sizeof *plain_letters; i++)
        if (plain_letters[i].letter == c) {
            str_add(out, plain_letters[i].plain);
            return;
        }
    str_add_bytes(out, start, length);
}

/* Both spellings of an umlaut must meet, so the written-out one loses its e;
 * names are folded alike on both sides of a search. */
static void join_umlauts(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        bool vowel = *from == 'a' || *from == 'o' || *from == 'u';

        *to++ = *from;
        if ((vowel && from[1] == 'e') || (*from == 's' && from[1] == 's'))
            from++;
    }
    *to = '\0';
}

/* What add_plain() makes of it. */
static void drop_apostrophes(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++)
        if (*from != '\'')
            *to++ = *from;
    *to = '\0';
}

static char *fold_plain(struct arena *arena, const char *text)
{
    const char *at =
        casefold(arena, text_clean_line(arena, text), UNINORM_NFKD);
    struct str plain;

    str_init(&plain, arena, strlen(at) * 2 + 1);
    for (;;) {
        const char *start = at;
        ucs4_t c = next_character(&at);

        if (!c)
            break;
        add_plain(&plain, c, start, (size_t)(at - start));
    }
    return arena_strdup(arena, plain.data);
}

char *text_fold_search(struct arena *arena, const char *text)
{
    char *folded;

    if (text_is_ascii(text)) {
        folded = clean_ascii_line(arena, text);
        text_lower_ascii(folded);
        drop_apostrophes(folded);
    } else {
        folded = fold_plain(arena, text);
    }
    join_umlauts(folded);
    return folded;
}

char *text_cut(struct arena *arena, const char *text, size_t most)
{
    size_t length = strlen(text);

    if (length > most) {
        length = most;
        while (length && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    return arena_strndup(arena, text, length);
}

char *text_library_version(struct arena *arena)
{
    return arena_printf(arena, "%d.%d", _libunistring_version >> 16,
                        _libunistring_version >> 8 & 0xff);
}
