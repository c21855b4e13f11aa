/* The list of attendees as a table to download, in reading order: ask →
 * written down (writer) → slice (helper) → sent → slice … → end. Who took
 * how many rows is in the audit table before the first byte leaves. Slices
 * by id keep no snapshot open, so the database's log can be reset between
 * them; the client's pace decides when the next one is read. */
#include <assert.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/response.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/registration_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_filter.h"
#include "web/pages/desk_sheet.h"
#include "web/pages/later.h"
#include "web/view/i18n.h"

#define EXPORTS_MOST 2 /* RELIABILITY section 5, expensive requests */
#define SLICE_ROWS 500
#define AGAIN_MS 200 /* until a helper may be free */
#define SLICE_BYTES ((size_t)8 * 1024 * 1024)
#define CSV_TYPE "text/csv; charset=utf-8; header=present"

struct export;

/* Some rows as text, on their way from a helper to the client. */
struct slice {
    struct task task; /* first, so that a task is a slice */
    struct export *export;
    struct arena *arena; /* of this slice alone */
    struct str text;
    bool last;
    enum rc rc;
    struct err err;
};

/* It has an arena of its own, since a slice may still be under way on a
 * helper when the request has gone. */
struct export {
    struct job job; /* the audit row; first, so that a job is an export */
    struct arena *arena;
    struct request *request; /* NULL: the client has gone */
    uint64_t request_id;
    struct site *site;
    struct audit audit;
    struct registration_filter rows;
    struct desk_sheet sheet;
    const char *name;
    struct slice slice;
    bool reading; /* a slice is under way or waits for a helper */
    bool sending; /* the head of the answer has gone */
    bool wanted;  /* the client could take more while one was under way */
    struct reader *reader; /* the helper's, opened with the first slice */
    int64_t after_id;
};

static enum rc write_down(struct writer *, int64_t, struct job *,
                          struct err *);
static void written_down(struct job *);
static void slice_begin(struct export *);
static void slice_again(void *);
static void slice_run(struct task *);
static void slice_done(struct task *);
static void slice_sent(struct export *);
static void send_head(struct export *);
static void more(struct request *, void *);
static void gone(struct request *, void *);

static void export_free(struct export *export)
{
    struct arena *arena = export->arena;

    atomic_fetch_sub(export->site->exports, 1);
    export->site->guests--;
    reader_close(&export->reader);
    arena_free(&arena);
}

/* ---- ask ---- */

static bool take_turn(struct request *request)
{
    if (atomic_fetch_add(request->site->exports, 1) < EXPORTS_MOST)
        return true;
    atomic_fetch_sub(request->site->exports, 1);
    response_field(request, "Retry-After", "15");
    respond_error(request, 503,
                  tr(request->lang, "Two lists are being downloaded already. "
                                    "Please try again in a moment."));
    return false;
}

static void copy_filter(struct export *export, struct request *request,
                        int64_t meeting_id)
{
    struct desk_filter filter;

    desk_filter_read(request, &filter);
    filter.search = arena_strdup(export->arena, filter.search);
    export->rows = desk_filter_rows(&filter, meeting_id);
}

static struct export *export_new(struct request *request,
                                 const struct meeting *meeting)
{
    struct page page = page_of(request);
    struct arena *arena = arena_new();
    struct export *export = ARENA_NEW(arena, struct export);

    export->arena = arena;
    export->request = request;
    export->request_id = request->id;
    export->site = request->site;
    export->site->guests++;
    export->job.run = write_down;
    export->job.done = written_down;
    export->job.home = request->site->jobs_home;
    export->sheet.lang = request->lang;
    export->sheet.zone = arena_strdup(arena, meeting->zone);
    export->name = desk_sheet_name(arena, request->lang, meeting, page.now);
    export->audit = (struct audit){ .actor = request->login->account.id,
                                    .deed = "export",
                                    .alliance_id = meeting->alliance_id,
                                    .meeting_id = meeting->id };
    copy_filter(export, request, meeting->id);
    return export;
}

static void name_file(struct request *request, const char *name)
{
    response_field(request, "Content-Disposition",
                   arena_printf(request->arena, "attachment; filename=\"%s\"",
                                name));
}

static void ignore(struct request *request, void *context)
{
    (void)request;
    (void)context;
}

/* HEAD asks what it would be; nobody gets the list, so nothing is written. */
static void answer_head(struct request *request, const struct meeting *meeting)
{
    static const struct stream nothing = { .more = ignore, .gone = ignore };
    struct page page = page_of(request);

    name_file(request, desk_sheet_name(page.arena, page.lang, meeting,
                                       page.now));
    respond_stream(request, 200, CSV_TYPE, &nothing);
}

