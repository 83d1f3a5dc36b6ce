-- Series of metrics that are watched for what is unusual: which, what is known of each, what was seen, what people thought of it.
create table signals.metric_watches (
  id text primary key,
  name text not null check (length(name) between 1 and 200),
  -- write: Prometheus sends (remote write). query: we ask.
  source text not null check (source in ('write', 'query')),
  -- Of write: which series, as typed and as read; from one integration or, when null, from every one.
  selector text not null default '',
  matchers jsonb not null default '[]',
  integration_id text references signals.integrations (id) on delete cascade,
  -- A counter is watched by how much it gains in a second.
  reading text not null default 'value' check (reading in ('value', 'rate')),
  -- Of query: where and what, with named secrets sealed as a whole.
  url text not null default '',
  query text not null default '',
  "authorization" text not null default '',
  ca text not null default '',
  secrets_sealed text,
  service_id text references catalog.services (id),
  severity text not null default 'warning' check (severity in ('critical', 'error', 'warning', 'info')),
  sensitivity text not null default 'usual' check (sensitivity in ('low', 'usual', 'high')),
  -- Values of a step are one value: their mean.
  step_seconds integer not null default 60 check (step_seconds between 10 and 3600),
  max_series integer not null default 50 check (max_series between 1 and 1000),
  enabled boolean not null default true,
  -- Series that also fit when there was no room: how many at once, one of them, and when.
  refused integer not null default 0,
  refused_example text not null default '',
  refused_at timestamptz,
  -- Of query: why there was no answer, until when it was asked, and when last.
  trouble text not null default '',
  polled_to timestamptz,
  polled_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);
create unique index metric_watches_name on signals.metric_watches (lower(name));
create index metric_watches_integration on signals.metric_watches (integration_id);
create index metric_watches_service on signals.metric_watches (service_id);

create table signals.metric_series (
  id text primary key,
  watch_id text not null references signals.metric_watches (id) on delete cascade,
  -- Of the labels in order.
  hash text not null,
  labels jsonb not null,
  -- The score from which a value is an anomaly here; people's votes move it.
  threshold double precision not null,
  -- Steps taken in.
  seen integer not null default 0,
  -- The last sample, and the step that is not over yet.
  last_at timestamptz,
  last_value double precision,
  step_at timestamptz,
  step_sum double precision not null default 0,
  step_n integer not null default 0,
  -- The last whole step, with what was expected.
  point_at timestamptz,
  value double precision,
  low double precision,
  high double precision,
  score double precision not null default 0,
  -- Its alert is open; so many calm steps since.
  alerting boolean not null default false,
  calm integer not null default 0,
  heard_at timestamptz not null,
  created_at timestamptz not null default kernel.now(),
  unique (watch_id, hash)
) with (fillfactor = 70);

-- What the detector knows of a series: constant in size, rewritten once a step.
create table signals.metric_states (
  series_id text primary key references signals.metric_series (id) on delete cascade,
  state text not null
) with (fillfactor = 70);

-- Steps as they were, for the chart; kept three days.
create table signals.metric_points (
  series_id text not null references signals.metric_series (id) on delete cascade,
  at timestamptz not null,
  value double precision not null,
  low double precision,
  high double precision,
  score double precision not null,
  primary key (series_id, at)
);

create table signals.anomalies (
  id text primary key,
  series_id text not null references signals.metric_series (id) on delete cascade,
  at timestamptz not null,
  value double precision not null,
  low double precision,
  high double precision,
  score double precision not null,
  threshold double precision not null,
  -- Why, in words, the strongest first.
  reasons jsonb not null,
  -- False: found in values of the past, nobody was told.
  told boolean not null,
  -- What a person thought of it.
  useful boolean,
  judged_by text references security.users (id),
  judged_at timestamptz,
  unique (series_id, at)
);
create index anomalies_at on signals.anomalies (at);

-- Names of metrics that come in, for choosing; about how many series carry each.
create table signals.metric_names (
  integration_id text not null references signals.integrations (id) on delete cascade,
  name text not null,
  series integer not null,
  seen_at timestamptz not null,
  primary key (integration_id, name)
);
