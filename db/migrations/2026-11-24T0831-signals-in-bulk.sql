-- Posts that arrive together are written together.

-- Under load posts are stored in blocks, one row for all that share a commit; what comes of them is written when the block is
-- processed. Rows of `signals` are then made only of posts that changed something, and read their bytes from the block.
create table signals.blocks (
  id text primary key,
  integration_id text not null references signals.integrations (id),
  -- The process that wrote it and processes it; others take it over when that one is gone.
  node text not null,
  received_at timestamptz not null,
  posts integer not null,
  events integer not null,
  -- Ids of its first and last post: they rise, so a post is found by its id.
  first_id text not null,
  last_id text not null,
  -- What is known of each post (intake/blocks.ts), and their bytes one after the other.
  heads text not null,
  bodies bytea,
  state text not null default 'waiting' check (state in ('waiting', 'processed')),
  attempts integer not null default 0,
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null))
);
-- Alert bodies are small texts in a hurry: compressing them costs more than it saves.
alter table signals.blocks alter column bodies set storage external;
alter table signals.blocks alter column heads set storage external;
create index blocks_waiting on signals.blocks (id) where state = 'waiting';
create index blocks_by_post on signals.blocks (last_id);
create index blocks_with_bodies on signals.blocks (received_at) where bodies is not null;

alter table signals.signals add column block_id text;

-- What several posts of one block did alike to one alert is one line.
alter table signals.occurrences add column times integer not null default 1;

-- These are checked by construction, in one transaction, on the hottest path of the product.
alter table signals.occurrences drop constraint occurrences_signal_id_fkey;
alter table signals.occurrences drop constraint occurrences_alert_id_fkey;
alter table signals.alerts drop constraint alerts_last_signal_id_fkey;

-- Firing alerts are found by their own unique index; this one is for those that were resolved a moment ago.
drop index signals.alerts_by_key;
create index alerts_by_key on signals.alerts (integration_id, fingerprint, first_at desc) where state = 'resolved';
-- Room for a counter to be raised in place.
alter table signals.alerts set (fillfactor = 90);
alter table signals.groups set (fillfactor = 70);
create index blocks_of_integration on signals.blocks (integration_id, received_at desc);
