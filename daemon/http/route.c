#include "daemon/http/route.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"

#define SEGMENTS 8
#define SUFFIX ".ics"
#define SUFFIX_LENGTH (sizeof SUFFIX - 1)

enum kind { KIND_PARAM = 1, KIND_SUFFIXED, KIND_LANG, KIND_FIXED };

struct segment {
    const char *text;
    size_t length;
    enum kind kind; /* of a pattern's */
};

struct segments {
    struct segment items[SEGMENTS];
    size_t count;
};

struct pattern {
    const struct route *route;
    struct segments segments;
    unsigned long rank;
};

struct routes {
    size_t count;
    size_t first[SEGMENTS + 2]; /* of the patterns with so many segments */
    struct pattern patterns[];
};

/* "/de/" has two segments, the second one empty. False: too many. */
static bool split(const char *path, struct segments *segments)
{
    segments->count = 0;
    while (*path == '/') {
        size_t length = strcspn(path + 1, "/");

        if (segments->count == SEGMENTS)
            return false;
        segments->items[segments->count++] =
            (struct segment){ .text = path + 1, .length = length };
        path += 1 + length;
    }
    return segments->count > 0;
}

static bool has_suffix(const struct segment *segment)
{
    return segment->length > SUFFIX_LENGTH &&
           memcmp(segment->text + segment->length - SUFFIX_LENGTH, SUFFIX,
                  SUFFIX_LENGTH) == 0;
}

static enum kind kind_of(const struct segment *segment)
{
    if (segment->length == 0 || segment->text[0] != ':')
        return KIND_FIXED;
    if (segment->length == 5 && memcmp(segment->text, ":lang", 5) == 0)
        return KIND_LANG;
    return has_suffix(segment) ? KIND_SUFFIXED : KIND_PARAM;
}

static void prepare(struct pattern *pattern, const struct route *route)
{
    size_t params = 0;
    bool whole = split(route->pattern, &pattern->segments);

    assert(whole && route->run);
    /* The desk's token comes in a form. */
    assert(!(route->method & METHOD_POST) || route->access != SIGNED_IN ||
           route->form);
    pattern->route = route;
    for (size_t i = 0; i < SEGMENTS; i++) {
        struct segment *segment = &pattern->segments.items[i];

        pattern->rank *= 8;
        if (i >= pattern->segments.count)
            continue;
        segment->kind = kind_of(segment);
        pattern->rank += segment->kind;
        params += segment->kind == KIND_PARAM ||
                  segment->kind == KIND_SUFFIXED;
    }
    assert(params <= ROUTE_PARAMS);
}

static int by_count_and_rank(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;

    if (a->segments.count != b->segments.count)
        return a->segments.count < b->segments.count ? -1 : 1;
    return a->rank == b->rank ? 0 : a->rank > b->rank ? -1 : 1;
}

struct routes *routes_new(const struct route *table, size_t count)
{
    struct routes *routes =
        mem_new(sizeof *routes + count * sizeof *routes->patterns);

    routes->count = count;
    for (size_t i = 0; i < count; i++)
        prepare(&routes->patterns[i], &table[i]);
    qsort(routes->patterns, count, sizeof *routes->patterns,
          by_count_and_rank);
    for (size_t n = 0, i = 0; n < SEGMENTS + 2; n++) {
        while (i < count && routes->patterns[i].segments.count < n)
            i++;
        routes->first[n] = i;
    }
    return routes;
}

void routes_free(struct routes **routes)
{
    mem_free(*routes);
    *routes = NULL;
}

static bool segment_matches(const struct segment *wanted,
                            const struct segment *given)
{
    switch (wanted->kind) {
    case KIND_FIXED:
        return given->length == wanted->length &&
               memcmp(given->text, wanted->text, given->length) == 0;
    case KIND_LANG:
        return given->length == 2;
    case KIND_SUFFIXED:
        return has_suffix(given);
    case KIND_PARAM:
        return given->length > 0;
    }
    return false;
}

static bool read_lang(const struct segment *segment, enum lang *lang)
{
    char code[3] = { segment->text[0], segment->text[1], '\0' };

    return lang_parse(code, lang);
}

static bool pattern_matches(const struct pattern *pattern,
                            const struct segments *path,
                            struct route_match *match)
{
    for (size_t i = 0; i < path->count; i++) {
        const struct segment *wanted = &pattern->segments.items[i];

        if (!segment_matches(wanted, &path->items[i]))
            return false;
        if (wanted->kind == KIND_LANG) {
            if (!read_lang(&path->items[i], &match->lang))
                return false;
            match->has_lang = true;
        }
    }
    return true;
}

static void take_params(struct arena *arena, const struct pattern *pattern,
                        const struct segments *path,
                        struct route_match *match)
{
    size_t count = 0;

    for (size_t i = 0; i < path->count; i++) {
        enum kind kind = pattern->segments.items[i].kind;
        const struct segment *given = &path->items[i];
        size_t cut = kind == KIND_SUFFIXED ? SUFFIX_LENGTH : 0;

        if (kind == KIND_PARAM || kind == KIND_SUFFIXED)
            match->params[count++] =
                arena_strndup(arena, given->text, given->length - cut);
    }
}

/* GET answers HEAD too. */
static unsigned methods_of(const struct route *route)
{
    return (unsigned)route->method |
           (route->method & METHOD_GET ? (unsigned)METHOD_HEAD : 0);
}

void routes_match(const struct routes *routes, struct arena *arena,
                  enum method method, const char *path,
                  struct route_match *match)
{
    struct segments segments;
    const struct pattern *best = NULL;

    *match = (struct route_match){ 0 };
    if (!split(path, &segments))
        return;
    size_t end = routes->first[segments.count + 1];
    for (size_t i = routes->first[segments.count]; i < end; i++) {
        const struct pattern *pattern = &routes->patterns[i];

        /* What follows is less exact, whatever its methods. */
        if (best && pattern->rank < best->rank)
            break;
        if (!pattern_matches(pattern, &segments, match))
            continue;
        best = pattern;
        match->allowed |= methods_of(pattern->route);
        if (methods_of(pattern->route) & (unsigned)method) {
            match->route = pattern->route;
            take_params(arena, pattern, &segments, match);
            return;
        }
    }
}
