/* attendees support, notice list|show */
#ifndef CONVENED_COMMANDS_SUPPORT_COMMANDS_H
#define CONVENED_COMMANDS_SUPPORT_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option attendees_support_options[];
extern const struct command_option notice_options[];

enum exit_code attendees_support(struct call *);
enum exit_code notice_list_all(struct call *);
enum exit_code notice_print(struct call *);

#endif
