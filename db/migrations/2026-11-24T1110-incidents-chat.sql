-- The room an incident has in a chat: what is there, and how far the record has been told. The timeline itself is the queue: what
-- comes after told_seq is still to be told, so that nothing is lost while the chat is away and nothing waits for it.
create table incidents.chat_rooms (
  incident_id text not null,
  -- slack: a channel of its own. teams: cards into one room for all.
  provider text not null check (provider in ('slack', 'teams')),
  state text not null default 'wanted' check (state in ('wanted', 'open', 'archived', 'given_up')),
  -- Slack's id and name of the channel, or the name of the room of Teams.
  channel_id text,
  channel_name text,
  topic text,
  bookmarked text[] not null default '{}',
  -- Users who were invited, or who cannot be.
  invited text[] not null default '{}',
  told_seq integer not null default 0 check (told_seq >= 0),
  -- Why the last try failed, and how many failed in a row; empty when the last went well.
  error text,
  attempts integer not null default 0,
  wanted_at timestamptz not null default kernel.now(),
  worked_at timestamptz,
  lease_until timestamptz,
  exercise boolean not null default false,
  primary key (incident_id, provider),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (state not in ('open', 'archived') or channel_id is not null)
);
create unique index chat_rooms_channel on incidents.chat_rooms (provider, channel_id) where provider = 'slack';
create trigger keep_exercise before update on incidents.chat_rooms for each row execute function kernel.keep_exercise();
