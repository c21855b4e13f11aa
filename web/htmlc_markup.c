/* Follows the template's own markup, so that the compiler knows what a value
 * would be there: text, an attribute, an address – or a hole. A subset of the
 * HTML tokenizer, strict where browsers are lenient. */
#include <string.h>

#include "web/htmlc.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == ':' || c == '.';
}

bool slice_is(struct slice slice, const char *word)
{
    return slice.length == strlen(word) &&
           memcmp(slice.start, word, slice.length) == 0;
}

bool slice_is_nocase(struct slice slice, const char *word)
{
    if (slice.length != strlen(word))
        return false;
    for (size_t i = 0; i < slice.length; i++)
        if (lower(slice.start[i]) != word[i])
            return false;
    return true;
}

bool slice_same(struct slice a, struct slice b)
{
    return a.length == b.length &&
           (a.length == 0 || memcmp(a.start, b.start, a.length) == 0);
}

static bool is_one_of(struct slice slice, const char *const *words)
{
    for (; *words; words++)
        if (slice_is_nocase(slice, *words))
            return true;
    return false;
}

static bool begins_with(const char *at, const char *end, const char *word)
{
    struct slice head = { at, strlen(word) };

    return (size_t)(end - at) >= head.length && slice_is_nocase(head, word);
}

/* Elements whose content a browser reads without looking for tags. */
static const char *const raw_elements[] = {
    "script", "style", "iframe", "xmp", "noembed", "noframes", "plaintext",
    NULL,
};
static const char *const rcdata_elements[] = { "title", "textarea", NULL };

static const char *const url_attrs[] = {
    "href", "src", "action", "formaction", "poster", "data", "cite", "ping",
    "manifest", "background", "xlink:href", NULL,
};
static const char *const closed_attrs[] = {
    "style", "srcdoc", "srcset", "imagesrcset", NULL,
};
static const char *const schemes[] = {
    "http", "https", "mailto", "tel", "webcal", NULL,
};

/* Behind the ">" of a tag. */
static void end_tag(struct markup *m)
{
    m->mode = MARKUP_TEXT;
    if (slice_is_nocase(m->element, "pre"))
        m->in_pre = !m->closing;
    if (m->closing)
        return;
    if (is_one_of(m->element, raw_elements))
        m->mode = MARKUP_RAW;
    if (is_one_of(m->element, rcdata_elements))
        m->mode = MARKUP_RCDATA;
}

static const char *begin_attr(struct markup *m, const char *at)
{
    if (!is_letter(*at))
        return "an attribute's name begins with a letter";
    m->mode = MARKUP_ATTR_NAME;
    m->attr_name = (struct slice){ at, 1 };
    return NULL;
}

static const char *equals(struct markup *m)
{
    if (m->attr_name.length > 2 &&
        slice_is_nocase((struct slice){ m->attr_name.start, 2 }, "on"))
        return "an on… attribute: scripts live in web/static";
    m->mode = MARKUP_EQUALS;
    return NULL;
}

static const char *begin_value(struct markup *m, const char *at)
{
    if (is_blank(*at))
        return NULL;
    if (*at != '"' && *at != '\'')
        return "an attribute without quotes";
    m->mode = MARKUP_VALUE;
    m->quote = *at;
    m->value = at + 1;
    m->url = URL_START;
    m->attr = is_one_of(m->attr_name, url_attrs)      ? ATTR_URL
              : is_one_of(m->attr_name, closed_attrs) ? ATTR_CLOSED
                                                      : ATTR_PLAIN;
    return NULL;
}

static const char *step_value(struct markup *m, const char *at)
{
    if (*at == m->quote) {
        m->mode = MARKUP_TIGHT;
        return NULL;
    }
    if (m->attr != ATTR_URL || m->url == URL_RELATIVE)
        return NULL;
    struct slice before = { m->value, (size_t)(at - m->value) };
    if (*at == '/' || *at == '?' || *at == '#' ||
        (*at == ':' && is_one_of(before, schemes)))
        m->url = URL_RELATIVE;
    else
        m->url = URL_OPEN;
    if (*at == ':' && (slice_is_nocase(before, "javascript") ||
                       slice_is_nocase(before, "vbscript")))
        return "a script as an address";
    return NULL;
}

