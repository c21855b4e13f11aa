-- The attendee list is filtered by group without a look at each person.
ALTER TABLE registration ADD COLUMN
    bench_id INTEGER; -- the person's, whose reference guards it; NULL: none
UPDATE registration SET bench_id =
    (SELECT person.bench_id FROM person
     WHERE person.id = registration.person_id);
DROP INDEX registration_list;
-- One walk over this index alone finds, counts and sorts the list.
CREATE INDEX registration_list ON registration
    (meeting_id, search, state, mode, created_at, bench_id);
