/* Was the database left in good order? Reading it through takes a third of a
 * second for 100,000 registrations, and a restart should not be seen. So a
 * writer that closes in good order notes beside the database how the file
 * stood then ("PATH.sealed": device, inode, size, times); if it still stands
 * so, nobody has touched it since. After a crash, a restore, any write by
 * somebody else, or damage seen while running, there is no such note, or it
 * does not fit. Private to daemon/store. */
#ifndef CONVENED_STORE_SEAL_H
#define CONVENED_STORE_SEAL_H

#include <stdbool.h>

/* Leaves the note; if that fails, the next start checks. */
void seal_set(const char *path);
/* Takes the note away, and says whether it was there and fits. */
bool seal_break(const char *path);

#endif
