-- Command: lanes with what must be settled, questions with an owner, decisions still to be taken, and how severity was chosen.

-- One line of work of an incident: who answers for it, what it reports (conditions, actions, needs), and when it last did.
create table incidents.lanes (
  incident_id text not null,
  lane text not null check (lane ~ '^[a-z][a-z0-9_]{0,39}$'),
  title text not null check (title <> ''),
  -- Whoever holds this role on the incident answers for the lane.
  role text references people.roles (key),
  owner_id text references security.users (id),
  state text not null default 'unstaffed' check (state in ('unstaffed', 'working', 'blocked', 'signed')),
  conditions text not null default '',
  actions text not null default '',
  needs text not null default '',
  reported_at timestamptz,
  reported_by text,
  -- The incident does not close before this lane is signed.
  holds_close boolean not null default false,
  opened_at timestamptz not null,
  signed_by text,
  signed_at timestamptz,
  exercise boolean not null default false,
  primary key (incident_id, lane),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check ((state = 'signed') = (signed_at is not null)),
  check (state = 'unstaffed' or owner_id is not null)
);

-- A lane's checklist. Nothing is taken off it: a point is done, or waived with a reason.
create table incidents.lane_items (
  id text primary key,
  incident_id text not null,
  lane text not null,
  position integer not null,
  text text not null check (text <> ''),
  state text not null default 'open' check (state in ('open', 'done', 'waived')),
  note text not null default '',
  settled_by text,
  settled_by_name text,
  settled_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, lane) references incidents.lanes (incident_id, lane),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check ((state = 'open') = (settled_at is null)),
  check (state <> 'waived' or note <> '')
);
create index lane_items_by_lane on incidents.lane_items (incident_id, lane, position);

create table incidents.questions (
  id text primary key,
  incident_id text not null,
  text text not null check (text <> ''),
  asked_by text not null,
  asked_by_name text not null,
  asked_at timestamptz not null,
  owner_id text references security.users (id),
  owner_role text references people.roles (key),
  due_at timestamptz,
  state text not null default 'open' check (state in ('open', 'answered', 'withdrawn')),
  answer text not null default '',
  -- Said in words for people who are no engineers; such an answer may be quoted to them.
  plain boolean not null default false,
  settled_by text,
  settled_by_name text,
  settled_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check ((state = 'open') = (settled_at is null)),
  check (state <> 'answered' or answer <> '')
);
create index questions_by_incident on incidents.questions (incident_id, asked_at);

-- A decision that is still to be taken: its options, when each applies (a condition over the facts), and by when.
create table incidents.decision_points (
  id text primary key,
  incident_id text not null,
  question text not null check (question <> ''),
  -- [{text, when}] in the order they were given; `when` is CEL over the facts of the incident, or null.
  options jsonb not null check (jsonb_array_length(options) between 2 and 8),
  owner_id text references security.users (id),
  due_at timestamptz,
  state text not null default 'open' check (state in ('open', 'decided', 'withdrawn')),
  opened_by text not null,
  opened_by_name text not null,
  opened_at timestamptz not null,
  settled_at timestamptz,
  decision_id text references incidents.decisions (id),
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check ((state = 'decided') = (decision_id is not null))
);
create index decision_points_by_incident on incidents.decision_points (incident_id, opened_at);

-- How severity came to be what it is: what was proposed, why, and who chose otherwise.
create table incidents.severity_log (
  id text primary key,
  incident_id text not null,
  at timestamptz not null,
  from_severity smallint check (from_severity between 1 and 4),
  to_severity smallint not null check (to_severity between 1 and 4),
  -- Null: nothing was known to propose from.
  proposed smallint check (proposed between 1 and 4),
  because text not null default '',
  overrides boolean not null default false,
  reason text not null default '',
  by_kind text not null,
  by_id text not null,
  by_name text not null,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (not overrides or proposed is not null)
);
create index severity_log_by_incident on incidents.severity_log (incident_id, at);
create trigger severity_log_append_only before update or delete on incidents.severity_log
  for each row execute function kernel.refuse_change();
-- Incidents from before: one line with what is known of them.
insert into incidents.severity_log (id, incident_id, at, to_severity, by_kind, by_id, by_name, exercise)
  select 'sev_' || substr(id, 5), id, declared_at, severity, declared_by_kind, declared_by, declared_by_name, exercise from incidents.incidents;

-- When a person said how a service is affected; null: the effect is only assumed.
alter table incidents.affected_services add column effect_stated_at timestamptz;
alter table incidents.impact_samples add column region text not null default '';
alter table incidents.decisions add column point_id text;

do $$
declare t text;
begin
  foreach t in array array['lanes', 'lane_items', 'questions', 'decision_points']
  loop
    execute format('create trigger keep_exercise before update on incidents.%I for each row execute function kernel.keep_exercise()', t);
  end loop;
end $$;
