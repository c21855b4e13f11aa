/* The words inside a mark. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "web/htmlc.h"

void fault(const struct compiler *c, unsigned line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%u: error: ", c->source->path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= '0' && c <= '9');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const struct compiler *c, size_t ahead)
{
    return (size_t)(c->end - c->at) > ahead ? c->at[ahead] : '\0';
}

static void skip_blanks(struct compiler *c)
{
    while (c->at < c->end && strchr(" \t\r\n", *c->at)) {
        c->line += *c->at == '\n';
        c->at++;
    }
}

static void lex_string(struct compiler *c)
{
    const char *start = ++c->at;

    while (peek(c, 0) != '"') {
        if (c->at == c->end || *c->at == '\n')
            fault(c, c->token.line, "a text without its closing quote");
        if (*c->at == '\\' && (!peek(c, 1) ||
                               !strchr("\"\\n", peek(c, 1))))
            fault(c, c->line, "only \\\" \\\\ and \\n are known in a text");
        c->at += *c->at == '\\' ? 2 : 1;
    }
    c->token.kind = TOKEN_STRING;
    c->token.text = (struct slice){ start, (size_t)(c->at - start) };
    c->at++;
}

static bool lex_sign(struct compiler *c)
{
    static const struct {
        const char *sign;
        enum token_kind kind;
    } signs[] = {
        { "->", TOKEN_ARROW },
        { ".", TOKEN_DOT },
        { "==", TOKEN_EQUAL },
        { "!=", TOKEN_UNEQUAL },
    };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i].sign);
        if ((size_t)(c->end - c->at) < length ||
            memcmp(c->at, signs[i].sign, length) != 0)
            continue;
        c->token.kind = signs[i].kind;
        c->at += length;
        return true;
    }
    return false;
}

void lex_begin(struct compiler *c, char close)
{
    c->close = close;
    c->token.line = c->line;
    lex_next(c);
}

void lex_next(struct compiler *c)
{
    unsigned began = c->token.line;

    skip_blanks(c);
    c->token.line = c->line;
    c->token.text = (struct slice){ c->at, 0 };
    if (c->at == c->end)
        fault(c, began, "an unclosed mark");
    if (peek(c, 0) == c->close && peek(c, 1) == '}') {
        c->at += 2;
        c->token.kind = TOKEN_CLOSE;
        return;
    }
    if (*c->at == '"') {
        lex_string(c);
        return;
    }
    if (is_word(*c->at)) {
        c->token.kind = is_digit(*c->at) ? TOKEN_NUMBER : TOKEN_WORD;
        while (is_word(peek(c, 0)))
            c->at++;
        c->token.text.length = (size_t)(c->at - c->token.text.start);
        return;
    }
    if (!lex_sign(c))
        fault(c, c->line, "an unknown sign in a mark, or a mark that is not "
              "closed: \"%c\"", *c->at);
}

void lex_expect_close(const struct compiler *c)
{
    if (c->token.kind != TOKEN_CLOSE)
        fault(c, c->token.line, "the mark should end before \"%.*s\"",
              (int)c->token.text.length, c->token.text.start);
}

struct slice lex_take_string(struct compiler *c, const char *after)
{
    struct slice text = c->token.text;

    if (c->token.kind != TOKEN_STRING)
        fault(c, c->token.line, "a text in quotes should follow %s", after);
    lex_next(c);
    return text;
}

struct slice lex_take_word(struct compiler *c, const char *after)
{
    struct slice text = c->token.text;

    if (c->token.kind != TOKEN_WORD)
        fault(c, c->token.line, "a name should follow %s", after);
    lex_next(c);
    return text;
}
