/* Strict readers of small values. All of them take the whole text or say
 * false; nothing is skipped, nothing is guessed. */
#ifndef CONVENED_BASE_PARSE_H
#define CONVENED_BASE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool parse_int(const char *, int64_t min, int64_t max, int64_t *);
bool parse_bool(const char *, bool *);     /* yes no true false on off */
bool parse_size(const char *, int64_t *);  /* "64 KiB" in bytes */
bool parse_duration(const char *, int64_t *); /* "66 min" in seconds:
                                              s min h d w */
/* "%41" and, for forms, "+" decoded in place; false on a bad escape or NUL. */
bool parse_percent(char *, size_t length, bool plus_is_space,
                   size_t *decoded_length);

struct civil { /* a wall clock, of no zone in particular */
    int year, month, day, hour, minute, second;
};
bool parse_civil(const char *, struct civil *); /* "2027-03-07 10:00" or with
                                           T; seconds optional; a date alone
                                           is midnight */
bool parse_day(const char *, struct civil *); /* "2027-03-07", nothing else */
int64_t civil_to_seconds(const struct civil *); /* as if it were UTC */
struct civil civil_from_seconds(int64_t);
int civil_weekday(const struct civil *); /* 0 Sunday … 6 Saturday */
/* The same day so many months later (0 or more), or the last one of a month
 * that has no such day (BGB § 188). */
struct civil civil_add_months(struct civil, int months);
/* IMF-fixdate (RFC 9110 5.6.7), 29 bytes; -1 if it is not one. */
int64_t parse_http_date(const char *);
void format_http_date(int64_t, char[30]);

#endif
