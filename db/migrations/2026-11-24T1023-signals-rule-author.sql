-- Who wrote what a rule says: one that keeps most alerts quiet is switched on by somebody else.
alter table signals.rules add column written_by text;
