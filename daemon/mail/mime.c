#include "daemon/mail/mime.h"

#include <assert.h>
#include <gmime/gmime.h>
#include <string.h>

#include "daemon/mail/header.h"

/* The longest text that parts_unpack() admits, encoded and folded. */
#define FIELD_MOST 32768

void mime_start(void)
{
    g_mime_init();
}

/* A field as it is, already encoded and folded. */
static void set_raw(GMimeMessage *message, const char *name,
                    const struct str *raw)
{
    GMimeHeaderList *fields =
        g_mime_object_get_header_list(GMIME_OBJECT(message));

    assert(!raw->overflow);
    g_mime_header_list_append(fields, name, "", "utf-8");
    g_mime_header_set_raw_value(g_mime_header_list_get_header(fields, name),
                                raw->data);
}

static void set_mailbox(GMimeMessage *message, const char *name,
                        const char *person, const char *address)
{
    struct str raw;

    str_init(&raw, NULL, FIELD_MOST);
    header_mailbox(&raw, name, person, address);
    set_raw(message, name, &raw);
    str_free(&raw);
}

static void set_text(GMimeMessage *message, const char *name,
                     const char *text)
{
    struct str raw;

    str_init(&raw, NULL, FIELD_MOST);
    header_text(&raw, name, text);
    set_raw(message, name, &raw);
    str_free(&raw);
}

static GMimeObject *make_part(const char *type, const char *subtype,
                              const char *bytes, GMimeContentEncoding encoding)
{
    GMimePart *part = g_mime_part_new_with_type(type, subtype);
    GMimeStream *stream =
        g_mime_stream_mem_new_with_buffer(bytes, strlen(bytes));
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
        stream, GMIME_CONTENT_ENCODING_DEFAULT);

    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content);
    g_object_unref(stream);
    return GMIME_OBJECT(part);
}

static GMimeObject *make_text(const char *subtype, const char *text)
{
    GMimeObject *part = make_part("text", subtype, text,
                                  GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);

    g_mime_object_set_content_type_parameter(part, "charset", "utf-8");
    return part;
}

/* I2, I3: a filename would add a Content-Disposition, which hides the part
 * from some clients. */
static GMimeObject *make_calendar(const struct parts *parts)
{
    GMimeObject *part = make_part("text", "calendar", parts->calendar,
                                  GMIME_CONTENT_ENCODING_BASE64);

    g_mime_object_set_content_type_parameter(part, "charset", "utf-8");
    g_mime_object_set_content_type_parameter(part, "method", parts->method);
    g_mime_object_set_content_type_parameter(part, "component", "VEVENT");
    return part;
}

static GMimeObject *make_copy(const struct parts *parts)
{
    GMimeObject *part = make_part("application", "ics", parts->calendar,
                                  GMIME_CONTENT_ENCODING_BASE64);

    g_mime_object_set_disposition(part, GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(GMIME_PART(part), "termin.ics");
    return part;
}

/* "=_" can stand neither in quoted-printable nor in base64, so a boundary
 * that begins with it never meets the content. It follows from the letter:
 * the same letter gives the same bytes. */
static GMimeMultipart *make_multipart(const char *subtype,
                                      const struct parts *parts)
{
    GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
    char boundary[60];

    (void)snprintf(boundary, sizeof boundary, "=_%.3s_%.*s", subtype,
                   (int)strcspn(parts->message_id, "@"), parts->message_id);
    g_mime_multipart_set_boundary(multipart, boundary);
    return multipart;
}

static void give_part(GMimeMultipart *multipart, GMimeObject *part)
{
    g_mime_multipart_add(multipart, part);
    g_object_unref(part);
}

static GMimeObject *make_tree(const struct parts *parts)
{
    GMimeMultipart *alternative = make_multipart("alternative", parts);
    GMimeMultipart *mixed;

    give_part(alternative, make_text("plain", parts->text));
    give_part(alternative, make_text("html", parts->html));
    if (!parts->calendar)
        return GMIME_OBJECT(alternative);
    give_part(alternative, make_calendar(parts));
    mixed = make_multipart("mixed", parts);
    give_part(mixed, GMIME_OBJECT(alternative));
    give_part(mixed, make_copy(parts));
    return GMIME_OBJECT(mixed);
}

static void set_fields(GMimeMessage *message, const struct parts *parts)
{
    static const char *const fixed[][2] = {
        { "Auto-Submitted", "auto-generated" },
        { "X-Auto-Response-Suppress", "OOF, AutoReply" },
    };
    GDateTime *date = g_date_time_new_from_unix_utc(parts->date);

    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    set_mailbox(message, "From", parts->from_name, parts->from_address);
    if (parts->reply_to)
        set_mailbox(message, "Reply-To", NULL, parts->reply_to);
    set_mailbox(message, "To", parts->to_name, parts->to_address);
    set_text(message, "Subject", parts->subject);
    g_mime_message_set_message_id(message, parts->message_id);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        g_mime_object_append_header(GMIME_OBJECT(message), fixed[i][0],
                                    fixed[i][1], "utf-8");
    g_mime_object_append_header(GMIME_OBJECT(message), "Content-Language",
                                parts->lang, "utf-8");
}

void mime_write(const struct parts *parts, struct str *out)
{
    GMimeMessage *message = g_mime_message_new(FALSE);
    GMimeObject *tree = make_tree(parts);
    GMimeFormatOptions *format = g_mime_format_options_new();
    GMimeStream *stream = g_mime_stream_mem_new();
    GByteArray *bytes;

    set_fields(message, parts);
    g_mime_message_set_mime_part(message, tree);
    g_mime_format_options_set_newline_format(format,
                                             GMIME_NEWLINE_FORMAT_DOS);
    (void)g_mime_object_write_to_stream(GMIME_OBJECT(message), format,
                                        stream);
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    str_add_bytes(out, bytes->data, bytes->len);
    g_object_unref(stream);
    g_mime_format_options_free(format);
    g_object_unref(tree);
    g_object_unref(message);
}