static const char *step_open(struct markup *m, const char *at)
{
    m->mode = MARKUP_TAG_NAME;
    m->closing = *at == '/';
    m->element = (struct slice){ at + m->closing, 0 };
    if (m->closing)
        return NULL;
    m->element.length = 1;
    return is_letter(*at) ? NULL : "a bare \"<\": write &lt;";
}

/* Any place inside a tag that is not a value. */
static const char *step_tag(struct markup *m, const char *at)
{
    if (*at == '>') {
        end_tag(m);
        return NULL;
    }
    if (*at == '/') {
        m->mode = MARKUP_TIGHT;
        return NULL;
    }
    if (is_blank(*at)) {
        m->mode = m->mode == MARKUP_ATTR_NAME || m->mode == MARKUP_AFTER_NAME
                      ? MARKUP_AFTER_NAME
                      : MARKUP_TAG;
        return NULL;
    }
    if (m->mode == MARKUP_TIGHT)
        return "a blank is missing between attributes, or a mark stands in "
               "a name";
    if (*at == '=' && m->mode != MARKUP_TAG)
        return equals(m);
    if (m->mode == MARKUP_ATTR_NAME && is_name(*at)) {
        m->attr_name.length++;
        return NULL;
    }
    if (m->mode == MARKUP_ATTR_NAME)
        return "a character that no attribute's name has";
    return begin_attr(m, at);
}

static const char *step_tag_name(struct markup *m, const char *at)
{
    if (is_name(*at) && (m->element.length > 0 || is_letter(*at))) {
        m->element.length++;
        return NULL;
    }
    if (m->element.length == 0)
        return "an end tag without a name";
    m->mode = MARKUP_TAG;
    return *at == '>' || *at == '/' || is_blank(*at)
               ? step_tag(m, at)
               : "a character that no tag's name has";
}

static void step_text(struct markup *m, const char *at, const char *end)
{
    if (*at != '<')
        return;
    if (begins_with(at, end, "<!--"))
        m->mode = MARKUP_COMMENT;
    else if (begins_with(at, end, "<!"))
        m->mode = MARKUP_DECLARATION;
    else
        m->mode = MARKUP_OPEN;
    m->value = at;
}

/* Only the element's own end tag ends it. */
static void step_raw(struct markup *m, const char *at, const char *end)
{
    if (*at != '<' || (size_t)(end - at) < 3 + m->element.length ||
        at[1] != '/')
        return;
    char after = at[2 + m->element.length];
    for (size_t i = 0; i < m->element.length; i++)
        if (lower(at[2 + i]) != lower(m->element.start[i]))
            return;
    if (after == '>' || after == '/' || is_blank(after))
        m->mode = MARKUP_OPEN;
}

const char *markup_step(struct markup *m, const char *at, const char *end)
{
    switch (m->mode) {
    case MARKUP_TEXT:
        step_text(m, at, end);
        return NULL;
    case MARKUP_RAW:
    case MARKUP_RCDATA:
        step_raw(m, at, end);
        return NULL;
    case MARKUP_COMMENT:
        /* value: where "<!--" stands, so that "<!-->" is no comment */
        if (*at == '>' && at - m->value >= 6 && at[-1] == '-' && at[-2] == '-')
            m->mode = MARKUP_TEXT;
        return NULL;
    case MARKUP_DECLARATION:
        if (*at == '>')
            m->mode = MARKUP_TEXT;
        return NULL;
    case MARKUP_OPEN:
        return step_open(m, at);
    case MARKUP_TAG_NAME:
        return step_tag_name(m, at);
    case MARKUP_EQUALS:
        return begin_value(m, at);
    case MARKUP_VALUE:
        return step_value(m, at);
    case MARKUP_TAG:
    case MARKUP_TIGHT:
    case MARKUP_ATTR_NAME:
    case MARKUP_AFTER_NAME:
        break;
    }
    return step_tag(m, at);
}

