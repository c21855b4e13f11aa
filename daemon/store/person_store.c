#include "daemon/store/person_store.h"

#include "daemon/base/address.h"
#include "daemon/store/query.h"
#include "daemon/store/registration_store.h"

enum { INSERT, UPDATE, REPEAT };

static const struct statement statements[] = {
    [INSERT] = { "person_insert",
        "INSERT INTO person (given_name, family_name, title, address,"
        " organisation, position, bench_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
    [UPDATE] = { "person_update",
        "UPDATE person SET given_name = ?1, family_name = ?2, title = ?3,"
        " address = ?4, organisation = ?5, position = ?6, bench_id = ?7"
        " WHERE id = ?8" },
    [REPEAT] = { "person_repeat",
        "UPDATE registration SET person_id = ?2, address_key = ?3,"
        " name_fold = ?4, search = ?5, bench_id = ?6, lead_id = ?7,"
        " lang = ?8 WHERE id = ?1" },
};

const struct family person_family = {
    FAMILY_PERSON, statements, sizeof statements / sizeof *statements,
};

static void bind_person(struct query *q, const struct person *person)
{
    bind_text(q, 1, person->given_name);
    bind_text(q, 2, person->family_name);
    bind_text(q, 3, person->title);
    bind_text(q, 4, person->address);
    bind_text(q, 5, person->organisation);
    bind_text(q, 6, person->position);
    bind_ref(q, 7, person->bench_id);
}

enum rc person_insert(struct writer *writer, struct person *person,
                      struct err *err)
{
    struct query q = query_write(writer, &person_family, INSERT);

    bind_person(&q, person);
    return query_insert(&q, &person->id, err);
}

/* What the registration's row says of its person. */
static enum rc repeat(struct writer *writer, struct arena *arena,
                      const struct registration *r, struct err *err)
{
    const char *address = r->person.address;
    struct query q = query_write(writer, &person_family, REPEAT);

    bind_int(&q, 1, r->id);
    bind_int(&q, 2, r->person.id);
    bind_text(&q, 3, address ? address_key(arena, address) : NULL);
    bind_text(&q, 4, registration_name_fold(arena, &r->person));
    bind_text(&q, 5, registration_search(arena, r));
    bind_ref(&q, 6, r->person.bench_id);
    bind_ref(&q, 7, r->lead_id);
    bind_int(&q, 8, r->lang);
    return query_run(&q, NULL, err);
}

enum rc person_update(struct writer *writer, struct arena *arena,
                      const struct registration *r, struct err *err)
{
    struct query q = query_write(writer, &person_family, UPDATE);

    bind_person(&q, &r->person);
    bind_int(&q, 8, r->person.id);
    enum rc rc = query_run(&q, NULL, err);
    return rc == RC_OK ? repeat(writer, arena, r, err) : rc;
}

enum rc person_replace(struct writer *writer, struct arena *arena,
                       struct registration *r, struct err *err)
{
    enum rc rc = person_insert(writer, &r->person, err);

    return rc == RC_OK ? repeat(writer, arena, r, err) : rc;
}
