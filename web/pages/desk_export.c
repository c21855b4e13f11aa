/* The list of attendees as a table to download, in reading order: ask →
 * written down (writer) → slice (helper) → sent → slice … → end. Who took
 * how many rows is in the audit table before the first byte leaves. Slices
 * by id keep no snapshot open, so the database's log can be reset between
 * them; the client's pace decides when the next one is read. XLSX is packed
 * in a file first and then sent in the same steps. */
#include <assert.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/http/response.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/attendee_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/seat_store.h"
#include "web/pages/desk.h"
#include "web/pages/desk_filter.h"
#include "web/pages/later.h"
#include "web/view/attendee_sheet.h"
#include "web/view/i18n.h"

#define EXPORTS_MOST 2 /* RELIABILITY section 5, expensive requests */
#define SLICE_ROWS 2000 /* some milliseconds */
#define AGAIN_MS 200 /* until a helper may be free */
#define PIECE_BYTES ((size_t)256 * 1024) /* of an XLSX */
#define SLICE_MOST ((size_t)64 * 1024 * 1024)

struct export;

/* Some rows, or a piece of a file, on their way from a helper to the client. */
struct slice {
    struct task task; /* first, so that a task is a slice */
    struct export *export;
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
    enum sheet_format format;
    struct attendee_plan plan;
    struct benches benches;
    struct queue_places queue;
    const char *name;
    struct slice slice;
    bool reading; /* a slice is under way or waits for a helper */
    bool sending; /* the head of the answer has gone */
    bool wanted;  /* the client could take more while one was under way */
    /* The helper's: */
    struct reader *reader; /* opened with the first slice, as is the sheet */
    struct attendee_sheet *sheet;
    struct registration_cursor at;
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
    attendee_sheet_close(&export->sheet);
    str_free(&export->slice.text);
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

/* What the filter points at is the request's, which may go first. */
static void copy_filter(struct export *export, struct request *request,
                        const struct meeting *meeting)
{
    struct desk_filter filter;

    desk_filter_read(request, &filter);
    filter.search = arena_strdup(export->arena, filter.search);
    filter.organisation = arena_strdup(export->arena, filter.organisation);
    export->rows = desk_filter_rows(&filter, meeting);
    export->plan.columns = filter.columns | ATTENDEE_NAME;
    export->plan.conditions = desk_filter_conditions(
        export->arena, &filter, request->lang, &export->benches);
}

/* On the helper, with its own reader. */
static enum rc read_answers(void *context, struct arena *arena,
                            int64_t registration_id, struct answers *out,
                            struct err *err)
{
    struct export *export = context;

    return answer_list(export->reader, arena, registration_id, out, err);
}

static void make_plan(struct export *export, const struct request *request,
                      const struct meeting *meeting, int64_t now)
{
    struct arena *arena = export->arena;
    const char *title = lang_pick(&meeting->title, request->lang);

    export->plan = (struct attendee_plan){
        .lang = request->lang, .zone = arena_strdup(arena, meeting->zone),
        .title = arena_strdup(arena, title), .benches = &export->benches,
        .queue = &export->queue,
        .folder = request->site->settings->state_dir, .now = now,
        .answers = { read_answers, export },
    };
}

static struct export *export_new(struct request *request,
                                 const struct meeting *meeting,
                                 enum sheet_format format)
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
    export->format = format;
    export->at.limit = SLICE_ROWS;
    export->name = attendee_sheet_name(arena, request->lang, meeting, format,
                                       page.now);
    export->audit = (struct audit){ .actor = request->login->account.id,
                                    .deed = "export",
                                    .alliance_id = meeting->alliance_id,
                                    .meeting_id = meeting->id };
    str_init(&export->slice.text, NULL, SLICE_MOST);
    make_plan(export, request, meeting, page.now);
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
static void answer_head(struct request *request, const struct meeting *meeting,
                        enum sheet_format format)
{
    static const struct stream nothing = { .more = ignore, .gone = ignore };
    struct page page = page_of(request);

