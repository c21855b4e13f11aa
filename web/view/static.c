#include "web/view/static.h"

#include <assert.h>
#include <string.h>

const char *static_url(const char *name)
{
    const struct static_file *file = static_files;

    while (file->name && strcmp(file->name, name) != 0)
        file++;
    assert(file->name);
    return file->url;
}
