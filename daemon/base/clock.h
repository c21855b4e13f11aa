/* The only place that asks what time it is. Everything below the top takes
 * the time as a parameter. */
#ifndef CONVENED_BASE_CLOCK_H
#define CONVENED_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_now(void);      /* seconds since 1970, UTC */
int64_t clock_ticks_ms(void); /* milliseconds that never jump; for periods */
int64_t clock_ticks_us(void); /* the same in microseconds */

/* From now on clock_now() answers this; 0 goes back to the real time. */
void clock_set(int64_t now);

#endif
