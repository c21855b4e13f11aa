/* From marks to C: the template's text, loops, branches, parts. */
#include <string.h>

#include "web/htmlc.h"

/* What ended a stretch of template. */
enum closer {
    CLOSER_FILE,
    CLOSER_END,
    CLOSER_ELSE,
    CLOSER_ELIF, /* its condition is still to be read */
};

static enum closer compile_body(struct compiler *);

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *find_mark(const char *at, const char *end)
{
    for (; end - at >= 2; at++)
        if (at[0] == '{' && (at[1] == '{' || at[1] == '%' || at[1] == '#'))
            return at;
    return end;
}

/* Behind the mark, or NULL if it does not end. */
static const char *find_mark_end(const char *at, const char *end)
{
    char close = at[1];
    bool in_string = false;

    for (at += 2; end - at >= 2; at++) {
        if (*at == '"' && close != '#')
            in_string = !in_string;
        if (!in_string && at[0] == close && at[1] == '}')
            return at + 2;
        if (in_string && *at == '\\')
            at++;
    }
    return NULL;
}

/* Nothing but blanks before it on its line: then where the line begins. */
static const char *line_before(const struct compiler *c, const char *mark)
{
    while (mark > c->source->data && (mark[-1] == ' ' || mark[-1] == '\t'))
        mark--;
    return mark == c->source->data || mark[-1] == '\n' ? mark : NULL;
}

static bool is_line_end(const struct compiler *c, const char *at)
{
    while (at < c->end && (*at == ' ' || *at == '\t'))
        at++;
    return at == c->end || *at == '\n';
}

/* A {% %} or {# #} alone on its line takes the whole line with it: then this
 * is where the line begins, else NULL. */
static const char *find_mark_line(const struct compiler *c, const char *mark)
{
    const char *start = line_before(c, mark);
    const char *after = find_mark_end(mark, c->end);

    if (mark[1] == '{' || !start || !after || !is_line_end(c, after))
        return NULL;
    return start >= c->at ? start : NULL;
}

/* Behind a mark that stands alone: the rest of its line goes. */
static void skip_line_end(struct compiler *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
    if (c->at < c->end && *c->at == '\n') {
        c->at++;
        c->line++;
    }
}

static void close_mark(struct compiler *c)
{
    lex_expect_close(c);
    if (c->alone)
        skip_line_end(c);
}

static void take_text(struct compiler *c, const char *stop)
{
    for (; c->at < stop; c->at++) {
        char ch = *c->at;
        bool loose = !c->source->is_text && markup_is_loose(&c->markup);
        const char *why = c->source->is_text
                              ? NULL
                              : markup_step(&c->markup, c->at, c->end);
        if (why)
            fault(c, c->line, "%s", why);
        if (ch == '\n')
            c->line++;
        if (loose && c->line_start && is_blank(ch))
            continue;
        emit_literal(c, ch);
        c->line_start = loose && ch == '\n';
    }
}

static const struct source *find_part(struct compiler *c, struct slice name,
                                      unsigned line)
{
    const struct source *part = sources_find(c->sources, name);

    if (!part)
        fault(c, line, "no template \"%.*s\"", (int)name.length, name.start);
    if (part->is_text != c->source->is_text)
        fault(c, line, "\"%s\" is of the other kind", part->name);
    return part;
}

static void need_text(const struct compiler *c, unsigned line,
                      const char *mark)
{
    if (!c->source->is_text && c->markup.mode != MARKUP_TEXT)
        fault(c, line, "{%% %s %%} inside a tag, an attribute or raw text",
              mark);
}

static void compile_include(struct compiler *c, unsigned line)
{
    need_text(c, line, "include");
    struct slice name = lex_take_string(c, "include");
    const struct source *part = find_part(c, name, line);
    if (part->is_layout)
        fault(c, line, "\"%s\" is a layout", part->name);
    struct path view = path_take(c);
    emit_line(c, line);
    fprintf(c->out, "template_%s(out, lang, html_view(struct view_%s, ",
            part->symbol, part->view);
    path_put(c, &view);
    fputs("));\n", c->out);
    close_mark(c);
    c->line_start = false;
}

static void compile_content(struct compiler *c, unsigned line)
{
    need_text(c, line, "content");
    emit_line(c, line);
    fputs("content(out, lang, inner);\n", c->out);
    close_mark(c);
    c->line_start = false;
}

static void put_loop_head(struct compiler *c, struct slice name,
                          unsigned line)
{
    int width = (int)name.length;
    const char *start = name.start;
    struct path list = path_take(c);

    emit_line(c, line);
    fprintf(c->out, "for (size_t at_%.*s = 0; at_%.*s < (size_t)(", width,
            start, width, start);
    path_put(c, &list);
    fprintf(c->out, ".count); at_%.*s++) {\n", width, start);
    emit_line(c, line);
    fputs("const __typeof__(*(", c->out);
    path_put(c, &list);
    fprintf(c->out, ".items)) *each_%.*s = &(", width, start);
    path_put(c, &list);
    fprintf(c->out, ".items)[at_%.*s]; (void)each_%.*s;\n", width, start,
            width, start);
}

