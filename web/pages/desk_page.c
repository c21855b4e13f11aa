#include <string.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/store/meeting_store.h"
#include "web/pages/desk.h"
#include "web/view/i18n.h"
#include "web/view/static.h"

const char *desk_meeting_tail(const struct page *page,
                              const struct meeting *meeting)
{
    return arena_printf(page->arena, "/desk/%s/%s", meeting->alliance_slug,
                        meeting->slug);
}

const char *desk_url(const struct page *page, const char *tail)
{
    return arena_printf(page->arena, "/%s%s", lang_code(page->lang), tail);
}

static void add_nav(const struct page *page, const struct frame *frame,
                    const char *words, const char *tail,
                    struct view_site *view)
{
    view->nav.items[view->nav.count++] = (struct view_link){
        .words = words,
        .url = desk_url(page, tail),
        .here = strcmp(frame->path, tail) == 0,
    };
}

void desk_frame(struct request *request, const struct page *page,
                const struct frame *frame, struct view_site *view)
{
    struct frame personal = *frame;

    personal.personal = true;
    page_frame(page, &personal, view);
    view->more_css = static_url("desk.css");
    if (!request->login)
        return;
    view->nav.items = ARENA_ARRAY(page->arena, struct view_link, 2);
    add_nav(page, frame, tr(page->lang, "Your meetings"), DESK_HOME, view);
    if (desk_sees_feedback(request))
        add_nav(page, frame, tr(page->lang, "Reported barriers"),
                DESK_FEEDBACK, view);
    view->user = request->login->account.name;
    view->logout_url = desk_url(page, "/desk/sign-out");
    view->csrf = request->login->csrf;
}

enum rc desk_may(struct request *request, const struct meeting *meeting,
                 enum right right, bool *may, struct err *err)
{
    return access_check(request->site->reader, &request->login->account,
                        meeting->alliance_id, right, may, err);
}

/* RC_NOT_FOUND: there is none, or none for this account. */
static enum rc find_visible(struct request *request, struct meeting *meeting,
                            struct err *err)
{
    bool may = false;
    enum rc rc = meeting_by_slug(request->site->reader, request->arena,
                                 request->params[0], request->params[1],
                                 meeting, err);

    if (rc == RC_OK)
        rc = desk_may(request, meeting, RIGHT_NUMBERS, &may, err);
    return rc == RC_OK && !may ? RC_NOT_FOUND : rc;
}

void desk_refuse(struct request *request)
{
    respond_error(request, 403,
                  tr(request->lang, "Your account does not have the right to "
                                    "do this. Please ask the owner of your "
                                    "alliance."));
}

bool desk_find_meeting(struct request *request, enum right right,
                       struct meeting *meeting)
{
    struct err err;
    bool may = false;
    enum rc rc = find_visible(request, meeting, &err);

    if (rc == RC_OK)
        rc = desk_may(request, meeting, right, &may, &err);
    if (rc == RC_FAIL)
        page_fail(request, &err);
    else if (rc == RC_NOT_FOUND)
        respond_error(request, 404, NULL);
    else if (!may)
        desk_refuse(request);
    return rc == RC_OK && may;
}

int64_t desk_midnight(const struct meeting *meeting, int64_t now)
{
    const struct zone *zone = zone_or_utc(meeting->zone);
    struct civil civil = zone_local(zone, now).civil;
    int64_t at;

    civil.hour = civil.minute = civil.second = 0;
    return zone_utc(zone, &civil, &at) == WALL_NEVER ? now - now % 86400 : at;
}
