/* The bytes of a mail, read back by GMime's own parser (CALENDARS I1–I4, I7,
 * I8), and the parts' way through the courier's door. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gmime/gmime.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/mail/mime.h"
#include "daemon/mail/parts.h"

#define CALENDAR                                  \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"          \
    "X-LONG:ends in a blank \r\n  and goes on\r\n" \
    "SUMMARY:Größe\r\nEND:VCALENDAR\r\n"

struct room {
    struct arena *arena;
    struct parts parts;
};

static int open_room(void **state)
{
    static struct room room;

    room.arena = arena_new();
    room.parts = (struct parts){
        .from_name = "Fachkräfteallianz Beispielland",
        .from_address = "treffen@example.org",
        .to_name = "Dr. Đặng Þórsdóttir-Łęcka",
        .to_address = "dang@example.net",
        .reply_to = "buero@example.org",
        .subject = "Anmeldebestätigung: Zusammen in die Zukunft – Chancen "
                   "für Beispielland: Arbeit im Jahr 2030, 7. März 2027",
        .message_id = "0b7d8f60-6c1e-4b3a-9d51-2f0c8a7e4b10@example.org",
        .date = 1798761600,
        .lang = "de",
        .text = "Guten Tag Dr. Đặng Þórsdóttir,\n\nSie sind angemeldet. \n"
                ".\nFrom here = on\n-- \nÄÖÜ\n",
        .html = "<!doctype html>\n<html lang=\"de\"><h1>Größe</h1></html>\n",
    };
    *state = &room;
    return 0;
}

static int close_room(void **state)
{
    struct room *room = *state;

    arena_free(&room->arena);
    return 0;
}

static struct str write_mail(struct room *room)
{
    struct str out;

    str_init(&out, room->arena, 1 << 20);
    mime_write(&room->parts, &out);
    assert_false(out.overflow);
    return out;
}

static void add_calendar(struct room *room)
{
    room->parts.calendar = CALENDAR;
    room->parts.method = "REQUEST";
    room->parts.reply_to = NULL;
}

/* How often a piece of text stands in the mail. */
static int count(const struct str *mail, const char *piece)
{
    int n = 0;

    for (const char *at = mail->data; (at = strstr(at, piece)) != NULL; at++)
        n++;
    return n;
}

static void every_line_ends_in_crlf_and_is_short_ascii(void **state)
{
    struct room *room = *state;
    struct str mail;
    size_t begin = 0;

    add_calendar(room);
    mail = write_mail(room);
    for (size_t i = 0; i < mail.length; i++) {
        assert_true((unsigned char)mail.data[i] < 127);
        if (mail.data[i] != '\n')
            continue;
        assert_true(i > 0 && mail.data[i - 1] == '\r');
        assert_true(i - begin <= 78);
        begin = i + 1;
    }
    assert_int_equal(begin, mail.length);
}

