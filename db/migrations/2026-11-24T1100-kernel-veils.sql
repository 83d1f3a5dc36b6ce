-- Restricted incidents: who may read each of them. No row: everybody may.
create table kernel.veils (
  subject text primary key,
  readers text[] not null check (cardinality(readers) > 0)
);
