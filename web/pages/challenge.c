#include "web/pages/challenge.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/form.h"
#include "web/view/i18n.h"

#define OWN "once-"
#define ADDEND_MOST 9
#define WORK_DIGITS 10

static const char *const numbers[2 * ADDEND_MOST + 1] = {
    NULL,          N_("one"),      N_("two"),      N_("three"),
    N_("four"),    N_("five"),     N_("six"),      N_("seven"),
    N_("eight"),   N_("nine"),     N_("ten"),      N_("eleven"),
    N_("twelve"),  N_("thirteen"), N_("fourteen"), N_("fifteen"),
    N_("sixteen"), N_("seventeen"), N_("eighteen"),
};

bool challenge_owns(const char *field)
{
    return strncmp(field, OWN, strlen(OWN)) == 0;
}

/* A browser sends a line's end as CR LF whatever it was given. */
static void add_lines(struct str *to, const char *text)
{
    for (; *text; text++)
        if (*text != '\r')
            str_add_char(to, *text);
    str_add_char(to, '\0');
}

/* The meeting and everything that was filled in, as one word. */
static char *subject_of(struct arena *arena,
                        const struct challenge *challenge,
                        const struct form *form)
{
    struct str all;
    char digest[33];

    str_init(&all, arena, SIZE_MAX);
    for (size_t i = 0; i < form->count; i++)
        if (!challenge_owns(form->fields[i].name)) {
            add_lines(&all, form->fields[i].name);
            add_lines(&all, form->fields[i].value);
        }
    digest_hex(all.data, all.length, digest);
    return arena_printf(arena, "once %s %s", challenge->subject, digest);
}

char *challenge_make(struct arena *arena, const struct challenge *challenge,
                     const struct form *form, int64_t now)
{
    return stamp_make(arena, challenge->keys,
                      subject_of(arena, challenge, form), now);
}

struct sum {
    int first, second;
};

/* The text itself chooses, so that nothing need be kept. */
static struct sum sum_of(const char *text)
{
    uint8_t hash[32];

    digest_secret(text, hash);
    return (struct sum){ 1 + hash[0] % ADDEND_MOST,
                         1 + hash[1] % ADDEND_MOST };
}

char *challenge_question(struct arena *arena, enum lang lang,
                         const char *text)
{
    const struct sum sum = sum_of(text);

    return arena_printf(arena, tr(lang, "How much is %s plus %s?"),
                        tr(lang, numbers[sum.first]),
                        tr(lang, numbers[sum.second]));
}

/* In any language of ours, whichever page it was asked on. */
static bool answer_is_right(struct arena *arena, const char *text,
                            const char *typed)
{
    const struct sum sum = sum_of(text);
    const int right = sum.first + sum.second;
    char *answer = text_fold_search(arena, typed);
    size_t length = strlen(answer);
    int64_t number;

    if (length > 0 && strchr(".!", answer[length - 1]))
        answer[length - 1] = '\0';
    if (parse_int(answer, 0, INT64_MAX, &number))
        return number == right;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (strcmp(answer,
                   text_fold_search(arena, tr((enum lang)lang,
                                              numbers[right]))) == 0)
            return true;
    return false;
}

static bool begins_with_zeros(const uint8_t *hash, int64_t bits)
{
    for (; bits >= 8; bits -= 8)
        if (*hash++ != 0)
            return false;
    return *hash >> (8 - bits) == 0;
}

static bool part_is_done(struct arena *arena, const char *text, int part,
                         const char *number, size_t length, int64_t bits)
{
    uint8_t hash[32];

    if (length == 0 || length > WORK_DIGITS)
        return false;
    digest_secret(arena_printf(arena, "%s.%d.%.*s", text, part, (int)length,
                               number),
                  hash);
    return begins_with_zeros(hash, bits);
}

static bool work_is_done(struct arena *arena, const char *text,
                         const char *work, int64_t bits)
{
    for (int part = 0; part < CHALLENGE_PARTS; part++) {
        size_t length = strspn(work, "0123456789");

        if (!part_is_done(arena, text, part, work, length, bits))
            return false;
        work += length;
        if (part + 1 < CHALLENGE_PARTS && *work++ != '.')
            return false;
    }
    return !*work;
}

enum challenge_verdict challenge_check(struct arena *arena,
                                       const struct challenge *challenge,
                                       const struct form *form, int64_t now)
{
    const char *text = form_get(form, CHALLENGE_TEXT);
    int64_t asked_at;

    if (!*text ||
        stamp_check(challenge->keys, subject_of(arena, challenge, form),
                    text, now, &asked_at) != STAMP_OK)
        return CHALLENGE_NONE;
    if (answer_is_right(arena, text, form_get(form, CHALLENGE_ANSWER)) ||
        work_is_done(arena, text, form_get(form, CHALLENGE_WORK),
                     challenge->bits))
        return CHALLENGE_MET;
    return CHALLENGE_WRONG;
}
