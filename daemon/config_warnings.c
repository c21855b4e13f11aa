/* What works and yet wants a look. */
#include "daemon/config.h"

#include "daemon/base/parse.h"
#include "web/texts.h"

#define REVIEW_MONTHS 12 /* EXPERIENCE A30 */

static bool is_filled(const struct texts *texts, enum text_page part)
{
    return texts_get(texts, part, LANG_DE) != NULL;
}

static void warn_age(const struct settings *settings, int64_t now,
                     struct str *out)
{
    struct civil reviewed = civil_from_seconds(settings->statement_reviewed);
    struct civil due = civil_add_months(reviewed, REVIEW_MONTHS);

    if (civil_to_seconds(&due) + 86400 <= now)
        str_addf(out, "accessibility.reviewed: the accessibility statement "
                 "was last reviewed on %04d-%02d-%02d, more than %d months "
                 "ago: review it and note the day here\n", reviewed.year,
                 reviewed.month, reviewed.day, REVIEW_MONTHS);
}

static void warn_barriers(const struct settings *settings,
                          const struct texts *texts, struct str *out)
{
    bool full = settings->statement_status == STATEMENT_FULL;
    bool unmet = is_filled(texts, TEXT_UNMET);
    bool any = unmet || is_filled(texts, TEXT_BURDEN) ||
               is_filled(texts, TEXT_OUTSIDE);

    if (full && unmet)
        str_add(out, "accessibility.status: full, yet "
                "barrierefreiheit-unvereinbar.md names what does not "
                "comply\n");
    else if (!full && !any)
        str_add(out, "accessibility.status: not full, yet no text in "
                "site.texts says what is not accessible and why "
                "(barrierefreiheit-unvereinbar.md, "
                "-unverhaeltnismaessig.md, -ausgenommen.md)\n");
}

void config_warnings(const struct settings *settings, int64_t now,
                     struct str *out)
{
    struct texts *texts;
    struct err err;

    /* Texts that cannot be read are a fault, which somebody else says. */
    if (settings->statement_status == STATEMENT_UNSTATED ||
        texts_load(settings->texts_dir, &texts, &err) != RC_OK)
        return;
    warn_age(settings, now, out);
    warn_barriers(settings, texts, out);
    if (!is_filled(texts, TEXT_ENFORCEMENT))
        str_add(out, "site.texts: barrierefreiheit-durchsetzung.md is "
                "missing: the accessibility statement must name the "
                "enforcement procedure\n");
    if (!*settings->feedback_address)
        str_add(out, "accessibility.feedback-address: is empty: reports of "
                "barriers are not mailed to anybody\n");
    texts_free(&texts);
}
