#include "web/view/attendee_sheet.h"

#include <assert.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

static const struct sheet_column columns[] = {
    [ATTENDEE_REFERENCE] = { N_("Reference code"), "reference", 16, false },
    [ATTENDEE_STATE] = { N_("State"), "state", 16, false },
    [ATTENDEE_MODE] = { N_("Takes part"), "mode", 12, false },
    [ATTENDEE_TITLE] = { N_("Title"), "title", 10, false },
    [ATTENDEE_GIVEN_NAME] = { N_("First name"), "given_name", 18, false },
    [ATTENDEE_FAMILY_NAME] = { N_("Last name"), "family_name", 22, false },
    [ATTENDEE_EMAIL] = { N_("E-mail"), "email", 32, false },
    [ATTENDEE_ORGANISATION] = { N_("Organisation"), "organisation", 36,
                                false },
    [ATTENDEE_POSITION] = { N_("Role"), "position", 24, false },
    [ATTENDEE_BENCH] = { N_("Belongs to"), "bench", 24, false },
    [ATTENDEE_LANG] = { N_("Language"), "lang", 10, false },
    [ATTENDEE_REGISTERED] = { N_("Registered at"), "registered", 18, true },
    [ATTENDEE_CANCELLED] = { N_("Cancelled at"), "cancelled", 18, true },
    [ATTENDEE_PLACE] = { N_("Place on the waiting list"), "place", 24,
                         false },
};
_Static_assert(sizeof columns / sizeof *columns == ATTENDEE_COLUMN_COUNT,
               "each has its row");

#define STATE_COUNT (REG_DECLINED + 1)
/* Headings, the four lines at the top, and the group that is none. */
#define FIXED_LINES 12

struct attendee_sheet {
    const struct attendee_plan *plan;
    struct sheet *sheet;
    struct arena *arena; /* of what follows */
    struct sheet_plan shape;
    enum attendee_column *order; /* which column stands where; behind them
                                    the questions */
    size_t fixed;                /* columns before the questions */
    enum rc rc; /* of reading answers */
    struct err err;
    const char *state_words[STATE_COUNT], *mode_words[MODE_COUNT];
    int64_t rows, states[STATE_COUNT], modes[MODE_COUNT];
    int64_t *benches, other_bench;
};

const char *attendee_column_key(enum attendee_column column)
{
    return columns[column].key;
}

const char *attendee_column_words(enum lang lang, enum attendee_column column)
{
    return tr(lang, columns[column].title);
}

static const struct questions *asked(const struct attendee_plan *plan)
{
    static const struct questions none = { NULL, 0 };

    return plan->columns & ATTENDEE_ANSWERS ? &plan->questions : &none;
}

static struct sheet_column answer_column(const struct attendee_sheet *sheet,
                                         const struct question *question)
{
    return (struct sheet_column){
        .title = lang_pick(&question->label, sheet->plan->lang),
        .key = arena_printf(sheet->arena, "answer_%lld",
                            (long long)question->position),
        .width = 24,
    };
}

static void choose_columns(struct attendee_sheet *sheet)
{
    const struct attendee_plan *plan = sheet->plan;
    const struct questions *questions = asked(plan);
    struct sheet_column *chosen =
        ARENA_ARRAY(sheet->arena, struct sheet_column,
                    ATTENDEE_COLUMN_COUNT + questions->count);
    size_t count = 0;

    sheet->order = ARENA_ARRAY(sheet->arena, enum attendee_column,
                               ATTENDEE_COLUMN_COUNT);
    for (int i = 0; i < ATTENDEE_COLUMN_COUNT; i++) {
        if (!(plan->columns & ATTENDEE_BIT(i)))
            continue;
        chosen[count] = columns[i];
        chosen[count].title = tr(plan->lang, columns[i].title);
        sheet->order[count++] = (enum attendee_column)i;
    }
    sheet->fixed = count;
    for (size_t i = 0; i < questions->count; i++)
        chosen[count++] = answer_column(sheet, &questions->items[i]);
    assert(count > 0);
    sheet->shape.columns = chosen;
    sheet->shape.count = count;
}

static struct attendee_sheet *sheet_new(const struct attendee_plan *plan)
{
    struct arena *arena = arena_new();
    struct attendee_sheet *sheet = ARENA_NEW(arena, struct attendee_sheet);

    *sheet = (struct attendee_sheet){
        .plan = plan, .arena = arena,
        .benches = ARENA_ARRAY(arena, int64_t, plan->benches->count),
        .shape = { .zone = plan->zone, .folder = plan->folder,
                   .name = tr(plan->lang, "Attendees"),
                   .totals = tr(plan->lang, "Totals"), .now = plan->now,
                   .day_first = plan->lang == LANG_DE },
    };
    for (int i = 0; i < STATE_COUNT; i++)
        sheet->state_words[i] = words_state(plan->lang,
                                            (enum registration_state)i);
    for (int i = 0; i < MODE_COUNT; i++)
        sheet->mode_words[i] = words_mode(plan->lang, (enum mode)i);
    choose_columns(sheet);
    return sheet;
}

