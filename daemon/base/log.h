/* The log: stderr, one line per call. On a terminal with the time, else with
 * a "<n>" priority that journald understands, or as one JSON object. Control
 * characters become '?'. Never a name, an address or a token of a person. */
#ifndef CONVENED_BASE_LOG_H
#define CONVENED_BASE_LOG_H

#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6,
                 LOG_LEVEL_DEBUG = 7 };

enum log_format {
    LOG_FORMAT_AUTO, /* plain on a terminal, else for the journal */
    LOG_FORMAT_PLAIN,
    LOG_FORMAT_JOURNAL,
    LOG_FORMAT_JSON,
};

/* Call once, before the first thread. */
void log_open(const char *program, enum log_level threshold);
/* What may change while we run, from any thread. */
void log_adjust(enum log_level threshold, enum log_format);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Each line of the text is one of the log. NULL: none. */
void log_lines(enum log_level, const char *text);

/* A request that was answered; LOG_LEVEL_INFO. In JSON each has a field. */
struct log_request {
    const char *method, *route; /* the pattern: a path may hold a token */
    int status;                 /* 0: the client left before it was answered */
    uint64_t bytes;
    int64_t took_us;
    uint64_t id;
    const char *client; /* its prefix */
};
void log_request(const struct log_request *);

#endif
