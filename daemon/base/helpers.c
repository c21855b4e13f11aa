#include "daemon/base/helpers.h"

#include <assert.h>
#include <pthread.h>

#include "daemon/base/mem.h"

struct helpers {
    struct mailbox *tasks;
    pthread_t *threads;
    size_t count;
};

static void *help(void *argument)
{
    struct helpers *helpers = argument;

    for (;;) {
        struct parcel *parcel = mailbox_wait(helpers->tasks, 1, -1);

        if (!parcel) {
            if (mailbox_closed(helpers->tasks))
                return NULL;
            continue; /* another helper was quicker */
        }
        struct task *task = (struct task *)(void *)parcel;
        task->run(task);
        task->parcel.next = NULL;
        mailbox_post_chain(task->home, &task->parcel, &task->parcel);
    }
}

struct helpers *helpers_start(size_t threads, size_t capacity)
{
    struct helpers *helpers = mem_new(sizeof *helpers);

    helpers->tasks = mailbox_new(capacity);
    helpers->threads = mem_new(threads * sizeof *helpers->threads);
    helpers->count = threads;
    for (size_t i = 0; i < threads; i++) {
        int failed = pthread_create(&helpers->threads[i], NULL, help, helpers);
        assert(!failed);
    }
    return helpers;
}

bool helpers_submit(struct helpers *helpers, struct task *task)
{
    return mailbox_post(helpers->tasks, &task->parcel);
}

void helpers_come_home(struct mailbox *home)
{
    struct parcel *next;

    for (struct parcel *at = mailbox_take(home); at; at = next) {
        struct task *task = (struct task *)(void *)at;

        next = at->next;
        task->done(task);
    }
}

void helpers_finish(struct helpers *helpers)
{
    mailbox_close(helpers->tasks);
    for (size_t i = 0; i < helpers->count; i++)
        pthread_join(helpers->threads[i], NULL);
    helpers->count = 0;
}

void helpers_stop(struct helpers **helpers)
{
    if (!*helpers)
        return;
    helpers_finish(*helpers);
    mailbox_free(&(*helpers)->tasks);
    mem_free((*helpers)->threads);
    mem_free(*helpers);
    *helpers = NULL;
}
