#include "web/pages/support_form.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "daemon/http/form.h"
#include "web/view/i18n.h"

static const char consent_words[] =
    N_("I agree that the organisers use what I say here so that I can take "
       "part well. It may say something about my health. I agree of my own "
       "free will and can withdraw this at any time, by the link in my "
       "confirmation.");

const struct notice *support_form_consent(struct arena *arena,
                                          enum lang lang)
{
    struct notice *notice = ARENA_NEW(arena, struct notice);
    char *version = arena_alloc(arena, 33);

    notice->kind = NOTICE_SUPPORT_CONSENT;
    notice->lang = lang;
    notice->words = tr(lang, consent_words);
    digest_hex(notice->words, strlen(notice->words), version);
    notice->version = version;
    return notice;
}

bool support_form_is_asked(const struct meeting *meeting, int64_t now)
{
    return meeting->state == MEETING_PUBLISHED && now < meeting->ends_at;
}

const char *support_form_name(struct arena *arena, const char *what,
                              const char *suffix)
{
    return arena_printf(arena, "support-%s%s", what, suffix);
}

void support_form_read(struct arena *arena, const struct form *body,
                       const char *suffix, struct support_form *form)
{
    *form = (struct support_form){ 0 };
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++) {
        const char *what = support_need_word((enum support_need)i);

        form->ticked[i] =
            *form_get(body, support_form_name(arena, what, suffix)) != '\0';
    }
    form->words = form_get(body, support_form_name(arena, "words", suffix));
    form->consent =
        *form_get(body, support_form_name(arena, "consent", suffix)) != '\0';
}

void support_form_stored(const struct support *support,
                         struct support_form *form)
{
    *form = (struct support_form){ .words = support->words,
                                   .consent = !support_is_empty(support) };
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        form->ticked[i] = (support->needs & SUPPORT_BIT(i)) != 0;
}

/* Browsers send both ends of a line. */
static const char *clean_lines(struct arena *arena, const char *typed)
{
    char *text = text_clean(arena, typed), *to = text;

    for (const char *from = text; *from; from++)
        if (*from != '\r')
            *to++ = *from;
    *to = '\0';
    return text;
}

bool support_form_check(struct arena *arena, enum lang lang,
                        struct support_form *form, struct support *support)
{
    const char *words = form->words ? form->words : "";

    *support = (struct support){ .words = clean_lines(arena, words) };
    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        if (form->ticked[i])
            support->needs |= SUPPORT_BIT(i);
    form->words_error = form->consent_error = NULL;
    if (text_has_control(words, true))
        form->words_error = tr(lang, "Please remove invisible characters "
                                     "here.");
    else if (text_characters(support->words) > SUPPORT_WORDS_MOST)
        form->words_error = tr(lang, "Please shorten this to at most 1,000 "
                                     "characters.");
    if (!support_is_empty(support) && !form->consent)
        form->consent_error =
            tr(lang, "Please tick this box so that we may keep what you need "
                     "– or leave that part empty and call us.");
    return !support_form_has_errors(form);
}

bool support_form_has_errors(const struct support_form *form)
{
    return form->words_error || form->consent_error;
}
