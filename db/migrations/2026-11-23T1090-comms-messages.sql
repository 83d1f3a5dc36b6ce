-- What customers are told: components of the public page, messages with immutable revisions, the clock, subscribers.
-- A drill stays inside: every table that leads to the public carries `exercise` and refuses it, and the composite keys
-- below make sure that a row cannot claim to be real while its message is an exercise.
create schema comms;

create table comms.components (
  id text primary key,
  name text not null check (length(name) between 1 and 80),
  group_name text,
  description text,
  position integer not null default 0,
  visible boolean not null default true,
  state text not null default 'operational'
    check (state in ('operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance')),
  state_since timestamptz not null default kernel.now(),
  state_reason text,
  state_by text,
  archived_at timestamptz,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  constraint components_are_real check (not exercise)
);
create unique index components_name on comms.components (lower(name)) where archived_at is null;

create table comms.component_services (
  component_id text not null references comms.components (id) on delete cascade,
  service_id text not null references catalog.services (id) on delete cascade,
  primary key (component_id, service_id)
);
create index component_services_service on comms.component_services (service_id);

create table comms.messages (
  id text primary key,
  incident_id text not null,
  kind text not null check (kind in ('initial', 'update', 'resolution')),
  state text not null default 'draft' check (state in ('draft', 'published', 'discarded')),
  exercise boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  published_at timestamptz,
  -- A drill's message can only belong to a drill.
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  unique (id, exercise)
);
-- Only one unpublished message per incident and kind.
create unique index messages_one_draft on comms.messages (incident_id, kind) where state = 'draft';
create index messages_incident on comms.messages (incident_id, created_at);

create table comms.revisions (
  id text primary key,
  message_id text not null,
  incident_id text not null,
  n integer not null check (n >= 1),
  -- Counts saves while unpublished; the writer's browser sends back the one it saw.
  version integer not null default 1,
  fields jsonb not null,
  -- SHA-256 over the fields: the same in every channel.
  facts_hash text not null,
  public_status text not null check (public_status in ('investigating', 'identified', 'monitoring', 'resolved')),
  phase text not null,
  severity integer not null,
  lint jsonb,
  overrides jsonb not null default '[]',
  written_by text not null,
  written_at timestamptz not null default kernel.now(),
  supersedes text references comms.revisions (id),
  correction_reason text,
  approval_requested_at timestamptz,
  approval_id text,
  approved_by text,
  approved_at timestamptz,
  -- What was approved; an edit after it makes the approval void.
  approved_hash text,
  unapproved_reason text,
  published_by text,
  published_at timestamptz,
  -- What the clock asked for when it went out: punctuality is published_at <= due_at.
  due_at timestamptz,
  exercise boolean not null default false,
  foreign key (message_id, exercise) references comms.messages (id, exercise),
  unique (message_id, n),
  unique (id, exercise)
);
create unique index revisions_one_open on comms.revisions (message_id) where published_at is null;
create index revisions_published on comms.revisions (incident_id, published_at) where published_at is not null;

-- Published revisions never change: a correction is a new revision (domain 2.4, invariant 12).
create function comms.keep_published() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'a published revision is immutable: %', old.id using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger keep_published before update or delete on comms.revisions for each row execute function comms.keep_published();

create table comms.component_changes (
  id text primary key,
  component_id text not null references comms.components (id) on delete cascade,
  from_state text not null,
  to_state text not null,
  reason text,
  revision_id text,
  changed_by text,
  changed_at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  constraint component_changes_are_real check (not exercise),
  foreign key (revision_id, exercise) references comms.revisions (id, exercise)
);
create index component_changes_newest on comms.component_changes (component_id, changed_at desc);

