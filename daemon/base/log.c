#include "daemon/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/text.h"

#define BODY_MOST 2048
/* Each byte of a body may become two; what frames it is shorter. */
#define LINE_MOST (2 * BODY_MOST + 256)

/* The log's sink, read by all threads. The program is set before the first of
 * them. */
static struct {
    const char *program;
    atomic_int threshold, format;
} sink = { .program = "convened", .threshold = LOG_LEVEL_INFO,
           .format = LOG_FORMAT_JOURNAL };

void log_open(const char *program, enum log_level threshold)
{
    sink.program = program;
    log_adjust(threshold, LOG_FORMAT_AUTO);
}

void log_adjust(enum log_level threshold, enum log_format format)
{
    if (format == LOG_FORMAT_AUTO)
        format = isatty(STDERR_FILENO) == 1 ? LOG_FORMAT_PLAIN
                                            : LOG_FORMAT_JOURNAL;
    atomic_store(&sink.threshold, (int)threshold);
    atomic_store(&sink.format, (int)format);
}

static bool is_wanted(enum log_level level)
{
    return (int)level <=
           atomic_load_explicit(&sink.threshold, memory_order_relaxed);
}

/* One call, one line: what could begin another becomes '?'. */
static void defuse(char *line)
{
    for (unsigned char *c = (unsigned char *)line; *c; c++)
        if (*c < 0x20 || *c == 0x7f)
            *c = '?';
}

static const char *level_word(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARN:
        return "warn";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_DEBUG:
        break;
    }
    return "debug";
}

/* The inside of a JSON string. `text` was defused. */
static size_t quote(char *out, const char *text)
{
    bool readable = text_is_utf8(text, strlen(text));
    size_t length = 0;

    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            out[length++] = '\\';
        out[length++] = !readable && (unsigned char)*text >= 0x80 ? '?'
                                                                  : *text;
    }
    out[length] = '\0';
    return length;
}

static int write_time(char *out, size_t room, bool for_machines)
{
    time_t now = (time_t)clock_now();
    struct tm at;

    if (for_machines ? gmtime_r(&now, &at) : localtime_r(&now, &at))
        return (int)strftime(out, room,
                             for_machines ? "%Y-%m-%dT%H:%M:%SZ" : "%H:%M:%S",
                             &at);
    *out = '\0';
    return 0;
}

static size_t write_json(char *line, enum log_level level, const char *body,
                         const struct log_request *request)
{
    char at[32];
    size_t room = LINE_MOST, length;

    write_time(at, sizeof at, true);
    length = (size_t)snprintf(
        line, room, "{\"time\":\"%s\",\"level\":\"%s\",\"program\":\"%s\",",
        at, level_word(level), sink.program);
    if (request) {
        length += (size_t)snprintf(
            line + length, room - length,
            "\"request\":\"%016llx\",\"method\":\"%s\",\"route\":\"%.200s\","
            "\"status\":%d,\"bytes\":%llu,\"seconds\":%lld.%06lld,"
            "\"client\":\"%s\"}",
            (unsigned long long)request->id, request->method, request->route,
            request->status, (unsigned long long)request->bytes,
            (long long)(request->took_us / 1000000),
            (long long)(request->took_us % 1000000), request->client);
        return length;
    }
    length += (size_t)snprintf(line + length, room - length, "\"message\":\"");
    length += quote(line + length, body);
    memcpy(line + length, "\"}", 3);
    return length + 2;
}

static size_t write_text(char *line, enum log_level level, const char *body,
                         bool plain)
{
    char at[32];

    if (plain) {
        write_time(at, sizeof at, false);
        return (size_t)snprintf(line, LINE_MOST, "%s %s: %s", at,
                                sink.program, body);
    }
    return (size_t)snprintf(line, LINE_MOST, "<%d>%s: %s", (int)level,
                            sink.program, body);
}

static void put(enum log_level level, const char *body,
                const struct log_request *request)
{
    int format = atomic_load_explicit(&sink.format, memory_order_relaxed);
    char line[LINE_MOST + 1];
    size_t length =
        format == LOG_FORMAT_JSON
            ? write_json(line, level, body, request)
            : write_text(line, level, body, format == LOG_FORMAT_PLAIN);

    line[length] = '\n';
    /* A log that cannot be written must not stop the service. */
    ssize_t written = write(STDERR_FILENO, line, length + 1);
    (void)written;
}

static void write_line(enum log_level level, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

static void write_line(enum log_level level, const char *format, va_list list)
{
    char body[BODY_MOST];

    if (!is_wanted(level))
        return;
    if (vsnprintf(body, sizeof body, format, list) < 0)
        *body = '\0';
    defuse(body);
    put(level, body, NULL);
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

static void write_some(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void write_some(enum log_level level, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    write_line(level, format, list);
    va_end(list);
}

void log_lines(enum log_level level, const char *text)
{
    while (text && *text) {
        size_t length = strcspn(text, "\n");

        write_some(level, "%.*s", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

void log_request(const struct log_request *request)
{
    char body[BODY_MOST];

    if (!is_wanted(LOG_LEVEL_INFO))
        return;
    (void)snprintf(body, sizeof body, "%s %s %d %llu %lldms %016llx %s",
                   request->method, request->route, request->status,
                   (unsigned long long)request->bytes,
                   (long long)(request->took_us / 1000),
                   (unsigned long long)request->id, request->client);
    put(LOG_LEVEL_INFO, body, request);
}
