/* convened restore DIR: a backup becomes the state. Whatever happens on the
 * way, the state is afterwards the old one, the new one, or one that a server
 * refuses to start on (state.h) until the restore is done again. */
#ifndef CONVENED_COMMANDS_RESTORE_COMMANDS_H
#define CONVENED_COMMANDS_RESTORE_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option restore_options[];
enum exit_code restore_here(struct call *);

#endif
