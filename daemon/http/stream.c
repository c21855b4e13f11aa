#include <assert.h>
#include <stdio.h>

#include "daemon/http/response.h"
#include "daemon/http/wire.h"

void stream_pump(struct exchange *exchange)
{
    if (exchange->asked)
        return;
    exchange->asked = true;
    exchange->stream.more(&exchange->request, exchange->stream.context);
}

void stream_write(struct request *request, const void *bytes, size_t length)
{
    struct exchange *exchange = exchange_of(request);
    char size[24];

    assert(exchange->streaming);
    if (length == 0)
        return;
    exchange->asked = false;
    if (!exchange->chunked) {
        connection_queue(exchange, bytes, length);
        return;
    }
    int digits = snprintf(size, sizeof size, "%zx\r\n", length);
    connection_queue(exchange, size, (size_t)digits);
    connection_queue(exchange, bytes, length);
    connection_queue(exchange, "\r\n", 2);
}

void stream_end(struct request *request)
{
    struct exchange *exchange = exchange_of(request);

    assert(exchange->streaming);
    if (exchange->chunked)
        connection_queue(exchange, "0\r\n\r\n", 5);
    connection_finish_stream(exchange);
}

void stream_break(struct request *request)
{
    struct exchange *exchange = exchange_of(request);

    assert(exchange->streaming);
    exchange->streaming = false;
    connection_break(request->connection);
}
