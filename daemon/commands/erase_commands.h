/* convened erase: on request of the person, or of a court. */
#ifndef CONVENED_COMMANDS_ERASE_COMMANDS_H
#define CONVENED_COMMANDS_ERASE_COMMANDS_H

#include "daemon/command.h"

extern const struct command_option erase_options[];
/* In the terminal: asks for erase_run(), then searches the files. */
enum exit_code erase_here(struct call *);
/* Where the database is. Its answer is one line of JSON for erase_here():
 * {"people": 1, "latest": 0, "needles": [["address", "616e…"], …],
 *  "notes": ["…"]}, the needles in hex. */
enum exit_code erase_run(struct call *);

#endif
