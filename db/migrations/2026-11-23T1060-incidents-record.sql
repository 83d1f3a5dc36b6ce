-- The record of an incident: what it is, who leads, what happened and who decided. A drill's rows can only belong to a drill.
create schema incidents;
-- One holder per role at every instant is an exclusion over text and time; this ships with PostgreSQL and is trusted.
create extension if not exists btree_gist with schema public;

-- Numbers may have gaps (a refused declaration burns one); they never repeat.
create sequence incidents.numbers;

create table incidents.incidents (
  id text primary key,
  number bigint not null default nextval('incidents.numbers') unique,
  key text generated always as ('INC-' || number) stored,
  title text not null check (title <> ''),
  summary text not null default '',
  severity smallint not null check (severity between 1 and 4),
  phase text not null default 'detection' check (phase in
    ('detection', 'containment', 'eradication', 'recovery', 'verification', 'restored', 'closed', 'false_alarm', 'merged')),
  kind text not null default 'availability' check (kind in
    ('availability', 'performance', 'data', 'security', 'third_party', 'integration')),
  declared_by_kind text not null,
  declared_by text not null,
  declared_by_name text not null,
  detected_by text not null check (detected_by in ('monitor', 'person', 'customer')),
  impact_started_at timestamptz,
  impact_start_confidence text not null default 'estimated' check (impact_start_confidence in ('estimated', 'stated')),
  detected_at timestamptz not null,
  declared_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text references security.users (id),
  responded_at timestamptz,
  response_kind text check (response_kind in ('manual', 'automatic')),
  containment_started_at timestamptz,
  contained_at timestamptz,
  eradicated_at timestamptz,
  recovery_started_at timestamptz,
  verification_started_at timestamptz,
  impact_ended_at timestamptz,
  restored_at timestamptz,
  closed_at timestamptz,
  ended_reason text,
  recurs_of text references incidents.incidents (id),
  merged_into text references incidents.incidents (id),
  -- Reserved: restricted incidents will be read only by their access list (invariant 17).
  restricted boolean not null default false,
  -- One dialog, one incident: a second click of the same person sends the same key.
  request_key text,
  version integer not null default 1,
  exercise boolean not null default false,
  created_at timestamptz not null default kernel.now(),
  unique (id, exercise),
  unique (declared_by, request_key),
  check (impact_started_at <= impact_ended_at),
  check (impact_ended_at <= restored_at),
  check (restored_at <= closed_at),
  check (contained_at <= restored_at),
  check (containment_started_at <= contained_at),
  check ((phase = 'merged') = (merged_into is not null))
);
create index incidents_by_age on incidents.incidents (declared_at desc, id desc);
create index incidents_active on incidents.incidents (declared_at) where phase in ('detection', 'containment', 'eradication', 'recovery', 'verification');

