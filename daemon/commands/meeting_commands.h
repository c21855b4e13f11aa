/* meeting add|edit|list|show|publish|session */
#ifndef CONVENED_COMMANDS_MEETING_COMMANDS_H
#define CONVENED_COMMANDS_MEETING_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option meeting_options[];
extern const struct command_option meeting_list_options[];
extern const struct command_option meeting_show_options[];
extern const struct command_option meeting_session_options[];

enum exit_code meeting_add(struct call *);
enum exit_code meeting_edit(struct call *);
enum exit_code meeting_publish(struct call *);
enum exit_code meeting_session(struct call *);
enum exit_code meeting_list_all(struct call *);
enum exit_code meeting_print(struct call *);

#endif
