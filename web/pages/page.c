#include "web/pages/page.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/http/response.h"
#include "daemon/store/alliance_store.h"
#include "web/pages/feedback.h"
#include "web/pages/statement.h"
#include "web/texts.h"
#include "web/view/i18n.h"
#include "web/view/static.h"

struct page page_of(struct request *request)
{
    return (struct page){ .site = request->site,
                          .arena = request->arena,
                          .lang = request->lang,
                          .now = clock_now() };
}

void page_fail(struct request *request, const struct err *err)
{
    log_error("request %016llx: %s", (unsigned long long)request->id,
              err->text);
    respond_error(request, 500, NULL);
}

void page_busy(struct request *request, const struct err *err)
{
    if (err)
        log_error("request %016llx: %s", (unsigned long long)request->id,
                  err->text);
    response_field(request, "Retry-After", PAGE_RETRY_AFTER);
    respond_error(request, 503, NULL);
}

const char *page_home(const struct page *page)
{
    return arena_printf(page->arena, "/%s/", lang_code(page->lang));
}

const char *page_alliance(const struct page *page, const char *slug)
{
    return arena_printf(page->arena, "/%s/%s", lang_code(page->lang), slug);
}

const char *page_meeting_tail(const struct page *page,
                              const struct meeting *meeting)
{
    return arena_printf(page->arena, "/%s/%s", meeting->alliance_slug,
                        meeting->slug);
}

const char *page_meeting(const struct page *page,
                         const struct meeting *meeting)
{
    return arena_printf(page->arena, "/%s/%s/%s", lang_code(page->lang),
                        meeting->alliance_slug, meeting->slug);
}

const char *page_download(const struct page *page,
                          const struct meeting *meeting)
{
    return arena_printf(page->arena, "/calendars/%s/%s/download.ics",
                        meeting->alliance_slug, meeting->slug);
}

const char *page_absolute(const struct page *page, const char *path)
{
    return arena_printf(page->arena, "%s%s", page->site->settings->base_url,
                        path);
}

static enum lang other_lang(enum lang lang)
{
    return lang == LANG_DE ? LANG_EN : LANG_DE;
}

/* The language is always the first part: "/de…". */
const char *page_other_lang(const struct page *page, const char *path)
{
    return arena_printf(page->arena, "/%s%s",
                        lang_code(other_lang(page->lang)), path + 3);
}

const char *page_mailto(const struct page *page, const char *address)
{
    return arena_printf(page->arena, "mailto:%s", address);
}

/* Only what a telephone understands (RFC 3966). */
const char *page_tel(const struct page *page, const char *number)
{
    struct str url;

    str_init(&url, page->arena, 64);
    str_add(&url, "tel:");
    for (const char *c = number; *c; c++)
        if ((*c >= '0' && *c <= '9') || (*c == '+' && c == number))
            str_add_char(&url, *c);
    return url.data;
}

void page_contact(const struct page *page, const struct alliance *alliance,
                  struct view_contact *contact)
{
    contact->name = alliance->contact_name;
    if (*alliance->contact_email) {
        contact->email = alliance->contact_email;
        contact->email_url = page_mailto(page, alliance->contact_email);
    }
    if (*alliance->contact_phone) {
        contact->phone = alliance->contact_phone;
        contact->phone_url = page_tel(page, alliance->contact_phone);
    }
}

static bool legal_is_there(const struct page *page, enum text_page text)
{
    const struct texts *texts = page->site->texts;

    return text == TEXT_BARRIEREFREIHEIT
               ? statement_is_there(page->site, page->lang)
               : texts && texts_get(texts, text, page->lang);
}

const char *page_links(const struct page *page)
{
    return arena_printf(page->arena, "/%s/r/", lang_code(page->lang));
}

/* Each page leads straight to the form for reporting a barrier (BGG § 12b),
 * and whoever lost her link has no other page of her own. */
