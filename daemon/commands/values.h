/* From options to fields. Each reader leaves the field as it is if the option
 * was not given, and says in call->err what is wrong with a value; afterwards
 * call->mistakes tells whether all was well, so that somebody who made three
 * mistakes hears of three. */
#ifndef CONVENED_COMMANDS_VALUES_H
#define CONVENED_COMMANDS_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/command.h"
#include "daemon/model/alliance.h"
#include "daemon/model/meeting.h"
#include "daemon/rules/turn.h"

/* One line of at most `most` characters; blanks at its ends are cut. */
void value_line(struct call *, const char *option, size_t most,
                const char **field);
/* The same, and it may not be empty. */
void value_line_needed(struct call *, const char *option, size_t most,
                       const char **field);
/* Markdown, several lines. */
void value_lines(struct call *, const char *option, const char **field);
void value_address(struct call *, const char *option, const char **field);
void value_https(struct call *, const char *option, const char **field);
void value_int(struct call *, const char *option, int64_t min, int64_t max,
               int64_t *field);
void value_bool(struct call *, const char *option, bool *field);
/* "2 d", "36 h"; "no" is 0 and, unless 0, "yes" is `yes`. */
void value_duration(struct call *, const char *option, int64_t yes,
                    int64_t most, int64_t *field);
void value_lang(struct call *, const char *option, enum lang *field);
/* "2027-03-07 10:00" on the walls of that zone. An hour that the clocks leap
 * over is a mistake; of one that comes twice the first is taken, and said. */
void value_time(struct call *, const char *option, const char *zone,
                int64_t *field);

/* "alliance/meeting" of an argument. EXIT_FINE: both were looked up. */
enum exit_code value_alliance(struct call *, const char *slug,
                              struct alliance *);
enum exit_code value_meeting(struct call *, const char *path,
                             struct alliance *, struct meeting *);
/* Cuts "alliance/meeting" in two and looks the alliance up; the slug of a
 * meeting that is not there yet is checked. */
enum exit_code value_new_meeting(struct call *, const char *path,
                                 struct alliance *, const char **slug);
/* Says what is wrong with a new slug. */
void value_slug(struct call *, const char *what, const char *slug);

/* One line of the audit log: an admin command did this. */
enum exit_code value_audit(struct call *, const char *deed,
                           int64_t alliance_id, int64_t meeting_id);

/* For a rule that is to run: by command, now, in the call's arena. */
struct turn value_turn(const struct call *);

#endif
