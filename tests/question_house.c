#include "tests/question_house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/store/question_store.h"

static struct option option(const char *label, int64_t position,
                            int64_t capacity)
{
    return (struct option){ .position = position, .label = { label, "" },
                            .capacity = capacity };
}

static struct question question(const struct house *house, int64_t position,
                                enum question_kind kind, const char *label)
{
    return (struct question){
        .meeting_id = house->meeting.id, .position = position, .kind = kind,
        .label = { label, "" }, .help = { "", "" },
        .least = -QUESTION_NUMBER_MOST, .most = QUESTION_NUMBER_MOST,
        .if_mode = -1,
    };
}

static enum rc write_questions(struct house *house, int64_t now,
                               void *context)
{
    struct asked *asked = context;
    struct err *err = &house->err;
    struct writer *writer = house->writer;

    (void)now;
    asked->lunch = question(house, 1, QUESTION_ONE, "Mittag");
    asked->topics = question(house, 2, QUESTION_SEVERAL, "Themen");
    asked->text = question(house, 3, QUESTION_TEXT, "Noch etwas");
    asked->meat = option("Fleisch", 1, QUESTION_NO_LIMIT);
    asked->soup = option("Suppe", 2, 2);
    asked->none = option("Nichts", 3, 0);
    asked->digital = option("Digital", 1, 1);
    asked->diverse = option("Vielfältig", 2, QUESTION_NO_LIMIT);
    FINE(house, question_insert(writer, &asked->lunch, err));
    FINE(house, question_insert(writer, &asked->topics, err));
    FINE(house, question_insert(writer, &asked->text, err));
    FINE(house, option_insert(writer, asked->lunch.id, &asked->meat, err));
    FINE(house, option_insert(writer, asked->lunch.id, &asked->soup, err));
    FINE(house, option_insert(writer, asked->lunch.id, &asked->none, err));
    FINE(house, option_insert(writer, asked->topics.id, &asked->digital,
                              err));
    FINE(house, option_insert(writer, asked->topics.id, &asked->diverse,
                              err));
    return RC_OK;
}

struct asked ask(struct house *house)
{
    struct asked asked;

    assert_int_equal(house_write(house, NOON, write_questions, &asked),
                     RC_OK);
    return asked;
}

struct answers *said(struct house *house, const struct asked *asked,
                     int64_t lunch, int64_t topic, const char *text)
{
    struct answer *items = ARENA_ARRAY(house->arena, struct answer, 3);
    int64_t *ids = ARENA_ARRAY(house->arena, int64_t, 2);
    struct answers *answers = ARENA_NEW(house->arena, struct answers);

    *answers = (struct answers){ items, 0 };
    ids[0] = lunch;
    ids[1] = topic;
    if (lunch)
        items[answers->count++] =
            (struct answer){ asked->lunch.id, NULL, &ids[0], 1 };
    if (topic)
        items[answers->count++] =
            (struct answer){ asked->topics.id, NULL, &ids[1], 1 };
    if (text)
        items[answers->count++] =
            (struct answer){ .question_id = asked->text.id, .value = text };
    return answers;
}

int64_t option_taken(struct house *house, const struct option *option)
{
    return house_number(
        house, arena_printf(house->arena, "SELECT taken FROM question_option"
                            " WHERE id = %lld", (long long)option->id));
}
