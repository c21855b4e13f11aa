#include "daemon/mail/mime.h"

#include <assert.h>
#include <gmime/gmime.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/mail/header.h"

void mime_start(void)
{
    g_mime_init();
}

/* Line ends as mail has them, whatever they are in `bytes`. */
static void put_lines(struct str *out, const char *bytes, size_t length)
{
    const char *end = bytes + length;

    while (bytes < end) {
        const char *line = memchr(bytes, '\n', (size_t)(end - bytes));
        const char *stop = line ? line : end;

        if (line && line > bytes && line[-1] == '\r')
            stop--;
        str_add_bytes(out, bytes, (size_t)(stop - bytes));
        if (line)
            str_add(out, "\r\n");
        bytes = line ? line + 1 : end;
    }
}

/* GMime's encoder alone. Its tree of objects, of which only the encoders knew
 * more than we do, cost ten times as much (docs/performance.md). */
static void put_content(struct str *out, const char *content,
                        GMimeContentEncoding encoding)
{
    GMimeEncoding state;
    size_t length = strlen(content);

    g_mime_encoding_init_encode(&state, encoding);
    char *encoded = mem_grow(NULL, g_mime_encoding_outlen(&state, length));
    size_t made = g_mime_encoding_flush(&state, content, length, encoded);
    put_lines(out, encoded, made);
    mem_free(encoded);
}

static void put_text(struct str *out, const char *subtype, const char *text)
{
    str_addf(out, "Content-Type: text/%s; charset=utf-8\r\n"
             "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
             subtype);
    put_content(out, text, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
}

/* I2, I3: a filename would add a Content-Disposition, which hides the part
 * from some clients. */
static void put_calendar(struct str *out, const struct parts *parts)
{
    str_addf(out, "Content-Type: text/calendar; charset=utf-8; method=%s;\r\n"
             "\tcomponent=VEVENT\r\n"
             "Content-Transfer-Encoding: base64\r\n\r\n", parts->method);
    put_content(out, parts->calendar, GMIME_CONTENT_ENCODING_BASE64);
}

static void put_copy(struct str *out, const struct parts *parts)
{
    str_add(out, "Content-Type: application/ics; name=termin.ics\r\n"
            "Content-Disposition: attachment; filename=termin.ics\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n");
    put_content(out, parts->calendar, GMIME_CONTENT_ENCODING_BASE64);
}

#define BOUNDARY_MOST 60

/* "=_" can stand neither in quoted-printable nor in base64, so a boundary
 * that begins with it never meets the content. It follows from the letter:
 * the same letter gives the same bytes. */
static void make_boundary(const char *subtype, const struct parts *parts,
                          char boundary[BOUNDARY_MOST])
{
    (void)snprintf(boundary, BOUNDARY_MOST, "=_%.3s_%.*s", subtype,
                   (int)strcspn(parts->message_id, "@"), parts->message_id);
}

static void begin_multipart(struct str *out, const char *subtype,
                            const char *boundary)
{
    str_addf(out, "Content-Type: multipart/%s;\r\n\tboundary=\"%s\"\r\n",
             subtype, boundary);
}

/* The line end before it belongs to it (RFC 2046 5.1.1). */
static void begin_part(struct str *out, const char *boundary)
{
    str_addf(out, "\r\n--%s\r\n", boundary);
}

static void end_multipart(struct str *out, const char *boundary)
{
    str_addf(out, "\r\n--%s--\r\n", boundary);
}

static void put_alternative(struct str *out, const struct parts *parts)
{
    char boundary[BOUNDARY_MOST];

    make_boundary("alternative", parts, boundary);
    begin_multipart(out, "alternative", boundary);
    begin_part(out, boundary);
    put_text(out, "plain", parts->text);
    begin_part(out, boundary);
    put_text(out, "html", parts->html);
    if (parts->calendar) {
        begin_part(out, boundary);
        put_calendar(out, parts);
    }
    end_multipart(out, boundary);
}

static void put_mixed(struct str *out, const struct parts *parts)
{
    char boundary[BOUNDARY_MOST];

    make_boundary("mixed", parts, boundary);
    begin_multipart(out, "mixed", boundary);
    begin_part(out, boundary);
    put_alternative(out, parts);
    begin_part(out, boundary);
    put_copy(out, parts);
    end_multipart(out, boundary);
}

/* RFC 5322 3.3 wants an offset where RFC 9110 has a zone's name. */
static void put_date(struct str *out, int64_t date)
{
    char text[30];

    format_http_date(date, text);
    str_addf(out, "Date: %.*s+0000\r\n", (int)(strlen(text) - strlen("GMT")),
             text);
}

static void put_fields(struct str *out, const struct parts *parts)
{
    put_date(out, parts->date);
    str_add(out, "From:");
    header_mailbox(out, "From", parts->from_name, parts->from_address);
    if (parts->reply_to) {
        str_add(out, "Reply-To:");
        header_mailbox(out, "Reply-To", NULL, parts->reply_to);
    }
    str_add(out, "To:");
    header_mailbox(out, "To", parts->to_name, parts->to_address);
    str_add(out, "Subject:");
    header_text(out, "Subject", parts->subject);
    str_addf(out, "Message-Id: <%s>\r\n", parts->message_id);
    str_add(out, "Auto-Submitted: auto-generated\r\n"
            "X-Auto-Response-Suppress: OOF, AutoReply\r\n");
    str_addf(out, "Content-Language: %s\r\nMIME-Version: 1.0\r\n",
             parts->lang);
}

void mime_write(const struct parts *parts, struct str *out)
{
    put_fields(out, parts);
    if (parts->calendar)
        put_mixed(out, parts);
    else
        put_alternative(out, parts);
}

char *mime_library_version(struct arena *arena)
{
    return arena_printf(arena, "%u.%u.%u", gmime_major_version,
                        gmime_minor_version, gmime_micro_version);
}
