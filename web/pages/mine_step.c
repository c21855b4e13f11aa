#include "web/pages/mine_step.h"

#include <stddef.h>

#include "daemon/base/arena.h"
#include "daemon/http/response.h"

static struct mine_step *step_of(struct job *job)
{
    return (struct mine_step *)((char *)job -
                                offsetof(struct mine_step, job));
}

static enum rc step_run(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct mine_step *step = step_of(job);
    struct turn turn = { .writer = writer, .arena = step->arena, .now = now,
                         .settings = step->page.site->settings,
                         .generation = step->mine.registration.generation };

    page_notices(step->page.site, turn.notice);
    enum rc rc = step->run(&turn, step, err);
    if (rc != RC_OK)
        return rc;
    step->options_lost = turn.options_lost;
    if (turn.seats)
        job->changed |= CHANGE_SEATS;
    if (turn.letters)
        job->changed |= CHANGE_LETTERS;
    if (step->erases)
        job->changed |= CHANGE_ERASED;
    return RC_OK;
}

/* It was there when the page looked: the same words as for any dead link. */
static void say_gone(const struct mine_step *step)
{
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(step->request, &step->page, &mine))
        respond_error(step->request, 404, NULL);
}

static void step_done(struct job *job)
{
    struct mine_step *step = step_of(job);
    struct arena *arena = step->arena;

    if (job->rc == RC_NOT_FOUND)
        say_gone(step);
    else if (job->rc == RC_FAIL)
        page_busy(step->request, &job->err);
    else
        step->done(step);
    arena_free(&arena);
}

void mine_step_submit(struct request *request, const struct page *page,
                      const struct mine *mine, const struct mine_step *wanted)
{
    struct arena *arena = arena_new();
    struct mine_step *step = ARENA_NEW(arena, struct mine_step);

    *step = *wanted;
    step->person = person_copy(arena, &wanted->person);
    if (step->keep)
        step->wish = step->keep(arena, step->wish);
    step->job = (struct job){ .run = step_run, .done = step_done,
                              .home = page->site->jobs_home };
    step->arena = arena;
    step->request = request;
    step->page = *page;
    step->registration = mine->registration.public_id;
    step->mine = *mine;
    if (writing_submit(page->site->writing, &step->job))
        return;
    arena_free(&arena);
    page_busy(request, NULL);
}

void mine_step_back(const struct mine_step *step)
{
    respond_redirect(step->request, 303,
                     mine_url(&step->page, step->request->params[0], ""));
}

void mine_step_refuse(const struct mine_step *step, mine_page *show,
                      const char *why)
{
    struct mine mine = { .phase = PHASE_DRAFT };

    if (mine_load(step->request, &step->page, &mine))
        show(step->request, &step->page, &mine, 409, why);
}
