-- Carriers answer later: a message is accepted (sent) before it arrives. And a subscriber's address is not for every eye.
alter table channels.deliveries
  -- The address itself, sealed, when `recipient` only shows it masked; forgotten once the message is settled.
  add column sealed_recipient text,
  -- Which carrier took it, for channels that have several.
  add column carrier text,
  add column sent_at timestamptz,
  drop constraint deliveries_state_check,
  add constraint deliveries_state_check
    check (state in ('queued', 'sending', 'sent', 'delivered', 'undeliverable', 'failed', 'withdrawn'));
create index deliveries_remote on channels.deliveries (remote_id) where remote_id is not null;

-- Every callback of a carrier or chat, once: a second one with the same key has no second effect, on whichever node.
create table channels.callbacks (
  key text primary key,
  source text not null,
  -- What came of it: applied, unknown message, older than what is known.
  outcome text not null default 'applied',
  received_at timestamptz not null default kernel.now()
);
create index callbacks_age on channels.callbacks (received_at);
