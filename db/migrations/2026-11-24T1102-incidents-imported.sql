-- Records that came in from elsewhere: read only, with where they are from and what their signature was worth.
create table incidents.imported_records (
  id text primary key,
  origin text not null,
  origin_id text not null,
  key text not null,
  title text not null,
  severity smallint not null,
  declared_at timestamptz not null,
  exported_at timestamptz not null,
  exported_by text not null,
  entries integer not null,
  head text not null,
  -- SHA-256 of the key that signed it, and whether somebody here had named that key before.
  key_id text not null,
  key_known boolean not null,
  record jsonb not null,
  -- Set when it was restricted where it came from: then only this person reads it here.
  only_reader text,
  imported_by text not null,
  imported_by_name text not null,
  imported_at timestamptz not null default kernel.now(),
  unique (origin_id, head)
);

create table incidents.imported_entries (
  record_id text not null references incidents.imported_records (id),
  seq integer not null,
  entry jsonb not null,
  primary key (record_id, seq)
);

create trigger imported_records_append_only before update or delete on incidents.imported_records
  for each row execute function kernel.refuse_change();
create trigger imported_entries_append_only before update or delete on incidents.imported_entries
  for each row execute function kernel.refuse_change();
