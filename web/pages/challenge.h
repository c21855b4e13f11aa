/* What a suspect is asked: a small sum in words or, in its place, work that
 * a script does. The challenge is a stamp over the meeting and all that the
 * form contains, so that nothing is stored and neither a right answer nor
 * work once done is good for another registration. Pure. */
#ifndef CONVENED_PAGES_CHALLENGE_H
#define CONVENED_PAGES_CHALLENGE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/model/lang.h"

struct arena;
struct form;
struct keyring;

/* The asking page's own fields; all else in the form is carried along. */
#define CHALLENGE_TEXT "once-challenge"
#define CHALLENGE_ANSWER "once-answer"
#define CHALLENGE_WORK "once-work"
bool challenge_owns(const char *field);

/* Many small searches instead of a large one: they take much the same time
 * whenever they are done, where a single one takes four times as long as
 * usual in one of fifty cases. */
#define CHALLENGE_PARTS 8
#define CHALLENGE_BITS_MOST 24

/* What a form is challenged with. */
struct challenge {
    const struct keyring *keys;
    const char *subject; /* the meeting's */
    int64_t bits; /* with which the hash of each part begins as zeros */
};

/* "second.MAC". Each part of the work is a number n, and SHA-256 of
 * "second.MAC.part.n" begins with so many zeros; the parts are 0, 1, … and
 * the work is their numbers, "n.n.n.n.n.n.n.n". */
char *challenge_make(struct arena *, const struct challenge *,
                     const struct form *, int64_t now);
/* "How much is three plus four?", of this challenge. */
char *challenge_question(struct arena *, enum lang, const char *text);

enum challenge_verdict {
    CHALLENGE_NONE,  /* nothing that this form was asked within the day */
    CHALLENGE_WRONG, /* asked, and not answered rightly */
    CHALLENGE_MET,   /* answered in digits or words, or worked for */
};
enum challenge_verdict challenge_check(struct arena *,
                                       const struct challenge *,
                                       const struct form *, int64_t now);

#endif
