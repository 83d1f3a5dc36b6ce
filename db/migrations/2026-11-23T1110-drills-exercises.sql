-- Exercises: drills over the real path, marked from the first row to the last.
create schema drills;
create sequence drills.exercise_number;

create table drills.exercises (
  id text primary key,
  number integer not null unique default nextval('drills.exercise_number'),
  exercise boolean not null default true check (exercise),
  scenario text not null,
  family text not null,
  title text not null,
  brief text not null,
  objectives jsonb not null default '[]',
  service_id text references catalog.services (id),
  state text not null check (state in ('running', 'ended', 'aborted', 'closed')),
  facilitator_id text not null references security.users (id),
  cold boolean not null default false,
  started_at timestamptz not null default kernel.now(),
  ends_by timestamptz not null,
  ended_at timestamptz,
  ended_because text,
  aborted boolean not null default false,
  -- Alert groups its injects opened; incidents are found through them.
  group_ids text[] not null default '{}',
  -- What was found still standing after the end, by kind, and what was done about it.
  sweep jsonb,
  none_because text,
  closed_at timestamptz,
  closed_by text references security.users (id),
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'closed') = (closed_at is not null))
);
create trigger keep_exercise before update on drills.exercises for each row execute function kernel.keep_exercise();
create unique index one_running_exercise_per_service on drills.exercises (service_id) where state = 'running';

create table drills.players (
  exercise_id text not null references drills.exercises (id),
  user_id text not null references security.users (id),
  primary key (exercise_id, user_id)
);

create table drills.injects (
  id text primary key,
  exercise_id text not null references drills.exercises (id),
  exercise boolean not null default true check (exercise),
  position integer not null,
  kind text not null check (kind in ('alert', 'resolve', 'message')),
  content jsonb not null,
  planned_at timestamptz not null,
  delivered_at timestamptz,
  state text not null default 'planned' check (state in ('planned', 'delivered', 'skipped')),
  unique (exercise_id, position)
);

create table drills.lessons (
  id text primary key,
  exercise_id text not null references drills.exercises (id),
  kind text not null check (kind in ('worked', 'hard', 'change')),
  text text not null,
  noted_by text not null references security.users (id),
  noted_at timestamptz not null default kernel.now()
);
create index on drills.lessons (exercise_id);