enum rc attendee_sheet_open(enum sheet_format format,
                            const struct attendee_plan *plan,
                            const struct sheet_out *out,
                            struct attendee_sheet **made, struct err *err)
{
    struct attendee_sheet *sheet = sheet_new(plan);
    enum rc rc = sheet_open(format, &sheet->shape, out, &sheet->sheet, err);

    if (rc != RC_OK)
        attendee_sheet_close(&sheet);
    *made = sheet;
    return rc;
}

void attendee_sheet_close(struct attendee_sheet **sheet)
{
    if (!*sheet)
        return;
    struct arena *arena = (*sheet)->arena;
    sheet_close(&(*sheet)->sheet);
    arena_free(&arena);
    *sheet = NULL;
}

/* ---- rows ---- */

static void put_bench(const struct attendee_sheet *sheet, int64_t bench_id)
{
    const struct bench *bench = bench_find(sheet->plan->benches, bench_id);

    sheet_text(sheet->sheet,
               bench ? lang_pick(&bench->name, sheet->plan->lang) : NULL);
}

static void put_place(const struct attendee_sheet *sheet,
                      const struct registration *r)
{
    const struct attendee_plan *plan = sheet->plan;
    const struct queue_place *place = plan->queue
        ? queue_place_find(plan->queue, r->id) : NULL;
    struct arena *arena;

    if (!place) {
        sheet_text(sheet->sheet, NULL);
        return;
    }
    arena = arena_new();
    sheet_text(sheet->sheet, words_place(arena, plan->lang, plan->zone, place,
                                         r->mode));
    arena_free(&arena);
}

static void put_cell(const struct attendee_sheet *sheet,
                     enum attendee_column column,
                     const struct registration *r)
{
    struct sheet *to = sheet->sheet;

    switch (column) {
    case ATTENDEE_REFERENCE:
        sheet_text(to, r->reference);
        break;
    case ATTENDEE_STATE:
        sheet_word(to, sheet->state_words[r->state],
                   registration_state_word(r->state));
        break;
    case ATTENDEE_PLACE:
        put_place(sheet, r);
        break;
    case ATTENDEE_MODE:
        sheet_word(to, sheet->mode_words[r->mode], mode_word(r->mode));
        break;
    case ATTENDEE_TITLE:
        sheet_text(to, r->person.title);
        break;
    case ATTENDEE_GIVEN_NAME:
        sheet_text(to, r->person.given_name);
        break;
    case ATTENDEE_FAMILY_NAME:
        sheet_text(to, r->person.family_name);
        break;
    case ATTENDEE_EMAIL:
        sheet_text(to, r->person.address);
        break;
    case ATTENDEE_ORGANISATION:
        sheet_text(to, r->person.organisation);
        break;
    case ATTENDEE_POSITION:
        sheet_text(to, r->person.position);
        break;
    case ATTENDEE_BENCH:
        put_bench(sheet, r->person.bench_id);
        break;
    case ATTENDEE_LANG:
        sheet_text(to, lang_code(r->lang));
        break;
    case ATTENDEE_REGISTERED:
        sheet_time(to, r->created_at);
        break;
    case ATTENDEE_CANCELLED:
        sheet_time(to, r->cancelled_at);
        break;
    case ATTENDEE_COLUMN_COUNT:
        break;
    }
}

static void count_row(struct attendee_sheet *sheet,
                      const struct registration *r)
{
    const struct benches *benches = sheet->plan->benches;
    const struct bench *bench = bench_find(benches, r->person.bench_id);

    sheet->rows++;
    sheet->states[r->state]++;
    sheet->modes[r->mode]++;
    if (bench)
        sheet->benches[bench - benches->items]++;
    else
        sheet->other_bench++;
}

static void put_answer(const struct attendee_sheet *sheet,
                       struct arena *arena, const struct question *question,
                       const struct answer *answer)
{
    int64_t number;

    if (answer && answer->value && question->kind == QUESTION_NUMBER &&
        parse_int(answer->value, INT64_MIN, INT64_MAX, &number))
        sheet_number(sheet->sheet, number);
    else if (answer && answer->value) /* days stay as they sort */
        sheet_text(sheet->sheet, answer->value);
    else
        sheet_text(sheet->sheet,
                   answer ? words_answer(arena, sheet->plan->lang, question,
                                         answer) : NULL);
}

