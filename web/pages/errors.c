/* The page of an error, in the site's own dress and with words that say what
 * to do next (EXPERIENCE A13). */
#include "daemon/base/arena.h"
#include "web/pages/page.h"
#include "web/view/templates.h"
#include "web/view/i18n.h"

struct error_words {
    int status;
    const char *title, *words;
};

static const struct error_words all_words[] = {
    { 400, N_("We did not understand that"),
      N_("The request was damaged on its way. Please go back and try "
         "again.") },
    { 403, N_("Not sent from our site"),
      N_("For safety we only take forms from our own pages. Please open the "
         "page anew and send the form from there.") },
    { 404, N_("There is nothing here"),
      N_("The address may be mistyped, or the page has gone. Upcoming "
         "meetings are on the start page.") },
    { 405, N_("Not possible at this address"),
      N_("Please go back and use the links and buttons of the page.") },
    { 408, N_("That took too long"),
      N_("The connection was too slow. Please try again.") },
    { 409, N_("Not possible any more"),
      N_("Something has changed in the meantime. Please open the page "
         "anew.") },
    { 410, N_("No longer here"),
      N_("This page has had its time. Upcoming meetings are on the start "
         "page.") },
    { 413, N_("That was too much"),
      N_("What you sent is larger than we can take. Please shorten it.") },
    { 414, N_("The address is too long"),
      N_("Please copy the whole link again, or begin at the start page.") },
    { 421, N_("Not this server"),
      N_("This server does not answer to that name. Please check the "
         "address.") },
    { 422, N_("Please check your details"),
      N_("Something in the form could not be read. Please go back and send "
         "it again.") },
    { 429, N_("One moment, please"),
      N_("Many requests came from your network at once. Please wait a "
         "minute and try again.") },
    { 500, N_("Something went wrong on our side"),
      N_("We are sorry. Nothing of yours was lost that we had confirmed. "
         "Please try again in a moment.") },
    { 503, N_("Very busy right now"),
      N_("Please try again in a moment. What was not confirmed has not been "
         "saved.") },
};

static struct error_words find_words(int status)
{
    const struct error_words other = {
        status, N_("That did not work"),
        N_("Please go back and try again, or begin at the start page.")
    };

    for (size_t i = 0; i < sizeof all_words / sizeof *all_words; i++)
        if (all_words[i].status == status)
            return all_words[i];
    return other;
}

/* Pages of one status are alike to the byte, whatever was asked for, so that
 * they tell nothing apart; only our own faults carry the request's number. */
void site_error_page(struct request *request, int status, const char *words,
                     struct str *body)
{
    const struct error_words found = find_words(status);
    const struct page page = page_of(request);
    struct view_error view = {
        .status = status,
        .title = tr(page.lang, found.title),
        .words = words ? words : tr(page.lang, found.words),
        .links_url = status == 404 || status == 410 ? page_links(&page)
                                                    : NULL,
    };
    const struct frame frame = { .title = view.title, .personal = true };

    if (status >= 500)
        view.id = arena_printf(page.arena, "%016llx",
                               (unsigned long long)request->id);
    page_frame(&page, &frame, &view.site);
    template_error(body, page.lang, &view);
}
