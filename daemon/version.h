/* convened --version */
#ifndef CONVENED_VERSION_H
#define CONVENED_VERSION_H

#include "daemon/base/str.h"

/* The program, then each library that it runs with, one a line, then what
 * was built in. */
void version_print(struct str *out);

#endif
