-- The words of restricted entries. The timeline itself holds only that there is one and a fingerprint of its words, so that whatever
-- reads the timeline (search, export, chat, reports) cannot show them, and the chain still proves them.
create table incidents.sealed_entries (
  incident_id text not null,
  seq integer not null,
  -- Salt, words and references, sealed with the installation key; their fingerprint stands in the entry.
  sealed text not null,
  fingerprint text not null,
  author_id text not null,
  -- Who may read it beside its author: whoever holds one of these roles in the incident at that moment, and these people.
  roles text[] not null,
  people text[] not null,
  exercise boolean not null default false,
  primary key (incident_id, seq),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create trigger keep_exercise before update on incidents.sealed_entries
  for each row execute function kernel.keep_exercise();
