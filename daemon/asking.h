/* The side of an admin command that sits in the terminal: is a server there,
 * what does it answer, and may we do its work if there is none? Whatever goes
 * wrong is said in call->err. */
#ifndef CONVENED_ASKING_H
#define CONVENED_ASKING_H

#include <stddef.h>

#include "daemon/command.h"

enum { ASKING_NOBODY = -1, ASKING_FORBIDDEN = -2 };

/* A connected socket, or one of the two; nothing is said about nobody. */
int asking_knock(struct call *);
/* The words, and the call's input, through a socket of asking_knock(), which
 * is closed. Descriptors go along and stay the caller's. What the server
 * says stands in call->out and call->err afterwards. */
enum exit_code asking_ask(struct call *, int socket, int argc, char **argv,
                          const int *files, size_t file_count);
/* Without a server: the lock of the state directory, which only its owner
 * takes, until *lock is closed. EXIT_NOPERM: it is not ours to take, or
 * another process has it. */
enum exit_code asking_lock(struct call *, int *lock);

#endif
