/* The colour names of CSS3, which RFC 7986 5.9 wants in COLOR. */
#ifndef CONVENED_CALENDARS_COLOR_H
#define CONVENED_CALENDARS_COLOR_H

/* "#2E8B57" for "seagreen"; NULL: not such a name. Lower case only. */
const char *color_hex(const char *name);

#endif
