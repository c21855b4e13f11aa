#include "web/pages/statement.h"

#include "daemon/base/arena.h"
#include "web/pages/feedback.h"
#include "web/pages/pages.h"
#include "web/pages/prebuilt.h"
#include "web/texts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/markdown.h"
#include "web/view/templates.h"

/* A day of the configuration is nobody's wall clock. */
#define ZONE "UTC"

static bool is_made(const struct site *site)
{
    return site->settings->statement_status != STATEMENT_UNSTATED;
}

bool statement_is_there(const struct site *site, enum lang lang)
{
    return is_made(site) ||
           (site->texts && texts_get(site->texts, TEXT_BARRIEREFREIHEIT,
                                     lang));
}

/* What the operator wrote, if it is filled. `top`: level of its headings. */
static void add_part(const struct page *page, enum text_page part, int top,
                     struct view_parts *to)
{
    const struct texts *texts = page->site->texts;
    const char *source = texts ? texts_get(texts, part, page->lang) : NULL;

    if (!source)
        return;
    if (!to->items)
        to->items = ARENA_ARRAY(page->arena, struct view_part, TEXT_COUNT);
    to->items[to->count++] = (struct view_part){
        .title = texts_title(part, page->lang),
        .lang = lang_code(texts_lang(texts, part, page->lang)),
        .text = markdown_html(page->arena, source, top),
    };
}

static const char *pick(const struct page *page, const char *de,
                        const char *en)
{
    return lang_pick(&(struct bilingual){ de, en }, page->lang);
}

static const char *law(const struct page *page)
{
    const struct settings *settings = page->site->settings;
    const char *given = page->lang == LANG_DE ? settings->statement_law_de
                                              : settings->statement_law_en;

    return *given ? given
                  : tr(page->lang, "the rules by which Directive (EU) "
                                   "2016/2102 was implemented");
}

static void add_days(const struct page *page, struct view_statement *view)
{
    const struct settings *settings = page->site->settings;
    struct arena *arena = page->arena;
    int64_t prepared = settings->statement_prepared;
    int64_t reviewed = settings->statement_reviewed;

    view->prepared = format_date(arena, page->lang, ZONE, prepared);
    view->prepared_iso = format_iso_date(arena, ZONE, prepared);
    view->reviewed = format_date(arena, page->lang, ZONE, reviewed);
    view->reviewed_iso = format_iso_date(arena, ZONE, reviewed);
    view->external = settings->statement_method == STATEMENT_EXTERNAL;
}

static void make(const struct page *page, struct view_statement *view)
{
    static const enum text_page unmet[] = { TEXT_UNMET, TEXT_BURDEN,
                                            TEXT_OUTSIDE, TEXT_INSTEAD };
    const struct settings *settings = page->site->settings;

    view->status = settings->statement_status;
    view->body = pick(page, settings->statement_body_de,
                      settings->statement_body_en);
    view->law = law(page);
    view->url = page_absolute(page, page_home(page));
    for (size_t i = 0; i < sizeof unmet / sizeof *unmet; i++)
        add_part(page, unmet[i], 4, &view->unmet);
    add_days(page, view);
    add_part(page, TEXT_ENFORCEMENT, 3, &view->enforcement);
}

void statement_fill(const struct page *page, struct view_statement *view)
{
    *view = (struct view_statement){
        .title = tr(page->lang, "Accessibility statement"),
        .feedback_url = page_alliance(page, FEEDBACK_FORM),
    };
    if (is_made(page->site))
        make(page, view);
    else
        add_part(page, TEXT_BARRIEREFREIHEIT, 2, &view->own);
}

static enum rc build(struct request *request, const struct page *page,
                     struct prebuilt *built, struct err *err)
{
    const struct frame frame = {
        .title = tr(page->lang, "Accessibility statement"),
        .path = arena_printf(page->arena, "/%s",
                             texts_slug(TEXT_BARRIEREFREIHEIT)),
    };
    struct view_statement view;

    (void)request, (void)err;
    if (!statement_is_there(page->site, page->lang))
        return RC_NOT_FOUND;
    statement_fill(page, &view);
    page_frame(page, &frame, &view.site);
    template_statement(&built->body, page->lang, &view);
    return RC_OK;
}

void statement_show(struct request *request)
{
    prebuilt_send(request, build);
}
