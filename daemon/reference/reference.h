/* The reference, written from the tables: docs/config.md, what the manual
 * pages say of keys and commands, and completion for three shells. A tool of
 * the build and its test, no part of the program. */
#ifndef CONVENED_REFERENCE_H
#define CONVENED_REFERENCE_H

#include <stddef.h>

#include "daemon/base/str.h"
#include "daemon/command.h"

struct config_option;

void reference_config_markdown(struct str *out);
void reference_config_manual(struct str *out); /* mdoc: all keys */
void reference_commands_manual(struct str *out); /* mdoc: all commands */
void reference_bash(struct str *out);
void reference_zsh(struct str *out);
void reference_fish(struct str *out);

/* Text for mdoc: escaped, a line for each sentence, none too long. */
void reference_mdoc_text(const char *text, struct str *out);
/* Words for an mdoc macro's argument. */
void reference_mdoc_word(const char *text, struct str *out);

#endif
