/* The operator's texts: DIR/{de,en}/{impressum,datenschutz,barrierefreiheit,
 * leichte-sprache,gebaerdensprache}.md, and barrierefreiheit-*.md for parts
 * of a statement. Read once; immutable. */
#ifndef CONVENED_WEB_TEXTS_H
#define CONVENED_WEB_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/err.h"
#include "daemon/model/lang.h"
#include "daemon/model/notice.h"

enum text_page {
    TEXT_IMPRESSUM,
    TEXT_DATENSCHUTZ,
    TEXT_BARRIEREFREIHEIT,
    TEXT_LEICHTE_SPRACHE,
    TEXT_GEBAERDENSPRACHE,
    TEXT_PAGES, /* those above are pages of their own */
    /* Parts of an accessibility statement that is made from the
     * configuration: what is not accessible, by its reason, what there is
     * instead, and who enforces the law. */
    TEXT_UNMET = TEXT_PAGES,
    TEXT_BURDEN,
    TEXT_OUTSIDE,
    TEXT_INSTEAD,
    TEXT_ENFORCEMENT,
    TEXT_COUNT,
};

struct texts;

/* A missing file is fine: the page is not there, nor its link in the
 * footer. dir NULL or empty: no texts at all. */
MUST_USE enum rc texts_load(const char *dir, struct texts **, struct err *);
void texts_free(struct texts **);
const char *texts_slug(enum text_page);
const char *texts_title(enum text_page, enum lang);
/* Markdown; NULL: not filled in this language nor the other. */
const char *texts_get(const struct texts *, enum text_page, enum lang);
/* The language in which texts_get() found it: the other one if it is filled
 * in that alone. */
enum lang texts_lang(const struct texts *, enum text_page, enum lang);
/* What somebody who reads that language is told about data protection, with
 * its version; NULL: nothing. Lives as long as the texts. */
const struct notice *texts_notice(const struct texts *, enum lang);

#endif
