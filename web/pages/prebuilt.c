#include "web/pages/prebuilt.h"

#include "daemon/base/clock.h"
#include "daemon/http/response.h"

int64_t prebuilt_next_minute(int64_t now)
{
    return now - now % 60 + 60;
}

int64_t prebuilt_next_second(int64_t now)
{
    return now + 1;
}

static void keep_and_send(struct request *request, struct prebuilt *built,
                          const struct freshness *fresh)
{
    struct site *site = request->site;
    const struct answer_head head = {
        .status = 200,
        .type = "text/html; charset=utf-8",
        .cache_control = "no-cache",
        .robots_noindex = site->settings->demo,
    };
    struct answer *answer =
        answer_new(&head, built->body.data, built->body.length);

    answer_hold(answer);
    answers_put(site->answers, request->path, answer, fresh,
                clock_ticks_ms());
    respond_answer(request, answer);
    answer_drop(&answer);
}

static void build(struct request *request, prebuilt_builder *builder,
                  struct freshness *fresh)
{
    struct page page = page_of(request);
    struct prebuilt built = { .valid_until = INT64_MAX };
    struct err err = { "" };
    enum rc rc;

    str_init(&built.body, request->arena, PAGE_MOST);
    rc = builder(request, &page, &built, &err);
    if (rc == RC_OK && built.body.overflow)
        rc = err_set(&err, "page %s is too long", request->path);
    if (rc == RC_NOT_FOUND) {
        respond_error(request, 404, NULL);
    } else if (rc == RC_FAIL) {
        page_fail(request, &err);
    } else {
        fresh->uses_seats = built.uses_seats;
        fresh->valid_until = built.valid_until;
        keep_and_send(request, &built, fresh);
    }
}

void prebuilt_send(struct request *request, prebuilt_builder *builder)
{
    struct site *site = request->site;

    /* Read before the page is, so that a change in between makes it stale. */
    struct freshness fresh = { .edits = writing_edits(site->writing),
                               .seats = writing_seats(site->writing),
                               .valid_from = clock_now() };
    struct answer *ready =
        answers_find(site->answers, request->path, fresh.edits, fresh.seats,
                     fresh.valid_from, clock_ticks_ms());

    if (ready)
        respond_answer(request, ready);
    else
        build(request, builder, &fresh);
}
