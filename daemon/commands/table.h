/* What a command shows: a table or one record, as aligned text or, with
 * --json, as JSON. Both come from the same values. */
#ifndef CONVENED_COMMANDS_TABLE_H
#define CONVENED_COMMANDS_TABLE_H

#include "daemon/command.h"
#include "web/view/json.h"

/* "2027-03-07 10:00" for people, "2027-03-07T10:00:00+01:00" with --json;
 * null for 0. */
json_t *table_time(const struct call *, const char *zone, int64_t at);
/* null for NULL or nothing. */
json_t *table_text(const char *);

/* `rows` is an array of objects with the same keys; it is given away. The
 * keys are the headings. */
void table_print(struct call *, json_t *rows);
/* One object, given away: a line for each key. */
void table_print_record(struct call *, json_t *record);

#endif
