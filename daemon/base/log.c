#include "daemon/base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/clock.h"

#define LINE_MOST 2048

/* The log's sink: set once before the first thread, read by all. */
static struct {
    const char *program;
    enum log_level threshold;
    bool terminal;
} sink = { .program = "convened", .threshold = LOG_LEVEL_INFO };

void log_open(const char *program, enum log_level threshold)
{
    sink.program = program;
    sink.threshold = threshold;
    sink.terminal = isatty(STDERR_FILENO) == 1;
}

/* One call, one line: what could begin another becomes '?'. */
static void defuse(char *line)
{
    for (unsigned char *c = (unsigned char *)line; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
}

static int write_head(char *line, size_t room, enum log_level level)
{
    if (!sink.terminal)
        return snprintf(line, room, "<%d>%s: ", (int)level, sink.program);

    time_t now = (time_t)clock_now();
    struct tm local;
    char at[16] = "";
    if (localtime_r(&now, &local))
        strftime(at, sizeof at, "%H:%M:%S", &local);
    return snprintf(line, room, "%s %s: ", at, sink.program);
}

static void write_line(enum log_level level, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

static void write_line(enum log_level level, const char *format, va_list list)
{
    char line[LINE_MOST];

    if (level > sink.threshold)
        return;
    size_t head = (size_t)write_head(line, sizeof line, level);
    int body = vsnprintf(line + head, sizeof line - head - 1, format, list);
    size_t length = head + (body > 0 ? (size_t)body : 0);
    if (length > sizeof line - 2)
        length = sizeof line - 2;
    line[length] = '\0';
    defuse(line + head);
    line[length] = '\n';
    /* A log that cannot be written must not stop the service. */
    ssize_t written = write(STDERR_FILENO, line, length + 1);
    (void)written;
}

#define LOG_FUNCTION(name, level)                   \
    void name(const char *format, ...)              \
    {                                               \
        va_list list;                               \
                                                    \
        va_start(list, format);                     \
        write_line((level), format, list);          \
        va_end(list);                               \
    }

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
