/* attendees export: the desk's download, into a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/commands/attendee_commands.h"
#include "daemon/commands/attendee_take.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/answer_store.h"
#include "daemon/store/question_store.h"
#include "web/view/attendee_sheet.h"

#define SLICE_ROWS 500
#define PIECE_BYTES ((size_t)1 << 18)

const struct command_option attendees_export_options[] = {
    { "output", "FILE", "a new file, for you alone; - for stdout", true },
    { "format", "csv|json|xlsx", "(as FILE ends, else csv)", false },
    { "force", NULL, "replaces the file if it is there", false },
    { "lang", "de|en", "of headings and words (as the alliance)", false },
    { "columns", "A,B,...", "reference, state, email, ..., answers (all)",
      false },
    ATTENDEE_FILTER_OPTIONS,
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

/* --- what was asked for ------------------------------------------------- */

static bool format_parse(const char *word, enum sheet_format *format)
{
    for (int i = 0; i < SHEET_FORMAT_COUNT; i++)
        if (!strcmp(sheet_ending((enum sheet_format)i), word)) {
            *format = (enum sheet_format)i;
            return true;
        }
    return false;
}

static enum sheet_format read_format(struct call *call)
{
    const char *word = call_option(call, "format");
    const char *dot = strrchr(call_option(call, "output"), '.');
    enum sheet_format format = SHEET_CSV;

    if (word && !format_parse(word, &format))
        call_mistake(call, "--format: \"%s\": csv, json or xlsx is expected",
                     word);
    else if (!word && dot)
        (void)format_parse(dot + 1, &format);
    return format;
}

static unsigned column_bit(struct call *call, const char *key)
{
    for (int i = 0; i < ATTENDEE_COLUMN_COUNT; i++)
        if (!strcmp(attendee_column_key((enum attendee_column)i), key))
            return ATTENDEE_BIT(i);
    if (!strcmp(ATTENDEE_ANSWERS_KEY, key))
        return ATTENDEE_ANSWERS;
    call_mistake(call, "--columns: \"%s\": there is no such column", key);
    return 0;
}

static unsigned read_columns(struct call *call)
{
    const char *value = call_option(call, "columns");
    unsigned columns = 0;
    char *rest, *one;

    if (!value)
        return ATTENDEE_ALL | ATTENDEE_ANSWERS;
    rest = arena_strdup(call->arena, value);
    while ((one = strsep(&rest, ",")) != NULL)
        columns |= column_bit(call, one);
    return columns;
}

/* --- the side that has the database ------------------------------------ */

struct flow {
    struct attendee_sheet *sheet;
    int fd;
    int64_t rows;
};

static bool put(void *context, const void *bytes, size_t length)
{
    const struct flow *flow = context;

    return attendee_put(flow->fd, bytes, length);
}

static void put_row(void *context, const struct registration *registration)
{
    struct flow *flow = context;

    attendee_sheet_row(flow->sheet, registration);
    flow->rows++;
}

static enum rc send_ready(struct flow *flow, struct err *err)
{
    bool more = true;
    enum rc rc = RC_OK;

    while (rc == RC_OK && more)
        rc = attendee_sheet_send(flow->sheet, PIECE_BYTES, &more, err);
    return rc;
}

static enum rc write_rows(struct call *call,
                          const struct attendee_choice *choice,
                          struct flow *flow, struct err *err)
{
    struct registration_cursor at = { .limit = SLICE_ROWS };
    enum rc rc = RC_OK;

    while (rc == RC_OK && !at.done) {
        if (call->hurry && atomic_load(call->hurry))
            return err_set(err, "stopped before the end");
        rc = registration_each(call->reader, &choice->rows, &at, put_row,
                               flow, err);
        if (rc == RC_OK && !at.done)
            rc = send_ready(flow, err);
    }
    if (rc == RC_OK)
        rc = attendee_sheet_end(flow->sheet, err);
    return rc == RC_OK ? send_ready(flow, err) : rc;
}

static enum rc read_answers(void *context, struct arena *arena,
                            int64_t registration_id, struct answers *out,
                            struct err *err)
{
    struct call *call = context;

    return answer_list(call->reader, arena, registration_id, out, err);
}

