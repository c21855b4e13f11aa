#include "web/pages/feeds.h"

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/http/response.h"
#include "web/pages/feed_content.h"
#include "web/pages/page.h"

typedef enum rc feed_builder(const struct feed_room *,
                             const struct feed_address *,
                             struct feed_content *, struct err *);

/* How one of the handlers differs from the next. */
struct feed_kind {
    feed_builder *build;
    bool with_regions;
    bool download;
};

static void keep_and_send(struct request *request,
                          const struct feed_kind *kind,
                          const struct feed_content *content,
                          struct freshness *fresh)
{
    struct answers *answers = request->site->answers;
    const struct answer_head head = {
        .status = 200,
        .type = "text/calendar; charset=utf-8",
        .cache_control = "public, max-age=900",
        .last_modified = content->last_modified,
        .disposition = kind->download
            ? arena_printf(request->arena, "attachment; filename=\"%s.ics\"",
                           request->params[1])
            : NULL,
        .robots_noindex = true,
    };
    struct answer *answer =
        answer_new(&head, content->body.data, content->body.length);

    fresh->valid_until = content->valid_until;
    answer_hold(answer);
    answers_put(answers, request->path, answer, fresh, clock_ticks_ms());
    respond_answer(request, answer);
    answer_drop(&answer);
}

static void build(struct request *request, const struct feed_kind *kind,
                  struct freshness *fresh)
{
    const struct feed_room room = {
        .reader = request->site->reader,
        .settings = request->site->settings,
        .arena = request->arena,
        .now = clock_now(),
    };
    const struct feed_address address = {
        .alliance = request->params[0],
        .meeting = request->params[1],
        .with_regions = kind->with_regions,
        .path = request->path,
    };
    struct feed_content content;
    struct err err = { "" };
    enum rc rc = kind->build(&room, &address, &content, &err);

    if (rc == RC_OK) {
        keep_and_send(request, kind, &content, fresh);
    } else if (rc == RC_NOT_FOUND) {
        respond_error(request, 404, "There is no such calendar.");
    } else {
        page_fail(request, &err);
    }
}

static void feed_send(struct request *request, const struct feed_kind *kind)
{
    struct site *site = request->site;

    /* Read before the meetings are, so that a change in between makes the
     * answer stale. */
    struct freshness fresh = { .edits = writing_edits(site->writing),
                               .seats = writing_seats(site->writing),
                               .valid_from = clock_now() };
    struct answer *ready =
        answers_find(site->answers, request->path, fresh.edits, fresh.seats,
                     fresh.valid_from, clock_ticks_ms());

    if (ready)
        respond_answer(request, ready);
    else
        build(request, kind, &fresh);
}

void feeds_send_all(struct request *request)
{
    feed_send(request, &(struct feed_kind){ .build = feed_content_all });
}

void feeds_send_alliance(struct request *request)
{
    feed_send(request, &(struct feed_kind){ .build = feed_content_alliance });
}

void feeds_send_regions(struct request *request)
{
    feed_send(request, &(struct feed_kind){ .build = feed_content_alliance,
                                            .with_regions = true });
}

void feeds_send_meeting(struct request *request)
{
    feed_send(request, &(struct feed_kind){ .build = feed_content_meeting });
}

void feeds_send_download(struct request *request)
{
    feed_send(request, &(struct feed_kind){ .build = feed_content_download,
                                            .download = true });
}
