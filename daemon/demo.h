/* `convened demo`: the embedded default, made for the first five minutes
 * (PRODUCT.md section 4). A folder with everything in it, begun if it is
 * missing, gone on with if it is there; then the server. */
#ifndef CONVENED_DEMO_H
#define CONVENED_DEMO_H

#include "daemon/command.h"

enum exit_code demo_main(int argc, char **argv);

#endif