    name_file(request, attendee_sheet_name(page.arena, page.lang, meeting,
                                           format, page.now));
    respond_stream(request, 200, sheet_type(format), &nothing);
}

static enum rc prepare(struct export *export, struct request *request,
                       const struct meeting *meeting, struct err *err)
{
    struct reader *reader = request->site->reader;
    enum rc rc = bench_list(reader, export->arena, meeting->alliance_id,
                            &export->benches, err);

    if (rc == RC_OK)
        rc = wait_places(reader, export->arena, meeting->id, &export->queue,
                         err);
    if (rc == RC_OK)
        rc = question_list(reader, export->arena, meeting->id,
                           &export->plan.questions, err);
    if (rc != RC_OK)
        return rc;
    copy_filter(export, request, meeting);
    return attendees_count(reader, &export->rows, &export->audit.amount, err);
}

static void export_begin(struct request *request, enum sheet_format format)
{
    struct meeting meeting;
    struct export *export;
    struct err err;

    if (!desk_find_meeting(request, RIGHT_EXPORT, &meeting))
        return;
    if (request->method == METHOD_HEAD) {
        answer_head(request, &meeting, format);
        return;
    }
    if (!take_turn(request))
        return;
    export = export_new(request, &meeting, format);
    if (prepare(export, request, &meeting, &err) != RC_OK) {
        page_fail(request, &err);
        export_free(export);
    } else if (!writing_submit(request->site->writing, &export->job)) {
        page_busy(request, NULL);
        export_free(export);
    }
}

void desk_export_xlsx(struct request *request)
{
    export_begin(request, SHEET_XLSX);
}

void desk_export_csv(struct request *request)
{
    export_begin(request, SHEET_CSV);
}

void desk_export_json(struct request *request)
{
    export_begin(request, SHEET_JSON);
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

static bool take_bytes(void *context, const void *bytes, size_t length)
{
    struct slice *slice = context;

    str_add_bytes(&slice->text, bytes, length);
    return !slice->text.overflow;
}

static enum rc open_sheet(struct export *export, struct err *err)
{
    struct sheet_out out = { take_bytes, &export->slice };
    enum rc rc;

    if (export->sheet)
        return RC_OK;
    rc = reader_open(export->site->database, &export->reader, err);
    if (rc == RC_OK)
        reader_keep_little(export->reader);
    return rc == RC_OK ? attendee_sheet_open(export->format, &export->plan,
                                             &out, &export->sheet, err) : rc;
}

static enum rc read_rows(struct export *export, struct err *err)
{
    enum rc rc;

    if (export->at.done)
        return RC_OK;
    rc = registration_each(export->reader, &export->rows, &export->at,
                           attendee_sheet_row, export->sheet, err);
    return rc == RC_OK && export->at.done
        ? attendee_sheet_end(export->sheet, err) : rc;
}

static void slice_run(struct task *task)
{
    struct slice *slice = (struct slice *)task;
    struct export *export = slice->export;
    bool more = false;
    enum rc rc = open_sheet(export, &slice->err);

    if (rc == RC_OK)
        rc = read_rows(export, &slice->err);
    if (rc == RC_OK)
        rc = attendee_sheet_send(export->sheet, PIECE_BYTES, &more,
                                 &slice->err);
    slice->last = export->at.done && !more;
    slice->rc = rc;
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

/* True: nobody is there any more for whom to go on. */
static bool left_alone(const struct export *export)
{
    return !export->request ||
           (!export->sending && !export->request->connection);
}

static void slice_done(struct task *task)
{
    struct slice *slice = (struct slice *)task;
    struct export *export = slice->export;

    if (left_alone(export)) {
        if (export->request)
            respond_error(export->request, 503, NULL);
        export_free(export);
        return;
    }
    if (slice->rc != RC_OK) {
        slice_failed(export);
        return;
    }
    if (slice->text.length == 0 && !slice->last) {
        slice_begin(export);
        return;
    }
    if (!export->sending)
        send_head(export);
    export->wanted = false;
    if (export->request)
        stream_write(export->request, slice->text.data, slice->text.length);
    str_clear(&slice->text);
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
    respond_stream(request, 200, sheet_type(export->format), &stream);
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
