#include "daemon/mail/letters_feedback.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/model/feedback.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/feedback_store.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"

#define BODY_MOST 65536

/* The letter under way. */
struct report {
    struct arena *arena;
    const struct settings *settings;
    const struct letter *letter;
    struct feedback feedback;
    struct alliance alliance; /* the first one; may be none */
    enum lang lang;
};

static enum rc read_alliance(struct reader *reader, struct report *report,
                             struct err *err)
{
    struct alliances all = { 0 };
    enum rc rc = alliance_list(reader, report->arena, &all, err);

    if (all.count > 0)
        report->alliance = all.items[0];
    else
        report->alliance = (struct alliance){
            .name = { "convened", "" }, .mail_from = "",
        };
    report->lang = report->alliance.lang;
    return rc;
}

static const char *sender_of(const struct report *report)
{
    if (*report->settings->feedback_from)
        return report->settings->feedback_from;
    return *report->alliance.mail_from ? report->alliance.mail_from
                                       : report->letter->address;
}

/* What somebody else wrote stands in lines of its own, each marked. */
static void add_lines(const struct report *report,
                      struct view_mail_lines *to)
{
    char *rest = arena_strdup(report->arena, report->feedback.message);
    char *line;
    size_t count = 1;

    for (const char *c = rest; *c; c++)
        count += *c == '\n';
    to->items = ARENA_ARRAY(report->arena, struct view_mail_line, count);
    while ((line = strsep(&rest, "\n")) != NULL)
        to->items[to->count++] = (struct view_mail_line){ line };
}

static void fill(const struct report *report,
                 struct view_mail_feedback *view)
{
    const struct settings *settings = report->settings;
    const char *lang = lang_code(report->lang);

    view->site = (struct view_mail_frame){
        .lang = lang,
        .demo = settings->demo,
        .alliance = lang_pick(&report->alliance.name, report->lang),
        .impressum_url = arena_printf(report->arena, "%s/%s/impressum",
                                      settings->base_url, lang),
    };
    view->due = format_date(report->arena, report->lang, FEEDBACK_ZONE,
                            report->feedback.due_at);
    view->received = format_short(report->arena, report->lang, FEEDBACK_ZONE,
                                  report->feedback.received_at);
    view->page = report->feedback.page;
    view->email = report->feedback.address;
    view->desk_url = arena_printf(report->arena, "%s/%s/desk/feedback",
                                  settings->base_url, lang);
    view->site.title = arena_printf(
        report->arena, tr(report->lang, "Barrier reported, answer by %s"),
        view->due);
    add_lines(report, &view->lines);
}

static enum rc write_parts(const struct report *report, struct parts *parts,
                           struct err *err)
{
    struct view_mail_feedback view = { .due = NULL };
    struct str text, html;

    str_init(&text, report->arena, BODY_MOST);
    str_init(&html, report->arena, BODY_MOST);
    fill(report, &view);
    template_mail_feedback_txt(&text, report->lang, &view);
    template_mail_feedback_html(&html, report->lang, &view);
    if (text.overflow || html.overflow)
        return err_set(err, "the letter is too long");
    *parts = (struct parts){
        .from_name = view.site.alliance,
        .from_address = sender_of(report),
        .to_name = "",
        .to_address = report->letter->address,
        .reply_to = report->feedback.address,
        .subject = view.site.title,
        .message_id = id_at(report->arena, &report->letter->public_id,
                            report->settings->mail_domain),
        .date = report->letter->created_at,
        .lang = lang_code(report->lang),
        .text = text.data,
        .html = html.data,
    };
    return RC_OK;
}

enum rc letters_feedback(struct reader *reader, struct arena *arena,
                         const struct settings *settings,
                         const struct letter *letter, bool *still_true,
                         struct parts *parts, struct err *err)
{
    struct report report = { .arena = arena, .settings = settings,
                             .letter = letter };
    enum rc rc = feedback_by_id(reader, arena, letter->feedback_id,
                                &report.feedback, err);

    *still_true = rc == RC_OK && report.feedback.answered_at == 0;
    if (!*still_true)
        return rc == RC_FAIL ? rc : RC_OK;
    if (read_alliance(reader, &report, err) != RC_OK)
        return RC_FAIL;
    return write_parts(&report, parts, err);
}