static enum rc write_sheet(struct call *call,
                           const struct attendee_choice *choice, int fd,
                           int64_t *rows, struct err *err)
{
    struct flow flow = { .fd = fd };
    const struct sheet_out out = { put, &flow };
    enum lang lang = choice->alliance.lang;

    value_lang(call, "lang", &lang);
    struct attendee_plan plan = {
        .lang = lang, .zone = choice->meeting.zone,
        .title = lang_pick(&choice->meeting.title, lang),
        .benches = &choice->benches, .queue = &choice->queue,
        .columns = read_columns(call),
        .conditions = desk_filter_conditions(call->arena, &choice->filter,
                                             lang, &choice->benches),
        .folder = call->settings->state_dir, .now = call->now,
        .answers = { read_answers, call },
    };
    enum rc rc = question_list(call->reader, call->arena, choice->meeting.id,
                               &plan.questions, err);
    if (rc != RC_OK)
        return rc;
    if (plan.columns == ATTENDEE_ANSWERS && plan.questions.count == 0)
        call_mistake(call, "--columns: the meeting asks no questions");
    enum sheet_format format = read_format(call);
    if (call->mistakes)
        return err_set(err, "nothing was written");
    rc = attendee_sheet_open(format, &plan, &out, &flow.sheet, err);
    if (rc == RC_OK)
        rc = write_rows(call, choice, &flow, err);
    attendee_sheet_close(&flow.sheet);
    *rows = flow.rows;
    return rc;
}

enum exit_code attendees_export_aside(struct call *call)
{
    return attendee_take_aside(call, write_sheet);
}

/* --- the side that asked ------------------------------------------------ */

struct target {
    const char *path; /* NULL: standard output */
    const char *part; /* filled under this name, so that a list that was cut
                         short never stands under the other */
    int fd;
};

static enum exit_code cannot_write(struct call *call, const char *path)
{
    call_say(call, "%s: %s", path, strerror(errno));
    return EXIT_CANTCREAT;
}

static enum exit_code open_target(struct call *call, struct target *target)
{
    const char *path = call_option(call, "output");

    *target = (struct target){ .fd = -1 };
    if (!strcmp(path, "-")) {
        target->fd = memfd_create("attendees", MFD_CLOEXEC);
        return target->fd < 0 ? cannot_write(call, "memory") : EXIT_FINE;
    }
    if (!call_flag(call, "force") && !access(path, F_OK)) {
        call_say(call, "%s is there already; --force replaces it", path);
        return EXIT_CANTCREAT;
    }
    target->path = path;
    target->part = arena_printf(call->arena, "%s.%d.part", path,
                                (int)getpid());
    target->fd = open(target->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                      0600);
    return target->fd < 0 ? cannot_write(call, target->part) : EXIT_FINE;
}

static enum exit_code pour_out(struct call *call, int fd)
{
    char bytes[65536];
    ssize_t got;

    if (lseek(fd, 0, SEEK_SET) != 0)
        return cannot_write(call, "memory");
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        if (!attendee_put(STDOUT_FILENO, bytes, (size_t)got))
            return cannot_write(call, "standard output");
    return EXIT_FINE;
}

static enum exit_code put_in_place(struct call *call,
                                   const struct target *target)
{
    unsigned flags = call_flag(call, "force") ? 0 : RENAME_NOREPLACE;
    struct err err;

    if (fsync(target->fd) ||
        renameat2(AT_FDCWD, target->part, AT_FDCWD, target->path, flags))
        return cannot_write(call, target->path);
    if (folder_sync_of(target->path, &err) != RC_OK) {
        call_say(call, "%s", err.text);
        return EXIT_CANTCREAT;
    }
    return EXIT_FINE;
}

static enum exit_code finish(struct call *call, const struct target *target)
{
    return target->path ? put_in_place(call, target)
                        : pour_out(call, target->fd);
}

/* Where the list itself goes to standard output, nothing else does. */
static void say_done(struct call *call, const struct target *target,
                     int64_t rows)
{
    if (!target->path) {
        call_say(call, "%lld people", (long long)rows);
        return;
    }
    table_say(call, "%lld people: %s", (long long)rows, target->path);
    if (call_flag(call, "json"))
        table_print_record(call,
                           json_pack("{s:s, s:I, s:s}", "meeting",
                                     call->arguments[0], "rows",
                                     (json_int_t)rows, "file",
                                     target->path));
}

enum exit_code attendees_export_here(struct call *call)
{
    struct target target;
    int64_t rows = 0;

    (void)read_format(call);
    (void)read_columns(call);
    if (call->mistakes)
        return EXIT_DATA;
    enum exit_code code = open_target(call, &target);
    if (code != EXIT_FINE)
        return code;
    code = attendee_take_here(call, target.fd, &rows);
    if (code == EXIT_FINE)
        code = finish(call, &target);
    if (code == EXIT_FINE)
        say_done(call, &target, rows);
    else if (target.part)
        (void)unlink(target.part);
    close(target.fd);
    return code;
}
