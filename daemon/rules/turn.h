/* One step in the lives of registrations of one meeting, inside one of the
 * writer's transactions: what every rule needs to know, and what it leaves
 * for the caller to pass on.
 *
 * Every rule that takes a turn has the same contract. RC_FAIL: the database
 * failed, err says how, the caller rolls back. RC_NOT_FOUND: there is no such
 * registration. RC_OK: the outcome is decided and all rows, letters included,
 * are written. */
#ifndef CONVENED_RULES_TURN_H
#define CONVENED_RULES_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/notice.h"
#include "daemon/model/registration.h"
#include "daemon/model/settings.h"
#include "daemon/store/account_store.h"
#include "daemon/store/db.h"

struct arena;

struct turn {
    struct writer *writer;
    struct arena *arena; /* for what the rules read and return */
    int64_t now;
    const struct settings *settings;
    int64_t actor; /* of the audit: an account; 0 attendee, -1 command */
    int64_t generation; /* of the link that is used; 0: none is */
    /* The page on data protection in each language, to which letters to
     * somebody new refer; NULL: there is none. */
    const struct notice *notice[LANG_COUNT];
    struct meeting meeting; /* meeting_times() */
    bool letters; /* left behind: some letter is due */
    bool seats;   /* left behind: seats or queues are not what they were */
    size_t options_lost; /* left behind: so many that were chosen are full */
};

MUST_USE enum rc turn_begin(struct turn *, int64_t meeting_id, struct err *);
/* Somebody acts through a mailed link: the registration that it names, its
 * meeting, and an address of its own that is proven from now on. A link that
 * died since the page was read names nobody. */
MUST_USE enum rc turn_begin_by_link(struct turn *, const struct id *,
                                    struct registration *, struct err *);
/* One line of the audit log. */
MUST_USE enum rc turn_note(struct turn *, const struct registration *,
                           const char *deed, struct err *);
/* One line, with what was changed. */
MUST_USE enum rc turn_note_changes(struct turn *, const struct registration *,
                                   const char *deed,
                                   const struct audit_change *, size_t count,
                                   struct err *);
/* Published and not begun: then whoever waits may move up. */
bool turn_is_ahead(const struct turn *);

#endif