void desk_export(struct request *request)
{
    struct meeting meeting;
    struct export *export;
    struct err err;
    enum rc rc;

    if (!desk_find_meeting(request, RIGHT_EXPORT, &meeting))
        return;
    if (request->method == METHOD_HEAD) {
        answer_head(request, &meeting);
        return;
    }
    if (!take_turn(request))
        return;
    export = export_new(request, &meeting);
    rc = registration_count(request->site->reader, &export->rows,
                            &export->audit.amount, &err);
    if (rc == RC_OK)
        rc = bench_list(request->site->reader, export->arena,
                        meeting.alliance_id, &export->sheet.benches, &err);
    if (rc != RC_OK) {
        page_fail(request, &err);
        export_free(export);
    } else if (!writing_submit(request->site->writing, &export->job)) {
        page_busy(request, NULL);
        export_free(export);
    }
}

/* ---- written down ---- */

static enum rc write_down(struct writer *writer, int64_t now, struct job *job,
                          struct err *err)
{
    return audit_insert(writer, now, &((struct export *)job)->audit, err);
}

static void written_down(struct job *job)
{
    struct export *export = (struct export *)job;

    if (job->rc == RC_OK) {
        slice_begin(export);
        return;
    }
    page_busy(export->request, &job->err);
    export_free(export);
}

/* ---- slices ---- */

static void slice_begin(struct export *export)
{
    struct slice *slice = &export->slice;

    export->reading = true;
    slice->task = (struct task){ .run = slice_run, .done = slice_done,
                                 .home = export->site->tasks_home };
    slice->export = export;
    if (!helpers_submit(export->site->helpers, &slice->task))
        later(export->site->laters, AGAIN_MS, slice_again, export);
}

static void slice_again(void *context)
{
    struct export *export = context;

    if (export->request)
        slice_begin(export);
    else
        export_free(export);
}

static enum rc read_slice(struct export *export, struct slice *slice)
{
    struct registrations found;
    enum rc rc = RC_OK;

    if (!export->reader)
        rc = reader_open(export->site->database, &export->reader, &slice->err);
    if (rc == RC_OK)
        rc = registration_slice(export->reader, slice->arena, &export->rows,
                                export->after_id, SLICE_ROWS, &found,
                                &slice->err);
    if (rc != RC_OK)
        return rc;
    if (export->after_id == 0)
        desk_sheet_begin(&slice->text, &export->sheet);
    for (size_t i = 0; i < found.count; i++)
        desk_sheet_row(&slice->text, slice->arena, &export->sheet,
                       &found.items[i]);
    if (found.count)
        export->after_id = found.items[found.count - 1].id;
    slice->last = found.count < SLICE_ROWS;
    return slice->text.overflow ? err_set(&slice->err, "a slice is too long")
                                : RC_OK;
}

static void slice_run(struct task *task)
{
    struct slice *slice = (struct slice *)task;

    slice->arena = arena_new();
    str_init(&slice->text, slice->arena, SLICE_BYTES);
    slice->rc = read_slice(slice->export, slice);
}

/* What was begun cannot become an error page: the connection breaks, and the
 * browser says that the download failed. */
static void slice_failed(struct export *export)
{
    struct request *request = export->request;

    if (export->sending) {
        log_error("request %016llx: export: %s",
                  (unsigned long long)export->request_id,
                  export->slice.err.text);
        stream_break(request);
    } else {
        page_fail(request, &export->slice.err);
    }
    export_free(export);
}

static void slice_done(struct task *task)
{
    struct slice *slice = (struct slice *)task;
    struct export *export = slice->export;

    if (!export->request) {
        arena_free(&slice->arena);
        export_free(export);
        return;
    }
    if (slice->rc != RC_OK) {
        arena_free(&slice->arena);
        slice_failed(export);
        return;
    }
    if (!export->sending)
        send_head(export);
    export->wanted = false;
    if (export->request)
        stream_write(export->request, slice->text.data, slice->text.length);
    arena_free(&slice->arena);
    slice_sent(export);
}

/* Both calls above may have said `more` or `gone` already. */
static void slice_sent(struct export *export)
{
    export->reading = false;
    if (!export->request) {
        export_free(export);
    } else if (export->slice.last) {
        stream_end(export->request);
        export_free(export);
    } else if (export->wanted) {
        slice_begin(export);
    }
}

/* ---- sent ---- */

static void send_head(struct export *export)
{
    struct request *request = export->request;
    struct stream stream = { .more = more, .gone = gone, .context = export };

    export->sending = true;
    name_file(request, export->name);
    respond_stream(request, 200, CSV_TYPE, &stream);
}

static void more(struct request *request, void *context)
{
    struct export *export = context;

    assert(export->request == request);
    if (export->reading)
        export->wanted = true;
    else
        slice_begin(export);
}

static void gone(struct request *request, void *context)
{
    struct export *export = context;

    assert(export->request == request);
    export->request = NULL;
    if (!export->reading)
        export_free(export);
}
