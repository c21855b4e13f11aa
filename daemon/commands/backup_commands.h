/* convened backup DIR. The command makes the files and the server fills them:
 * it needs no rights in DIR. What came out is then read from end to end where
 * the command was typed, so that the server is not burdened with it. */
#ifndef CONVENED_COMMANDS_BACKUP_COMMANDS_H
#define CONVENED_COMMANDS_BACKUP_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option backup_options[];
enum exit_code backup_here(struct call *);
/* In the server: database and key into the two descriptors. */
enum exit_code backup_aside(struct call *);
/* In the server, afterwards: notes that there is one. */
enum exit_code backup_note(struct call *);

#endif
