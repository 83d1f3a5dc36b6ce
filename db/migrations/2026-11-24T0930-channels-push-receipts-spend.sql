-- Browsers that receive push, messages nobody confirms, and what SMS and calls may cost in a day.
-- The installation's own key pair for Web Push (VAPID): made at the first use, one for good.
create table channels.push_keys (
  one boolean primary key default true check (one),
  public_key text not null,
  sealed_private text not null,
  created_at timestamptz not null default kernel.now()
);

create table channels.push_subscriptions (
  id text primary key,
  owner text not null,
  -- Keyed hash of the browser's address at its push service: found again, never read.
  endpoint_hash text not null,
  -- Address and keys, sealed with the row's id.
  sealed text not null,
  -- The push service, as in the address.
  host text not null,
  ended_at timestamptz,
  ended_reason text,
  created_at timestamptz not null default kernel.now()
);
-- A browser belongs to one person at a time.
create unique index push_subscriptions_live on channels.push_subscriptions (endpoint_hash) where ended_at is null;
create index push_subscriptions_owner on channels.push_subscriptions (owner);

alter table channels.deliveries
  -- An urgent page to a confirmed address: no limit of cost holds it back.
  add column essential boolean not null default false,
  drop constraint deliveries_state_check,
  add constraint deliveries_state_check
    check (state in ('queued', 'sending', 'sent', 'unconfirmed', 'delivered', 'undeliverable', 'failed', 'withdrawn'));
-- Whether a number or browser has ever given a receipt.
create index deliveries_receipts on channels.deliveries (channel, recipient) where carrier is not null;

-- What SMS and calls have cost by day (UTC), in thousandths of the account's currency.
create table channels.phone_days (
  day text primary key check (day ~ '^\d{4}-\d{2}-\d{2}$'),
  spent integer not null default 0,
  -- Messages the limit has refused.
  refused integer not null default 0,
  -- When administrators were told that four fifths, and that all of it is used.
  warned_at timestamptz,
  reached_at timestamptz
);
