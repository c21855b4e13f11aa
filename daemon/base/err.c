#include "daemon/base/err.h"

#include <stdarg.h>
#include <stdio.h>

enum rc err_set(struct err *err, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(err->text, sizeof err->text, format, list);
    va_end(list);
    return RC_FAIL;
}
