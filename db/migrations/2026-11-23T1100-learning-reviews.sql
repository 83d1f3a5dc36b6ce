-- Reviews, what they found, the actions that follow, and the cases the figures are computed from.
create schema learning;

-- One review per incident. `severity` is the highest the incident reached; it decided whether and when the review is due.
create table learning.reviews (
  id text primary key,
  incident_id text not null unique references incidents.incidents (id),
  exercise boolean not null default false,
  severity integer not null check (severity between 1 and 4),
  form text not null check (form in ('full', 'light')),
  asked_by text references security.users (id),
  asked_because text,
  state text not null default 'draft' check (state in ('draft', 'scheduled', 'in_review', 'reviewed', 'closed')),
  owner_id text references security.users (id),
  facilitator_id text references security.users (id),
  meeting_at timestamptz,
  due_at timestamptz,
  original_due_at timestamptz,
  due_zone text not null,
  policy jsonb not null,
  sections jsonb not null default '{}',
  trigger text,
  findings jsonb not null default '[]',
  -- What the record said when the review was finished: measures, phases, roles. Before that it is read live.
  frozen jsonb,
  version integer not null default 1,
  opened_at timestamptz not null default kernel.now(),
  changed_at timestamptz not null default kernel.now(),
  -- When a person first wrote into it; until then it follows the record.
  edited_at timestamptz,
  overdue_noted_at timestamptz,
  finished_at timestamptz,
  finished_by text references security.users (id),
  loop_closed_at timestamptz,
  check (state = 'draft' or (owner_id is not null and due_at is not null)),
  check (state not in ('reviewed', 'closed') or (trigger is not null and finished_at is not null)),
  check ((state = 'closed') = (loop_closed_at is not null))
);
create index on learning.reviews (due_at) where state in ('draft', 'scheduled', 'in_review');

create table learning.review_factors (
  review_id text not null references learning.reviews (id),
  code text not null,
  note text not null,
  position integer not null,
  primary key (review_id, code)
);
create index on learning.review_factors (code);

create sequence learning.action_number;

-- An improvement. Confirmed means exactly one owner, one due day and one type: the database insists as well.
create table learning.actions (
  id text primary key,
  number integer not null unique default nextval('learning.action_number'),
  review_id text references learning.reviews (id),
  incident_id text references incidents.incidents (id),
  exercise boolean not null default false,
  title text not null,
  detail text not null default '',
  type text check (type in ('code', 'process', 'training', 'tooling', 'docs', 'supplier', 'capacity')),
  strength integer check (strength between 1 and 5),
  state text not null default 'proposed'
    check (state in ('proposed', 'confirmed', 'in_progress', 'done', 'rejected', 'superseded')),
  owner_id text references security.users (id),
  -- The day as written, the zone it was meant in, and the instant after which it is late.
  due_on text check (due_on ~ '^\d{4}-\d{2}-\d{2}$'),
  due_zone text,
  due_at timestamptz,
  original_due_on text,
  due_moves jsonb not null default '[]',
  proposed_by text not null,
  proposed_at timestamptz not null default kernel.now(),
  confirmed_at timestamptz,
  started_at timestamptz,
  settled_at timestamptz,
  settled_by text,
  settled_note text,
  overdue_noted_at timestamptz,
  version integer not null default 1,
  check (
    state in ('proposed', 'rejected', 'superseded')
    or (owner_id is not null and due_on is not null and due_at is not null and type is not null)
  ),
  check (state not in ('done', 'rejected', 'superseded') or (settled_at is not null and settled_note is not null))
);
create index on learning.actions (review_id);
create index on learning.actions (owner_id) where state in ('confirmed', 'in_progress');

-- What every figure is computed from: the instants of real incidents. An exercise can not enter: the row must say it is
-- none, and the pair must exist among the incidents.
create table learning.cases (
  incident_id text primary key,
  exercise boolean not null default false check (not exercise),
  key text not null,
  title text not null,
  severity integer not null check (severity between 1 and 4),
  detected_by text check (detected_by in ('monitor', 'person', 'customer')),
  service_ids text[] not null default '{}',
  impact_started_at timestamptz,
  detected_at timestamptz,
  declared_at timestamptz,
  first_paged_at timestamptz,
  first_acked_at timestamptz,
  commander_at timestamptz,
  containment_started_at timestamptz,
  contained_at timestamptz,
  impact_ended_at timestamptz,
  restored_at timestamptz,
  first_public_at timestamptz,
  -- Why the incident is not counted although it is kept here: 'false_alarm' or 'merged'.
  left_out text check (left_out in ('false_alarm', 'merged')),
  computed_at timestamptz not null default kernel.now(),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on learning.cases ((coalesce(impact_started_at, detected_at, declared_at)));
