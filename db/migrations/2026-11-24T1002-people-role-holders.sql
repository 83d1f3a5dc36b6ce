-- Who has which role in which incident now, told from above, so that an escalation step can call "the commander".
create table people.role_holders (
  incident_id text not null,
  role_key text not null references people.roles (key),
  user_id text not null references security.users (id),
  since timestamptz not null default kernel.now(),
  primary key (incident_id, role_key, user_id)
);
comment on table people.role_holders is 'Only duties that go on; the record of the incident keeps those that are over.';

-- The incident an alert became part of after its page had started: whose roles a step means.
alter table people.pages add column role_incident_id text;
