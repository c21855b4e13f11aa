/* GET "/de/sachsen/arbeit-2030": the meeting, prebuilt, form included. */
#include "web/pages/facts.h"
#include "web/pages/meeting_page.h"
#include "web/pages/pages.h"
#include "web/pages/prebuilt.h"

static void keep_until(struct prebuilt *built, int64_t end)
{
    if (built->valid_until > end)
        built->valid_until = end;
}

static enum rc meeting_build(struct request *request,
                             const struct page *page, struct prebuilt *built,
                             struct err *err)
{
    const struct meeting_showing plain = { .form = NULL };
    struct meeting_data data = { 0 };
    enum meeting_phase phase;
    enum rc rc = meeting_data_load(page, request->params[0],
                                   request->params[1], &data, err);

    if (rc != RC_OK)
        return rc;
    if (meeting_page_render(page, &data, &plain, &built->body, &phase, err) !=
        RC_OK)
        return RC_FAIL;
    keep_until(built, facts_until(&data.meeting, page->now));
    if (!facts_takes_people(phase))
        return RC_OK;
    built->uses_seats = true; /* and it says as of which minute */
    keep_until(built, phase == PHASE_SOON
                          ? prebuilt_next_minute(page->now)
                          : prebuilt_next_second(page->now)); /* the stamp */
    return RC_OK;
}

void meeting_show(struct request *request)
{
    prebuilt_send(request, meeting_build);
}
