/* convened migrate: the schema of the database at rest. */
#ifndef CONVENED_COMMANDS_STATE_COMMANDS_H
#define CONVENED_COMMANDS_STATE_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option migrate_options[];
enum exit_code migrate_here(struct call *);

#endif