static void compile_for(struct compiler *c, unsigned line)
{
    struct scope scope = { .outer = c->scope };

    scope.name = lex_take_word(c, "for");
    if (slice_is(scope.name, "v"))
        fault(c, line, "v is the view; a loop's name is another");
    for (const struct scope *s = c->scope; s; s = s->outer)
        if (slice_same(s->name, scope.name))
            fault(c, line, "a loop around this one has that name already");
    if (!slice_is(lex_take_word(c, "the loop's name"), "in"))
        fault(c, line, "{%% for NAME in PATH %%}");
    put_loop_head(c, scope.name, line);
    close_mark(c);

    struct markup start = c->markup;
    bool fresh_lines = c->alone && c->line_start;
    c->line_start = fresh_lines;
    c->scope = &scope;
    if (compile_body(c) != CLOSER_END)
        fault(c, line, "this {%% for %%} has no {%% end %%}");
    c->scope = scope.outer;
    unsigned end_line = c->token.line;
    close_mark(c);
    if (!c->source->is_text && !markup_loop(&c->markup, &start))
        fault(c, end_line, "the loop ends in another HTML state than it "
              "began (line %u)", line);
    /* Each turn's indentation went because a line begins with it. */
    if (fresh_lines && !c->line_start && c->markup.mode == MARKUP_TEXT)
        emit_literal(c, '\n');
    else if (!fresh_lines)
        c->line_start = false;
    emit_end_literal(c);
    fputs("    }\n", c->out);
}

/* One branch of an {% if %}, up to the mark that ends it. */
static enum closer compile_branch(struct compiler *c,
                                  const struct markup *start)
{
    c->markup = *start;
    enum closer closer = compile_body(c);
    emit_end_literal(c);
    return closer;
}

static void compile_if(struct compiler *c, unsigned line)
{
    struct markup start = c->markup;
    struct markup joined = start;
    bool line_start = c->line_start, joined_start = true;
    bool first = true, had_else = false;
    enum closer closer = CLOSER_ELIF;

    while (closer == CLOSER_ELIF || closer == CLOSER_ELSE) {
        had_else = closer == CLOSER_ELSE;
        emit_line(c, first ? line : c->line);
        fputs(first ? "if (" : had_else ? "} else {\n" : "} else if (",
              c->out);
        if (!had_else) {
            emit_condition(c);
            fputs(") {\n", c->out);
        }
        close_mark(c);
        c->line_start = line_start;
        closer = compile_branch(c, &start);
        if (closer == CLOSER_FILE)
            fault(c, line, "this {%% if %%} has no {%% end %%}");
        if (had_else && closer != CLOSER_END)
            fault(c, c->line, "only {%% end %%} follows an {%% else %%}");
        if (first)
            joined = c->markup;
        else if (!c->source->is_text && !markup_join(&joined, &c->markup))
            fault(c, c->line, "the branches of the {%% if %%} in line %u end "
                  "in different HTML states", line);
        joined_start = joined_start && c->line_start;
        first = false;
    }
    unsigned end_line = c->token.line;
    close_mark(c);
    if (!had_else) {
        joined_start = joined_start && line_start;
        if (!c->source->is_text && !markup_join(&joined, &start))
            fault(c, end_line, "the {%% if %%} in line %u ends in another "
                  "HTML state than it began", line);
    }
    c->markup = joined;
    c->line_start = joined_start;
    fputs("    }\n", c->out);
}

static void compile_comment(struct compiler *c)
{
    const char *end = find_mark_end(c->at, c->end);

    if (!end)
        fault(c, c->line, "an unclosed mark");
    for (; c->at < end; c->at++)
        c->line += *c->at == '\n';
    if (c->alone)
        skip_line_end(c);
}

static void compile_value(struct compiler *c)
{
    c->at += 2;
    lex_begin(c, '}');
    bool word = c->token.kind == TOKEN_WORD;
    if (word && slice_is(c->token.text, "tr"))
        emit_tr(c, false);
    else if (word && slice_is(c->token.text, "trn"))
        emit_tr(c, true);
    else
        emit_value(c);
}

static bool closer_of(struct slice word, enum closer *closer)
{
    *closer = slice_is(word, "end")    ? CLOSER_END
              : slice_is(word, "else") ? CLOSER_ELSE
              : slice_is(word, "elif") ? CLOSER_ELIF
                                       : CLOSER_FILE;
    return *closer != CLOSER_FILE;
}

