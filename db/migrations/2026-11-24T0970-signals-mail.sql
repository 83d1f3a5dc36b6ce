-- Alert mail: which alert a mail was about, so that an answer to it is about the same one.
create table signals.mail_threads (
  integration_id text not null references signals.integrations (id) on delete cascade,
  -- Hash of the Message-ID: what a stranger writes there has no length and no alphabet.
  message_hash text not null,
  dedup_key text not null,
  at timestamptz not null default kernel.now(),
  primary key (integration_id, message_hash)
);
create index mail_threads_age on signals.mail_threads (at);

-- Answers of machines, counted by sender: a loop is cut.
create table signals.mail_loops (
  integration_id text not null references signals.integrations (id) on delete cascade,
  sender text not null,
  since timestamptz not null,
  taken int not null,
  primary key (integration_id, sender)
);
