#include "daemon/child.h"

#include <event2/event.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"

#define CHILD_OF "--child-of="

extern char **environ;

struct child {
    struct event_base *base;
    struct event *on_end, *again;
    char *config_path;
    pid_t pid; /* 0: not running */
    bool dismissed;
};

static enum rc spawn(struct child *child, struct err *err)
{
    char name[] = "convened", verb[] = "courier", option[] = "--config";
    char child_of[32];
    char *words[] = { name, verb, child_of, option, child->config_path,
                      NULL };
    posix_spawnattr_t attributes;
    sigset_t none;

    snprintf(child_of, sizeof child_of, CHILD_OF "%ld", (long)getpid());
    /* The server blocks nothing that its child should not see. */
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawn(&child->pid, "/proc/self/exe", NULL, &attributes,
                             words, environ);
    posix_spawnattr_destroy(&attributes);
    if (failed) {
        child->pid = 0;
        return err_set(err, "the courier could not be started: %s",
                       strerror(failed));
    }
    return RC_OK;
}

static void start_again(evutil_socket_t fd, short what, void *argument)
{
    struct child *child = argument;
    struct err err;

    (void)fd, (void)what;
    if (!child->pid && spawn(child, &err) != RC_OK)
        log_error("%s", err.text);
}

static void child_ended(evutil_socket_t fd, short what, void *argument)
{
    struct child *child = argument;
    const struct timeval second = { .tv_sec = 1 };
    int status;

    (void)fd, (void)what;
    if (!child->pid || waitpid(child->pid, &status, WNOHANG) != child->pid)
        return;
    child->pid = 0;
    if (child->dismissed)
        return;
    log_warn("the courier ended (status %d); starting it again", status);
    event_add(child->again, &second);
}

enum rc child_start(struct event_base *base, const char *config_path,
                    struct child **child, struct err *err)
{
    struct child *c = mem_new(sizeof *c);

    c->base = base;
    c->config_path = mem_strdup(config_path);
    c->on_end = evsignal_new(base, SIGCHLD, child_ended, c);
    c->again = evtimer_new(base, start_again, c);
    event_add(c->on_end, NULL);
    *child = c;
    return spawn(c, err);
}

bool child_follow(const char *word)
{
    size_t length = strlen(CHILD_OF);
    int64_t parent;

    if (strncmp(word, CHILD_OF, length) != 0 ||
        !parse_int(word + length, 1, INT32_MAX, &parent))
        return false;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    /* It may have died before that call. */
    if (getppid() != parent)
        raise(SIGTERM);
    return true;
}

void child_dismiss(struct child *child)
{
    child->dismissed = true;
    event_del(child->again);
    if (child->pid)
        kill(child->pid, SIGTERM);
}

void child_reload(const struct child *child)
{
    if (child->pid)
        kill(child->pid, SIGHUP);
}

bool child_running(const struct child *child)
{
    return child->pid != 0;
}

void child_free(struct child **child)
{
    if (!*child)
        return;
    event_free((*child)->on_end);
    event_free((*child)->again);
    if ((*child)->pid) {
        kill((*child)->pid, SIGKILL);
        waitpid((*child)->pid, NULL, 0);
    }
    mem_free((*child)->config_path);
    mem_free(*child);
    *child = NULL;
}
