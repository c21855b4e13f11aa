#include "daemon/descriptors.h"

#include <sys/resource.h>

#include "daemon/base/log.h"

/* Database, loops, mailboxes, sockets, the doors and what comes in through
 * them; and for each worker its own loop and database. */
#define OWN 56
#define OWN_PER_WORKER 16
/* As few as limits.connections may say. */
#define CONNECTIONS_LEAST 8

int64_t descriptors_needed(int64_t connections, int64_t workers)
{
    return connections + OWN + workers * OWN_PER_WORKER;
}

int64_t descriptors_make_room(int64_t connections, int64_t workers)
{
    rlim_t wanted = (rlim_t)descriptors_needed(connections, workers);
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return connections;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    /* Fails where a sandbox forbids it; then what there is must do. */
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return connections;
    int64_t room = (int64_t)limit.rlim_cur - descriptors_needed(0, workers);
    if (room < CONNECTIONS_LEAST)
        room = CONNECTIONS_LEAST;
    log_warn("only %lld connections at once instead of %lld: no more than "
             "%lld files may be open (LimitNOFILE)", (long long)room,
             (long long)connections, (long long)limit.rlim_cur);
    return room;
}
