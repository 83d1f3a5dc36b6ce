-- Steps with conditions and turns by the round, webhooks and rooms as targets; pages that come back: after a forgotten
-- acknowledgement, after a snooze, when they are handed on. What a step may hold lies in `steps` (jsonb).
alter table people.policies
  -- Minutes after which a page somebody took asks again; null: never.
  add column ack_timeout_minutes integer check (ack_timeout_minutes between 5 and 10080);

alter table people.pages
  -- 1 highest … 4; null: not known.
  add column priority integer check (priority between 1 and 4),
  -- Whose it is: who took it last or was given it. Stays while others are called.
  add column assignee_id text references security.users (id),
  -- The first answer of a person, whatever came after (time to acknowledge counts this one).
  add column first_acknowledged_at timestamptz,
  add column ack_timeout_minutes integer check (ack_timeout_minutes between 5 and 10080),
  -- When a page that is taken asks again, and why.
  add column wake_at timestamptz,
  add column wake_reason text check (wake_reason in ('ack_timeout', 'snooze')),
  add constraint pages_wake_check check ((wake_at is null) = (wake_reason is null)),
  drop constraint pages_stage_check,
  add constraint pages_stage_check check (stage in ('steps', 'holder', 'team_leads', 'emergency', 'done'));

update people.pages set first_acknowledged_at = acknowledged_at, assignee_id = acknowledged_by
  where acknowledged_at is not null;

create index pages_waking on people.pages (wake_at) where wake_at is not null;
create index pages_assignee on people.pages (assignee_id, id);
create index pages_subject on people.pages (subject_id, id);

-- Whose turn it is in a step that calls one after the other: in the order in which they were last called.
create table people.rounds (
  -- No reference: a running page goes on when its policy is deleted.
  policy_id text not null,
  step integer not null check (step >= 0),
  called text[] not null default '{}',
  primary key (policy_id, step)
);

-- Programs that a step of a policy can call, by name. The address and its secret lie with the channel.
create table people.page_webhooks (
  endpoint_id text primary key references channels.endpoints (id),
  name text not null,
  created_by text not null,
  created_at timestamptz not null default kernel.now()
);
create unique index page_webhooks_name on people.page_webhooks (lower(name));
