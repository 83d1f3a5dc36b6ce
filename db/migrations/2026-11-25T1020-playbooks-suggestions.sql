-- What was suggested at triage, to whom it was shown, and what people made of it: the acceptance of each kind is counted from here (M78b).
create table playbooks.suggestions (
  id text primary key,
  -- It is about one of the two.
  group_id text references signals.groups (id) on delete cascade,
  incident_id text references incidents.incidents (id) on delete cascade,
  kind text not null check (kind in ('severity', 'service', 'playbook', 'fix')),
  -- `2`, a service, a playbook, a past incident.
  value text not null,
  label text not null,
  reasons text[] not null,
  score integer not null check (score between 0 and 100),
  -- What accepting it needs to know, of the moment in which it was shown.
  detail jsonb not null default '{}',
  -- `withdrawn`: more was known later, and something else was suggested instead.
  state text not null default 'shown' check (state in ('shown', 'accepted', 'refused', 'other', 'withdrawn')),
  -- Accepted by its button, or because somebody did the same by hand.
  via text check (via in ('click', 'hand')),
  -- What was chosen instead, or why not.
  said text,
  shown_at timestamptz not null default kernel.now(),
  shown_to text references security.users (id),
  decided_at timestamptz,
  decided_by text references security.users (id),
  exercise boolean not null default false,
  check ((group_id is null) <> (incident_id is null)),
  check ((state = 'shown') = (decided_at is null))
);
create unique index suggestions_of_group on playbooks.suggestions (group_id, kind, value) where group_id is not null;
create unique index suggestions_of_incident on playbooks.suggestions (incident_id, kind, value) where incident_id is not null;
create index suggestions_by_time on playbooks.suggestions (shown_at);
-- “Refused twice lately”, asked for each playbook and each fix that is weighed.
create index suggestions_by_value on playbooks.suggestions (kind, value, decided_at) where state in ('accepted', 'refused');
