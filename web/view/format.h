/* Dates, times and numbers as people write them (EXPERIENCE A34). All in the
 * arena. `zone` is an IANA name of calendars/zone. */
#ifndef CONVENED_VIEW_FORMAT_H
#define CONVENED_VIEW_FORMAT_H

#include <stdint.h>

#include "daemon/model/lang.h"

struct arena;

/* "Sonntag, 7. März 2027" / "Sunday 7 March 2027" */
char *format_weekday_date(struct arena *, enum lang, const char *zone,
                          int64_t at);
/* "7. März 2027" / "7 March 2027" */
char *format_date(struct arena *, enum lang, const char *zone, int64_t at);
/* "10:00 Uhr" / "10:00" */
char *format_time(struct arena *, enum lang, const char *zone, int64_t at);
/* "Sonntag, 7. März 2027, 10:00 bis 15:00 Uhr" / "Sunday 7 March 2027, 10:00
 * to 15:00"; over midnight both dates. */
char *format_span(struct arena *, enum lang, const char *zone,
                  int64_t from, int64_t to);
/* "10:00 bis 15:00 Uhr" / "10:00 to 15:00" */
char *format_time_span(struct arena *, enum lang, const char *zone,
                       int64_t from, int64_t to);
/* For <time datetime> and JSON-LD: "2027-03-07T10:00:00+01:00" */
char *format_iso(struct arena *, const char *zone, int64_t at);
/* For programs that ask: "2027-03-07T09:00:00Z" */
char *format_utc(struct arena *, int64_t at);
/* "2027-03-07" in the zone */
char *format_iso_date(struct arena *, const char *zone, int64_t at);
/* "1.234" / "1,234" */
char *format_number(struct arena *, enum lang, int64_t);
/* "Di., 7. März 2027, 10:00" short form for desk tables: "07.03.2027, 10:00"
 * / "7 Mar 2027, 10:00" */
char *format_short(struct arena *, enum lang, const char *zone, int64_t at);
/* How long something may take, in the German accusative: "48 Stunden",
 * "7 Tage" / "48 hours" */
char *format_term(struct arena *, enum lang, int64_t seconds);

#endif
