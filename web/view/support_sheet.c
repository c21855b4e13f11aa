#include "web/view/support_sheet.h"

#include <assert.h>

#include "daemon/base/arena.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

/* Between the two stand the columns of needs. */
static const struct sheet_column before[] = {
    { N_("Reference code"), "reference", 16, false },
    { N_("State"), "state", 16, false },
    { N_("Takes part"), "mode", 12, false },
    { N_("First name"), "given_name", 18, false },
    { N_("Last name"), "family_name", 22, false },
    { N_("E-mail"), "email", 32, false },
    { N_("Organisation"), "organisation", 36, false },
};
#define BEFORE (sizeof before / sizeof *before)
static const struct sheet_column after[] = {
    { N_("In their own words"), "words", 48, false },
    { N_("Since"), "since", 18, true },
};
#define AFTER (sizeof after / sizeof *after)
#define COLUMNS (BEFORE + SUPPORT_NEED_COUNT + AFTER)
#define TOP_LINES 5

static void name_columns(enum lang lang, struct sheet_column *columns)
{
    size_t n = 0;

    for (size_t i = 0; i < BEFORE; i++)
        columns[n++] = before[i];
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        columns[n++] = (struct sheet_column){
            .title = words_need(lang, (enum support_need)i),
            .key = support_need_word((enum support_need)i), .width = 14,
        };
    for (size_t i = 0; i < AFTER; i++)
        columns[n++] = after[i];
    assert(n == COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++)
        if (i < BEFORE || i >= BEFORE + SUPPORT_NEED_COUNT)
            columns[i].title = tr(lang, columns[i].title);
}

static void put_row(struct sheet *to, enum lang lang,
                    const struct supported *one)
{
    const struct registration *r = &one->registration;

    sheet_text(to, r->reference);
    sheet_word(to, words_state(lang, r->state),
               registration_state_word(r->state));
    sheet_word(to, words_mode(lang, r->mode), mode_word(r->mode));
    sheet_text(to, r->person.given_name);
    sheet_text(to, r->person.family_name);
    sheet_text(to, r->person.address);
    sheet_text(to, r->person.organisation);
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++) {
        if (one->support.needs & SUPPORT_BIT(i))
            sheet_word(to, tr(lang, "yes"), "yes");
        else
            sheet_text(to, NULL);
    }
    sheet_text(to, one->support.words);
    sheet_time(to, one->changed_at);
    sheet_end_row(to);
}

static int64_t count_need(const struct supporteds *list,
                          enum support_need need)
{
    int64_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += (list->items[i].support.needs & SUPPORT_BIT(need)) != 0;
    return count;
}

static enum rc put_totals(struct sheet *to, const struct support_plan *plan,
                          const struct supporteds *list, struct arena *arena,
                          struct err *err)
{
    struct sheet_line lines[TOP_LINES + SUPPORT_NEED_COUNT] = {
        { .heading = true, .label = plan->title },
        { .label = arena_printf(arena, tr(plan->lang, "As of (%s)"),
                                plan->zone), .time = plan->now },
        { .label = tr(plan->lang, "Reason"), .text = plan->reason },
        { .label = tr(plan->lang, "People in this list"),
          .number = (int64_t)list->count },
        { .heading = true, .label = tr(plan->lang, "Support needs") },
    };

    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        lines[TOP_LINES + i] = (struct sheet_line){
            .label = words_need(plan->lang, (enum support_need)i),
            .number = count_need(list, (enum support_need)i),
        };
    return sheet_end(to, &(struct sheet_lines){
        lines, TOP_LINES + SUPPORT_NEED_COUNT }, err);
}

static enum rc send_all(struct sheet *sheet, struct err *err)
{
    bool more = true;
    enum rc rc = RC_OK;

    while (rc == RC_OK && more)
        rc = sheet_send(sheet, SIZE_MAX, &more, err);
    return rc;
}

static enum rc write_with(struct arena *arena, enum sheet_format format,
                          const struct support_plan *plan,
                          const struct supporteds *list,
                          const struct sheet_out *out, struct err *err)
{
    struct sheet_column columns[COLUMNS];
    const struct sheet_plan shape = {
        .columns = columns, .count = COLUMNS, .zone = plan->zone,
        .name = tr(plan->lang, "Support needs"),
        .totals = tr(plan->lang, "Totals"), .folder = plan->folder,
        .now = plan->now, .day_first = plan->lang == LANG_DE,
    };
    struct sheet *sheet = NULL;

    name_columns(plan->lang, columns);
    enum rc rc = sheet_open(format, &shape, out, &sheet, err);
    for (size_t i = 0; i < list->count && rc == RC_OK; i++)
        put_row(sheet, plan->lang, &list->items[i]);
    if (rc == RC_OK)
        rc = put_totals(sheet, plan, list, arena, err);
    if (rc == RC_OK)
        rc = send_all(sheet, err);
    sheet_close(&sheet);
    return rc;
}

enum rc support_sheet_write(enum sheet_format format,
                            const struct support_plan *plan,
                            const struct supporteds *list,
                            const struct sheet_out *out, struct err *err)
{
    struct arena *arena = arena_new();
    enum rc rc = write_with(arena, format, plan, list, out, err);

    arena_free(&arena);
    return rc;
}

char *support_sheet_name(struct arena *arena, enum lang lang,
                         const struct meeting *meeting,
                         enum sheet_format format, int64_t now)
{
    /* TRANSLATORS: a file name: day, meeting, day, ending; only a-z and
     * hyphens. */
    return arena_printf(arena, tr(lang, "%s_%s_support-needs_as-of-%s.%s"),
                        format_iso_date(arena, meeting->zone,
                                        meeting->starts_at),
                        meeting->slug,
                        format_iso_date(arena, meeting->zone, now),
                        sheet_ending(format));
}
