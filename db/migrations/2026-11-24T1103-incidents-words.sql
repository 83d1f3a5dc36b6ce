-- What past incidents were about, found by their words when a new one is declared.
create index incidents_words on incidents.incidents using gin (to_tsvector('simple', title || ' ' || summary));
