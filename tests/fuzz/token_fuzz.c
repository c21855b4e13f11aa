/* Whatever stands in a link, a form's stamp or a receipt: no crash, and
 * nothing passes that this key did not make; what it made passes and opens
 * to what was put in. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/token.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The key of this process, made at the first call. */
static const struct keyring *own_key(void)
{
    static struct keyring *keys;
    char folder[] = "/tmp/token-fuzz-XXXXXX", path[64];
    struct err err;

    if (keys)
        return keys;
    token_start();
    char *made = mkdtemp(folder);
    assert(made);
    snprintf(path, sizeof path, "%s/key", folder);
    enum rc rc = keyring_load(path, true, &keys, &err);
    assert(rc == RC_OK);
    unlink(path);
    rmdir(folder);
    return keys;
}

static void check_foreign(struct arena *arena, const struct keyring *keys,
                          const char *text)
{
    struct id id;
    size_t length;

    if (token_id(text, &id))
        assert(strlen(text) == 43);
    assert(!token_valid(keys, TOKEN_REGISTRATION, text, 0));
    assert(!token_valid(keys, TOKEN_REGISTRATION, text, 1));
    assert(!mac_text_valid(keys, TOKEN_STAMP, "sachsen/arbeit", text));
    assert(!unseal(arena, keys, TOKEN_RECEIPT, text, &length));
}

static void check_own(struct arena *arena, const struct keyring *keys,
                      const unsigned char *data, size_t size)
{
    size_t length;
    char *box = seal(arena, keys, TOKEN_RECEIPT, data, size);
    const void *open = unseal(arena, keys, TOKEN_RECEIPT, box, &length);
    struct id id = { { 0 } }, found;

    assert(open && length == size && memcmp(open, data, size) == 0);
    assert(!unseal(arena, keys, TOKEN_CSRF, box, &length));
    memcpy(id.bytes, data, size < ID_BYTES ? size : ID_BYTES);
    char *token = token_make(arena, keys, TOKEN_REGISTRATION, &id, 7);
    assert(token_id(token, &found) && id_equal(&id, &found));
    assert(token_valid(keys, TOKEN_REGISTRATION, token, 7));
    assert(!token_valid(keys, TOKEN_REGISTRATION, token, 8));
    /* One bit anywhere, and it is nobody's. The last character's low bits
     * lie beyond the end of the MAC: whether they count, too, is what this
     * asks. */
    size_t at = size ? data[size - 1] % strlen(token) : 0;
    token[at] = token[at] == 'A' ? 'B' : 'A';
    assert(!token_valid(keys, TOKEN_REGISTRATION, token, 7));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const struct keyring *keys = own_key();
    struct arena *arena = arena_new();

    check_foreign(arena, keys, arena_strndup(arena, (const char *)data,
                                             size));
    if (size > 0 && size <= 1024)
        check_own(arena, keys, data, size);
    arena_free(&arena);
    return 0;
}
