/* convened: which sub-command was asked for. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/err.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/base/token.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/demo.h"
#include "daemon/mail/courier.h"
#include "daemon/mail/mime.h"
#include "daemon/server.h"

int main(void) { return 0; }
