/* The inside of a prebuilt answer, for daemon/http only. */
#ifndef CONVENED_HTTP_ANSWER_PARTS_H
#define CONVENED_HTTP_ANSWER_PARTS_H

#include "daemon/http/answer.h"
#include "daemon/http/router.h"

struct variant {
    char *body;
    size_t length;
    char etag[40]; /* with its quotes */
};

/* Head fields, ready to be sent: made when first needed. */
struct block {
    char *text;
    size_t length;
};

struct answer {
    unsigned references;
    struct answer_head head;
    struct variant plain;
    struct variant packed; /* body NULL: packing saved nothing */
    struct block blocks[PRIVACY_FEED + 1][2][2]; /* privacy, packed, 304 */
};

/* What it takes of the cache's ceiling. */
size_t answer_weight(const struct answer *);

#endif
