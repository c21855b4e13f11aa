/* mail queue|retry|show */
#ifndef CONVENED_COMMANDS_MAIL_COMMANDS_H
#define CONVENED_COMMANDS_MAIL_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option mail_queue_options[];
extern const struct command_option mail_retry_options[];
extern const struct command_option mail_show_options[];

enum exit_code mail_queue(struct call *);
enum exit_code mail_retry(struct call *);
enum exit_code mail_show(struct call *);

#endif
