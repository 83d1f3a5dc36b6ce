-- The war room: who is here, up to where each person has read, and files that belong to the record.

-- Who has the room open. Forgotten at a crash, which is right: whoever is still there says so again within seconds.
create unlogged table incidents.presence (
  incident_id text not null,
  user_id text not null,
  since timestamptz not null,
  seen_at timestamptz not null,
  primary key (incident_id, user_id)
);

-- Up to which entry of the timeline a person has looked, so that coming back begins with what is new.
create table incidents.looks (
  incident_id text not null references incidents.incidents (id),
  user_id text not null references security.users (id),
  seq integer not null check (seq >= 0),
  at timestamptz not null,
  primary key (incident_id, user_id)
);

-- Files pasted or dropped into the room. The record refers to them by hash; they never change.
create table incidents.attachments (
  id text primary key,
  incident_id text not null,
  name text not null check (name <> ''),
  -- What the bytes are, by their beginning; never what the sender claimed.
  media_type text not null,
  size integer not null check (size > 0),
  sha256 text not null,
  bytes bytea not null,
  uploaded_by text not null,
  uploaded_by_name text not null,
  uploaded_at timestamptz not null,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
-- Pictures and archives are compressed already.
alter table incidents.attachments alter column bytes set storage external;
create index attachments_by_incident on incidents.attachments (incident_id, uploaded_at);
create trigger attachments_append_only before update or delete on incidents.attachments
  for each row execute function kernel.refuse_change();
