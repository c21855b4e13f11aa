/* What all pages are made with: where they stand, in which language, when;
 * and the frame around them. */
#ifndef CONVENED_PAGES_PAGE_H
#define CONVENED_PAGES_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/alliance.h"
#include "daemon/model/meeting.h"
#include "daemon/model/notice.h"
#include "web/site.h"
#include "web/view/views.h"

struct page {
    struct site *site;
    struct arena *arena; /* the request's */
    enum lang lang;
    int64_t now;
};

struct page page_of(struct request *);

#define PAGE_MOST ((size_t)1024 * 1024)

/* How the frame differs from page to page. */
struct frame {
    const char *title;
    const char *path;   /* behind "/de"; NULL: no other language of it */
    const struct alliance *alliance; /* NULL: the first of the house */
    bool fault;         /* the title begins with "Error: " */
    bool personal;      /* somebody's own page: no alternates, no robots */
};

/* Fills all but the feed, the data block and the form's language switch. */
void page_frame(const struct page *, const struct frame *,
                struct view_site *);

/* Addresses without host, in the page's language. Slugs need no escaping. */
const char *page_home(const struct page *);
const char *page_alliance(const struct page *, const char *slug);
const char *page_meeting(const struct page *, const struct meeting *);
const char *page_links(const struct page *); /* send me my link again */
const char *page_absolute(const struct page *, const char *path);
const char *page_other_lang(const struct page *, const char *path);
/* Behind the language: "/sachsen/arbeit-2030". */
const char *page_meeting_tail(const struct page *, const struct meeting *);
const char *page_download(const struct page *, const struct meeting *);

/* What is said on data protection, in each language; for a turn. */
void page_notices(const struct site *, const struct notice *[LANG_COUNT]);

const char *page_mailto(const struct page *, const char *address);
const char *page_tel(const struct page *, const char *number);
void page_contact(const struct page *, const struct alliance *,
                  struct view_contact *);

/* Our side failed: logs it with the request's id, answers 500. */
void page_fail(struct request *, const struct err *);
/* Nothing could be written just now: answers 503 with Retry-After. err NULL:
 * too much is waiting; else the writer's words, which are logged. */
void page_busy(struct request *, const struct err *);
#define PAGE_RETRY_AFTER "5"

#endif
