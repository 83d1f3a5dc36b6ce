-- Groups believed to have one cause upstream: they are one case, and only the lead's people are asked.
create table signals.correlations (
  id text primary key,
  -- The service, store or third party that probably is the cause.
  origin_id text not null references catalog.services (id),
  -- The group under which the others stand; its people were asked.
  lead_group_id text not null references signals.groups (id) deferrable initially deferred,
  -- True when the origin does not alert itself and was concluded from what depends on it.
  silent boolean not null,
  state text not null check (state in ('open', 'ended', 'undone')),
  -- Sentences, most telling first.
  reasons jsonb not null,
  -- Services that a person took out of it: {serviceId, by, at, reason}.
  separated jsonb not null default '[]',
  opened_at timestamptz not null,
  last_joined_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  ended_reason text,
  -- What became of it, in order: {at, text}.
  history jsonb not null default '[]',
  exercise boolean not null default false,
  check ((state = 'open') = (ended_at is null))
);
create unique index correlations_one_open on signals.correlations (origin_id, exercise) where state = 'open';
create index correlations_of_lead on signals.correlations (lead_group_id);
create index correlations_newest on signals.correlations (opened_at desc, id desc);

alter table signals.groups
  -- The earliest beginning that the sources of its alerts gave.
  add column started_at timestamptz,
  add column correlation_id text references signals.correlations (id) deferrable initially deferred,
  -- Why nobody is asked although it fires, and by what: {kind, by, why, at, urgency}.
  add column held jsonb,
  -- What a rule decided about whom to ask: {ruleId, rule, policyId, urgency}.
  add column routed jsonb;
create index groups_of_correlation on signals.groups (correlation_id) where correlation_id is not null;
create index groups_held on signals.groups (id) where held is not null and state <> 'resolved';
create index groups_just_opened on signals.groups (first_at) where state <> 'resolved' and service_id is not null;
