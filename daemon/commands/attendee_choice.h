/* Which people a command about attendees means: its meeting and its filter,
 * the same as on the desk. */
#ifndef CONVENED_COMMANDS_ATTENDEE_CHOICE_H
#define CONVENED_COMMANDS_ATTENDEE_CHOICE_H

#include "daemon/command.h"
#include "daemon/model/alliance.h"
#include "daemon/model/meeting.h"
#include "web/pages/desk_filter.h"

#define ATTENDEE_FILTER_OPTIONS                                            \
    { "search", "TEXT", "name, organisation, address; muller finds Müller", \
      false },                                                             \
    { "organisation", "TEXT", "in the organisation alone", false },        \
    { "bench", "TEXT", "a group, by its German name", false },             \
    { "state", "STATE", "registered, cancelled, waiting, ... (any)",       \
      false },                                                             \
    { "mode", "onsite|online", "how they take part (any)", false },        \
    { "from", "YYYY-MM-DD", "registered on that day or later", false },    \
    { "until", "YYYY-MM-DD", "registered on that day or before", false },  \
    { "unreached", NULL, "a letter to them was refused or withheld", false }, \
    { "queued", NULL, "in a queue for a seat, in its order", false }

struct attendee_choice {
    struct alliance alliance;
    struct meeting meeting;
    struct benches benches;
    struct queue_places queue;
    struct desk_filter filter;
    struct registration_filter rows;
};

/* By call->reader. Says what is wrong with an option. */
enum exit_code attendee_choose(struct call *, struct attendee_choice *);
/* The number of a group, by its German name; says so if there is none. */
bool attendee_bench(struct call *, const struct alliance *,
                    const struct benches *, int64_t *id);

#endif
