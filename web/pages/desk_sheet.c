#include "web/pages/desk_sheet.h"

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "web/pages/desk_words.h"
#include "web/pages/facts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/sheet.h"

static const char *const column_names[] = {
    N_("Reference code"), N_("State"),       N_("Takes part"),
    N_("Title"),        N_("First name"),    N_("Last name"),
    N_("E-mail"),       N_("Organisation"),  N_("Role"),
    N_("Belongs to"),   N_("Language"),      N_("Registered at"),
    N_("Cancelled at"),
};

char *desk_sheet_name(struct arena *arena, enum lang lang,
                      const struct meeting *meeting, int64_t now)
{
    /* TRANSLATORS: a file name: day, meeting, day; only a-z and hyphens. */
    return arena_printf(arena, tr(lang, "%s_%s_attendees_as-of-%s.csv"),
                        format_iso_date(arena, meeting->zone,
                                        meeting->starts_at),
                        meeting->slug,
                        format_iso_date(arena, meeting->zone, now));
}

void desk_sheet_begin(struct str *out, const struct desk_sheet *sheet)
{
    csv_begin(out);
    for (size_t i = 0; i < sizeof column_names / sizeof *column_names; i++)
        csv_cell(out, tr(sheet->lang, column_names[i]));
    csv_end_row(out);
}

/* ISO order, a blank between: every spreadsheet takes it for a date. */
static const char *wall_clock(struct arena *arena, const char *zone, int64_t at)
{
    struct civil civil;

    if (at == 0)
        return NULL;
    civil = zone_local(zone_or_utc(zone), at).civil;
    return arena_printf(arena, "%04d-%02d-%02d %02d:%02d", civil.year,
                        civil.month, civil.day, civil.hour, civil.minute);
}

void desk_sheet_row(struct str *out, struct arena *arena,
                    const struct desk_sheet *sheet,
                    const struct registration *registration)
{
    const struct person *person = &registration->person;
    const struct bench *bench = bench_find(&sheet->benches, person->bench_id);

    csv_cell(out, registration->reference);
    csv_cell(out, desk_state_words(sheet->lang, registration->state));
    csv_cell(out, facts_mode(sheet->lang, registration->mode));
    csv_cell(out, person->title);
    csv_cell(out, person->given_name);
    csv_cell(out, person->family_name);
    csv_cell(out, person->address);
    csv_cell(out, person->organisation);
    csv_cell(out, person->position);
    csv_cell(out, bench ? lang_pick(&bench->name, sheet->lang) : NULL);
    csv_cell(out, lang_code(registration->lang));
    csv_cell(out, wall_clock(arena, sheet->zone, registration->created_at));
    csv_cell(out, wall_clock(arena, sheet->zone, registration->cancelled_at));
    csv_end_row(out);
}