-- The public face of an incident: its address on the page. No row, no page.
create table comms.incident_pages (
  incident_id text primary key,
  public_id text not null unique,
  started_at timestamptz not null,
  first_published_at timestamptz not null,
  resolved_at timestamptz,
  -- Set when the incident was dismissed: the notice is withdrawn visibly.
  withdrawn_at timestamptz,
  updated_at timestamptz not null,
  exercise boolean not null default false,
  constraint incident_pages_are_real check (not exercise),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- One row per revision and public channel.
create table comms.publications (
  revision_id text not null,
  incident_id text not null,
  channel text not null check (channel in ('status_page', 'email')),
  facts_hash text not null,
  at timestamptz not null default kernel.now(),
  -- E-mail: every subscriber has been handed over to the sender.
  spread_at timestamptz,
  exercise boolean not null default false,
  primary key (revision_id, channel),
  constraint publications_are_real check (not exercise),
  foreign key (revision_id, exercise) references comms.revisions (id, exercise)
);

-- Where a drill publishes instead: seen in the console only.
create table comms.mirrors (
  revision_id text primary key,
  incident_id text not null,
  facts_hash text not null,
  at timestamptz not null default kernel.now(),
  exercise boolean not null default true,
  constraint mirrors_are_exercises check (exercise),
  foreign key (revision_id, exercise) references comms.revisions (id, exercise)
);

create table comms.clocks (
  incident_id text primary key,
  state text not null check (state in ('none', 'running', 'stopped')),
  stopped text check (stopped in ('resolved', 'not_needed', 'dismissed')),
  stopped_reason text,
  stopped_by text,
  due_at timestamptz,
  reason text check (reason in ('first', 'scope', 'next', 'promised', 'resolution')),
  interval_seconds integer,
  published integer not null default 0,
  last_published_at timestamptz,
  promised_at timestamptz,
  overdue_since timestamptz,
  exercise boolean not null default false,
  updated_at timestamptz not null default kernel.now(),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  constraint clocks_say_why check ((state = 'running') = (due_at is not null)),
  constraint clocks_stop_for_a_reason check ((state = 'stopped') = (stopped is not null))
);

create table comms.subscribers (
  id text primary key,
  -- Sealed with the row's id; null once the address was forgotten.
  sealed_address text,
  -- Keyed digest of the lower-case address: finds it again without reading it.
  address_hash text not null unique,
  -- The same for the mailbox behind it (without a +tag): at most one confirmation mail an hour goes there.
  mailbox_hash text not null,
  -- `a…@example.com`, for people who manage the list.
  hint text not null,
  state text not null check (state in ('pending', 'confirmed', 'unsubscribed')),
  -- Empty: every component.
  component_ids text[] not null default '{}',
  confirm_hash text,
  confirm_sent_at timestamptz,
  sealed_unsubscribe text,
  unsubscribe_hash text unique,
  created_at timestamptz not null default kernel.now(),
  confirmed_at timestamptz,
  unsubscribed_at timestamptz,
  constraint subscribers_confirmed check (state <> 'confirmed' or (sealed_address is not null and unsubscribe_hash is not null))
);
create index subscribers_confirm on comms.subscribers (confirm_hash) where confirm_hash is not null;
create index subscribers_mailbox on comms.subscribers (mailbox_hash, confirm_sent_at);
create index subscribers_state on comms.subscribers (state, id);

-- How often one network address asked, per hour; swept daily.
create table comms.subscribe_attempts (
  ip_hash text not null,
  hour timestamptz not null,
  attempts integer not null default 1,
  primary key (ip_hash, hour)
);

-- One row per revision and subscriber: the idempotency key of a mail.
create table comms.mailings (
  revision_id text not null,
  subscriber_id text not null references comms.subscribers (id) on delete cascade,
  delivery_id text not null,
  state text not null default 'queued' check (state in ('queued', 'delivered', 'failed')),
  error text,
  at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  primary key (revision_id, subscriber_id),
  constraint mailings_are_real check (not exercise),
  foreign key (revision_id, exercise) references comms.revisions (id, exercise)
);
create index mailings_delivery on comms.mailings (delivery_id);
