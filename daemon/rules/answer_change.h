/* Somebody answers otherwise than before, by the mailed link, as long as own
 * data can be changed there. The audit log has both. */
#ifndef CONVENED_RULES_ANSWER_CHANGE_H
#define CONVENED_RULES_ANSWER_CHANGE_H

#include "daemon/rules/answering.h"
#include "daemon/rules/change.h"

enum answer_outcome {
    ANSWERS_CHANGED,
    ANSWERS_SAME,
    ANSWERS_FULL,   /* of an option that is new; misfit says which */
    ANSWERS_LATE,   /* the deadline is over: ask the organiser */
    ANSWERS_CLOSED, /* cancelled, the person or the meeting, or past */
};

/* A new set in the place of the old one; checked as the form checks it. */
MUST_USE enum rc answers_change(struct turn *, const struct id *registration,
                                const struct answers *, enum answer_outcome *,
                                struct answers_misfit *, struct err *);
/* The same with the organiser's right, whatever the deadline; somebody who is
 * registered gets a letter. The turn is begun, the registration fresh. */
MUST_USE enum rc answers_granted(struct turn *, const struct registration *,
                                 const struct answers *, enum answer_outcome *,
                                 struct answers_misfit *, struct err *);
/* What would be other than it is. */
MUST_USE enum rc answers_differ(struct turn *, const struct registration *,
                                const struct answers *,
                                struct answer_changes *, struct err *);
/* What has become of them since they were `before`, in the log; nothing if
 * they are the same. */
MUST_USE enum rc answers_note(struct turn *, const struct registration *,
                              const struct answers *before, struct err *);
/* Can they be changed at all? ANSWERS_CHANGED: yes. */
enum answer_outcome answers_gate(const struct turn *,
                                 const struct registration *);

#endif
