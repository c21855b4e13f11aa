/* What one fdatasync of 4 KiB costs here. disk_sync FILE COUNT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    static char page[4096];
    int64_t count = 0;

    if (argc != 3 || !parse_int(argv[2], 1, 1000000, &count))
        return 64;
    int fd = open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int64_t *times = mem_new((size_t)count * sizeof *times);
    for (int64_t i = 0; i < count; i++) {
        int64_t start = clock_ticks_us();
        if (pwrite(fd, page, sizeof page, i * (int64_t)sizeof page) !=
                (ssize_t)sizeof page || fdatasync(fd) != 0) {
            perror(argv[1]);
            return 1;
        }
        times[i] = clock_ticks_us() - start;
    }
    qsort(times, (size_t)count, sizeof *times, compare);
    printf("{\"p50_us\": %lld}\n", (long long)times[count / 2]);
    mem_free(times);
    return 0;
}
