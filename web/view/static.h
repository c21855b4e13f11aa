/* Files compiled into the program, found by their address with the content's
 * hash in it. */
#ifndef CONVENED_VIEW_STATIC_H
#define CONVENED_VIEW_STATIC_H

#include <stddef.h>

struct static_file {
    const char *name; /* "site.css" */
    const char *url;  /* "/static/site.1a2b3c4d.css" */
    const char *type;
    const unsigned char *bytes;
    size_t length;
};

extern const struct static_file static_files[]; /* ends with name NULL */
/* The address of a file by its name; asserts that it exists. */
const char *static_url(const char *name);

#endif
