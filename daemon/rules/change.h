/* Somebody changes what she said about herself: by the mailed link until
 * meeting_changes_until(), afterwards with the organiser's consent
 * (rules/wish.h). The address is not among it: a seat goes to another mailbox
 * by handing it over (rules/handover.h). */
#ifndef CONVENED_RULES_CHANGE_H
#define CONVENED_RULES_CHANGE_H

#include "daemon/rules/turn.h"

enum change_outcome {
    CHANGE_MADE,
    CHANGE_WAITS,  /* for a seat of the other mode; what she has she keeps */
    CHANGE_NONE,   /* it is so already */
    CHANGE_SAME,   /* that person is registered already */
    CHANGE_FULL,   /* the other mode has no seat, and she will not wait */
    CHANGE_LATE,   /* the deadline is over: ask the organiser */
    CHANGE_CLOSED, /* cancelled, the person or the meeting, or past */
};

/* All of it as it shall be; id, address and folds are not looked at. */
struct details {
    struct person person;
    bool wants_invite;
};

/* What matters (name, organisation) is confirmed by a letter. */
MUST_USE enum rc change_details(struct turn *, const struct id *registration,
                                const struct details *, enum change_outcome *,
                                struct err *);
/* The same with the organiser's right: whatever the deadline. The turn is
 * begun, the registration fresh. */
MUST_USE enum rc change_granted(struct turn *, struct registration *,
                                const struct details *, enum change_outcome *,
                                struct err *);
/* CHANGE_MADE: may be changed at all; else why not. */
enum change_outcome change_gate(const struct turn *,
                                const struct registration *, bool by_host);
/* What differs, as the audit log and a wish say it. At most
 * CHANGE_FIELDS. */
#define CHANGE_FIELDS 7
size_t change_differences(const struct registration *, const struct details *,
                          struct audit_change *);

#endif
