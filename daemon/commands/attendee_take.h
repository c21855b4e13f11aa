/* Taking people's details out of the house, however many they are: first it
 * is written down who took how many, by the writer; then they are written
 * into a file that the asking side has open, in slices, on a thread of the
 * server's that is neither its loop nor its writer (docs/decisions/0009). So
 * a list on the terminal is in the audit log as well as one in a file.
 * Without a server the same happens in this process. */
#ifndef CONVENED_COMMANDS_ATTENDEE_TAKE_H
#define CONVENED_COMMANDS_ATTENDEE_TAKE_H

#include "daemon/commands/attendee_choice.h"

/* `run` of such a command: checks its words and writes the audit row. */
enum exit_code attendee_take_note(struct call *);

/* Writes them; *rows: how many. With a reader of its own and, in the server,
 * call->hurry to look at. */
typedef enum rc attendee_write(struct call *, const struct attendee_choice *,
                               int fd, int64_t *rows, struct err *);
/* `run_aside` of such a command, for the one descriptor that came along. */
enum exit_code attendee_take_aside(struct call *, attendee_write *);

/* For `run_here`: has both done; the file is full then. */
enum exit_code attendee_take_here(struct call *, int fd, int64_t *rows);

/* All of them, or false. */
bool attendee_put(int fd, const void *bytes, size_t length);

#endif
