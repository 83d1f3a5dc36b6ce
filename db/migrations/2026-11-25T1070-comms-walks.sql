-- Many readers: a revision walks along the subscribers by a cursor, with a mark that is durable, instead of a row each.
create table comms.walks (
  revision_id text not null,
  channel text not null check (channel in ('email', 'webhook')),
  incident_id text not null,
  public_id text not null,
  state text not null default 'walking' check (state in ('walking', 'done')),
  -- Everybody up to this id has an outcome ...
  after_id text not null default '',
  -- ... and so have these beyond it: outcomes do not come in order.
  ahead text[] not null default '{}',
  sent integer not null default 0,
  failed integer not null default 0,
  -- Given to an ordinary delivery, which tries again for most of a day.
  handed integer not null default 0,
  fence integer not null default 0,
  -- On the steady clock (milliseconds).
  held_until double precision,
  tries integer not null default 0,
  next_try_at timestamptz,
  last_error text,
  started_at timestamptz not null default kernel.now(),
  first_at timestamptz,
  ended_at timestamptz,
  exercise boolean not null default false,
  primary key (revision_id, channel),
  constraint walks_are_real check (not exercise),
  foreign key (revision_id, exercise) references comms.revisions (id, exercise)
);
create index walks_open on comms.walks (started_at) where state = 'walking';

-- A subscriber is reached on one channel. What `sealed_address` holds depends on it: an address, a number, an incoming webhook.
alter table comms.subscribers
  add column channel text not null default 'email' check (channel in ('email', 'sms', 'webhook', 'slack', 'teams')),
  -- A webhook's registered endpoint.
  add column endpoint_id text,
  add column segments text[] not null default '{}',
  -- Mails refused for good since the last one that was taken.
  add column bounces integer not null default 0,
  add column bounced_at timestamptz;
alter table comms.subscribers drop constraint subscribers_state_check;
alter table comms.subscribers add constraint subscribers_state_check
  check (state in ('pending', 'confirmed', 'unsubscribed', 'bounced'));
create index subscribers_walk on comms.subscribers (channel, id) where state = 'confirmed';

alter table comms.publications drop constraint publications_channel_check;
alter table comms.publications add constraint publications_channel_check
  check (channel in ('status_page', 'email', 'webhook', 'sms', 'slack', 'teams', 'critical', 'banner', 'mastodon', 'bluesky', 'x', 'linkedin'));
