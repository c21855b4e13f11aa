/* A made-up meeting that asks: lunch, topics and a text. */
#ifndef CONVENED_TESTS_QUESTION_HOUSE_H
#define CONVENED_TESTS_QUESTION_HOUSE_H

#include "daemon/model/question.h"
#include "tests/store_house.h"

/* Lunch, one of three, the soup for two; topics, several, one of them for
 * one; and a text. */
struct asked {
    struct question lunch, topics, text;
    struct option meat, soup, none, digital, diverse;
};

/* Writes them in a transaction of its own. */
struct asked ask(struct house *);
/* Somebody's answers: an option of each of two questions (0: none), and a
 * text (NULL: none). */
struct answers *said(struct house *, const struct asked *, int64_t lunch,
                     int64_t topic, const char *text);
/* Places of that option that are given away. */
int64_t option_taken(struct house *, const struct option *);

#endif
