/* What a command shows: a table or one record, as aligned text or, with
 * --json, as JSON. Both come from the same values. */
#ifndef CONVENED_COMMANDS_TABLE_H
#define CONVENED_COMMANDS_TABLE_H

#include "daemon/command.h"
#include "web/view/json.h"

/* The option of every command that shows or changes something. */
#define TABLE_JSON_OPTION \
    { "json", NULL, "the result as JSON; times are UTC", false }

/* "2027-03-07 10:00" on that zone's walls for people, with --json
 * "2027-03-07T09:00:00Z"; null for 0. */
json_t *table_time(const struct call *, const char *zone, int64_t at);
/* "2 d" for people, with --json in seconds. */
json_t *table_duration(const struct call *, int64_t seconds);
/* null for NULL or nothing. */
json_t *table_text(const char *);

/* `rows` is an array of objects with the same keys; it is given away. The
 * keys are the headings. */
void table_print(struct call *, json_t *rows);
/* One object, given away: a line for each key. */
void table_print_record(struct call *, json_t *record);

/* What was done, in a line for people. With --json the thing as it is now says
 * it, printed by table_print_record(). */
void table_say(struct call *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
