/* POST "/de/desk/{alliance}/{meeting}/support": the list of support needs to
 * take home, for a reason. In reading order: checked → written down who, why
 * and how many (writer) → made (helper) → sent. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/http/form.h"
#include "daemon/http/response.h"
#include "daemon/store/account_store.h"
#include "daemon/store/support_store.h"
#include "web/pages/desk_support.h"
#include "web/view/i18n.h"
#include "web/view/support_sheet.h"

#define REASON_MOST 200 /* characters */
#define EXPORT_MOST ((size_t)64 * 1024 * 1024)

struct taking;

/* A helper's part of it. */
struct making {
    struct task task; /* first */
    struct taking *taking;
};

/* It has an arena of its own, which the helper fills. */
struct taking {
    struct job job; /* first */
    struct arena *arena;
    struct request *request;
    struct meeting meeting;
    struct audit audit;
    enum sheet_format format;
    struct support_plan plan;
    struct making making;
    struct str bytes;
    enum rc rc;
    struct err err;
};

static enum rc write_down(struct writer *, int64_t, struct job *,
                          struct err *);
static void written_down(struct job *);
static void make(struct task *);
static void made(struct task *);

static void taking_free(struct taking *taking)
{
    struct arena *arena = taking->arena;

    arena_free(&arena);
}

/* ---- checked ---- */

static bool read_format(const struct request *request,
                        enum sheet_format *format)
{
    const char *word = form_get(request->form, "format");

    for (int i = 0; i < SHEET_FORMAT_COUNT; i++)
        if (strcmp(word, sheet_ending((enum sheet_format)i)) == 0) {
            *format = (enum sheet_format)i;
            return true;
        }
    return false;
}

/* NULL: it will do. */
static const char *reason_fault(const struct request *request,
                                const char *typed, const char *reason)
{
    if (text_has_control(typed, false))
        return tr(request->lang, "Please remove line breaks and invisible "
                                 "characters here.");
    if (text_characters(reason) > REASON_MOST)
        return tr(request->lang, "Please shorten this to at most 200 "
                                 "characters.");
    if (!*reason)
        return tr(request->lang, "Please say what you need the list for, for "
                                 "example: to book the interpreters.");
    return NULL;
}

static struct taking *taking_new(struct request *request,
                                 const struct meeting *meeting,
                                 const char *reason)
{
    struct arena *arena = arena_new();
    struct taking *taking = ARENA_NEW(arena, struct taking);
    struct site *site = request->site;
    const char *title = lang_pick(&meeting->title, request->lang);

    *taking = (struct taking){
        .job = { .run = write_down, .done = written_down,
                 .home = site->jobs_home },
        .arena = arena, .request = request, .meeting = *meeting,
        .audit = { .actor = request->login->account.id,
                   .deed = "support-export",
                   .alliance_id = meeting->alliance_id,
                   .meeting_id = meeting->id, .reason = reason },
        .plan = { .lang = request->lang, .zone = meeting->zone,
                  .title = title, .reason = reason,
                  .folder = site->settings->state_dir,
                  .now = page_of(request).now },
        .making = { .task = { .run = make, .done = made,
                              .home = site->tasks_home } },
    };
    taking->making.taking = taking;
    str_init(&taking->bytes, arena, EXPORT_MOST);
    return taking;
}

static void take(struct request *request, const struct meeting *meeting,
                 const char *reason, enum sheet_format format)
{
    struct taking *taking = taking_new(request, meeting, reason);

    taking->format = format;
    if (writing_submit(request->site->writing, &taking->job))
        return;
    page_busy(request, NULL);
    taking_free(taking);
}

void desk_support_export(struct request *request)
{
    const char *typed = form_get(request->form, "reason");
    const char *reason = text_clean_line(request->arena, typed);
    struct desk_support_wish wish = { .reason = typed };
    enum sheet_format format = SHEET_XLSX;
    struct meeting meeting;

    if (!desk_find_meeting(request, RIGHT_SUPPORT, &meeting))
        return;
    wish.error = reason_fault(request, typed, reason);
    if (wish.error)
        desk_support_show(request, &meeting, 422, &wish);
    else if (!read_format(request, &format))
        respond_error(request, 422, NULL);
    else
        take(request, &meeting, reason, format);
}

/* ---- written down ---- */

static enum rc write_down(struct writer *writer, int64_t now, struct job *job,
                          struct err *err)
{
    struct taking *taking = (struct taking *)job;
    enum rc rc = support_count(writer_reader(writer), taking->meeting.id,
                               &taking->audit.amount, err);

    return rc == RC_OK ? audit_insert(writer, now, &taking->audit, err) : rc;
}

static void written_down(struct job *job)
{
    struct taking *taking = (struct taking *)job;

    if (job->rc == RC_OK &&
        helpers_submit(taking->request->site->helpers, &taking->making.task))
        return;
    page_busy(taking->request, job->rc == RC_OK ? NULL : &job->err);
    taking_free(taking);
}

/* ---- made ---- */

static bool put(void *context, const void *bytes, size_t length)
{
    struct taking *taking = context;

    str_add_bytes(&taking->bytes, bytes, length);
    return !taking->bytes.overflow;
}

static void make(struct task *task)
{
    struct taking *taking = ((struct making *)task)->taking;
    const struct sheet_out out = { put, taking };
    struct reader *reader = NULL;
    struct supporteds list;
    enum rc rc = reader_open(taking->request->site->database, &reader,
                             &taking->err);

    if (rc == RC_OK)
        rc = support_list(reader, taking->arena, taking->meeting.id, &list,
                          &taking->err);
    if (rc == RC_OK)
        rc = support_sheet_write(taking->format, &taking->plan, &list, &out,
                                 &taking->err);
    reader_close(&reader);
    taking->rc = rc;
}

/* ---- sent ---- */

static void made(struct task *task)
{
    struct taking *taking = ((struct making *)task)->taking;
    struct request *request = taking->request;

    if (taking->rc != RC_OK) {
        page_fail(request, &taking->err);
    } else {
        response_field(request, "Content-Disposition",
                       arena_printf(request->arena,
                                    "attachment; filename=\"%s\"",
                                    support_sheet_name(request->arena,
                                                       request->lang,
                                                       &taking->meeting,
                                                       taking->format,
                                                       taking->plan.now)));
        respond(request, 200, sheet_type(taking->format),
                arena_memdup(request->arena, taking->bytes.data,
                             taking->bytes.length), taking->bytes.length);
    }
    taking_free(taking);
}