create table incidents.affected_services (
  incident_id text not null,
  service_id text not null,
  name text not null,
  tier smallint,
  phase text not null check (phase in ('detection', 'containment', 'eradication', 'recovery', 'verification', 'restored', 'closed')),
  effect text not null default 'partial' check (effect in ('none', 'slow', 'partial', 'down', 'wrong_data')),
  added_at timestamptz not null,
  exercise boolean not null default false,
  primary key (incident_id, service_id),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index affected_services_by_service on incidents.affected_services (service_id);

create table incidents.phase_log (
  id text primary key,
  incident_id text not null,
  -- null: the incident as a whole; otherwise one affected service.
  service_id text,
  phase text not null,
  entered_at timestamptz not null,
  entered_by text not null,
  left_at timestamptz,
  left_by text,
  waiver jsonb,
  note text not null default '',
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (left_at >= entered_at)
);
create unique index phase_log_one_open on incidents.phase_log (incident_id, coalesce(service_id, '')) where left_at is null;

-- Where each timeline ends: the next sequence number and hash, and proof that no tail was cut off.
create table incidents.timeline_heads (
  incident_id text primary key,
  seq integer not null default 0,
  hash text not null,
  recorded_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

create table incidents.timeline (
  incident_id text not null,
  seq integer not null check (seq > 0),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  kind text not null,
  text text not null,
  refs jsonb not null default '[]',
  classification text not null default 'internal' check (classification in ('public', 'internal', 'restricted')),
  corrects integer,
  prev_hash text not null,
  hash text not null,
  exercise boolean not null default false,
  primary key (incident_id, seq),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  foreign key (incident_id, corrects) references incidents.timeline (incident_id, seq),
  check (corrects < seq),
  check (occurred_at <= recorded_at + interval '60 seconds')
);

create index timeline_corrections on incidents.timeline (incident_id, corrects) where corrects is not null;
create index timeline_refs on incidents.timeline using gin (refs jsonb_path_ops);
create trigger timeline_append_only before update or delete on incidents.timeline
  for each row execute function kernel.refuse_change();
create trigger timeline_never_emptied before truncate on incidents.timeline
  for each statement execute function kernel.refuse_change();

create table incidents.role_assignments (
  id text primary key,
  incident_id text not null,
  role text not null check (role in ('incident_commander', 'deputy', 'operations_lead', 'communications_lead',
    'technical_liaison', 'scribe', 'security_officer', 'subject_matter_expert')),
  user_id text not null references security.users (id),
  from_at timestamptz not null,
  to_at timestamptz,
  assigned_by text not null,
  -- Why this person commands and works hands-on at once, or replaced a holder without a hand-over.
  exception text,
  handover_note text,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (to_at >= from_at),
  constraint one_holder_per_role exclude using gist
    (incident_id with =, role with =, tstzrange(from_at, to_at) with &&) where (role <> 'subject_matter_expert'),
  constraint one_assignment_per_person exclude using gist
    (incident_id with =, role with =, user_id with =, tstzrange(from_at, to_at) with &&)
);

create table incidents.handovers (
  id text primary key,
  incident_id text not null,
  role text not null,
  from_user_id text not null references security.users (id),
  to_user_id text not null references security.users (id),
  brief text not null check (brief <> ''),
  state text not null default 'offered' check (state in ('offered', 'accepted', 'declined', 'withdrawn')),
  offered_at timestamptz not null,
  settled_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (from_user_id <> to_user_id)
);
create unique index handovers_one_open on incidents.handovers (incident_id, role) where state = 'offered';

create table incidents.hypotheses (
  id text primary key,
  incident_id text not null,
  text text not null,
  state text not null default 'open' check (state in ('open', 'supported', 'refuted', 'confirmed')),
  -- [{at, by, text, state}] in the order it came in; the timeline carries the same history under hashes.
  evidence jsonb not null default '[]',
  raised_by text not null,
  raised_at timestamptz not null,
  changed_at timestamptz not null,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

create table incidents.approvals (
  id text primary key,
  incident_id text not null,
  subject_kind text not null,
  subject_id text not null,
  title text not null,
  note text not null default '',
  -- The token an approver must hold at the moment of approving.
  authority text not null,
  needed smallint not null default 1 check (needed in (1, 2)),
  requester_id text not null,
  requester_name text not null,
  self_allowed boolean not null default false,
  state text not null default 'pending' check (state in ('pending', 'granted', 'refused', 'withdrawn', 'expired')),
  requested_at timestamptz not null,
  expires_at timestamptz,
  settled_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  unique (id, requester_id, self_allowed, exercise)
);
create unique index approvals_one_pending on incidents.approvals (subject_kind, subject_id) where state = 'pending';
create index approvals_by_incident on incidents.approvals (incident_id);

-- No verdict without an authenticated person, and never the requester's own unless policy allowed it when asked (M25a).
create table incidents.approval_verdicts (
  approval_id text not null,
  approver_id text not null references security.users (id),
  requester_id text not null,
  self_allowed boolean not null,
  verdict text not null check (verdict in ('granted', 'refused')),
  note text not null default '',
  at timestamptz not null,
  exercise boolean not null default false,
  primary key (approval_id, approver_id),
  foreign key (approval_id, requester_id, self_allowed, exercise) references incidents.approvals (id, requester_id, self_allowed, exercise),
  check (approver_id <> requester_id or self_allowed)
);
create trigger verdicts_append_only before update or delete on incidents.approval_verdicts
  for each row execute function kernel.refuse_change();

create table incidents.decisions (
  id text primary key,
  incident_id text not null,
  question text not null,
  options jsonb not null default '[]',
  choice text not null,
  rationale text not null default '',
  -- What was known at that moment, frozen with the decision.
  inputs jsonb not null default '{}',
  decider_id text not null,
  decider_name text not null,
  -- Set when the decision was put to an approver.
  approval_id text references incidents.approvals (id),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create trigger decisions_append_only before update or delete on incidents.decisions
  for each row execute function kernel.refuse_change();

create table incidents.gates (
  incident_id text not null,
  kind text not null,
  holds text not null check (holds in ('restore', 'close')),
  state text not null default 'open' check (state in ('open', 'closed', 'waived')),
  reasons jsonb not null default '[]',
  waived_by text,
  waived_reason text,
  changed_at timestamptz not null,
  exercise boolean not null default false,
  primary key (incident_id, kind),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check ((state = 'waived') = (waived_reason is not null))
);

create table incidents.tasks (
  id text primary key,
  incident_id text not null,
  text text not null,
  role text,
  person_id text references security.users (id),
  due_at timestamptz,
  state text not null default 'open' check (state in ('open', 'done', 'dropped')),
  created_by text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- Alert groups belong to signals, which may forget old ones; the incident's record may not, so the name is kept here.
create table incidents.group_links (
  incident_id text not null,
  group_id text not null,
  title text not null,
  state text not null default 'firing' check (state in ('firing', 'resolved')),
  first_at timestamptz not null,
  linked_at timestamptz not null,
  -- When its source last changed its mind; a group that fires again after `restored` asks whether it is a relapse.
  changed_at timestamptz not null,
  exercise boolean not null default false,
  primary key (incident_id, group_id),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index group_links_by_group on incidents.group_links (group_id);

create table incidents.impact_samples (
  id text primary key,
  incident_id text not null,
  at timestamptz not null,
  customers bigint check (customers >= 0),
  pct_requests double precision check (pct_requests between 0 and 100),
  services jsonb not null default '[]',
  method text not null default '',
  recorded_by text not null,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (customers is not null or pct_requests is not null)
);
create index impact_samples_by_incident on incidents.impact_samples (incident_id, at);

-- What modules above owe this incident by a time (the next update, a review): a row, so that no question goes up.
create table incidents.dues (
  incident_id text not null,
  key text not null,
  title text not null,
  reason text not null,
  place text not null,
  due_at timestamptz,
  exercise boolean not null default false,
  primary key (incident_id, key),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- A drill stays a drill and a real incident stays real, from its first row to its last.
do $$
declare t text;
begin
  foreach t in array array['incidents', 'affected_services', 'phase_log', 'timeline_heads', 'role_assignments', 'handovers', 'hypotheses',
    'approvals', 'gates', 'tasks', 'group_links', 'impact_samples', 'dues']
  loop
    execute format('create trigger keep_exercise before update on incidents.%I for each row execute function kernel.keep_exercise()', t);
  end loop;
end $$;
