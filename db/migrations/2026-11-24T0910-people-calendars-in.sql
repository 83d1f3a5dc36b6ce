-- Calendars that come in: leave becomes absences, holidays are days that layers may heed. Swaps with return, and open ones.
create table people.calendars (
  id text primary key,
  name text not null,
  -- person: every entry is that person's; team: everybody's in the team; mentioned: of those members whom an entry
  -- names; days: nobody's, but days that layers of schedules may heed.
  covers text not null check (covers in ('person', 'team', 'mentioned', 'days')),
  user_id text references security.users (id),
  team_id text references people.teams (id) on delete cascade,
  -- Of a person's own calendar not every meeting is leave.
  entries text not null check (entries in ('whole_days', 'all')),
  -- What times without a zone mean.
  zone text not null,
  -- Where it is read from, sealed: whoever has such an address reads the calendar. Null: a file that was given once.
  url_sealed text,
  host text,
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  checked_at timestamptz,
  -- When it was last read whole; what was read then holds until the next good reading.
  good_at timestamptz,
  problem text,
  failures integer not null default 0,
  entry_count integer not null default 0,
  check ((covers = 'person') = (user_id is not null)),
  check ((covers in ('team', 'mentioned')) = (team_id is not null)),
  check ((url_sealed is null) = (host is null))
);
create index calendars_due on people.calendars (checked_at) where url_sealed is not null;

-- The days of a `days` calendar, on the wall of whoever heeds them.
create table people.calendar_days (
  calendar_id text not null references people.calendars (id) on delete cascade,
  first_day text not null check (first_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
  last_day text not null check (last_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
  name text not null,
  primary key (calendar_id, first_day, last_day, name),
  check (first_day <= last_day)
);

-- Which holidays a schedule knows; its layers say what they make of them.
create table people.schedule_calendars (
  schedule_id text not null references people.schedules (id) on delete cascade,
  calendar_id text not null references people.calendars (id),
  primary key (schedule_id, calendar_id)
);
alter table people.schedule_layers add column on_holidays text not null default 'as_usual'
  check (on_holidays in ('as_usual', 'off', 'only'));

alter table people.absences
  add column calendar_id text references people.calendars (id) on delete cascade,
  -- Which entry it is, so that a reading that says the same changes nothing.
  add column entry_key text,
  add check ((calendar_id is null) = (entry_key is null));
create unique index absences_of_calendar on people.absences (calendar_id, user_id, entry_key) where calendar_id is not null;

-- "I take yours on Tuesday, you take mine on Friday": what is asked in return.
alter table people.swaps
  add column return_from_at timestamptz,
  add column return_to_at timestamptz,
  add column return_override_id text references people.overrides (id) on delete set null,
  add check ((return_from_at is null) = (return_to_at is null)),
  add check (return_from_at < return_to_at),
  -- Null: whoever of those asked accepts first.
  alter column to_user_id drop not null,
  add column asked jsonb not null default '[]';
update people.swaps set asked = jsonb_build_array(to_user_id);
