#include "web/pages/meeting_page.h"

#include "daemon/base/arena.h"
#include "daemon/http/csrf.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/facts.h"
#include "web/pages/meeting_json.h"
#include "web/view/templates.h"
#include "web/texts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/markdown.h"
#include "web/view/static.h"
#include "web/view/subscribe.h"

enum rc meeting_data_load(const struct page *page, const char *alliance,
                          const char *slug, struct meeting_data *data,
                          struct err *err)
{
    struct reader *reader = page->site->reader;
    enum rc rc = meeting_by_slug(reader, page->arena, alliance, slug,
                                 &data->meeting, err);

    if (rc != RC_OK)
        return rc;
    if (data->meeting.state == MEETING_DRAFT ||
        data->meeting.visibility == VISIBLE_INVITED)
        return RC_NOT_FOUND;
    if (pool_of_meeting(reader, data->meeting.id, &data->pools, err) ==
            RC_FAIL ||
        bench_list(reader, page->arena, data->meeting.alliance_id,
                   &data->benches, err) == RC_FAIL)
        return RC_FAIL;
    return question_list(reader, page->arena, data->meeting.id,
                         &data->questions, err);
}

struct signup_terms meeting_data_terms(const struct meeting_data *data)
{
    return (struct signup_terms){ .meeting = &data->meeting,
                                  .pools = &data->pools,
                                  .benches = &data->benches,
                                  .questions = &data->questions,
                                  .alliance = &data->alliance };
}

const char *meeting_page_subject(const struct meeting *meeting)
{
    return meeting->uid;
}

/* Where a meeting has two days, the agenda says which. */
static const char *session_time(const struct page *page,
                                const struct meeting *meeting,
                                const struct session *session, bool one_day)
{
    return one_day ? format_time_span(page->arena, page->lang, meeting->zone,
                                      session->starts_at, session->ends_at)
                   : format_span(page->arena, page->lang, meeting->zone,
                                 session->starts_at, session->ends_at);
}

static enum rc add_sessions(const struct page *page,
                            const struct meeting *meeting,
                            struct view_sessions *to, struct err *err)
{
    struct sessions all;
    const char *day, *one_day;

    if (session_list(page->site->reader, page->arena, meeting->id, &all,
                     err) == RC_FAIL)
        return RC_FAIL;
    facts_time(page, meeting, &day, &one_day);
    to->items = ARENA_ARRAY(page->arena, struct view_session, all.count + 1);
    for (size_t i = 0; i < all.count; i++) {
        const struct session *one = &all.items[i];

        to->items[to->count++] = (struct view_session){
            .hours = session_time(page, meeting, one, one_day != NULL),
            .from_iso =
                format_iso(page->arena, meeting->zone, one->starts_at),
            .title = lang_pick(&one->title, page->lang),
            .speaker = one->speaker,
            .about = markdown_html(page->arena,
                                   lang_pick(&one->about, page->lang), 4),
        };
    }
    return RC_OK;
}

static void add_form(const struct page *page, const struct meeting_data *data,
                     const struct meeting_showing *showing,
                     struct view_form *form)
{
    const struct signup_terms terms = meeting_data_terms(data);
    const struct site *site = page->site;
    struct signup_party empty;

    signup_party_clear(&empty, data->alliance.invite_default);
    signup_party_view(page, &terms, showing->form ? showing->form : &empty,
                      form);
    form->action = arena_printf(page->arena, "%s/register",
                                page_meeting(page, &data->meeting));
    form->stamp =
        showing->stamp
            ? showing->stamp
            : stamp_make(page->arena, site->keys,
                         meeting_page_subject(&data->meeting), page->now);
    if (site->texts && texts_get(site->texts, TEXT_DATENSCHUTZ, page->lang))
        form->privacy_url =
            page_alliance(page, texts_slug(TEXT_DATENSCHUTZ));
}

static void put_frame(const struct page *page,
                      const struct meeting_data *data,
                      const struct meeting_showing *showing,
                      struct view_meeting *view)
{
    const struct frame frame = {
        .title = arena_printf(page->arena, "%s – %s", view->title,
                              showing->title
                                  ? showing->title
                              : view->form.more.count
                                  ? trn(page->lang, "One more question",
                                        "A few more questions",
                                        (long)view->form.more.count)
                                  : tr(page->lang, "Registration")),
        .path = page_meeting_tail(page, &data->meeting),
        .alliance = &data->alliance,
        .fault = showing->refused || view->form.errors.count > 0,
        .personal = showing->personal,
    };

    page_frame(page, &frame, &view->site);
    view->site.feed_url = view->subscribe.https_url;
    view->site.feed_title = view->title;
    view->site.data = meeting_json(page, &data->meeting, &data->alliance,
                                   &data->pools);
    if (view->has_form) {
        view->site.script =
            data->questions.count ? static_url("form.js") : NULL;
        view->site.switch_form = "registration";
        view->site.other_url =
            arena_printf(page->arena, "%s#anmeldung",
                         page_other_lang(page, view->form.action));
    }
}

static void put_words(const struct page *page,
                      const struct meeting_data *data,
                      struct view_meeting *view)
{
    const struct meeting *meeting = &data->meeting;

    view->title = lang_pick(&meeting->title, page->lang);
    view->summary = lang_pick(&meeting->summary, page->lang);
    view->about = markdown_html(page->arena,
                                lang_pick(&meeting->about, page->lang), 2);
    view->phase_words = facts_phase(page, meeting, view->phase);
    view->cancel_reason = lang_pick(&meeting->cancel_reason, page->lang);
    facts_fill(page, meeting, &data->pools, view->phase, &view->facts);
    view->when_and_where =
        arena_printf(page->arena, "%s · %s", view->facts.day,
                     facts_where(page, meeting, &data->pools));
    if (facts_takes_people(view->phase))
        facts_seats(page, meeting, &data->pools, &view->seats);
}

/* The meeting's own feed: it moves when the meeting does. */
static void put_subscription(const struct page *page,
                             const struct meeting_data *data,
                             struct view_meeting *view)
{
    const struct meeting *meeting = &data->meeting;
    const struct subscription feed = {
        .title = view->title,
        .feed = arena_printf(page->arena, "/calendars/%s/%s.ics",
                             meeting->alliance_slug, meeting->slug),
        .download = page_download(page, meeting),
    };

    subscribe_fill(page->arena, page->lang, page->site->settings, &feed,
                   &view->subscribe);
}

enum rc meeting_page_render(const struct page *page,
                            struct meeting_data *data,
                            const struct meeting_showing *showing,
                            struct str *body, enum meeting_phase *phase,
                            struct err *err)
{
    struct view_meeting view = { .refused = showing->refused };

    if (alliance_by_id(page->site->reader, page->arena,
                       data->meeting.alliance_id, &data->alliance,
                       err) != RC_OK ||
        add_sessions(page, &data->meeting, &view.sessions, err) != RC_OK)
        return RC_FAIL;
    view.phase = meeting_phase_at(&data->meeting, &data->pools, page->now);
    *phase = view.phase;
    put_words(page, data, &view);
    view.has_form =
        view.phase == PHASE_OPEN || view.phase == PHASE_WAITING;
    if (view.has_form)
        add_form(page, data, showing, &view.form);
    put_subscription(page, data, &view);
    put_frame(page, data, showing, &view);
    template_meeting(body, page->lang, &view);
    return RC_OK;
}
