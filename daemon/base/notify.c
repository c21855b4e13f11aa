#include "daemon/base/notify.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"

#define MESSAGE_MOST 1024

struct notify {
    struct sockaddr_un address;
    socklen_t length;
    int fd;
    int64_t beat_ms;
};

/* An abstract name begins with a NUL and is as long as the address says. */
static bool set_address(struct notify *notify, const char *name)
{
    size_t length = strlen(name);
    char *path = notify->address.sun_path;

    if ((*name != '/' && *name != '@') || length < 2 ||
        length >= sizeof notify->address.sun_path)
        return false;
    notify->address.sun_family = AF_UNIX;
    memcpy(path, name, length + 1);
    notify->length =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (*name == '@')
        *path = '\0';
    else
        notify->length++;
    return true;
}

static int64_t read_beat(void)
{
    const char *patience = getenv("WATCHDOG_USEC");
    const char *whom = getenv("WATCHDOG_PID");
    int64_t us, pid;

    if (!patience || !parse_int(patience, 1, INT64_MAX, &us))
        return 0;
    if (whom && (!parse_int(whom, 1, INT32_MAX, &pid) || pid != getpid()))
        return 0;
    return us / 2000 > 0 ? us / 2000 : 1;
}

static struct notify *open_socket(const char *name)
{
    struct notify *notify = mem_new(sizeof *notify);
    struct timeval most = { .tv_sec = 1 };

    notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (notify->fd < 0 || !set_address(notify, name)) {
        log_warn("NOTIFY_SOCKET is not one that can be spoken to");
        notify_close(&notify);
        return NULL;
    }
    setsockopt(notify->fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    notify->beat_ms = read_beat();
    return notify;
}

struct notify *notify_open(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    struct notify *notify = name ? open_socket(name) : NULL;

    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    return notify;
}

void notify_close(struct notify **notify)
{
    if (!*notify)
        return;
    if ((*notify)->fd >= 0)
        close((*notify)->fd);
    mem_free(*notify);
    *notify = NULL;
}

int64_t notify_beat_ms(const struct notify *notify)
{
    return notify ? notify->beat_ms : 0;
}

void notify_say(const struct notify *notify, const char *format, ...)
{
    char message[MESSAGE_MOST];
    va_list values;

    if (!notify)
        return;
    va_start(values, format);
    int length = vsnprintf(message, sizeof message, format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= sizeof message)
        return;
    ssize_t sent = sendto(
        notify->fd, message, (size_t)length, MSG_NOSIGNAL,
        (const struct sockaddr *)(const void *)&notify->address,
        notify->length);
    if (sent < 0)
        log_debug("the service manager cannot be told: %m");
}

void notify_say_reloading(const struct notify *notify)
{
    notify_say(notify, "RELOADING=1\nMONOTONIC_USEC=%lld",
               (long long)clock_ticks_us());
}
