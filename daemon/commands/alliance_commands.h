/* alliance add|edit|list|show */
#ifndef CONVENED_COMMANDS_ALLIANCE_COMMANDS_H
#define CONVENED_COMMANDS_ALLIANCE_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option alliance_options[];
extern const struct command_option alliance_list_options[];

enum exit_code alliance_add(struct call *);
enum exit_code alliance_edit(struct call *);
enum exit_code alliance_list_all(struct call *);
enum exit_code alliance_print(struct call *);

#endif
