/* Whatever is posted: no crash, and what is accepted keeps to its limits and
 * is UTF-8 without NUL. */
#include <assert.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/http/form.h"

#define FIELDS_MOST 20
#define VALUE_MOST 64

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(const struct form *form)
{
    assert(form->count <= FIELDS_MOST);
    for (size_t i = 0; i < form->count; i++) {
        const struct form_field *field = &form->fields[i];
        size_t length = strlen(field->value);

        assert(strlen(field->name) <= VALUE_MOST && length <= VALUE_MOST);
        assert(text_is_utf8(field->name, strlen(field->name)));
        assert(text_is_utf8(field->value, length));
        assert(form_has(form, field->name));
        assert(form_get(form, field->name));
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_new();
    struct form form;

    if (form_parse(arena, (const char *)data, size, FIELDS_MOST, VALUE_MOST,
                   &form) == FORM_OK)
        check(&form);
    arena_free(&arena);
    return 0;
}
