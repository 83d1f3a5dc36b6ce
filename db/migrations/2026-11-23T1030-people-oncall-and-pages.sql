-- Teams, how to reach a person, who is on call, who is asked next, and every page ever sent.
create schema people;

create table people.teams (
  id text primary key,
  name text not null,
  description text not null default '',
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);
create unique index teams_name on people.teams (lower(name));

create table people.team_members (
  team_id text not null references people.teams (id) on delete cascade,
  user_id text not null references security.users (id),
  role text not null check (role in ('lead', 'member')),
  primary key (team_id, user_id)
);
create index team_members_user on people.team_members (user_id);

create table people.contact_methods (
  id text primary key,
  user_id text not null references security.users (id),
  kind text not null,
  -- An address or a URL, as the channel of that kind understands it.
  value text not null,
  endpoint_id text references channels.endpoints (id),
  label text not null default '',
  verified_at timestamptz,
  created_at timestamptz not null default kernel.now()
);
create unique index contact_methods_once on people.contact_methods (user_id, kind, lower(value));

-- One live challenge per contact method. The code itself is never stored.
create table people.contact_challenges (
  method_id text primary key references people.contact_methods (id) on delete cascade,
  code_hash text not null,
  tries integer not null default 0,
  sent_count integer not null default 1,
  window_started_at timestamptz not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null
);

create table people.schedules (
  id text primary key,
  name text not null,
  team_id text references people.teams (id),
  -- Intent on the wall, never instants: `zone` decides what they mean, whenever its rules change.
  zone text not null,
  handover_weekday integer not null check (handover_weekday between 1 and 7),
  handover_time text not null check (handover_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  starts_on text not null check (starts_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
  every_weeks integer not null default 1 check (every_weeks between 1 and 12),
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);
create unique index schedules_name on people.schedules (lower(name));

create table people.schedule_participants (
  schedule_id text not null references people.schedules (id) on delete cascade,
  position integer not null check (position >= 0),
  user_id text not null references security.users (id),
  primary key (schedule_id, position)
);
create index schedule_participants_user on people.schedule_participants (user_id);

create table people.overrides (
  id text primary key,
  schedule_id text not null references people.schedules (id) on delete cascade,
  user_id text not null references security.users (id),
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null default '',
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  check (from_at < to_at)
);
create index overrides_schedule on people.overrides (schedule_id, to_at);

create table people.policies (
  id text primary key,
  name text not null,
  team_id text references people.teams (id),
  steps jsonb not null,
  repeat_count integer not null default 0 check (repeat_count between 0 and 10),
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);
create unique index policies_name on people.policies (lower(name));

create table people.pages (
  id text primary key,
  subject_kind text not null,
  subject_id text not null,
  -- Whom the page was meant for (policy, team or person): starting the same page twice finds the first.
  target_key text not null,
  incident_id text,
  title text not null,
  body text not null,
  urgency text not null check (urgency in ('high', 'low')),
  service_name text,
  link text not null,
  policy_id text,
  -- The policy as it was when the page started; later edits do not touch a running page.
  plan jsonb not null,
  state text not null default 'paging' check (state in ('paging', 'acknowledged', 'unanswered', 'stopped')),
  stage text not null default 'steps' check (stage in ('steps', 'team_leads', 'emergency', 'done')),
  step integer not null default -1,
  round integer not null default 1,
  -- Counts the turns taken: a timer that belongs to an earlier turn does nothing.
  turn integer not null default 0,
  next_turn_at timestamptz,
  first_sent_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text references security.users (id),
  acknowledged_via text,
  ended_at timestamptz,
  end_reason text,
  exercise boolean not null default false,
  created_at timestamptz not null default kernel.now(),
  check ((state = 'acknowledged') <= (acknowledged_at is not null and acknowledged_by is not null))
);
create unique index pages_one_per_target on people.pages (subject_kind, subject_id, target_key) where state <> 'stopped';
create index pages_open on people.pages (state, next_turn_at) where state in ('paging', 'unanswered');
create index pages_newest on people.pages (created_at desc, id desc);

create table people.page_targets (
  page_id text not null references people.pages (id),
  user_id text not null references security.users (id),
  first_paged_at timestamptz not null,
  last_paged_at timestamptz not null,
  times integer not null default 1,
  primary key (page_id, user_id)
);
create index page_targets_user on people.page_targets (user_id);

create table people.page_events (
  seq bigint generated always as identity primary key,
  page_id text not null references people.pages (id),
  at timestamptz not null default kernel.now(),
  reason text not null,
  step integer,
  round integer,
  user_id text,
  channel text,
  delivery_id text,
  text text not null
);
create index page_events_page on people.page_events (page_id, seq);

create trigger page_events_append_only before update or delete on people.page_events
  for each row execute function kernel.refuse_change();
create trigger pages_keep_exercise before update on people.pages
  for each row execute function kernel.keep_exercise();
