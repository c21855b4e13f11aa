#define ZLIB_CONST /* its input is only read */

#include "daemon/http/answer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "daemon/base/mem.h"
#include "daemon/base/token.h"
#include "daemon/http/answer_parts.h"

#define GZIP_LEVEL 6
#define GZIP_WRAPPER 16 /* added to the window bits: gzip, not zlib */
/* Below this the fields cost more than the body. */
#define PACK_LEAST 256

/* With mtime 0, which is zlib's own default: the same bytes each time. NULL
 * if nothing was saved. */
static char *pack(const void *body, size_t length, size_t *packed_length)
{
    z_stream z = { 0 };

    if (length < PACK_LEAST || length > UINT32_MAX / 2)
        return NULL;
    int rc = deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED,
                          MAX_WBITS + GZIP_WRAPPER, 8, Z_DEFAULT_STRATEGY);
    assert(rc == Z_OK);
    char *packed = mem_new(length);
    z.next_in = body;
    z.avail_in = (uInt)length;
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)length - 1;
    rc = deflate(&z, Z_FINISH);
    *packed_length = z.total_out;
    deflateEnd(&z);
    if (rc == Z_STREAM_END)
        return mem_grow(packed, *packed_length);
    mem_free(packed);
    return NULL;
}

static char *copy(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

struct answer *answer_new(const struct answer_head *head, const void *body,
                          size_t length)
{
    struct answer *answer = mem_new(sizeof *answer);
    char digest[33];

    assert(head->type && head->cache_control);
    answer->references = 1;
    answer->head = *head;
    answer->head.type = copy(head->type);
    answer->head.cache_control = copy(head->cache_control);
    answer->head.disposition = copy(head->disposition);
    answer->head.link = copy(head->link);

    answer->plain.body = mem_new(length + 1);
    if (length)
        memcpy(answer->plain.body, body, length);
    answer->plain.length = length;
    answer->packed.body = pack(body, length, &answer->packed.length);

    digest_hex(body, length, digest);
    snprintf(answer->plain.etag, sizeof answer->plain.etag, "\"%s\"", digest);
    snprintf(answer->packed.etag, sizeof answer->packed.etag, "\"%s-gz\"",
             digest);
    return answer;
}

struct answer *answer_hold(struct answer *answer)
{
    answer->references++;
    return answer;
}

/* The head's strings are ours, though their type promises not to write. */
static void free_text(const char *text)
{
    union {
        const char *read;
        void *own;
    } pointer = { .read = text };

    mem_free(pointer.own);
}

static void answer_free(struct answer *answer)
{
    for (size_t privacy = 0; privacy <= PRIVACY_FEED; privacy++)
        for (size_t kind = 0; kind < 4; kind++)
            mem_free(answer->blocks[privacy][kind / 2][kind % 2].text);
    free_text(answer->head.type);
    free_text(answer->head.cache_control);
    free_text(answer->head.disposition);
    free_text(answer->head.link);
    mem_free(answer->plain.body);
    mem_free(answer->packed.body);
    mem_free(answer);
}

void answer_drop(struct answer **answer)
{
    if (!*answer)
        return;
    assert((*answer)->references > 0);
    if (--(*answer)->references == 0)
        answer_free(*answer);
    *answer = NULL;
}

size_t answer_weight(const struct answer *answer)
{
    return sizeof *answer + answer->plain.length +
           (answer->packed.body ? answer->packed.length : 0);
}

const char *answer_library_version(void)
{
    return zlibVersion();
}