static GMimeMessage *parse(const struct str *mail)
{
    GMimeStream *stream =
        g_mime_stream_mem_new_with_buffer(mail->data, mail->length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

    g_object_unref(parser);
    g_object_unref(stream);
    assert_non_null(message);
    return message;
}

static void the_fields_say_who_when_and_that_a_machine_wrote(void **state)
{
    struct room *room = *state;
    struct str mail = write_mail(room);
    GMimeMessage *message = parse(&mail);
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *sender = internet_address_list_get_address(from, 0);

    assert_string_equal(g_mime_message_get_subject(message),
                        room->parts.subject);
    assert_string_equal(internet_address_get_name(sender),
                        room->parts.from_name);
    assert_string_equal(g_mime_message_get_message_id(message),
                        room->parts.message_id);
    assert_int_equal(g_date_time_to_unix(g_mime_message_get_date(message)),
                     room->parts.date);
    assert_int_equal(count(&mail, "\r\nReply-To: buero@example.org\r\n"), 1);
    assert_int_equal(count(&mail, "\r\nAuto-Submitted: auto-generated\r\n"),
                     1);
    assert_int_equal(
        count(&mail, "\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n"), 1);
    assert_int_equal(count(&mail, "\r\nContent-Language: de\r\n"), 1);
    assert_int_equal(count(&mail, "\r\nMIME-Version: 1.0\r\n"), 1);
    assert_int_equal(count(&mail, "Date: Fri, 01 Jan 2027 00:00:00 +0000"),
                     1);
    g_object_unref(message);
}

/* RFC 2047 section 2: 76 where encoded words stand. */
static void assert_no_long_header(const struct str *mail)
{
    const char *end = strstr(mail->data, "\r\n\r\n");

    for (const char *line = mail->data; line < end;) {
        size_t length = strcspn(line, "\r");

        assert_true(length <= 76);
        line += length + 2;
    }
}

static void encoded_words_are_utf_8_and_short(void **state)
{
    struct room *room = *state;
    struct str mail = write_mail(room);
    const char *at = mail.data;

    assert_true(count(&mail, "=?UTF-8?") > 3);
    assert_int_equal(count(&mail, "=?iso-8859"), 0);
    while ((at = strstr(at, "=?UTF-8?")) != NULL) {
        const char *end = strstr(at + 10, "?=");

        assert_non_null(end);
        assert_true(end + 2 - at <= 75);
        at = end;
    }
}

/* Characters of every width at every place, so that each cut is tried. */
static void words_of_any_length_are_read_as_they_were_written(void **state)
{
    static const char *const tails[] = {
        "", "ä", "ßé你🙂", " – „Größe“", " =?UTF-8?Q?no?=", " plain words",
    };
    struct room *room = *state;

    for (size_t i = 0; i < 6 * 130; i++) {
        const char *tail = tails[i % 6];
        int pad = (int)(i / 6);
        char *text = arena_printf(room->arena, "%.*s%s%s%s", pad,
                                  "aäb c你d🙂efg, h;i\\j kläm"
                                  "nopqrstuvwxyz aäb c你d🙂efg, h;i\\j kläm"
                                  "nopqrstuvwxyz aäb c你d🙂efg, h;i\\j kläm",
                                  tail, pad % 2 ? "xyz" : "", tail);
        struct str mail;
        GMimeMessage *message;
        InternetAddressList *to;

        text = text_clean_line(room->arena, text);
        if (*text == '\0' || !text_is_utf8(text, strlen(text)))
            continue;
        room->parts.subject = room->parts.to_name = text;
        mail = write_mail(room);
        message = parse(&mail);
        to = g_mime_message_get_to(message);
        assert_string_equal(g_mime_message_get_subject(message), text);
        assert_string_equal(
            internet_address_get_name(
                internet_address_list_get_address(to, 0)), text);
        assert_no_long_header(&mail);
        g_object_unref(message);
    }
}

static const char *type_of(GMimeObject *object)
{
    static char type[80];
    GMimeContentType *content = g_mime_object_get_content_type(object);

    (void)snprintf(type, sizeof type, "%s/%s",
                   g_mime_content_type_get_media_type(content),
                   g_mime_content_type_get_media_subtype(content));
    return type;
}

/* The decoded content of the part, as it is. */
static void assert_content(GMimeObject *part, const char *expected)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
    GByteArray *bytes;

    assert_true(g_mime_data_wrapper_write_to_stream(content, stream) >= 0);
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    assert_int_equal(bytes->len, strlen(expected));
    assert_memory_equal(bytes->data, expected, bytes->len);
    g_object_unref(stream);
}

static void a_confirmation_is_text_and_html(void **state)
{
    struct room *room = *state;
    struct str mail = write_mail(room);
    GMimeMessage *message = parse(&mail);
    GMimeObject *top = g_mime_message_get_mime_part(message);
    GMimeMultipart *parts = GMIME_MULTIPART(top);

    assert_string_equal(type_of(top), "multipart/alternative");
    assert_int_equal(g_mime_multipart_get_count(parts), 2);
    assert_string_equal(type_of(g_mime_multipart_get_part(parts, 0)),
                        "text/plain");
    assert_string_equal(type_of(g_mime_multipart_get_part(parts, 1)),
                        "text/html");
    assert_int_equal(count(&mail, "text/calendar"), 0);
    g_object_unref(message);
}

static void an_invitation_has_the_calendar_twice_byte_for_byte(void **state)
{
    struct room *room = *state;
    struct str mail;
    GMimeMessage *message;
    GMimeObject *top, *inner, *live, *copy;

    add_calendar(room);
    mail = write_mail(room);
    message = parse(&mail);
    top = g_mime_message_get_mime_part(message);
    assert_string_equal(type_of(top), "multipart/mixed");
    inner = g_mime_multipart_get_part(GMIME_MULTIPART(top), 0);
    copy = g_mime_multipart_get_part(GMIME_MULTIPART(top), 1);
    assert_string_equal(type_of(inner), "multipart/alternative");
    assert_int_equal(g_mime_multipart_get_count(GMIME_MULTIPART(inner)), 3);
    live = g_mime_multipart_get_part(GMIME_MULTIPART(inner), 2);
    assert_string_equal(type_of(live), "text/calendar");
    assert_string_equal(
        g_mime_object_get_content_type_parameter(live, "method"), "REQUEST");
    assert_string_equal(
        g_mime_object_get_content_type_parameter(live, "component"),
        "VEVENT");
    assert_null(g_mime_object_get_content_disposition(live));
    assert_content(live, CALENDAR);
    assert_string_equal(type_of(copy), "application/ics");
    assert_string_equal(g_mime_part_get_filename(GMIME_PART(copy)),
                        "termin.ics");
    assert_true(g_mime_part_is_attachment(GMIME_PART(copy)));
    assert_content(copy, CALENDAR);
    g_object_unref(message);
}

