#include "web/pages/receipt.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "web/pages/ask_answers.h"

#define RECEIPT_VERSION 2
#define RECEIPT_TEXTS 6
/* Of bytes; what is sealed becomes longer by a third and 54 characters. */
#define CONTENT_MOST 1240
#define ANSWERS_LEAST 120 /* kept for what was answered */

/* The fixed part; the texts follow, each with its NUL, and the answers. */
struct receipt_head {
    uint8_t version, mode, wants_invite, unused[5];
    int64_t meeting_id, expires_at, bench_id;
};

static void list_texts(struct person *person,
                       const char **texts[RECEIPT_TEXTS])
{
    texts[0] = &person->given_name;
    texts[1] = &person->family_name;
    texts[2] = &person->title;
    texts[3] = &person->address;
    texts[4] = &person->organisation;
    texts[5] = &person->position;
}

static size_t total(const char **texts[RECEIPT_TEXTS])
{
    size_t sum = sizeof(struct receipt_head);

    for (int i = 0; i < RECEIPT_TEXTS; i++)
        sum += strlen(*texts[i]) + 1;
    return sum;
}

/* Cuts the least needed first; only names in scripts of three and more bytes
 * a letter come this far. */
static void make_fit(struct arena *arena, const char **texts[RECEIPT_TEXTS])
{
    static const struct {
        int text;
        size_t most;
    } steps[] = { { 5, 90 }, { 4, 150 }, { 2, 60 }, { 5, 30 },
                  { 4, 90 }, { 0, 300 }, { 1, 300 } };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const char **text = texts[steps[i].text];

        if (total(texts) <= CONTENT_MOST - ANSWERS_LEAST)
            return;
        if (strlen(*text) > steps[i].most)
            *text = arena_printf(arena, "%s…",
                                 text_cut(arena, *text, steps[i].most));
    }
}

char *receipt_make(struct arena *arena, const struct keyring *keys,
                   const struct receipt *receipt)
{
    struct person person = receipt->answer.person;
    const struct receipt_head head = {
        .version = RECEIPT_VERSION,
        .mode = (uint8_t)receipt->answer.mode,
        .wants_invite = receipt->answer.wants_invite,
        .meeting_id = receipt->meeting_id,
        .expires_at = receipt->expires_at,
        .bench_id = person.bench_id,
    };
    const char **texts[RECEIPT_TEXTS];
    struct str content;

    list_texts(&person, texts);
    make_fit(arena, texts);
    str_init(&content, arena, 4096);
    str_add_bytes(&content, &head, sizeof head);
    for (int i = 0; i < RECEIPT_TEXTS; i++)
        str_add_bytes(&content, *texts[i], strlen(*texts[i]) + 1);
    const char *answers = ask_pack(arena, &receipt->answer.answers,
                                   CONTENT_MOST - content.length - 1);
    str_add_bytes(&content, answers, strlen(answers) + 1);
    return seal(arena, keys, TOKEN_RECEIPT, content.data, content.length);
}

/* What we sealed ourselves is whole, unless an older version sealed it. */
static bool read_texts(struct arena *arena, const char *at, const char *end,
                       struct signup_answer *answer)
{
    const char **texts[RECEIPT_TEXTS + 1], *answers = "";

    list_texts(&answer->person, texts);
    texts[RECEIPT_TEXTS] = &answers;
    for (int i = 0; i <= RECEIPT_TEXTS; i++) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));

        if (!nul)
            return false;
        *texts[i] = at;
        at = nul + 1;
    }
    return at == end && ask_unpack(arena, answers, &answer->answers);
}

enum receipt_verdict receipt_open(struct arena *arena,
                                  const struct keyring *keys,
                                  const char *text, int64_t now,
                                  struct receipt *receipt)
{
    struct receipt_head head;
    size_t length = 0;
    const char *content = unseal(arena, keys, TOKEN_RECEIPT, text, &length);

    if (!content || length < sizeof head)
        return RECEIPT_BROKEN;
    memcpy(&head, content, sizeof head);
    if (head.version != RECEIPT_VERSION || head.mode >= MODE_COUNT)
        return RECEIPT_BROKEN;
    *receipt = (struct receipt){ .meeting_id = head.meeting_id,
                                 .expires_at = head.expires_at };
    receipt->answer.mode = (enum mode)head.mode;
    receipt->answer.wants_invite = head.wants_invite != 0;
    receipt->answer.person.bench_id = head.bench_id;
    if (!read_texts(arena, content + sizeof head, content + length,
                    &receipt->answer))
        return RECEIPT_BROKEN;
    return now >= head.expires_at ? RECEIPT_EXPIRED : RECEIPT_OK;
}
