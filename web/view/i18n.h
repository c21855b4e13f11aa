/* Texts of the site. The msgid is the English text; po/de.po and po/en.po
 * are complete, and compiled into the program as .mo bytes. */
#ifndef CONVENED_VIEW_I18N_H
#define CONVENED_VIEW_I18N_H

#include "daemon/model/lang.h"

/* For constants that are translated later: xgettext finds them. */
#define N_(text) (text)

const char *tr(enum lang, const char *text) __attribute__((format_arg(2)));
/* By the language's plural rule. */
const char *trn(enum lang, const char *one, const char *many, long n)
    __attribute__((format_arg(2), format_arg(3)));

#endif
