/* attendees list */
#include "daemon/commands/attendee_commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/commands/attendee_take.h"
#include "daemon/commands/table.h"

#define SLICE_ROWS 500

const struct command_option attendees_list_options[] = {
    ATTENDEE_FILTER_OPTIONS,
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

json_t *attendee_record(struct call *call, const char *zone,
                        const struct benches *benches,
                        const struct queue_places *queue,
                        const struct registration *r)
{
    const struct queue_place *place = queue_place_find(queue, r->id);
    const struct person *p = &r->person;
    const struct bench *bench = bench_find(benches, p->bench_id);
    json_t *row = json_object();

    json_object_set_new(row, "reference", table_text(r->reference));
    json_object_set_new(row, "family_name", table_text(p->family_name));
    json_object_set_new(row, "given_name", table_text(p->given_name));
    json_object_set_new(row, "title", table_text(p->title));
    json_object_set_new(row, "organisation", table_text(p->organisation));
    json_object_set_new(row, "position", table_text(p->position));
    json_object_set_new(row, "bench",
                        table_text(bench ? bench->name.de : NULL));
    json_object_set_new(row, "email", table_text(p->address));
    json_object_set_new(row, "mode", json_string(mode_word(r->mode)));
    json_object_set_new(row, "state",
                        json_string(registration_state_word(r->state)));
    json_object_set_new(row, "place", place && place->place
                                          ? json_integer(place->place)
                                          : json_null());
    json_object_set_new(row, "waits_for",
                        table_text(place ? mode_word(place->mode) : NULL));
    json_object_set_new(row, "offered_until",
                        table_time(call, zone, place ? place->claim_by : 0));
    json_object_set_new(row, "lang", json_string(lang_code(r->lang)));
    json_object_set_new(row, "registered",
                        table_time(call, zone, r->created_at));
    return row;
}

/* --- the side that has the database ------------------------------------ */

/* A row of JSON for each person, a line each. */
struct flow {
    struct call *call;
    const struct attendee_choice *choice;
    struct arena *arena; /* of one slice */
    struct str lines;
    int64_t rows;
};

static void put_row(void *context, const struct registration *registration)
{
    struct flow *flow = context;
    struct call in_slice = *flow->call;

    in_slice.arena = flow->arena;
    json_add(&flow->lines,
             attendee_record(&in_slice, flow->choice->meeting.zone,
                             &flow->choice->benches, &flow->choice->queue,
                             registration));
    str_add_char(&flow->lines, '\n');
    flow->rows++;
}

static enum rc write_slice(struct flow *flow, struct registration_cursor *at,
                           int fd, struct err *err)
{
    flow->arena = arena_new();
    str_init(&flow->lines, flow->arena, (size_t)16 << 20);
    enum rc rc = registration_each(flow->call->reader, &flow->choice->rows,
                                   at, put_row, flow, err);
    if (rc == RC_OK && (flow->lines.overflow ||
                        !attendee_put(fd, flow->lines.data,
                                      flow->lines.length)))
        rc = err_set(err, "the list could not be written");
    arena_free(&flow->arena);
    return rc;
}

static enum rc write_lines(struct call *call,
                           const struct attendee_choice *choice, int fd,
                           int64_t *rows, struct err *err)
{
    struct registration_cursor at = { .limit = SLICE_ROWS };
    struct flow flow = { .call = call, .choice = choice };
    enum rc rc = RC_OK;

    while (rc == RC_OK && !at.done)
        rc = call->hurry && atomic_load(call->hurry)
                 ? err_set(err, "stopped before the end")
                 : write_slice(&flow, &at, fd, err);
    *rows = flow.rows;
    return rc;
}

enum exit_code attendees_list_aside(struct call *call)
{
    return attendee_take_aside(call, write_lines);
}

/* --- the side that asked ------------------------------------------------ */

struct row {
    char *order; /* folded name */
    json_t *record;
};

static const char *folded(struct arena *arena, const json_t *record,
                          const char *key)
{
    const char *text = json_string_value(json_object_get(record, key));

    return text ? text_fold_search(arena, text) : "";
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->order,
                  ((const struct row *)b)->order);
}

/* Offers come first; only with --queued does somebody wait for everything
 * that is listed. "von" comes before "von der". */
static struct row row_of(struct arena *arena, json_t *record, bool queued)
{
    const json_t *place = json_object_get(record, "place");

    return (struct row){
        .order = arena_printf(arena, "%s%09lld\x1f%s\x1f%s\x1f%s",
                              queued ? folded(arena, record, "waits_for") : "",
                              queued ? json_integer_value(place) : 0LL,
                              folded(arena, record, "family_name"),
                              folded(arena, record, "given_name"),
                              folded(arena, record, "organisation")),
        .record = record,
    };
}

static json_t *rows_by_name(struct arena *arena, FILE *lines, size_t count,
                            bool queued)
{
    struct row *rows = ARENA_ARRAY(arena, struct row, count);
    json_t *sorted = json_array(), *record;
    size_t read = 0;

    while (read < count &&
           (record = json_loadf(lines, JSON_DISABLE_EOF_CHECK, NULL)) != NULL)
        rows[read++] = row_of(arena, record, queued);
    qsort(rows, read, sizeof *rows, by_name);
    for (size_t i = 0; i < read; i++)
        json_array_append_new(sorted, rows[i].record);
    return sorted;
}

/* Takes the descriptor. */
static enum exit_code print_lines(struct call *call, int fd, int64_t rows)
{
    FILE *lines = fdopen(fd, "r");

    if (!lines) {
        call_say(call, "the list cannot be read");
        close(fd);
        return EXIT_UNAVAILABLE;
    }
    rewind(lines);
    table_print(call, rows_by_name(call->arena, lines, (size_t)rows,
                                    call_flag(call, "queued")));
    fclose(lines);
    return EXIT_FINE;
}

enum exit_code attendees_list_here(struct call *call)
{
    int fd = memfd_create("attendees", MFD_CLOEXEC);
    int64_t rows = 0;

    if (fd < 0) {
        call_say(call, "there is no memory for the list");
        return EXIT_UNAVAILABLE;
    }
    enum exit_code code = attendee_take_here(call, fd, &rows);
    if (code == EXIT_FINE)
        return print_lines(call, fd, rows);
    close(fd);
    return code;
}
