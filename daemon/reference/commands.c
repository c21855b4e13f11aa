/* Every sub-command, for convened(8). */
#include <string.h>

#include "daemon/reference/reference.h"

static void add_option(const struct command_option *option, struct str *out)
{
    str_addf(out, ".It Fl \\-%s", option->name);
    if (option->value) {
        str_add(out, " Ar ");
        reference_mdoc_word(option->value, out);
    }
    str_add_char(out, '\n');
    reference_mdoc_text(option->help, out);
    if (option->required)
        str_add(out, "Needed.\n");
}

static void add_command(const struct command *command, struct str *out)
{
    str_addf(out, ".It Ic %s", command->noun);
    if (*command->verb)
        str_addf(out, " %s", command->verb);
    if (*command->usage) {
        str_add(out, " Ar ");
        reference_mdoc_word(command->usage, out);
    }
    if (command->options->name)
        str_add(out, " Op Ar options");
    str_add_char(out, '\n');
    reference_mdoc_text(command->help, out);
    if (command->reads_input)
        str_add(out, "A password is read from standard input.\n");
    if (!command->options->name)
        return;
    str_add(out, ".Bl -tag -width Ds -compact\n");
    for (const struct command_option *o = command->options; o->name; o++)
        add_option(o, out);
    str_add(out, ".El\n");
}

void reference_commands_manual(struct str *out)
{
    const struct command *command;

    str_add(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; (command = command_at(i)); i++)
        add_command(command, out);
    str_add(out, ".El\n");
}
