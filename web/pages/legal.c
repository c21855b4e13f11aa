/* "/de/impressum" and its neighbours: the operator's own texts. */
#include <string.h>

#include "daemon/base/arena.h"
#include "web/pages/pages.h"
#include "web/pages/prebuilt.h"
#include "web/view/templates.h"
#include "web/texts.h"
#include "web/view/markdown.h"

/* Which text the last part of the path names; TEXT_PAGES: none. */
static enum text_page find_text(const char *path)
{
    const char *slug = strrchr(path, '/') + 1;

    for (int i = 0; i < TEXT_PAGES; i++)
        if (strcmp(slug, texts_slug((enum text_page)i)) == 0)
            return (enum text_page)i;
    return TEXT_PAGES;
}

static enum rc legal_build(struct request *request, const struct page *page,
                           struct prebuilt *built, struct err *err)
{
    enum text_page text = find_text(request->path);
    const char *source = NULL;
    struct view_legal view = { .title = NULL };

    (void)err;
    if (text != TEXT_PAGES && page->site->texts)
        source = texts_get(page->site->texts, text, page->lang);
    if (!source)
        return RC_NOT_FOUND;
    view.title = texts_title(text, page->lang);
    view.lang = lang_code(texts_lang(page->site->texts, text, page->lang));
    view.text = markdown_html(page->arena, source, 2);

    const struct frame frame = {
        .title = view.title,
        .path = arena_printf(page->arena, "/%s", texts_slug(text)),
    };
    page_frame(page, &frame, &view.site);
    template_legal(&built->body, page->lang, &view);
    return RC_OK;
}

void legal_show(struct request *request)
{
    prebuilt_send(request, legal_build);
}
