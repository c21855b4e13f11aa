#include "web/pages/receipt.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "web/pages/ask_answers.h"

#define RECEIPT_VERSION 2
/* Of bytes; what is sealed becomes longer by a third and 54 characters. */
#define CONTENT_MOST 1240
#define ANSWERS_LEAST 120 /* kept for what was answered */

/* The fixed part; then two bytes for each person, her mode and state; then
 * the texts and the lead's answers, each with its NUL. */
struct receipt_head {
    uint8_t version, wants_invite, may_wait, count, unused[4];
    int64_t meeting_id, expires_at, bench_id;
};

enum text_kind {
    LEAD_GIVEN, LEAD_FAMILY, LEAD_TITLE, LEAD_ADDRESS, LEAD_ORGANISATION,
    LEAD_POSITION, GUEST_GIVEN, GUEST_FAMILY, GUEST_ADDRESS,
};

struct text {
    enum text_kind kind;
    const char **at;
};

struct texts {
    struct text items[7 + 3 * (SIGNUP_PEOPLE_MOST - 1)];
    size_t count;
};

static void add(struct texts *texts, enum text_kind kind, const char **at)
{
    texts->items[texts->count++] = (struct text){ kind, at };
}

static void list_texts(struct receipt *receipt, struct texts *texts)
{
    struct person *lead = &receipt->people[0].person;

    texts->count = 0;
    add(texts, LEAD_GIVEN, &lead->given_name);
    add(texts, LEAD_FAMILY, &lead->family_name);
    add(texts, LEAD_TITLE, &lead->title);
    add(texts, LEAD_ADDRESS, &lead->address);
    add(texts, LEAD_ORGANISATION, &lead->organisation);
    add(texts, LEAD_POSITION, &lead->position);
    for (size_t i = 1; i < receipt->count; i++) {
        struct person *guest = &receipt->people[i].person;

        add(texts, GUEST_GIVEN, &guest->given_name);
        add(texts, GUEST_FAMILY, &guest->family_name);
        add(texts, GUEST_ADDRESS, &guest->address);
    }
}

static size_t total(const struct receipt *receipt, const struct texts *texts)
{
    size_t sum = sizeof(struct receipt_head) + 2 * receipt->count;

    for (size_t i = 0; i < texts->count; i++)
        sum += strlen(*texts->items[i].at) + 1;
    return sum;
}

/* Cuts the least needed first. One person alone comes this far only in
 * scripts of three and more bytes a letter; ten do with long names. */
static void make_fit(struct arena *arena, const struct receipt *receipt,
                     const struct texts *texts)
{
    static const struct {
        enum text_kind kind;
        size_t most;
    } steps[] = {
        { LEAD_POSITION, 90 },   { LEAD_ORGANISATION, 150 },
        { LEAD_TITLE, 60 },      { LEAD_POSITION, 30 },
        { LEAD_ORGANISATION, 90 }, { GUEST_ADDRESS, 30 },
        { GUEST_GIVEN, 60 },     { GUEST_FAMILY, 60 },
        { LEAD_GIVEN, 300 },     { LEAD_FAMILY, 300 },
        { GUEST_GIVEN, 15 },     { GUEST_FAMILY, 25 },
        { GUEST_ADDRESS, 10 },   { LEAD_GIVEN, 100 },
        { LEAD_FAMILY, 100 },    { LEAD_ORGANISATION, 30 },
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (total(receipt, texts) <= CONTENT_MOST - ANSWERS_LEAST)
            return;
        for (size_t k = 0; k < texts->count; k++) {
            const char **text = texts->items[k].at;

            if (texts->items[k].kind == steps[i].kind &&
                strlen(*text) > steps[i].most)
                *text = arena_printf(arena, "%s…",
                                     text_cut(arena, *text, steps[i].most));
        }
    }
}

char *receipt_make(struct arena *arena, const struct keyring *keys,
                   const struct receipt *from)
{
    struct receipt receipt = *from;
    const struct receipt_head head = {
        .version = RECEIPT_VERSION,
        .wants_invite = receipt.wants_invite,
        .may_wait = receipt.may_wait,
        .count = (uint8_t)receipt.count,
        .meeting_id = receipt.meeting_id,
        .expires_at = receipt.expires_at,
        .bench_id = receipt.people[0].person.bench_id,
    };
    struct texts texts;
    struct str content;

    for (size_t i = 0; i < receipt.count; i++)
        if (!receipt.people[i].person.address)
            receipt.people[i].person.address = "";
    list_texts(&receipt, &texts);
    make_fit(arena, &receipt, &texts);
    str_init(&content, arena, 4096);
    str_add_bytes(&content, &head, sizeof head);
    for (size_t i = 0; i < receipt.count; i++) {
        str_add_char(&content, (char)receipt.people[i].mode);
        str_add_char(&content, (char)receipt.people[i].state);
    }
    for (size_t i = 0; i < texts.count; i++)
        str_add_bytes(&content, *texts.items[i].at,
                      strlen(*texts.items[i].at) + 1);
    const char *answers = ask_pack(arena, &receipt.answers,
                                   CONTENT_MOST - content.length - 1);
    str_add_bytes(&content, answers, strlen(answers) + 1);
    return seal(arena, keys, TOKEN_RECEIPT, content.data, content.length);
}

/* What we sealed ourselves is whole, unless another version sealed it. */
static bool read_states(const char **at, const char *end,
                        struct receipt *receipt)
{
    if ((size_t)(end - *at) < 2 * receipt->count)
        return false;
    for (size_t i = 0; i < receipt->count; i++) {
        unsigned char mode = (unsigned char)*(*at)++;
        unsigned char state = (unsigned char)*(*at)++;

        if (mode >= MODE_COUNT || state > REG_DECLINED)
            return false;
        receipt->people[i] = (struct receipt_person){
            .person = { .title = "", .organisation = "", .position = "" },
            .mode = (enum mode)mode,
            .state = (enum registration_state)state,
        };
    }
    return true;
}

static bool read_texts(struct arena *arena, const char *at, const char *end,
                       struct receipt *receipt)
{
    struct texts texts;
    const char *answers = "";

    list_texts(receipt, &texts);
    texts.items[texts.count++].at = &answers;
    for (size_t i = 0; i < texts.count; i++) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));

        if (!nul)
            return false;
        *texts.items[i].at = at;
        at = nul + 1;
    }
    for (size_t i = 1; i < receipt->count; i++)
        if (!*receipt->people[i].person.address)
            receipt->people[i].person.address = NULL;
    return at == end && ask_unpack(arena, answers, &receipt->answers);
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
    if (head.version != RECEIPT_VERSION || head.count < 1 ||
        head.count > SIGNUP_PEOPLE_MOST)
        return RECEIPT_BROKEN;
    *receipt = (struct receipt){
        .meeting_id = head.meeting_id,
        .expires_at = head.expires_at,
        .wants_invite = head.wants_invite != 0,
        .may_wait = head.may_wait != 0,
        .count = head.count,
    };
    const char *at = content + sizeof head, *end = content + length;
    if (!read_states(&at, end, receipt) ||
        !read_texts(arena, at, end, receipt))
        return RECEIPT_BROKEN;
    receipt->people[0].person.bench_id = head.bench_id;
    return now >= head.expires_at ? RECEIPT_EXPIRED : RECEIPT_OK;
}
