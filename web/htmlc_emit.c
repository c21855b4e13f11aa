/* Values, conditions and literals as C. */
#include <string.h>

#include "web/htmlc.h"

#define ARGS_MOST 8

void emit_end_literal(struct compiler *c)
{
    if (c->in_literal)
        fputs("\");\n", c->out);
    c->in_literal = false;
}

/* One character of a C string. Trigraphs are alive in C17: no bare "?". */
static void put_c_char(FILE *out, char ch)
{
    if (ch == '"' || ch == '\\' || ch == '?')
        fputc('\\', out);
    if (ch == '\n')
        fputs("\\n", out);
    else if ((unsigned char)ch < 0x20 || ch == 0x7f)
        fprintf(out, "\\%03o", (unsigned)(unsigned char)ch);
    else
        fputc(ch, out);
}

void emit_literal(struct compiler *c, char ch)
{
    if (!c->in_literal)
        fputs("    html_literal(out, \"", c->out);
    c->in_literal = true;
    put_c_char(c->out, ch);
    if (ch == '\n')
        fputs("\"\n        \"", c->out);
}

void emit_line(struct compiler *c, unsigned line)
{
    emit_end_literal(c);
    fprintf(c->out, "#line %u ", line);
    emit_string(c, (struct slice){ c->source->path, strlen(c->source->path) });
    fputs("\n    ", c->out);
}

/* The escapes that a text in a mark may hold are C's own. */
void emit_string(struct compiler *c, struct slice text)
{
    fputc('"', c->out);
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] == '?')
            fputc('\\', c->out);
        fputc(text.start[i], c->out);
    }
    fputc('"', c->out);
}

struct path path_take(struct compiler *c)
{
    struct path path = { .line = c->token.line };
    struct slice root = lex_take_word(c, "here");

    path.prefix = "view";
    if (!slice_is(root, "v")) {
        const struct scope *scope = c->scope;
        while (scope && !slice_same(scope->name, root))
            scope = scope->outer;
        if (!scope)
            fault(c, path.line, "no \"%.*s\" here: a path begins with v or "
                  "the name of a loop", (int)root.length, root.start);
        path.prefix = "each_";
        path.root = root;
    }
    while (c->token.kind == TOKEN_DOT || c->token.kind == TOKEN_ARROW) {
        if (path.count == PATH_MOST)
            fault(c, c->token.line, "a path of more than %d names", PATH_MOST);
        path.arrows[path.count] = c->token.kind == TOKEN_ARROW;
        lex_next(c);
        path.members[path.count++] = lex_take_word(c, "a dot");
    }
    return path;
}

void path_put(struct compiler *c, const struct path *path)
{
    const char *open = path->count ? "" : "(*";

    fprintf(c->out, "%s%s%.*s%s", open, path->prefix, (int)path->root.length,
            path->root.length ? path->root.start : "",
            path->count ? "" : ")");
    for (size_t i = 0; i < path->count; i++)
        fprintf(c->out, "%s%.*s",
                i == 0 || path->arrows[i] ? "->" : ".",
                (int)path->members[i].length, path->members[i].start);
}

/* What a path is compared with: a number, a constant of an enum, a path. */
static void put_constant(struct compiler *c)
{
    struct slice text = c->token.text;
    bool constant = c->token.kind == TOKEN_NUMBER ||
                    (c->token.kind == TOKEN_WORD && text.start[0] >= 'A' &&
                     text.start[0] <= 'Z');

    if (!constant) {
        struct path path = path_take(c);
        path_put(c, &path);
        return;
    }
    fprintf(c->out, "%.*s", (int)text.length, text.start);
    lex_next(c);
}

void emit_condition(struct compiler *c)
{
    bool not = c->token.kind == TOKEN_WORD && slice_is(c->token.text, "not");

    if (not)
        lex_next(c);
    struct path path = path_take(c);
    if (c->token.kind != TOKEN_EQUAL && c->token.kind != TOKEN_UNEQUAL) {
        fprintf(c->out, "%shtml_truth(", not ? "!" : "");
        path_put(c, &path);
        fputc(')', c->out);
        return;
    }
    if (not)
        fault(c, c->token.line, "not with a comparison: write != or ==");
    path_put(c, &path);
    fputs(c->token.kind == TOKEN_EQUAL ? " == " : " != ", c->out);
    lex_next(c);
    put_constant(c);
}

/* The function that writes a value here, and why it is the right one. */
static const char *writer_of(const struct compiler *c)
{
    const struct markup *m = &c->markup;

    if (c->source->is_text)
        return "text_put"; /* nothing is markup */
    if (m->mode == MARKUP_TEXT)
        return "html_put"; /* also markup that we made */
    if (m->mode != MARKUP_VALUE || m->attr != ATTR_URL)
        return "html_put_value"; /* markup would not be read as such */
    return m->url == URL_START ? "html_put_url" : "html_put_url_part";
}

static void enter_value(struct compiler *c)
{
    const char *why =
        c->source->is_text ? NULL : markup_enter_value(&c->markup);

    if (why)
        fault(c, c->token.line, "%s", why);
}

