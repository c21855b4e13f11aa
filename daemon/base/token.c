#include "daemon/base/token.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/mem.h"

#define MAC_BYTES 16
#define MASTER_BYTES crypto_kdf_KEYBYTES
#define PURPOSES 16
#define ARGON_PASSES 2
#define ARGON_MEMORY (19u << 20)

/* One key per purpose, so that a MAC for one says nothing in another. */
struct keyring {
    unsigned char keys[PURPOSES][crypto_generichash_KEYBYTES];
};

void token_start(void)
{
    int ready = sodium_init();

    assert(ready >= 0);
}

static void derive_keys(struct keyring *ring,
                        const unsigned char master[MASTER_BYTES])
{
    for (unsigned purpose = 0; purpose < PURPOSES; purpose++)
        crypto_kdf_derive_from_key(ring->keys[purpose],
                                   sizeof ring->keys[purpose], purpose,
                                   "convened", master);
}

static enum rc create_key(const char *path, struct err *err)
{
    unsigned char master[MASTER_BYTES];

    randombytes_buf(master, sizeof master);
    enum rc rc = file_write(path, master, sizeof master, 0600, err);
    sodium_memzero(master, sizeof master);
    return rc;
}

enum rc keyring_load(const char *path, bool create, struct keyring **ring,
                     struct err *err)
{
    struct arena *arena = arena_new();
    char *data;
    size_t length;
    enum rc rc = file_read_private(arena, path, MASTER_BYTES, &data, &length,
                                   err);

    if (rc == RC_NOT_FOUND && create) {
        rc = create_key(path, err);
        if (rc == RC_OK)
            rc = file_read_private(arena, path, MASTER_BYTES, &data, &length,
                                   err);
    }
    if (rc == RC_NOT_FOUND)
        rc = err_set(err, "%s: the key is missing; restore it from the "
                          "backup that the database came from", path);
    if (rc == RC_OK && length != MASTER_BYTES)
        rc = err_set(err, "%s: a key has %u bytes, this file %zu", path,
                     (unsigned)MASTER_BYTES, length);
    if (rc == RC_OK) {
        *ring = mem_new(sizeof **ring);
        derive_keys(*ring, (const unsigned char *)data);
        sodium_memzero(data, length);
    }
    arena_free(&arena);
    return rc;
}

void keyring_free(struct keyring **ring)
{
    if (*ring)
        sodium_memzero(*ring, sizeof **ring);
    mem_free(*ring);
    *ring = NULL;
}

