/* What went wrong, in words. RC_FAIL means that the outside world failed
 * (file, database, peer); our own mistakes are asserts, refusals by the rules
 * are outcomes. Lower layers return; whoever gives up logs, once. */
#ifndef CONVENED_BASE_ERR_H
#define CONVENED_BASE_ERR_H

#define MUST_USE __attribute__((warn_unused_result))

enum rc {
    RC_OK = 0,
    RC_NOT_FOUND, /* the thing asked for is not there; err is untouched */
    RC_FAIL,      /* err->text says what failed */
};

struct err {
    char text[512];
};

/* Sets the words and returns RC_FAIL, so that `return err_set(...)` reads. */
enum rc err_set(struct err *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
