-- Signed heads: where each chain stood, signed by this installation's key, and how far each place outside has them.
create table security.signing_keys (
  id text primary key,
  public_key text not null,
  sealed_key text not null,
  created_at timestamptz not null default kernel.now()
);

create table security.heads (
  number bigint primary key,
  at timestamptz not null,
  -- The signed text, byte for byte.
  statement text not null,
  signature text not null,
  key_id text not null references security.signing_keys (id),
  hash text not null
);
create trigger heads_append_only before update or delete on security.heads
  for each row execute function kernel.refuse_change();
create trigger heads_no_truncate before truncate on security.heads
  for each statement execute function kernel.refuse_change();

-- Up to where each chain is covered by a signed head.
create table security.headed_chains (
  chain text primary key,
  seq bigint not null,
  number bigint not null references security.heads (number)
);

create table security.head_places (
  place text primary key,
  delivered bigint not null default 0,
  delivered_at timestamptz,
  error text,
  failed_at timestamptz
);