static char *encode(struct arena *arena, const void *data, size_t length)
{
    size_t room = sodium_base64_encoded_len(
        length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(arena, room);

    return sodium_bin2base64(text, room, data, length,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* Only the one canonical spelling of exactly `length` bytes. */
static bool decode(const char *text, void *data, size_t length)
{
    size_t got = 0;
    const char *end = NULL;

    return sodium_base642bin(data, length, text, strlen(text), NULL, &got,
                             &end,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == length && !*end;
}

struct id id_random(void)
{
    struct id id;

    randombytes_buf(id.bytes, sizeof id.bytes);
    return id;
}

bool id_equal(const struct id *a, const struct id *b)
{
    return sodium_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* Without printf: each registration writes some, inside the writer. */
char *id_uuid(struct arena *arena, const struct id *id)
{
    static const size_t groups[] = { 4, 2, 2, 2, 6 };
    char *text = arena_alloc(arena, 2 * ID_BYTES + sizeof "----"), *to = text;
    uint8_t b[ID_BYTES];
    const uint8_t *from = b;

    memcpy(b, id->bytes, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40); /* version 4 */
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80); /* RFC 9562 variant */
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (i > 0)
            *to++ = '-';
        sodium_bin2hex(to, 2 * groups[i] + 1, from, groups[i]);
        to += 2 * groups[i];
        from += groups[i];
    }
    return text;
}

char *id_at(struct arena *arena, const struct id *id, const char *domain)
{
    return arena_printf(arena, "%s@%s", id_uuid(arena, id), domain);
}

static const unsigned char *key_of(const struct keyring *ring,
                                   enum token_purpose purpose)
{
    assert((unsigned)purpose < PURPOSES);
    return ring->keys[purpose];
}

static void mac_bytes(const struct keyring *ring, enum token_purpose purpose,
                      const void *data, size_t length,
                      unsigned char mac[MAC_BYTES])
{
    crypto_generichash(mac, MAC_BYTES, data, length, key_of(ring, purpose),
                       crypto_generichash_KEYBYTES);
}

struct token_bytes {
    unsigned char id[ID_BYTES];
    unsigned char mac[MAC_BYTES];
};

static void token_mac(const struct keyring *ring, enum token_purpose purpose,
                      const unsigned char id[ID_BYTES], int64_t generation,
                      unsigned char mac[MAC_BYTES])
{
    unsigned char data[ID_BYTES + 8];

    memcpy(data, id, ID_BYTES);
    for (int i = 0; i < 8; i++)
        data[ID_BYTES + i] =
            (unsigned char)((uint64_t)generation >> (8 * i));
    mac_bytes(ring, purpose, data, sizeof data, mac);
}

char *token_make(struct arena *arena, const struct keyring *ring,
                 enum token_purpose purpose, const struct id *id,
                 int64_t generation)
{
    struct token_bytes token;

    memcpy(token.id, id->bytes, sizeof token.id);
    token_mac(ring, purpose, token.id, generation, token.mac);
    return encode(arena, &token, sizeof token);
}

bool token_id(const char *text, struct id *id)
{
    struct token_bytes token;

    if (!decode(text, &token, sizeof token))
        return false;
    memcpy(id->bytes, token.id, sizeof id->bytes);
    return true;
}

bool token_valid(const struct keyring *ring, enum token_purpose purpose,
                 const char *text, int64_t generation)
{
    struct token_bytes token;
    unsigned char mac[MAC_BYTES];

    if (!decode(text, &token, sizeof token))
        return false;
    token_mac(ring, purpose, token.id, generation, mac);
    return sodium_memcmp(mac, token.mac, sizeof mac) == 0;
}

char *mac_text(struct arena *arena, const struct keyring *ring,
               enum token_purpose purpose, const char *text)
{
    unsigned char mac[MAC_BYTES];

    mac_bytes(ring, purpose, text, strlen(text), mac);
    return encode(arena, mac, sizeof mac);
}

bool mac_text_valid(const struct keyring *ring, enum token_purpose purpose,
                    const char *text, const char *claimed)
{
    unsigned char mac[MAC_BYTES], given[MAC_BYTES];

    if (!decode(claimed, given, sizeof given))
        return false;
    mac_bytes(ring, purpose, text, strlen(text), mac);
    return sodium_memcmp(mac, given, sizeof mac) == 0;
}

char *keyring_mark(struct arena *arena, const struct keyring *ring)
{
    return mac_text(arena, ring, TOKEN_HOUSE, "the key of this house");
}

/* The nonce is a keyed hash of the content (as in a synthetic IV), which is
 * what makes equal contents give equal boxes and never reuses a nonce for
 * different ones. */
char *seal(struct arena *arena, const struct keyring *ring,
           enum token_purpose purpose, const void *data, size_t length)
{
    size_t total = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES +
                   length;
    unsigned char *box = arena_alloc(arena, total);

    crypto_generichash(box, crypto_secretbox_NONCEBYTES, data, length,
                       key_of(ring, purpose), crypto_generichash_KEYBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, data, length,
                          box, key_of(ring, purpose));
    return encode(arena, box, total);
}

void *unseal(struct arena *arena, const struct keyring *ring,
             enum token_purpose purpose, const char *text, size_t *length)
{
    const size_t head =
        crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    size_t total = strlen(text) / 4 * 3 + (strlen(text) % 4 * 3) / 4;

    if (total < head)
        return NULL;
    unsigned char *box = arena_alloc(arena, total);
    if (!decode(text, box, total))
        return NULL;
    unsigned char *data = arena_alloc(arena, total - head + 1);
    if (crypto_secretbox_open_easy(data, box + crypto_secretbox_NONCEBYTES,
                                   total - crypto_secretbox_NONCEBYTES, box,
                                   key_of(ring, purpose)) != 0)
        return NULL;
    *length = total - head;
    return data;
}

_Static_assert(PASSWORD_HASH_BYTES >= crypto_pwhash_STRBYTES, "room");

void password_hash(const char *password, char out[PASSWORD_HASH_BYTES])
{
    int failed = crypto_pwhash_str_alg(out, password, strlen(password),
                                       ARGON_PASSES, ARGON_MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);

    assert(!failed); /* out of memory: its only failure */
}

bool password_valid(const char *hash, const char *password)
{
    char dummy[PASSWORD_HASH_BYTES];

    if (!hash) {
        password_hash(password, dummy);
        return false;
    }
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

char *random_readable(struct arena *arena, size_t length)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    char *text = arena_alloc(arena, length + 1);

    _Static_assert(256 % (sizeof letters - 1) == 0, "each as likely");
    randombytes_buf(text, length);
    for (size_t i = 0; i < length; i++)
        text[i] = letters[(unsigned char)text[i] % (sizeof letters - 1)];
    return text;
}

char *random_secret(struct arena *arena)
{
    unsigned char bytes[32];

    randombytes_buf(bytes, sizeof bytes);
    return encode(arena, bytes, sizeof bytes);
}

bool secret_equal(const char *a, const char *b)
{
    size_t length = strlen(a);

    return strlen(b) == length && sodium_memcmp(a, b, length) == 0;
}

void digest_hex(const void *data, size_t length, char out[33])
{
    unsigned char hash[16];

    crypto_generichash(hash, sizeof hash, data, length, NULL, 0);
    sodium_bin2hex(out, 33, hash, sizeof hash);
}

void digest_secret(const char *secret, uint8_t out[32])
{
    crypto_hash_sha256(out, (const unsigned char *)secret, strlen(secret));
}

uint64_t random_number(void)
{
    uint64_t number;

    randombytes_buf(&number, sizeof number);
    return number;
}

const char *token_library_version(void)
{
    return sodium_version_string();
}
