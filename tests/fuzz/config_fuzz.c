/* Whatever stands in the file: no crash; a refusal says why, and what is
 * accepted can be printed and read again. */
#include <assert.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/config.h"

#define FAULTS_MOST (1 << 20)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    struct settings settings;
    struct str faults, printed;

    str_init(&faults, arena, FAULTS_MOST);
    str_init(&printed, arena, FAULTS_MOST);
    if (config_parse(arena, "fuzz.conf", (const char *)data, size, &settings,
                     &faults) == RC_OK) {
        assert(faults.length == 0);
        config_print(&settings, &printed);
        assert(printed.length > 0 && !printed.overflow);
    } else {
        assert(faults.length > 0 && strstr(faults.data, "fuzz.conf"));
    }
    arena_free(&arena);
    return 0;
}