static void add_legal(const struct page *page, const struct frame *frame,
                      struct view_site *view)
{
    view->legal.items =
        ARENA_ARRAY(page->arena, struct view_link, TEXT_PAGES + 2);
    for (int i = 0; i < TEXT_PAGES; i++) {
        enum text_page text = (enum text_page)i;
        const char *slug = texts_slug(text);

        if (!legal_is_there(page, text))
            continue;
        view->legal.items[view->legal.count++] = (struct view_link){
            .words = texts_title(text, page->lang),
            .url = page_alliance(page, slug),
            .here = frame->path && strcmp(frame->path + 1, slug) == 0,
        };
    }
    view->legal.items[view->legal.count++] = (struct view_link){
        .words = tr(page->lang, "Report a barrier"),
        .url = feedback_url(page, frame->personal ? NULL : frame->path),
        .here = frame->path && strcmp(frame->path, "/" FEEDBACK_FORM) == 0,
    };
    view->legal.items[view->legal.count++] = (struct view_link){
        .words = tr(page->lang, "Send me my link again"),
        .url = page_links(page),
        .here = frame->path && strcmp(frame->path, "/r/") == 0,
    };
}

static void add_alternates(const struct page *page, const char *path,
                           struct view_site *view)
{
    struct view_alternate *to =
        ARENA_ARRAY(page->arena, struct view_alternate, LANG_COUNT + 1);

    for (int i = 0; i <= LANG_COUNT; i++) {
        const char *code = lang_code(i < LANG_COUNT ? (enum lang)i : LANG_DE);

        to[i].lang = i < LANG_COUNT ? code : "x-default";
        to[i].url = arena_printf(page->arena, "%s/%s%s",
                                 page->site->settings->base_url, code, path);
    }
    view->alternates = (struct view_alternates){ to, LANG_COUNT + 1 };
}

static void add_switch(const struct page *page, const struct frame *frame,
                       struct view_site *view)
{
    enum lang other = other_lang(page->lang);

    view->other_lang = lang_code(other);
    view->other_words = other == LANG_DE ? "Deutsch" : "English";
    view->other_url = arena_printf(page->arena, "/%s%s", view->other_lang,
                                   frame->path ? frame->path : "/");
}

/* The first alliance is the highest one (alliance_list). A page can do
 * without it: an error page must appear even if the database does not. */
static const struct alliance *first_alliance(const struct page *page)
{
    struct alliances all = { 0 };
    struct err err;

    if (!page->site->reader ||
        alliance_list(page->site->reader, page->arena, &all, &err) != RC_OK)
        return NULL;
    return all.count ? &all.items[0] : NULL;
}

static const char *window_title(const struct page *page,
                                const struct frame *frame, const char *brand)
{
    return arena_printf(page->arena, "%s%s – %s",
                        frame->fault ? tr(page->lang, "Error: ") : "",
                        frame->title, brand);
}

void page_notices(const struct site *site,
                  const struct notice *notices[LANG_COUNT])
{
    for (int lang = 0; lang < LANG_COUNT; lang++)
        notices[lang] = site->texts
            ? texts_notice(site->texts, (enum lang)lang) : NULL;
}

void page_frame(const struct page *page, const struct frame *frame,
                struct view_site *view)
{
    const struct settings *settings = page->site->settings;
    const struct alliance *alliance =
        frame->alliance ? frame->alliance : first_alliance(page);

    view->brand = alliance ? lang_pick(&alliance->name, page->lang)
                           : tr(page->lang, "Meetings");
    view->brand_url = frame->alliance
                          ? page_alliance(page, frame->alliance->slug)
                          : page_home(page);
    if (alliance)
        page_contact(page, alliance, &view->contact);
    view->lang = lang_code(page->lang);
    view->title = window_title(page, frame, view->brand);
    view->css = static_url("site.css");
    view->icon = static_url("icon.svg");
    view->demo = settings->demo;
    view->noindex = settings->demo || frame->personal;
    if (frame->path && !frame->personal)
        add_alternates(page, frame->path, view);
    add_switch(page, frame, view);
    add_legal(page, frame, view);
}
