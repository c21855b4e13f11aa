/* What the libraries have to be told before anybody uses them. */
#ifndef CONVENED_LIBRARIES_H
#define CONVENED_LIBRARIES_H

/* libevent, jansson and libical take their memory as we do: without any, the
 * process ends. Half of what they would drop silently instead – a line to the
 * other process, a part of a letter – nobody would miss until it is too late.
 * Call it first of all. */
void libraries_start(void);

#endif
