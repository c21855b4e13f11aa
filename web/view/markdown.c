#include "web/view/markdown.h"

#include <cmark.h>
#include <string.h>

#include "daemon/base/arena.h"

/* Whoever wrote this has no more than a few pages to say. */
#define MOST (1 << 20)
#define HEADING_MOST 6

static cmark_node *parse(const char *source)
{
    return cmark_parse_document(source, strlen(source),
                                CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
}

/* The node goes, its children take its place. */
static void unwrap(cmark_node *node)
{
    cmark_node *child;

    while ((child = cmark_node_first_child(node)) != NULL)
        cmark_node_insert_before(node, child);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static void drop(cmark_node *node)
{
    cmark_node_unlink(node);
    cmark_node_free(node);
}

/* Raw HTML goes. So do addresses that html_put_url would not write, and
 * images, which would have a reader's browser ask other servers: their words
 * stay. Called when the node's children are done. */
static void purify(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        drop(node);
        break;
    case CMARK_NODE_IMAGE:
        unwrap(node);
        break;
    case CMARK_NODE_LINK:
        if (!html_url_passes(cmark_node_get_url(node)))
            unwrap(node);
        break;
    default:
        break;
    }
}

static bool is_leaf(cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);

    return type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;
}

static cmark_node *parse_pure(const char *source)
{
    cmark_node *root = parse(source);
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;

    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        /* Leaves are only entered, all else is left in the end. */
        if (event == CMARK_EVENT_EXIT || is_leaf(node))
            purify(node);
    }
    cmark_iter_free(iter);
    return root;
}

static int top_heading(cmark_node *root)
{
    int least = HEADING_MOST;

    for (cmark_node *n = cmark_node_first_child(root); n;
         n = cmark_node_next(n))
        if (cmark_node_get_type(n) == CMARK_NODE_HEADING &&
            cmark_node_get_heading_level(n) < least)
            least = cmark_node_get_heading_level(n);
    return least;
}

/* The highest of them becomes `top`, and none skips a level (WCAG 1.3.1). */
static void shift_headings(cmark_node *root, int top)
{
    int least = top_heading(root), before = top - 1;
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;

    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event != CMARK_EVENT_ENTER ||
            cmark_node_get_type(node) != CMARK_NODE_HEADING)
            continue;
        int level = cmark_node_get_heading_level(node) - least + top;
        if (level < top)
            level = top;
        if (level > before + 1)
            level = before + 1;
        if (level > HEADING_MOST)
            level = HEADING_MOST;
        cmark_node_set_heading_level(node, level);
        before = level;
    }
    cmark_iter_free(iter);
}

struct safe_html markdown_html(struct arena *arena, const char *source,
                               int top)
{
    struct safe_html none = { NULL };

    if (!source || !*source)
        return none;
    cmark_node *root = parse_pure(source);
    shift_headings(root, top);
    char *html = cmark_render_html(root, CMARK_OPT_DEFAULT);
    struct safe_html safe = { *html ? arena_strdup(arena, html) : NULL };
    cmark_get_default_mem_allocator()->free(html);
    cmark_node_free(root);
    return safe;
}

/* The plain text as it grows. */
struct plain {
    struct str out;
    int depth;         /* of lists */
    bool after_bullet; /* the item's first block goes on in its line */
    size_t link_at;    /* where the present link's words began */
};

static void indent(struct plain *plain, int depth)
{
    for (int i = 0; i < depth; i++)
        str_add(&plain->out, "  ");
}

static void begin_block(struct plain *plain)
{
    if (plain->out.length && !plain->after_bullet) {
        str_add(&plain->out, plain->depth ? "\n" : "\n\n");
        indent(plain, plain->depth);
    }
    plain->after_bullet = false;
}

static int item_number(cmark_node *item)
{
    int number = cmark_node_get_list_start(cmark_node_parent(item));

    while ((item = cmark_node_previous(item)) != NULL)
        number++;
    return number;
}

static void begin_item(struct plain *plain, cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item);
    bool first = cmark_node_previous(item) == NULL;

    if (plain->out.length && !plain->after_bullet)
        str_add(&plain->out, first && plain->depth == 1 ? "\n\n" : "\n");
    if (!plain->after_bullet)
        indent(plain, plain->depth - 1);
    if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST)
        str_addf(&plain->out, "%d. ", item_number(item));
    else
        str_add(&plain->out, "- ");
    plain->after_bullet = true;
}

/* "words (address)", and the address alone where the words are just that. */
static void end_link(struct plain *plain, const char *url)
{
    const char *words = plain->out.data + plain->link_at;

    if (strncmp(url, "mailto:", 7) == 0)
        url += 7;
    else if (strncmp(url, "tel:", 4) == 0)
        url += 4;
    if (plain->out.length <= plain->link_at)
        str_add(&plain->out, url);
    else if (strcmp(words, url) != 0)
        str_addf(&plain->out, " (%s)", url);
}

static void add_code_block(struct plain *plain, const char *literal)
{
    size_t length = strlen(literal);

    begin_block(plain);
    while (length && literal[length - 1] == '\n')
        length--;
    str_add_bytes(&plain->out, literal, length);
}

static void enter(struct plain *plain, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_LIST:
        plain->depth++;
        break;
    case CMARK_NODE_ITEM:
        begin_item(plain, node);
        break;
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING:
        begin_block(plain);
        break;
    case CMARK_NODE_CODE_BLOCK:
        add_code_block(plain, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
        str_add(&plain->out, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        str_add_char(&plain->out, ' ');
        break;
    case CMARK_NODE_LINEBREAK:
        str_add_char(&plain->out, '\n');
        indent(plain, plain->depth);
        break;
    case CMARK_NODE_LINK:
        plain->link_at = plain->out.length;
        break;
    default:
        break;
    }
}

static void leave(struct plain *plain, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_LIST:
        plain->depth--;
        break;
    case CMARK_NODE_ITEM:
        plain->after_bullet = false;
        break;
    case CMARK_NODE_LINK:
        end_link(plain, cmark_node_get_url(node));
        break;
    default:
        break;
    }
}

char *markdown_plain(struct arena *arena, const char *source)
{
    struct plain plain = { .depth = 0 };

    str_init(&plain.out, arena, MOST);
    if (!source)
        return arena_strdup(arena, "");
    cmark_node *root = parse_pure(source);
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        if (event == CMARK_EVENT_ENTER)
            enter(&plain, cmark_iter_get_node(iter));
        else
            leave(&plain, cmark_iter_get_node(iter));
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
    return arena_strdup(arena, plain.out.data);
}

const char *markdown_library_version(void)
{
    return cmark_version_string();
}
