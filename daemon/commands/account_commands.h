/* account add|list|passwd */
#ifndef CONVENED_COMMANDS_ACCOUNT_COMMANDS_H
#define CONVENED_COMMANDS_ACCOUNT_COMMANDS_H

#include "daemon/command.h"
#include "daemon/model/account.h"

extern const struct command_option account_add_options[];
extern const struct command_option account_passwd_options[];
extern const struct command_option account_list_options[];

enum exit_code account_add(struct call *);
enum exit_code account_passwd(struct call *);
enum exit_code account_list_all(struct call *);

#endif
