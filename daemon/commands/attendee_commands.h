/* attendees list */
#ifndef CONVENED_COMMANDS_ATTENDEE_COMMANDS_H
#define CONVENED_COMMANDS_ATTENDEE_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option attendees_list_options[];

enum exit_code attendees_list(struct call *);

#endif
