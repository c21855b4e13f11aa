/* convened feedback: reported barriers, and by when each is to be answered. */
#ifndef CONVENED_COMMANDS_FEEDBACK_COMMANDS_H
#define CONVENED_COMMANDS_FEEDBACK_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option feedback_list_options[];
extern const struct command_option feedback_answered_options[];

enum exit_code feedback_list_all(struct call *);
enum exit_code feedback_answered(struct call *);

#endif