static void leave_value(struct compiler *c)
{
    lex_expect_close(c);
    fputs(");\n", c->out);
    markup_leave_value(&c->markup);
    c->line_start = false;
}

void emit_value(struct compiler *c)
{
    enter_value(c);
    struct path path = path_take(c);
    emit_line(c, path.line);
    fprintf(c->out, "%s(out, ", writer_of(c));
    path_put(c, &path);
    leave_value(c);
}

/* What the conversions of a format take, 's' or 'd', by position. */
struct format {
    char kinds[ARGS_MOST];
    size_t count;
};

static void format_add(struct compiler *c, struct format *format, size_t at,
                       char kind)
{
    if (kind != 's' && kind != 'd')
        fault(c, c->token.line, "a text's format knows %%s, %%d and %%%%");
    if (at >= ARGS_MOST)
        fault(c, c->token.line, "more than %d values in a text", ARGS_MOST);
    format->kinds[at] = kind;
    if (at >= format->count)
        format->count = at + 1;
}

static struct format format_read(struct compiler *c, struct slice text)
{
    struct format format = { .count = 0 };
    const char *end = text.start + text.length;
    size_t next = 0;

    for (const char *at = text.start; at < end; at++) {
        if (*at != '%')
            continue;
        if (++at < end && *at == '%')
            continue;
        size_t place = next++;
        if (end - at > 2 && at[1] == '$' && at[0] >= '1' && at[0] <= '9') {
            place = (size_t)(at[0] - '1');
            at += 2;
        }
        format_add(c, &format, place, at < end ? *at : '\0');
    }
    for (size_t i = 0; i < format.count; i++)
        if (!format.kinds[i])
            fault(c, c->token.line, "the text leaves out value %zu", i + 1);
    return format;
}

/* "100 % sure" does not. */
static bool holds_value(struct slice text)
{
    return memmem(text.start, text.length, "%s", 2) ||
           memmem(text.start, text.length, "%d", 2);
}

struct call {
    struct slice one;
    struct slice many; /* for trn */
    bool plural;
    struct path args[ARGS_MOST];
    size_t count;
    struct format format;
};

static void take_args(struct compiler *c, struct call *call)
{
    while (c->token.kind == TOKEN_WORD) {
        if (call->count == ARGS_MOST)
            fault(c, c->token.line, "more than %d values in a text",
                  ARGS_MOST);
        call->args[call->count++] = path_take(c);
    }
    if (call->plural && call->count == 0)
        fault(c, c->token.line, "trn without the number");
    if (call->count > 0)
        call->format = format_read(c, call->one);
    else if (holds_value(call->one))
        fault(c, c->token.line, "the text takes a value, here is none");
    if (call->plural) {
        struct format many = format_read(c, call->many);
        if (many.count >= call->format.count)
            call->format = many;
    }
    /* The number of a plural may choose the words and not stand in them. */
    size_t least = call->count - (call->plural ? 1 : 0);
    if (call->format.count != call->count && call->format.count != least)
        fault(c, c->token.line, "the text takes %zu values, here are %zu",
              call->format.count, call->count);
}

static void put_tr(struct compiler *c, const struct call *call)
{
    fputs(call->plural ? "trn(lang, " : "tr(lang, ", c->out);
    emit_string(c, call->one);
    if (call->plural) {
        fputs(", ", c->out);
        emit_string(c, call->many);
        fputs(", (long)(", c->out);
        path_put(c, &call->args[call->count - 1]);
        fputc(')', c->out);
    }
    fputc(')', c->out);
}

static void put_args(struct compiler *c, const struct call *call)
{
    for (size_t i = 0; i < call->format.count; i++) {
        fputs(call->format.kinds[i] == 'd' ? ", (int)(" : ", html_words(",
              c->out);
        path_put(c, &call->args[i]);
        fputc(')', c->out);
    }
}

/* The function that takes a format where we are. */
static const char *formatter_of(struct compiler *c, unsigned line)
{
    if (!c->source->is_text && c->markup.mode == MARKUP_VALUE &&
        c->markup.attr == ATTR_URL)
        fault(c, line, "a text with values as an address");
    return c->source->is_text ? "str_addf" : "html_putf";
}

void emit_tr(struct compiler *c, bool plural)
{
    struct call call = { .plural = plural };
    unsigned line = c->token.line;

    enter_value(c);
    emit_end_literal(c);
    lex_next(c);
    call.one = lex_take_string(c, plural ? "trn" : "tr");
    if (plural)
        call.many = lex_take_string(c, "the singular of trn");
    take_args(c, &call);
    /* xgettext takes "50 % of" for a format, if it is not told. */
    if (call.format.count == 0)
        fputs("    /* xgettext:no-c-format */\n", c->out);
    emit_line(c, line);
    fprintf(c->out, "%s(out, ",
            call.format.count ? formatter_of(c, line) : writer_of(c));
    put_tr(c, &call);
    put_args(c, &call);
    leave_value(c);
}
