/* Whatever is typed as an address: no crash, and what is accepted can stand
 * in an SMTP command as it is, and is accepted unchanged the next time. */
#include <assert.h>
#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(struct arena *arena, const char *address)
{
    char *again = NULL;

    assert(strlen(address) <= ADDRESS_MOST && strchr(address, '@'));
    for (const char *c = address; *c; c++)
        assert(*c > 0x20 && *c < 0x7f && !strchr("\"<>()[],:;\\", *c));
    assert(address_check(arena, address, &again) == ADDRESS_OK);
    assert(strcmp(address, again) == 0);
    assert(strlen(address_key(arena, address)) == strlen(address));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    char *typed = arena_strndup(arena, (const char *)data, size);
    char *address = NULL;

    if (address_check(arena, typed, &address) == ADDRESS_OK)
        check(arena, address);
    arena_free(&arena);
    return 0;
}
