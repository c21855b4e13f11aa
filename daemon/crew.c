#include "daemon/crew.h"

#include <stddef.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"

struct crew {
    struct worker_share share;
    size_t count;
    bool joined;
    struct worker *workers[];
};

static enum rc open_all(struct crew *crew, struct err *err)
{
    int64_t most = crew->share.settings->workers;

    for (int64_t i = 0; i < most; i++) {
        enum rc rc =
            worker_open(&crew->share, &crew->workers[crew->count], err);

        if (rc != RC_OK)
            return rc;
        crew->count++;
    }
    return RC_OK;
}

/* Those without a thread go again; with one at least there is somebody. */
static enum rc start_all(struct crew *crew, struct err *err)
{
    size_t going = 0;

    while (going < crew->count) {
        if (worker_go(crew->workers[going], err) == RC_OK) {
            going++;
            continue;
        }
        log_warn("%s: %zu of %zu", err->text, going, crew->count);
        while (crew->count > going)
            worker_free(&crew->workers[--crew->count]);
    }
    return going > 0 ? RC_OK : RC_FAIL;
}

enum rc crew_start(const struct worker_share *share, struct crew **out,
                   struct err *err)
{
    size_t most = (size_t)share->settings->workers;
    struct crew *crew =
        mem_new(sizeof *crew + most * sizeof *crew->workers);
    enum rc rc;

    crew->share = *share;
    crew->joined = true; /* as long as none has a thread */
    rc = open_all(crew, err);
    if (rc == RC_OK)
        rc = start_all(crew, err);
    crew->joined = rc != RC_OK;
    if (rc != RC_OK)
        crew_free(&crew);
    *out = crew;
    return rc;
}

void crew_drain(struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        worker_drain(crew->workers[i]);
}

void crew_drain_soon(struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        worker_drain_soon(crew->workers[i]);
}

bool crew_is_over(const struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        if (!worker_is_over(crew->workers[i]))
            return false;
    return true;
}

void crew_ping(struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        worker_ping(crew->workers[i]);
}

bool crew_has_answered(const struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        if (!worker_has_answered(crew->workers[i]))
            return false;
    return true;
}

void crew_join(struct crew *crew)
{
    for (size_t i = 0; i < crew->count; i++)
        if (!crew->joined)
            worker_join(crew->workers[i]);
    crew->joined = true;
}

void crew_free(struct crew **crew)
{
    if (!*crew)
        return;
    crew_join(*crew);
    for (size_t i = 0; i < (*crew)->count; i++)
        worker_free(&(*crew)->workers[i]);
    mem_free(*crew);
    *crew = NULL;
}
