/* Files compiled into the program, and the page for robots. */
#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/http/response.h"
#include "web/pages/pages.h"
#include "web/site.h"
#include "web/view/static.h"

static const struct static_file *find_file(const char *url)
{
    for (const struct static_file *file = static_files; file->name; file++)
        if (strcmp(file->url, url) == 0)
            return file;
    return NULL;
}

/* The address changes with the content: a year is not too long. */
static struct answer *make_answer(const struct static_file *file)
{
    const struct answer_head head = {
        .status = 200,
        .type = file->type,
        .cache_control = "public, max-age=31536000, immutable",
    };

    return answer_new(&head, file->bytes, file->length);
}

void static_send(struct request *request)
{
    struct site *site = request->site;
    const struct static_file *file = find_file(request->path);
    const struct freshness fresh = { .edits = writing_edits(site->writing),
                                     .seats = writing_seats(site->writing),
                                     .valid_until = INT64_MAX };
    struct answer *answer;

    if (!file) {
        respond_error(request, 404, NULL);
        return;
    }
    answer = answers_find(site->answers, file->url, fresh.edits, fresh.seats,
                          clock_now(), clock_ticks_ms());
    if (answer) {
        respond_answer(request, answer);
        return;
    }
    answer = make_answer(file);
    answer_hold(answer);
    answers_put(site->answers, file->url, answer, &fresh, clock_ticks_ms());
    respond_answer(request, answer);
    answer_drop(&answer);
}

/* Feeds stay open: calendar services obey this file (CALENDARS H6). A
 * demonstration says noindex on each page, which a robot must fetch to see. */
void robots_send(struct request *request)
{
    respond_text(request, 200,
                 "User-agent: *\n"
                 "Disallow: /de/desk/\n"
                 "Disallow: /en/desk/\n"
                 "Disallow: /de/r/\n"
                 "Disallow: /en/r/");
}