static const char *closed_to_marks(const struct markup *m)
{
    switch (m->mode) {
    case MARKUP_RAW:
        return "a mark inside <script> or <style>";
    case MARKUP_COMMENT:
        return "a mark inside a comment";
    case MARKUP_DECLARATION:
        return "a mark inside <!…>";
    case MARKUP_OPEN:
        return "a mark in a tag's name";
    case MARKUP_EQUALS:
        return "an attribute without quotes";
    default:
        return NULL;
    }
}

const char *markup_enter_block(struct markup *m)
{
    const char *why = closed_to_marks(m);

    if (why)
        return why;
    if (m->mode == MARKUP_TAG_NAME && m->element.length == 0)
        return "a mark in a tag's name";
    /* A name ends at a mark; that none goes on behind it is for the next
     * character to prove. */
    if (m->mode == MARKUP_TAG_NAME || m->mode == MARKUP_ATTR_NAME)
        m->mode = MARKUP_TIGHT;
    if (m->mode == MARKUP_AFTER_NAME)
        m->mode = MARKUP_TAG;
    return NULL;
}

const char *markup_enter_value(const struct markup *m)
{
    const char *why = closed_to_marks(m);

    if (why)
        return why;
    if (m->mode == MARKUP_TAG_NAME)
        return "a mark in a tag's name";
    if (m->mode == MARKUP_ATTR_NAME)
        return "a mark in an attribute's name";
    if (m->mode == MARKUP_TAG || m->mode == MARKUP_TIGHT ||
        m->mode == MARKUP_AFTER_NAME)
        return "a value among attributes: it belongs into quotes";
    if (m->mode == MARKUP_VALUE && m->attr == ATTR_CLOSED)
        return "a value inside style, srcdoc or srcset";
    if (m->mode == MARKUP_VALUE && m->attr == ATTR_URL && m->url == URL_OPEN)
        return "a value that could complete a scheme: begin the address "
               "with it, or with \"/\"";
    return NULL;
}

void markup_leave_value(struct markup *m)
{
    if (m->mode == MARKUP_VALUE && m->attr == ATTR_URL &&
        m->url == URL_START)
        m->url = URL_OPEN;
}

static bool is_special(struct slice element)
{
    return slice_is_nocase(element, "pre") ||
           is_one_of(element, raw_elements) ||
           is_one_of(element, rcdata_elements);
}

static bool same_place(const struct markup *a, const struct markup *b)
{
    if (a->mode != b->mode || a->in_pre != b->in_pre)
        return false;
    if (a->mode == MARKUP_TEXT)
        return true;
    if (a->closing != b->closing ||
        ((is_special(a->element) || is_special(b->element)) &&
         !slice_same(a->element, b->element)))
        return false;
    return a->mode != MARKUP_VALUE ||
           (a->attr == b->attr && a->quote == b->quote);
}

bool markup_join(struct markup *m, const struct markup *other)
{
    struct markup loose = *other;

    /* A blank more or less inside a tag: go on with the stricter. */
    if (loose.mode == MARKUP_TIGHT && m->mode == MARKUP_TAG)
        m->mode = MARKUP_TIGHT;
    if (m->mode == MARKUP_TIGHT && loose.mode == MARKUP_TAG)
        loose.mode = MARKUP_TIGHT;
    if (!same_place(m, &loose))
        return false;
    if (m->url != other->url)
        m->url = URL_OPEN;
    return true;
}

bool markup_loop(struct markup *turned, const struct markup *start)
{
    if (start->mode == MARKUP_TAG && turned->mode == MARKUP_TIGHT)
        return false;
    /* Addresses are put together in the first turn as in the second. */
    if (start->mode == MARKUP_VALUE && start->url != turned->url)
        return false;
    return markup_join(turned, start);
}

bool markup_is_loose(const struct markup *m)
{
    return !m->in_pre &&
           (m->mode == MARKUP_TEXT || m->mode == MARKUP_TAG ||
            m->mode == MARKUP_TIGHT || m->mode == MARKUP_TAG_NAME ||
            m->mode == MARKUP_ATTR_NAME || m->mode == MARKUP_AFTER_NAME);
}