/* Stands behind the word of a {% %} mark. */
static void compile_block(struct compiler *c, struct slice word,
                          unsigned line)
{
    if (++c->depth > 64)
        fault(c, line, "marks nested too deeply");
    if (slice_is(word, "if"))
        compile_if(c, line);
    else if (slice_is(word, "for"))
        compile_for(c, line);
    else if (slice_is(word, "include"))
        compile_include(c, line);
    else if (slice_is(word, "content"))
        compile_content(c, line);
    else if (slice_is(word, "layout"))
        fault(c, line, "{%% layout %%} belongs at the very beginning");
    else
        fault(c, line, "an unknown mark \"%.*s\"", (int)word.length,
              word.start);
    c->depth--;
}

/* Stands at "{%" or "{#". */
static void enter_block(struct compiler *c)
{
    const char *why =
        c->source->is_text ? NULL : markup_enter_block(&c->markup);

    if (why)
        fault(c, c->line, "%s", why);
}

static enum closer compile_body(struct compiler *c)
{
    for (;;) {
        const char *mark = find_mark(c->at, c->end);
        const char *line_at =
            mark < c->end ? find_mark_line(c, mark) : NULL;
        take_text(c, line_at ? line_at : mark);
        if (mark == c->end)
            return CLOSER_FILE;
        c->at = mark;
        c->alone = line_at != NULL;
        if (mark[1] == '{') {
            compile_value(c);
            continue;
        }
        enter_block(c);
        if (mark[1] == '#') {
            compile_comment(c);
            continue;
        }
        c->at += 2;
        lex_begin(c, '%');
        unsigned line = c->token.line;
        struct slice word = lex_take_word(c, "{%");
        enum closer closer;
        if (closer_of(word, &closer))
            return closer;
        compile_block(c, word, line);
    }
}

/* {% layout "NAME" %} as the first thing of all; NULL if there is none. */
static const struct source *take_layout(struct compiler *c)
{
    struct compiler before = *c;

    if (c->end - c->at < 2 || c->at[0] != '{' || c->at[1] != '%')
        return NULL;
    c->alone = find_mark_line(c, c->at) != NULL;
    c->at += 2;
    lex_begin(c, '%');
    unsigned line = c->token.line;
    if (!slice_is(lex_take_word(c, "{%"), "layout")) {
        *c = before;
        return NULL;
    }
    if (c->source->is_layout)
        fault(c, line, "a layout cannot stand in a layout");
    struct slice name = lex_take_string(c, "layout");
    const struct source *layout = find_part(c, name, line);
    if (!layout->is_layout)
        fault(c, line, "\"%s\" has no {%% content %%}", layout->name);
    close_mark(c);
    return layout;
}

/* The body of a function, from behind its declarations. */
static void compile_whole(struct compiler *c)
{
    fputs("    (void)out; (void)lang; (void)view;\n", c->out);
    if (compile_body(c) != CLOSER_FILE)
        fault(c, c->line, "nothing is open that this mark could close");
    if (!c->source->is_text && c->markup.mode != MARKUP_TEXT)
        fault(c, c->line, "the template ends inside a tag, a comment or raw "
              "text");
    emit_end_literal(c);
    fputs("}\n", c->out);
}

/* The page as the layout's content, and the page that calls the layout. */
static void compile_in_layout(struct compiler *c, const struct source *layout)
{
    const struct source *source = c->source;

    fprintf(c->out,
            "static void content_%s(struct str *out, enum lang lang,\n"
            "    const void *inner)\n{\n"
            "    const struct view_%s *view = inner;\n",
            source->symbol, source->view);
    compile_whole(c);
    fprintf(c->out,
            "\nvoid template_%s(struct str *out, enum lang lang,\n"
            "    const struct view_%s *view)\n{\n",
            source->symbol, source->view);
    emit_line(c, 1);
    fprintf(c->out,
            "layout_%s(out, lang, html_view(struct view_%s, view->site), "
            "content_%s, view);\n}\n",
            layout->symbol, layout->view, source->symbol);
}

void compile_source(const struct sources *sources,
                    const struct source *source, FILE *out)
{
    struct compiler c = {
        .out = out,
        .sources = sources,
        .source = source,
        .at = source->data,
        .end = source->data + source->length,
        .line = 1,
        .line_start = true,
    };
    const struct source *layout = take_layout(&c);

    fputs("\n#line 1 ", out);
    emit_string(&c, (struct slice){ source->path, strlen(source->path) });
    fputc('\n', out);
    if (layout) {
        compile_in_layout(&c, layout);
        return;
    }
    fprintf(out,
            "void %s_%s(struct str *out, enum lang lang,\n"
            "    const struct view_%s *view%s)\n{\n",
            source->is_layout ? "layout" : "template", source->symbol,
            source->view, source->is_layout ? ",\n    content_writer *content, "
            "const void *inner" : "");
    compile_whole(&c);
}
