/* Whatever comes in: no crash, the same verdict however it is cut, and only
 * clean values behind PARSE_DONE. The first byte is the size of the cuts. */
#include <assert.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/http/parser.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const struct parser_limits limits = {
    .head_bytes = 1024,
    .head_fields = 16,
    .target_bytes = 256,
};

static struct parser *parse(struct arena *arena, const char *bytes,
                            size_t size, size_t cut,
                            enum parse_verdict *verdict, size_t *total)
{
    struct parser *parser = parser_new(arena, &limits);
    size_t used;

    *verdict = PARSE_MORE;
    for (*total = 0; *total < size && *verdict == PARSE_MORE;) {
        size_t length = size - *total < cut ? size - *total : cut;

        *verdict = parser_feed(parser, bytes + *total, length, &used);
        assert(used <= length);
        *total += used;
    }
    return parser;
}

static void check(const struct head *head)
{
    assert(head->path[0] == '/' && head->target[0] == '/');
    assert(text_is_utf8(head->path, strlen(head->path)));
    assert(!text_has_control(head->path, false));
    assert(head->host[0] && head->field_count <= limits.head_fields);
    assert(head->method == METHOD_POST || head->content_length == 0);
    for (size_t i = 0; i < head->field_count; i++)
        assert(head->fields[i].name[0] && !strchr(head->fields[i].value, '\n'));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *bytes = (const char *)data + 1;
    enum parse_verdict whole, cut;
    size_t total, cut_total;

    if (size > 1) {
        struct parser *parser =
            parse(arena, bytes, size - 1, size, &whole, &total);
        parse(arena, bytes, size - 1, data[0] % 64 + 1u, &cut, &cut_total);
        assert(whole == cut);
        if (whole == PARSE_DONE) {
            assert(total == cut_total);
            check(parser_head(parser));
        }
    }
    arena_free(&arena);
    return 0;
}
