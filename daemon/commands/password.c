#include "daemon/commands/password.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"

#define CHARACTERS_LEAST 8
#define CHARACTERS_MOST 200
#define MADE_UP 16

/* Byte by byte: what follows the line is not ours. */
static enum rc read_line(char *line, size_t size, struct err *err)
{
    size_t length = 0;
    char byte;

    while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
        if (length + 1 >= size)
            return err_set(err, "the password is longer than %d characters",
                           CHARACTERS_MOST);
        line[length++] = byte;
    }
    if (length && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    return RC_OK;
}

static enum rc read_hidden(const char *prompt, char *line, size_t size,
                           struct err *err)
{
    struct termios shown, hidden;

    if (tcgetattr(STDIN_FILENO, &shown))
        return read_line(line, size, err);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    fputs(prompt, stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    enum rc rc = read_line(line, size, err);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputs("\n", stderr);
    return rc;
}

static enum rc check(const char *password, struct err *err)
{
    if (!text_is_utf8(password, strlen(password)) ||
        text_has_control(password, false))
        return err_set(err, "the password holds something that is no text");
    size_t characters = text_characters(password);
    if (characters < CHARACTERS_LEAST || characters > CHARACTERS_MOST)
        return err_set(err, "the password has %zu characters; %d to %d are "
                       "expected", characters, CHARACTERS_LEAST,
                       CHARACTERS_MOST);
    return RC_OK;
}

enum rc password_ask(struct arena *arena, int generate,
                     const char **made_up, const char **hash,
                     struct err *err)
{
    char typed[CHARACTERS_MOST * 4 + 2] = "", again[sizeof typed] = "";
    char *room = arena_alloc(arena, PASSWORD_HASH_BYTES);
    bool terminal = isatty(STDIN_FILENO);

    *made_up = NULL;
    *hash = room;
    if (!generate &&
        (terminal ? read_hidden("Password (empty: make one up): ", typed,
                                sizeof typed, err)
                  : read_line(typed, sizeof typed, err)))
        return RC_FAIL;
    if (!*typed) {
        *made_up = random_readable(arena, MADE_UP);
        password_hash(*made_up, room);
        return RC_OK;
    }
    if (terminal && read_hidden("Once more: ", again, sizeof again, err))
        return RC_FAIL;
    if (terminal && strcmp(typed, again))
        return err_set(err, "the two passwords differ");
    if (check(typed, err))
        return RC_FAIL;
    password_hash(typed, room);
    return RC_OK;
}
