/* The log: stderr, one line per call. On a terminal with the time, else with
 * a "<n>" priority that journald understands. Control characters become
 * '?'. Never a name, an address or a token of a person. */
#ifndef CONVENED_BASE_LOG_H
#define CONVENED_BASE_LOG_H

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6,
                 LOG_LEVEL_DEBUG = 7 };

/* Call once, before the first thread. */
void log_open(const char *program, enum log_level threshold);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
