/* The template compiler's own parts (docs/templates.md is the language). It
 * is a build tool: it stops at the first fault, naming file and line, and
 * allocates nothing: a template is a mapped file, a name a slice of it. */
#ifndef CONVENED_WEB_HTMLC_H
#define CONVENED_WEB_HTMLC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct slice {
    const char *start;
    size_t length;
};

bool slice_is(struct slice, const char *word);          /* exactly */
bool slice_is_nocase(struct slice, const char *lower);  /* ASCII */
bool slice_same(struct slice, struct slice);

/* One template. */
struct source {
    const char *path;   /* as shown in faults and #line */
    const char *name;   /* below templates/: "mail/welcome.txt" */
    char symbol[128];   /* "mail_welcome_txt": what the function is called */
    char view[128];     /* "mail_welcome": what its view struct is called */
    const char *data;
    size_t length;
    bool is_text;       /* .txt: no HTML, nothing is escaped */
    bool is_mail;       /* below mail/ */
    bool is_layout;     /* holds {% content %} */
};

#define SOURCES_MOST 256
struct sources {
    struct source items[SOURCES_MOST];
    size_t count;
};

const struct source *sources_find(const struct sources *, struct slice name);

/* Where in HTML the template stands; see htmlc_markup.c. */
enum markup_mode {
    MARKUP_TEXT,
    MARKUP_OPEN,        /* after "<" */
    MARKUP_TAG_NAME,
    MARKUP_TAG,         /* inside a tag, an attribute may begin */
    MARKUP_TIGHT,       /* inside a tag, only a blank, "/" or ">" may come */
    MARKUP_ATTR_NAME,
    MARKUP_AFTER_NAME,  /* a blank after an attribute's name */
    MARKUP_EQUALS,      /* after "=" */
    MARKUP_VALUE,       /* in quotes */
    MARKUP_COMMENT,
    MARKUP_DECLARATION, /* <!doctype …> */
    MARKUP_RAW,         /* script, style: no marks */
    MARKUP_RCDATA,      /* title, textarea: text without tags */
};

enum markup_attr {
    ATTR_PLAIN,
    ATTR_URL,
    ATTR_CLOSED, /* style, srcdoc, srcset: no value can be made safe there */
};

enum markup_url {
    URL_START,  /* nothing of the address is there */
    URL_OPEN,   /* what is there could still become a scheme */
    URL_RELATIVE, /* scheme, or the first of "/?#", is there */
};

struct markup {
    enum markup_mode mode;
    struct slice element; /* the tag that we are in, or whose raw text */
    struct slice attr_name;
    const char *value;    /* where the attribute's value began */
    enum markup_attr attr;
    enum markup_url url;
    char quote;
    bool closing; /* the tag is an end tag */
    bool in_pre;
};

/* Takes the character at `at`. NULL, or what is wrong with it. */
const char *markup_step(struct markup *, const char *at, const char *end);
/* Before {% … %} or {# … #}. NULL, or why it cannot stand here. */
const char *markup_enter_block(struct markup *);
/* Before and after {{ … }}. */
const char *markup_enter_value(const struct markup *);
void markup_leave_value(struct markup *);
/* Two branches meet. False: they ended in different states. */
bool markup_join(struct markup *, const struct markup *other);
/* One turn of a loop led from `start` to `turned`. False: another turn could
 * not follow, or leads elsewhere. */
bool markup_loop(struct markup *turned, const struct markup *start);
/* May blanks at the start of a line go? */
bool markup_is_loose(const struct markup *);

/* Words of a mark; see htmlc_lex.c. */
enum token_kind {
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING, /* without its quotes, escapes untouched */
    TOKEN_DOT,
    TOKEN_ARROW,
    TOKEN_EQUAL,
    TOKEN_UNEQUAL,
    TOKEN_CLOSE, /* the end of the mark */
};

struct token {
    enum token_kind kind;
    struct slice text;
    unsigned line;
};

/* A name that a {% for %} gave. */
struct scope {
    struct slice name;
    const struct scope *outer;
};

struct compiler {
    FILE *out;
    const struct sources *sources;
    const struct source *source;
    const char *at;
    const char *end;
    unsigned line;
    char close;           /* '}' or '%': how the present mark ends */
    struct token token;   /* the present one */
    struct markup markup;
    const struct scope *scope;
    unsigned depth;
    bool alone;           /* the present mark has its line for itself */
    bool in_literal;      /* a C string is open in `out` */
    bool line_start;      /* blanks here would be indentation */
};

_Noreturn void fault(const struct compiler *, unsigned line,
                     const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The next token of the mark becomes compiler->token. */
void lex_next(struct compiler *);
/* Stands after "{{", "{%": from here the mark ends with `close` and "}". */
void lex_begin(struct compiler *, char close);
/* Faults unless the present token closes the mark. */
void lex_expect_close(const struct compiler *);
struct slice lex_take_string(struct compiler *, const char *after);
struct slice lex_take_word(struct compiler *, const char *after);

#define PATH_MOST 8
/* v.site.title: a root and its members, ready to be written as C. */
struct path {
    const char *prefix; /* "view" or "each_" */
    struct slice root;  /* empty for the view */
    struct slice members[PATH_MOST];
    bool arrows[PATH_MOST];
    size_t count;
    unsigned line;
};

/* Reads the path at the present token. */
struct path path_take(struct compiler *);
void path_put(struct compiler *, const struct path *);

/* C strings in the output; see htmlc_emit.c. */
void emit_literal(struct compiler *, char);
void emit_end_literal(struct compiler *);
/* A new line of C that belongs to this line of the template. */
void emit_line(struct compiler *, unsigned line);
void emit_string(struct compiler *, struct slice);
void emit_condition(struct compiler *);
void emit_value(struct compiler *);       /* {{ path }} */
void emit_tr(struct compiler *, bool plural); /* {{ tr … }}, {{ trn … }} */

/* The whole template as C functions; see htmlc_block.c. */
void compile_source(const struct sources *, const struct source *, FILE *);

#endif
