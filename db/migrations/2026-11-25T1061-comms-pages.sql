-- Further pages beside the one everybody sees: other components, other readers, another name and address.
create table comms.pages (
  id text primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  name text not null check (length(name) between 1 and 80),
  about text not null default '',
  support_contact text not null default '',
  accent text not null default '#0e7c7b' check (accent ~* '^#[0-9a-f]{6}$'),
  accent_dark text not null default '' check (accent_dark ~* '^(#[0-9a-f]{6})?$'),
  -- A PNG of a few kilobytes, cleaned of everything but its picture; base64.
  logo text,
  language text not null default 'en',
  languages jsonb not null default '[]',
  audience text not null check (audience in ('public', 'signed_in', 'token')),
  -- SHA-256 of the token that opens a page for readers without an account.
  token_hash text,
  host text unique,
  component_ids text[] not null,
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  constraint pages_token check ((audience = 'token') = (token_hash is not null))
);
