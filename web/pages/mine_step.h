/* One thing that somebody does through the mailed link, on its way through
 * the writer's thread and back. */
#ifndef CONVENED_PAGES_MINE_STEP_H
#define CONVENED_PAGES_MINE_STEP_H

#include "daemon/model/wish.h"
#include "daemon/rules/turn.h"
#include "daemon/store/writing.h"
#include "web/pages/mine.h"

struct mine_step {
    /* What the caller says. */
    enum rc (*run)(struct turn *, struct mine_step *, struct err *);
    /* After the commit, on the request's thread; answers. */
    void (*done)(struct mine_step *);
    bool erases;          /* somebody's data goes with it */
    enum mode mode;
    bool yes;             /* all of a party, may wait, ask for it */
    struct person person; /* copied with all its texts */
    bool wants_invite;
    enum wish_kind kind;
    /* What only one page knows: kept for the job by keep(), which copies what
     * is the request's into step->arena. */
    void *wish;
    void *(*keep)(struct arena *, const void *wish);
    /* What run() finds. */
    int outcome;
    size_t options_lost; /* that were chosen and are full by now */
    /* Filled by mine_step_submit(). */
    struct job job;
    struct arena *arena; /* the job's own */
    struct request *request;
    struct page page;
    struct id registration;
    struct mine mine; /* as it was before */
};

/* Answers if it cannot be queued. A registration that has gone, and what the
 * writer could not do, are answered without done(). */
void mine_step_submit(struct request *, const struct page *,
                      const struct mine *, const struct mine_step *);
/* To my registration, which shows what has become of it. */
void mine_step_back(const struct mine_step *);
/* 409: that page again, read afresh, with words. */
void mine_step_refuse(const struct mine_step *, mine_page *show,
                      const char *why);

#endif
