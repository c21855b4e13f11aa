/* Telling the service manager how we are (sd_notify(3), without libsystemd):
 * a datagram to the socket that NOTIFY_SOCKET names, a path or "@abstract".
 * Nobody listens: a NULL notify, with which every call does nothing. */
#ifndef CONVENED_BASE_NOTIFY_H
#define CONVENED_BASE_NOTIFY_H

#include <stdint.h>

struct notify;

/* Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment,
 * so that no child speaks for us: before the first thread. */
struct notify *notify_open(void);
void notify_close(struct notify **);

/* How often the manager wants to hear WATCHDOG=1, half of its patience;
 * 0: never. Milliseconds. */
int64_t notify_beat_ms(const struct notify *);
/* Lines of NAME=value. One that cannot be sent within a second is lost. */
void notify_say(const struct notify *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* RELOADING=1 with the time that it wants; followed by READY=1. */
void notify_say_reloading(const struct notify *);

#endif