static void put_answers(struct attendee_sheet *sheet,
                        const struct registration *r)
{
    const struct questions *questions = asked(sheet->plan);
    const struct attendee_answers *source = &sheet->plan->answers;
    struct answers answers = { 0 };

    if (questions->count == 0)
        return;
    struct arena *arena = arena_new();
    if (sheet->rc == RC_OK)
        sheet->rc = source->read(source->context, arena, r->id, &answers,
                                 &sheet->err);
    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];

        put_answer(sheet, arena, question,
                   answer_find(&answers, question->id));
    }
    arena_free(&arena);
}

void attendee_sheet_row(void *context, const struct registration *r)
{
    struct attendee_sheet *sheet = context;

    for (size_t i = 0; i < sheet->fixed; i++)
        put_cell(sheet, sheet->order[i], r);
    put_answers(sheet, r);
    sheet_end_row(sheet->sheet);
    count_row(sheet, r);
}

/* ---- totals ---- */

struct lines {
    struct sheet_line *items;
    size_t count;
};

static void add_line(struct lines *lines, struct sheet_line line)
{
    lines->items[lines->count++] = line;
}

static void add_heading(struct lines *lines, const char *label)
{
    add_line(lines, (struct sheet_line){ .heading = true, .label = label });
}

static void add_number(struct lines *lines, const char *label, int64_t number)
{
    add_line(lines, (struct sheet_line){ .label = label, .number = number });
}

static void add_top(const struct attendee_sheet *sheet, struct lines *lines)
{
    const struct attendee_plan *plan = sheet->plan;
    const struct attendee_conditions *conditions = &plan->conditions;

    add_heading(lines, plan->title);
    add_line(lines, (struct sheet_line){
        .label = arena_printf(sheet->arena, tr(plan->lang, "As of (%s)"),
                              plan->zone),
        .time = plan->now,
    });
    add_number(lines, tr(plan->lang, "People in this list"), sheet->rows);
    add_heading(lines, tr(plan->lang, "Filter"));
    if (conditions->count == 0)
        add_line(lines, (struct sheet_line){
            .label = tr(plan->lang, "None"),
            .text = tr(plan->lang, "Everybody is in this list.") });
    for (size_t i = 0; i < conditions->count; i++)
        add_line(lines, (struct sheet_line){
            .label = conditions->items[i].label,
            .text = conditions->items[i].value });
}

static void add_totals(const struct attendee_sheet *sheet,
                       struct lines *lines)
{
    const struct attendee_plan *plan = sheet->plan;
    const struct benches *benches = plan->benches;

    add_heading(lines, attendee_column_words(plan->lang, ATTENDEE_STATE));
    for (int i = 0; i < STATE_COUNT; i++)
        if (sheet->states[i])
            add_number(lines, sheet->state_words[i], sheet->states[i]);
    add_heading(lines, attendee_column_words(plan->lang, ATTENDEE_MODE));
    for (int i = 0; i < MODE_COUNT; i++)
        add_number(lines, sheet->mode_words[i], sheet->modes[i]);
    if (benches->count == 0)
        return;
    add_heading(lines, attendee_column_words(plan->lang, ATTENDEE_BENCH));
    for (size_t i = 0; i < benches->count; i++)
        add_number(lines, lang_pick(&benches->items[i].name, plan->lang),
                   sheet->benches[i]);
    add_number(lines, tr(plan->lang, "None of these groups"),
               sheet->other_bench);
}

enum rc attendee_sheet_end(struct attendee_sheet *sheet, struct err *err)
{
    size_t most = FIXED_LINES + STATE_COUNT + MODE_COUNT +
        sheet->plan->benches->count + sheet->plan->conditions.count;
    struct lines lines = {
        ARENA_ARRAY(sheet->arena, struct sheet_line, most), 0
    };

    if (sheet->rc != RC_OK) {
        *err = sheet->err;
        return sheet->rc;
    }
    add_top(sheet, &lines);
    add_totals(sheet, &lines);
    assert(lines.count <= most);
    return sheet_end(sheet->sheet,
                     &(struct sheet_lines){ lines.items, lines.count }, err);
}

enum rc attendee_sheet_send(struct attendee_sheet *sheet, size_t most,
                            bool *more, struct err *err)
{
    return sheet_send(sheet->sheet, most, more, err);
}

char *attendee_sheet_name(struct arena *arena, enum lang lang,
                          const struct meeting *meeting,
                          enum sheet_format format, int64_t now)
{
    /* TRANSLATORS: a file name: day, meeting, day, ending; only a-z and
     * hyphens. */
    return arena_printf(arena, tr(lang, "%s_%s_attendees_as-of-%s.%s"),
                        format_iso_date(arena, meeting->zone,
                                        meeting->starts_at),
                        meeting->slug,
                        format_iso_date(arena, meeting->zone, now),
                        sheet_ending(format));
}
