/* application/x-www-form-urlencoded, strictly: valid UTF-8, no NUL, at most
 * limits.form-fields fields of limits.form-value-bytes. */
#ifndef CONVENED_HTTP_FORM_H
#define CONVENED_HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct form_field {
    const char *name;
    const char *value;
};

struct form {
    struct form_field *fields;
    size_t count;
};

enum form_verdict { FORM_OK, FORM_MALFORMED, FORM_TOO_MANY, FORM_TOO_LONG };

enum form_verdict form_parse(struct arena *, const char *body, size_t length,
                             int64_t most_fields, int64_t most_value,
                             struct form *);
/* First value of that name, "" if it was not sent. */
const char *form_get(const struct form *, const char *name);
bool form_has(const struct form *, const char *name);

#endif