static void the_same_letter_gives_the_same_bytes(void **state)
{
    struct room *room = *state;
    struct str one, two;

    add_calendar(room);
    one = write_mail(room);
    two = write_mail(room);
    assert_string_equal(one.data, two.data);
}

/* As they follow the object's line. */
static const char *bodies_of(const struct room *room)
{
    const char *bodies[PARTS_BODIES];
    size_t count = parts_bodies(&room->parts, bodies), announced;
    json_t *object = parts_pack(&room->parts);
    struct str all;

    str_init(&all, room->arena, 1 << 20);
    for (size_t i = 0; i < count; i++)
        str_add(&all, bodies[i]);
    assert_true(parts_announced(object, &announced));
    assert_int_equal(announced, all.length);
    json_decref(object);
    return all.data;
}

static void parts_cross_the_door_unchanged(void **state)
{
    struct room *room = *state;
    struct parts *parts = &room->parts, back;
    json_t *object;

    add_calendar(room);
    object = parts_pack(parts);
    assert_true(parts_unpack(room->arena, object, bodies_of(room), &back));
    json_decref(object);
    assert_string_equal(back.from_name, parts->from_name);
    assert_string_equal(back.to_address, parts->to_address);
    assert_string_equal(back.subject, parts->subject);
    assert_string_equal(back.text, parts->text);
    assert_string_equal(back.html, parts->html);
    assert_string_equal(back.calendar, parts->calendar);
    assert_string_equal(back.method, "REQUEST");
    assert_null(back.reply_to);
    assert_int_equal(back.date, parts->date);
}

static void what_could_leave_its_header_is_not_understood(void **state)
{
    static const char long_line[4002] = { [0 ... 4000] = 'x' };
    const char *const bad[][2] = {
        { "from_name", "Allianz\r\nBcc: all@example.net" },
        { "to_name", "Müller\n" },
        { "subject", "x\rSubject: y" },
        { "to_address", "a@example.net>\r\nRCPT TO:<b@example.net" },
        { "to_address", "a b@example.net" },
        { "from_address", "" },
        { "reply_to", "nobody" },
        { "message_id", "a@example.org> <b@example.org" },
        { "message_id", "@example.org" },
        { "lang", "fr" },
        { "subject", long_line },
        { "method", "REPLY" },
    };
    struct room *room = *state;
    struct parts back;

    add_calendar(room);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        json_t *object = parts_pack(&room->parts);

        json_object_set_new(object, bad[i][0], json_string(bad[i][1]));
        assert_false(parts_unpack(room->arena, object, bodies_of(room),
                                  &back));
        json_decref(object);
    }
}

static void a_letter_that_lacks_something_is_not_understood(void **state)
{
    static const char *const needed[] = {
        "from_name", "from_address", "to_name", "to_address", "subject",
        "message_id", "date", "lang", "text", "html", "method",
    };
    struct room *room = *state;
    struct parts back;

    add_calendar(room);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        json_t *object = parts_pack(&room->parts);

        assert_int_equal(json_object_del(object, needed[i]), 0);
        assert_false(parts_unpack(room->arena, object, bodies_of(room),
                                  &back));
        json_object_set_new(object, needed[i], json_true());
        assert_false(parts_unpack(room->arena, object, bodies_of(room),
                                  &back));
        json_decref(object);
    }
}

static void a_body_is_as_long_as_it_says_and_utf_8(void **state)
{
    static const json_int_t lengths[] = { -1, 1 << 21, INT64_MAX };
    struct room *room = *state;
    struct parts back;
    size_t announced;
    json_t *object = parts_pack(&room->parts);
    char *bodies = arena_strdup(room->arena, bodies_of(room));

    assert_true(parts_unpack(room->arena, object, bodies, &back));
    bodies[3] = '\0';
    assert_false(parts_unpack(room->arena, object, bodies, &back));
    bodies[3] = '\xff';
    assert_false(parts_unpack(room->arena, object, bodies, &back));
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        json_object_set_new(object, "html", json_integer(lengths[i]));
        assert_false(parts_announced(object, &announced));
        assert_false(parts_unpack(room->arena, object, bodies, &back));
    }
    json_decref(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_line_ends_in_crlf_and_is_short_ascii),
        TEST(the_fields_say_who_when_and_that_a_machine_wrote),
        TEST(encoded_words_are_utf_8_and_short),
        TEST(words_of_any_length_are_read_as_they_were_written),
        TEST(a_confirmation_is_text_and_html),
        TEST(an_invitation_has_the_calendar_twice_byte_for_byte),
        TEST(the_same_letter_gives_the_same_bytes),
        TEST(parts_cross_the_door_unchanged),
        TEST(what_could_leave_its_header_is_not_understood),
        TEST(a_letter_that_lacks_something_is_not_understood),
        TEST(a_body_is_as_long_as_it_says_and_utf_8),
    };

    mime_start();
    return cmocka_run_group_tests_name("mail_mime", tests, NULL, NULL);
}
