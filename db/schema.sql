-- Written by "npm run schema" from db/migrations. Do not edit.

-- catalog

create table catalog.abilities (
  id text not null,
  service_id text not null,
  kind text not null,
  name text not null,
  url text,
  position integer not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint abilities_kind_check CHECK ((kind = ANY (ARRAY['observe'::text, 'isolate'::text, 'recover'::text]))),
  constraint abilities_name_check CHECK ((name <> ''::text)),
  constraint abilities_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint abilities_pkey PRIMARY KEY (id)
);

create table catalog.changes (
  id text not null,
  service_id text,
  kind text not null,
  summary text not null,
  source text not null default ''::text,
  url text,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint changes_kind_check CHECK ((kind = ANY (ARRAY['deploy'::text, 'config'::text, 'flag'::text, 'migration'::text, 'infra'::text, 'data'::text, 'vendor'::text]))),
  constraint changes_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE SET NULL,
  constraint changes_pkey PRIMARY KEY (id)
);

create table catalog.dependencies (
  from_id text not null,
  to_id text not null,
  strength text not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint dependencies_check CHECK ((from_id <> to_id)),
  constraint dependencies_strength_check CHECK ((strength = ANY (ARRAY['hard'::text, 'soft'::text]))),
  constraint dependencies_from_id_fkey FOREIGN KEY (from_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint dependencies_to_id_fkey FOREIGN KEY (to_id) REFERENCES catalog.services(id) ON DELETE RESTRICT,
  constraint dependencies_pkey PRIMARY KEY (from_id, to_id)
);

create table catalog.fallbacks (
  id text not null,
  of_id text not null,
  for_id text,
  to_id text,
  kind text not null,
  how text not null,
  tested_at timestamp with time zone,
  position integer not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint fallbacks_check CHECK (((of_id IS DISTINCT FROM to_id) AND (of_id IS DISTINCT FROM for_id))),
  constraint fallbacks_how_check CHECK ((how <> ''::text)),
  constraint fallbacks_kind_check CHECK ((kind = ANY (ARRAY['manual'::text, 'second_provider'::text, 'cache'::text, 'defer'::text, 'failover'::text]))),
  constraint fallbacks_for_id_fkey FOREIGN KEY (for_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint fallbacks_of_id_fkey FOREIGN KEY (of_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint fallbacks_to_id_fkey FOREIGN KEY (to_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint fallbacks_pkey PRIMARY KEY (id)
);

create table catalog.imported (
  service_id text not null,
  source text not null,
  ref text not null,
  wrote jsonb not null,
  imported_at timestamp with time zone not null default kernel.now(),
  constraint imported_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint imported_pkey PRIMARY KEY (service_id),
  constraint imported_source_ref_key UNIQUE (source, ref)
);

create table catalog.map_token (
  one boolean not null default true,
  token uuid not null,
  changed_by text not null default ''::text,
  constraint map_token_one_check CHECK (one),
  constraint map_token_pkey PRIMARY KEY (one)
);

create table catalog.services (
  id text not null,
  slug text not null,
  name text not null,
  tier smallint not null,
  description text not null default ''::text,
  team_id text,
  policy_id text,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  kind text not null default 'service'::text,
  redundancy text not null default 'unknown'::text,
  constraint services_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'store'::text, 'third_party'::text, 'journey'::text]))),
  constraint services_redundancy_check CHECK ((redundancy = ANY (ARRAY['single'::text, 'several'::text, 'unknown'::text]))),
  constraint services_tier_check CHECK ((tier = ANY (ARRAY[1, 2, 3]))),
  constraint services_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES people.policies(id),
  constraint services_team_id_fkey FOREIGN KEY (team_id) REFERENCES people.teams(id),
  constraint services_pkey PRIMARY KEY (id),
  constraint services_slug_key UNIQUE (slug)
);

create table catalog.stores (
  service_id text not null,
  engine text not null default ''::text,
  region text not null default ''::text,
  replicas integer,
  rebuildable boolean not null default false,
  backup text not null default ''::text,
  constraint stores_replicas_check CHECK (((replicas >= 0) AND (replicas <= 1000))),
  constraint stores_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint stores_pkey PRIMARY KEY (service_id)
);

create table catalog.third_parties (
  service_id text not null,
  legal_name text not null default ''::text,
  provides text not null default ''::text,
  data_categories text[] not null default '{}'::text[],
  regions text[] not null default '{}'::text[],
  contacts text not null default ''::text,
  status_url text,
  exit_plan text not null default ''::text,
  contract_end text,
  owner_id text,
  review_every_days integer not null default 365,
  reviewed_at timestamp with time zone,
  review_note text not null default ''::text,
  constraint third_parties_contract_end_check CHECK ((contract_end ~ '^\d{4}-\d{2}-\d{2}$'::text)),
  constraint third_parties_review_every_days_check CHECK (((review_every_days >= 1) AND (review_every_days <= 3650))),
  constraint third_parties_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint third_parties_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint third_parties_pkey PRIMARY KEY (service_id)
);

CREATE OR REPLACE FUNCTION catalog.renew_map_token()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update catalog.map_token set token = gen_random_uuid(), changed_by = pg_current_xact_id()::text
    where changed_by <> pg_current_xact_id()::text;
  return null;
end $function$
;

CREATE INDEX abilities_by_service ON catalog.abilities USING btree (service_id, kind, "position");

CREATE INDEX changes_by_service ON catalog.changes USING btree (service_id, at DESC);

CREATE INDEX changes_by_time ON catalog.changes USING btree (at DESC, id DESC);

CREATE INDEX dependencies_to ON catalog.dependencies USING btree (to_id);

CREATE INDEX fallbacks_of ON catalog.fallbacks USING btree (of_id, "position");

CREATE INDEX services_by_kind ON catalog.services USING btree (kind);

CREATE CONSTRAINT TRIGGER dependencies_renew_map_token AFTER INSERT OR DELETE OR UPDATE ON catalog.dependencies DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog.renew_map_token();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON catalog.dependencies DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

CREATE CONSTRAINT TRIGGER services_renew_map_token AFTER INSERT OR DELETE OR UPDATE OF name, slug, kind, tier ON catalog.services DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog.renew_map_token();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON catalog.services DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

-- channels

create table channels.callbacks (
  key text not null,
  source text not null,
  outcome text not null default 'applied'::text,
  received_at timestamp with time zone not null default kernel.now(),
  constraint callbacks_pkey PRIMARY KEY (key)
);

create table channels.deliveries (
  id text not null,
  key text not null,
  channel text not null,
  recipient text not null,
  purpose text not null,
  ref text not null,
  incident_id text,
  subject text not null,
  sealed_message text not null,
  state text not null default 'queued'::text,
  attempts integer not null default 0,
  fence integer not null default 0,
  next_attempt_at timestamp with time zone not null default kernel.now(),
  last_error text,
  remote_id text,
  withdrawn_at timestamp with time zone,
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  created_at timestamp with time zone not null default kernel.now(),
  sealed_recipient text,
  carrier text,
  sent_at timestamp with time zone,
  essential boolean not null default false,
  held_until double precision,
  constraint deliveries_exercise_stays_inside CHECK (((NOT exercise) OR (purpose = ANY (ARRAY['page'::text, 'security'::text, 'internal'::text])))),
  constraint deliveries_purpose_check CHECK ((purpose = ANY (ARRAY['page'::text, 'security'::text, 'internal'::text, 'subscriber'::text, 'public'::text]))),
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'unconfirmed'::text, 'delivered'::text, 'undeliverable'::text, 'failed'::text, 'withdrawn'::text]))),
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_key_key UNIQUE (key)
);

create table channels.endpoints (
  id text not null,
  url text not null,
  sealed_secret text not null,
  owner text not null,
  disabled_at timestamp with time zone,
  disabled_reason text,
  created_at timestamp with time zone not null default kernel.now(),
  failing_since timestamp with time zone,
  constraint endpoints_pkey PRIMARY KEY (id)
);

create table channels.phone_days (
  day text not null,
  spent integer not null default 0,
  refused integer not null default 0,
  warned_at timestamp with time zone,
  reached_at timestamp with time zone,
  constraint phone_days_day_check CHECK ((day ~ '^\d{4}-\d{2}-\d{2}$'::text)),
  constraint phone_days_pkey PRIMARY KEY (day)
);

create table channels.push_keys (
  one boolean not null default true,
  public_key text not null,
  sealed_private text not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint push_keys_one_check CHECK (one),
  constraint push_keys_pkey PRIMARY KEY (one)
);

create table channels.push_subscriptions (
  id text not null,
  owner text not null,
  endpoint_hash text not null,
  sealed text not null,
  host text not null,
  ended_at timestamp with time zone,
  ended_reason text,
  created_at timestamp with time zone not null default kernel.now(),
  constraint push_subscriptions_pkey PRIMARY KEY (id)
);

CREATE INDEX callbacks_age ON channels.callbacks USING btree (received_at);

CREATE INDEX deliveries_awaited ON channels.deliveries USING btree (sent_at) WHERE (state = 'sent'::text);

CREATE INDEX deliveries_newest ON channels.deliveries USING btree (created_at DESC, id DESC);

CREATE INDEX deliveries_receipts ON channels.deliveries USING btree (channel, recipient) WHERE (carrier IS NOT NULL);

CREATE INDEX deliveries_ref ON channels.deliveries USING btree (ref);

CREATE INDEX deliveries_remote ON channels.deliveries USING btree (remote_id) WHERE (remote_id IS NOT NULL);

CREATE INDEX deliveries_unsent ON channels.deliveries USING btree (next_attempt_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));

CREATE INDEX endpoints_owner ON channels.endpoints USING btree (owner);

CREATE UNIQUE INDEX push_subscriptions_live ON channels.push_subscriptions USING btree (endpoint_hash) WHERE (ended_at IS NULL);

CREATE INDEX push_subscriptions_owner ON channels.push_subscriptions USING btree (owner);

CREATE TRIGGER deliveries_keep_exercise BEFORE UPDATE ON channels.deliveries FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON channels.endpoints DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

-- comms

create table comms.clearances (
  revision_id text not null,
  part text not null,
  facts_hash text not null,
  given_by text not null,
  given_at timestamp with time zone not null default kernel.now(),
  note text not null default ''::text,
  constraint clearances_part_check CHECK ((part = ANY (ARRAY['security'::text, 'legal'::text]))),
  constraint clearances_revision_id_fkey FOREIGN KEY (revision_id) REFERENCES comms.revisions(id) ON DELETE CASCADE,
  constraint clearances_pkey PRIMARY KEY (revision_id, part)
);

create table comms.clocks (
  incident_id text not null,
  state text not null,
  stopped text,
  stopped_reason text,
  stopped_by text,
  due_at timestamp with time zone,
  reason text,
  interval_seconds integer,
  published integer not null default 0,
  last_published_at timestamp with time zone,
  promised_at timestamp with time zone,
  overdue_since timestamp with time zone,
  exercise boolean not null default false,
  updated_at timestamp with time zone not null default kernel.now(),
  constraint clocks_reason_check CHECK ((reason = ANY (ARRAY['first'::text, 'scope'::text, 'next'::text, 'promised'::text, 'resolution'::text]))),
  constraint clocks_say_why CHECK (((state = 'running'::text) = (due_at IS NOT NULL))),
  constraint clocks_state_check CHECK ((state = ANY (ARRAY['none'::text, 'running'::text, 'stopped'::text]))),
  constraint clocks_stop_for_a_reason CHECK (((state = 'stopped'::text) = (stopped IS NOT NULL))),
  constraint clocks_stopped_check CHECK ((stopped = ANY (ARRAY['resolved'::text, 'not_needed'::text, 'dismissed'::text]))),
  constraint clocks_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint clocks_pkey PRIMARY KEY (incident_id)
);

create table comms.commitments (
  id text not null,
  incident_id text not null,
  revision_id text not null,
  kind text not null,
  text text not null,
  due_at timestamp with time zone not null,
  state text not null default 'open'::text,
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  constraint commitments_kind_check CHECK ((kind = ANY (ARRAY['next_update'::text, 'estimate'::text, 'confirm_estimate'::text, 'report'::text]))),
  constraint commitments_state_check CHECK ((state = ANY (ARRAY['open'::text, 'kept'::text, 'missed'::text, 'withdrawn'::text]))),
  constraint commitments_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint commitments_pkey PRIMARY KEY (id)
);

create table comms.component_changes (
  id text not null,
  component_id text not null,
  from_state text not null,
  to_state text not null,
  reason text,
  revision_id text,
  changed_by text,
  changed_at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint component_changes_are_real CHECK ((NOT exercise)),
  constraint component_changes_component_id_fkey FOREIGN KEY (component_id) REFERENCES comms.components(id) ON DELETE CASCADE,
  constraint component_changes_revision_id_exercise_fkey FOREIGN KEY (revision_id, exercise) REFERENCES comms.revisions(id, exercise),
  constraint component_changes_pkey PRIMARY KEY (id)
);

create table comms.component_services (
  component_id text not null,
  service_id text not null,
  constraint component_services_component_id_fkey FOREIGN KEY (component_id) REFERENCES comms.components(id) ON DELETE CASCADE,
  constraint component_services_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint component_services_pkey PRIMARY KEY (component_id, service_id)
);

create table comms.components (
  id text not null,
  name text not null,
  group_name text,
  description text,
  position integer not null default 0,
  visible boolean not null default true,
  state text not null default 'operational'::text,
  state_since timestamp with time zone not null default kernel.now(),
  state_reason text,
  state_by text,
  archived_at timestamp with time zone,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint components_are_real CHECK ((NOT exercise)),
  constraint components_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint components_state_check CHECK ((state = ANY (ARRAY['operational'::text, 'degraded_performance'::text, 'partial_outage'::text, 'major_outage'::text, 'under_maintenance'::text]))),
  constraint components_pkey PRIMARY KEY (id)
);

create table comms.copies (
  id text not null,
  name text not null,
  kind text not null,
  config jsonb not null,
  sealed_secret text,
  url text,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  pushed jsonb not null default '{}'::jsonb,
  said text,
  pushed_at timestamp with time zone,
  pushed_files integer,
  tries integer not null default 0,
  failing_since timestamp with time zone,
  error text,
  read_at timestamp with time zone,
  read_state text,
  read_detail text,
  drifting_since timestamp with time zone,
  drift_told_at timestamp with time zone,
  constraint copies_kind_check CHECK ((kind = ANY (ARRAY['folder'::text, 's3'::text, 'git'::text]))),
  constraint copies_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint copies_read_state_check CHECK ((read_state = ANY (ARRAY['same'::text, 'other'::text, 'old'::text, 'unreadable'::text]))),
  constraint copies_pkey PRIMARY KEY (id)
);

create table comms.emergency_keys (
  id text not null,
  name text not null,
  public_key text not null,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  revoked_at timestamp with time zone,
  constraint emergency_keys_pkey PRIMARY KEY (id)
);

create table comms.emergency_notices (
  id text not null,
  key_id text not null,
  headline text not null,
  body text not null,
  next_update_by timestamp with time zone,
  written_at timestamp with time zone not null,
  signed jsonb not null,
  merged_at timestamp with time zone not null default kernel.now(),
  ended_at timestamp with time zone,
  ended_reason text,
  exercise boolean not null default false,
  constraint emergency_notices_exercise_check CHECK ((NOT exercise)),
  constraint emergency_notices_key_id_fkey FOREIGN KEY (key_id) REFERENCES comms.emergency_keys(id),
  constraint emergency_notices_pkey PRIMARY KEY (id)
);

create table comms.feedback (
  id text not null,
  incident_id text not null,
  revision_id text,
  helped boolean not null,
  words text not null default ''::text,
  day date not null,
  exercise boolean not null default false,
  constraint feedback_is_real CHECK ((NOT exercise)),
  constraint feedback_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint feedback_pkey PRIMARY KEY (id)
);

create table comms.incident_pages (
  incident_id text not null,
  public_id text not null,
  started_at timestamp with time zone not null,
  first_published_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  updated_at timestamp with time zone not null,
  exercise boolean not null default false,
  constraint incident_pages_are_real CHECK ((NOT exercise)),
  constraint incident_pages_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint incident_pages_pkey PRIMARY KEY (incident_id),
  constraint incident_pages_public_id_key UNIQUE (public_id)
);

create table comms.mailings (
  revision_id text not null,
  subscriber_id text not null,
  delivery_id text not null,
  state text not null default 'queued'::text,
  error text,
  at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint mailings_are_real CHECK ((NOT exercise)),
  constraint mailings_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'delivered'::text, 'failed'::text]))),
  constraint mailings_revision_id_exercise_fkey FOREIGN KEY (revision_id, exercise) REFERENCES comms.revisions(id, exercise),
  constraint mailings_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES comms.subscribers(id) ON DELETE CASCADE,
  constraint mailings_pkey PRIMARY KEY (revision_id, subscriber_id)
);

create table comms.maintenances (
  id text not null,
  public_id text not null,
  series_id text not null,
  title text not null,
  body text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  component_ids text[] not null,
  mutes boolean not null,
  silence_id text,
  state text not null,
  taken text[] not null default '{}'::text[],
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint maintenances_check CHECK ((ends_at > starts_at)),
  constraint maintenances_exercise_check CHECK ((NOT exercise)),
  constraint maintenances_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'in_progress'::text, 'completed'::text, 'cancelled'::text]))),
  constraint maintenances_title_check CHECK (((length(title) >= 1) AND (length(title) <= 120))),
  constraint maintenances_pkey PRIMARY KEY (id),
  constraint maintenances_public_id_key UNIQUE (public_id)
);

create table comms.messages (
  id text not null,
  incident_id text not null,
  kind text not null,
  state text not null default 'draft'::text,
  exercise boolean not null default false,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  published_at timestamp with time zone,
  because text,
  due_at timestamp with time zone,
  waived_reason text,
  scheduled_at timestamp with time zone,
  retracted_at timestamp with time zone,
  retracted_by text,
  retracted_reason text,
  constraint messages_kind_check CHECK ((kind = ANY (ARRAY['initial'::text, 'scope'::text, 'update'::text, 'containment'::text, 'recovery_progress'::text, 'setback'::text, 'resolution'::text, 'post_incident'::text, 'internal_brief'::text, 'direct'::text]))),
  constraint messages_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'discarded'::text]))),
  constraint messages_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_id_exercise_key UNIQUE (id, exercise)
);

create table comms.mirrors (
  revision_id text not null,
  incident_id text not null,
  facts_hash text not null,
  at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default true,
  constraint mirrors_are_exercises CHECK (exercise),
  constraint mirrors_revision_id_exercise_fkey FOREIGN KEY (revision_id, exercise) REFERENCES comms.revisions(id, exercise),
  constraint mirrors_pkey PRIMARY KEY (revision_id)
);

create table comms.pages (
  id text not null,
  slug text not null,
  name text not null,
  about text not null default ''::text,
  support_contact text not null default ''::text,
  accent text not null default '#0e7c7b'::text,
  accent_dark text not null default ''::text,
  logo text,
  language text not null default 'en'::text,
  languages jsonb not null default '[]'::jsonb,
  audience text not null,
  token_hash text,
  host text,
  component_ids text[] not null,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint pages_accent_check CHECK ((accent ~* '^#[0-9a-f]{6}$'::text)),
  constraint pages_accent_dark_check CHECK ((accent_dark ~* '^(#[0-9a-f]{6})?$'::text)),
  constraint pages_audience_check CHECK ((audience = ANY (ARRAY['public'::text, 'signed_in'::text, 'token'::text]))),
  constraint pages_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint pages_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text)),
  constraint pages_token CHECK (((audience = 'token'::text) = (token_hash IS NOT NULL))),
  constraint pages_pkey PRIMARY KEY (id),
  constraint pages_host_key UNIQUE (host),
  constraint pages_slug_key UNIQUE (slug)
);

create table comms.posts (
  revision_id text not null,
  incident_id text not null,
  channel text not null,
  state text not null default 'waiting'::text,
  body text not null,
  remote_id text,
  url text,
  tries integer not null default 0,
  next_try_at timestamp with time zone,
  error text,
  at timestamp with time zone not null default kernel.now(),
  posted_at timestamp with time zone,
  exercise boolean not null default false,
  constraint posts_are_real CHECK ((NOT exercise)),
  constraint posts_channel_check CHECK ((channel = ANY (ARRAY['mastodon'::text, 'bluesky'::text, 'x'::text, 'linkedin'::text]))),
  constraint posts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'posted'::text, 'failed'::text, 'to_copy'::text]))),
  constraint posts_revision_id_exercise_fkey FOREIGN KEY (revision_id, exercise) REFERENCES comms.revisions(id, exercise),
  constraint posts_pkey PRIMARY KEY (revision_id, channel)
);

create table comms.publications (
  revision_id text not null,
  incident_id text not null,
  channel text not null,
  facts_hash text not null,
  at timestamp with time zone not null default kernel.now(),
  spread_at timestamp with time zone,
  exercise boolean not null default false,
  constraint publications_are_real CHECK ((NOT exercise)),
  constraint publications_channel_check CHECK ((channel = ANY (ARRAY['status_page'::text, 'email'::text, 'webhook'::text, 'sms'::text, 'slack'::text, 'teams'::text, 'critical'::text, 'banner'::text, 'mastodon'::text, 'bluesky'::text, 'x'::text, 'linkedin'::text]))),
  constraint publications_revision_id_exercise_fkey FOREIGN KEY (revision_id, exercise) REFERENCES comms.revisions(id, exercise),
  constraint publications_pkey PRIMARY KEY (revision_id, channel)
);

create table comms.read_backs (
  incident_id text not null,
  channel text not null,
  revision_id text not null,
  state text not null,
  detail text not null default ''::text,
  read_at timestamp with time zone not null default kernel.now(),
  differs_since timestamp with time zone,
  alerted_at timestamp with time zone,
  exercise boolean not null default false,
  constraint read_backs_are_real CHECK ((NOT exercise)),
  constraint read_backs_state_check CHECK ((state = ANY (ARRAY['same'::text, 'differs'::text, 'unreachable'::text]))),
  constraint read_backs_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint read_backs_pkey PRIMARY KEY (incident_id, channel)
);

create table comms.recurrences (
  incident_id text not null,
  earlier_id text not null,
  likeness double precision,
  state text not null default 'confirmed'::text,
  alike text not null default ''::text,
  decided_by text not null,
  decided_at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint recurrences_state_check CHECK ((state = ANY (ARRAY['confirmed'::text, 'rejected'::text]))),
  constraint recurrences_earlier_id_fkey FOREIGN KEY (earlier_id) REFERENCES incidents.incidents(id),
  constraint recurrences_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint recurrences_pkey PRIMARY KEY (incident_id, earlier_id)
);

create table comms.revisions (
  id text not null,
  message_id text not null,
  incident_id text not null,
  n integer not null,
  version integer not null default 1,
  fields jsonb not null,
  facts_hash text not null,
  public_status text not null,
  phase text not null,
  severity integer not null,
  lint jsonb,
  overrides jsonb not null default '[]'::jsonb,
  written_by text not null,
  written_at timestamp with time zone not null default kernel.now(),
  supersedes text,
  correction_reason text,
  approval_requested_at timestamp with time zone,
  approval_id text,
  approved_by text,
  approved_at timestamp with time zone,
  approved_hash text,
  unapproved_reason text,
  published_by text,
  published_at timestamp with time zone,
  due_at timestamp with time zone,
  exercise boolean not null default false,
  holding boolean not null default false,
  constraint revisions_n_check CHECK ((n >= 1)),
  constraint revisions_public_status_check CHECK ((public_status = ANY (ARRAY['investigating'::text, 'identified'::text, 'monitoring'::text, 'resolved'::text]))),
  constraint revisions_message_id_exercise_fkey FOREIGN KEY (message_id, exercise) REFERENCES comms.messages(id, exercise),
  constraint revisions_supersedes_fkey FOREIGN KEY (supersedes) REFERENCES comms.revisions(id),
  constraint revisions_pkey PRIMARY KEY (id),
  constraint revisions_id_exercise_key UNIQUE (id, exercise),
  constraint revisions_message_id_n_key UNIQUE (message_id, n)
);

create table comms.site (
  one boolean not null default true,
  version bigint not null default 1,
  changed_at timestamp with time zone not null default kernel.now(),
  constraint site_one_check CHECK (one),
  constraint site_pkey PRIMARY KEY (one)
);

create table comms.subscribe_attempts (
  ip_hash text not null,
  hour timestamp with time zone not null,
  attempts integer not null default 1,
  constraint subscribe_attempts_pkey PRIMARY KEY (ip_hash, hour)
);

create table comms.subscribers (
  id text not null,
  sealed_address text,
  address_hash text not null,
  mailbox_hash text not null,
  hint text not null,
  state text not null,
  component_ids text[] not null default '{}'::text[],
  confirm_hash text,
  confirm_sent_at timestamp with time zone,
  sealed_unsubscribe text,
  unsubscribe_hash text,
  created_at timestamp with time zone not null default kernel.now(),
  confirmed_at timestamp with time zone,
  unsubscribed_at timestamp with time zone,
  channel text not null default 'email'::text,
  endpoint_id text,
  segments text[] not null default '{}'::text[],
  bounces integer not null default 0,
  bounced_at timestamp with time zone,
  constraint subscribers_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'webhook'::text, 'slack'::text, 'teams'::text]))),
  constraint subscribers_confirmed CHECK (((state <> 'confirmed'::text) OR ((sealed_address IS NOT NULL) AND (unsubscribe_hash IS NOT NULL)))),
  constraint subscribers_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'confirmed'::text, 'unsubscribed'::text, 'bounced'::text]))),
  constraint subscribers_pkey PRIMARY KEY (id),
  constraint subscribers_address_hash_key UNIQUE (address_hash),
  constraint subscribers_unsubscribe_hash_key UNIQUE (unsubscribe_hash)
);

create table comms.unknowns (
  id text not null,
  incident_id text not null,
  text text not null,
  state text not null default 'open'::text,
  answer text not null default ''::text,
  owner_id text,
  first_revision_id text not null,
  last_revision_id text not null,
  opened_at timestamp with time zone not null default kernel.now(),
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  constraint unknowns_state_check CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'withdrawn'::text]))),
  constraint unknowns_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint unknowns_pkey PRIMARY KEY (id)
);

create table comms.walks (
  revision_id text not null,
  channel text not null,
  incident_id text not null,
  public_id text not null,
  state text not null default 'walking'::text,
  after_id text not null default ''::text,
  ahead text[] not null default '{}'::text[],
  sent integer not null default 0,
  failed integer not null default 0,
  handed integer not null default 0,
  fence integer not null default 0,
  held_until double precision,
  tries integer not null default 0,
  next_try_at timestamp with time zone,
  last_error text,
  started_at timestamp with time zone not null default kernel.now(),
  first_at timestamp with time zone,
  ended_at timestamp with time zone,
  exercise boolean not null default false,
  constraint walks_are_real CHECK ((NOT exercise)),
  constraint walks_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text]))),
  constraint walks_state_check CHECK ((state = ANY (ARRAY['walking'::text, 'done'::text]))),
  constraint walks_revision_id_exercise_fkey FOREIGN KEY (revision_id, exercise) REFERENCES comms.revisions(id, exercise),
  constraint walks_pkey PRIMARY KEY (revision_id, channel)
);

CREATE OR REPLACE FUNCTION comms.keep_published()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.published_at is not null then
    raise exception 'a published revision is immutable: %', old.id using errcode = 'restrict_violation';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $function$
;

CREATE INDEX commitments_incident ON comms.commitments USING btree (incident_id, due_at);

CREATE INDEX commitments_open ON comms.commitments USING btree (due_at) WHERE (state = 'open'::text);

CREATE INDEX component_changes_newest ON comms.component_changes USING btree (component_id, changed_at DESC);

CREATE INDEX component_services_service ON comms.component_services USING btree (service_id);

CREATE UNIQUE INDEX components_name ON comms.components USING btree (lower(name)) WHERE (archived_at IS NULL);

CREATE UNIQUE INDEX copies_name ON comms.copies USING btree (lower(name));

CREATE INDEX emergency_notices_standing ON comms.emergency_notices USING btree (written_at) WHERE (ended_at IS NULL);

CREATE INDEX feedback_day ON comms.feedback USING btree (day);

CREATE INDEX mailings_delivery ON comms.mailings USING btree (delivery_id);

CREATE INDEX maintenances_open ON comms.maintenances USING btree (starts_at) WHERE (state = ANY (ARRAY['scheduled'::text, 'in_progress'::text]));

CREATE INDEX messages_incident ON comms.messages USING btree (incident_id, created_at);

CREATE UNIQUE INDEX messages_one_draft ON comms.messages USING btree (incident_id, kind) WHERE (state = 'draft'::text);

CREATE UNIQUE INDEX revisions_one_open ON comms.revisions USING btree (message_id) WHERE (published_at IS NULL);

CREATE INDEX revisions_published ON comms.revisions USING btree (incident_id, published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX subscribers_confirm ON comms.subscribers USING btree (confirm_hash) WHERE (confirm_hash IS NOT NULL);

CREATE INDEX subscribers_mailbox ON comms.subscribers USING btree (mailbox_hash, confirm_sent_at);

CREATE INDEX subscribers_state ON comms.subscribers USING btree (state, id);

CREATE INDEX subscribers_walk ON comms.subscribers USING btree (channel, id) WHERE (state = 'confirmed'::text);

CREATE UNIQUE INDEX unknowns_open ON comms.unknowns USING btree (incident_id, lower(text)) WHERE (state = 'open'::text);

CREATE INDEX walks_open ON comms.walks USING btree (started_at) WHERE (state = 'walking'::text);

CREATE TRIGGER keep_published BEFORE DELETE OR UPDATE ON comms.revisions FOR EACH ROW EXECUTE FUNCTION comms.keep_published();

-- drills

create table drills.exercises (
  id text not null,
  number integer not null default nextval('drills.exercise_number'::regclass),
  exercise boolean not null default true,
  scenario text not null,
  family text not null,
  title text not null,
  brief text not null,
  objectives jsonb not null default '[]'::jsonb,
  service_id text,
  state text not null,
  facilitator_id text not null,
  cold boolean not null default false,
  started_at timestamp with time zone not null default kernel.now(),
  ends_by timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_because text,
  aborted boolean not null default false,
  group_ids text[] not null default '{}'::text[],
  sweep jsonb,
  none_because text,
  closed_at timestamp with time zone,
  closed_by text,
  constraint exercises_check CHECK (((state = 'running'::text) = (ended_at IS NULL))),
  constraint exercises_check1 CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
  constraint exercises_exercise_check CHECK (exercise),
  constraint exercises_state_check CHECK ((state = ANY (ARRAY['running'::text, 'ended'::text, 'aborted'::text, 'closed'::text]))),
  constraint exercises_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES security.users(id),
  constraint exercises_facilitator_id_fkey FOREIGN KEY (facilitator_id) REFERENCES security.users(id),
  constraint exercises_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint exercises_pkey PRIMARY KEY (id),
  constraint exercises_number_key UNIQUE (number)
);

create table drills.injects (
  id text not null,
  exercise_id text not null,
  exercise boolean not null default true,
  position integer not null,
  kind text not null,
  content jsonb not null,
  planned_at timestamp with time zone not null,
  delivered_at timestamp with time zone,
  state text not null default 'planned'::text,
  constraint injects_exercise_check CHECK (exercise),
  constraint injects_kind_check CHECK ((kind = ANY (ARRAY['alert'::text, 'resolve'::text, 'message'::text]))),
  constraint injects_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'delivered'::text, 'skipped'::text]))),
  constraint injects_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES drills.exercises(id),
  constraint injects_pkey PRIMARY KEY (id),
  constraint injects_exercise_id_position_key UNIQUE (exercise_id, "position")
);

create table drills.lessons (
  id text not null,
  exercise_id text not null,
  kind text not null,
  text text not null,
  noted_by text not null,
  noted_at timestamp with time zone not null default kernel.now(),
  constraint lessons_kind_check CHECK ((kind = ANY (ARRAY['worked'::text, 'hard'::text, 'change'::text]))),
  constraint lessons_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES drills.exercises(id),
  constraint lessons_noted_by_fkey FOREIGN KEY (noted_by) REFERENCES security.users(id),
  constraint lessons_pkey PRIMARY KEY (id)
);

create table drills.players (
  exercise_id text not null,
  user_id text not null,
  constraint players_exercise_id_fkey FOREIGN KEY (exercise_id) REFERENCES drills.exercises(id),
  constraint players_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint players_pkey PRIMARY KEY (exercise_id, user_id)
);

create sequence drills.exercise_number;

CREATE INDEX lessons_exercise_id_idx ON drills.lessons USING btree (exercise_id);

CREATE UNIQUE INDEX one_running_exercise_per_service ON drills.exercises USING btree (service_id) WHERE (state = 'running'::text);

CREATE TRIGGER keep_exercise BEFORE UPDATE ON drills.exercises FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

-- incidents

create table incidents.affected_services (
  incident_id text not null,
  service_id text not null,
  name text not null,
  tier smallint,
  phase text not null,
  effect text not null default 'partial'::text,
  added_at timestamp with time zone not null,
  exercise boolean not null default false,
  effect_stated_at timestamp with time zone,
  constraint affected_services_effect_check CHECK ((effect = ANY (ARRAY['none'::text, 'slow'::text, 'partial'::text, 'down'::text, 'wrong_data'::text]))),
  constraint affected_services_phase_check CHECK ((phase = ANY (ARRAY['detection'::text, 'containment'::text, 'eradication'::text, 'recovery'::text, 'verification'::text, 'restored'::text, 'closed'::text]))),
  constraint affected_services_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint affected_services_pkey PRIMARY KEY (incident_id, service_id)
);

create table incidents.approval_verdicts (
  approval_id text not null,
  approver_id text not null,
  requester_id text not null,
  self_allowed boolean not null,
  verdict text not null,
  note text not null default ''::text,
  at timestamp with time zone not null,
  exercise boolean not null default false,
  second_factor text,
  constraint approval_verdicts_check CHECK (((approver_id <> requester_id) OR self_allowed)),
  constraint approval_verdicts_second_factor_check CHECK ((second_factor = ANY (ARRAY['code'::text, 'none'::text]))),
  constraint approval_verdicts_verdict_check CHECK ((verdict = ANY (ARRAY['granted'::text, 'refused'::text]))),
  constraint approval_verdicts_approval_id_requester_id_self_allowed_ex_fkey FOREIGN KEY (approval_id, requester_id, self_allowed, exercise) REFERENCES incidents.approvals(id, requester_id, self_allowed, exercise),
  constraint approval_verdicts_approver_id_fkey FOREIGN KEY (approver_id) REFERENCES security.users(id),
  constraint approval_verdicts_pkey PRIMARY KEY (approval_id, approver_id)
);

create table incidents.approvals (
  id text not null,
  incident_id text not null,
  subject_kind text not null,
  subject_id text not null,
  title text not null,
  note text not null default ''::text,
  authority text not null,
  needed smallint not null default 1,
  requester_id text not null,
  requester_name text not null,
  self_allowed boolean not null default false,
  state text not null default 'pending'::text,
  requested_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  second_factor boolean not null default false,
  constraint approvals_needed_check CHECK ((needed = ANY (ARRAY[1, 2]))),
  constraint approvals_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'granted'::text, 'refused'::text, 'withdrawn'::text, 'expired'::text]))),
  constraint approvals_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint approvals_pkey PRIMARY KEY (id),
  constraint approvals_id_requester_id_self_allowed_exercise_key UNIQUE (id, requester_id, self_allowed, exercise)
);

create table incidents.attachments (
  id text not null,
  incident_id text not null,
  name text not null,
  media_type text not null,
  size integer not null,
  sha256 text not null,
  bytes bytea not null,
  uploaded_by text not null,
  uploaded_by_name text not null,
  uploaded_at timestamp with time zone not null,
  exercise boolean not null default false,
  constraint attachments_name_check CHECK ((name <> ''::text)),
  constraint attachments_size_check CHECK ((size > 0)),
  constraint attachments_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint attachments_pkey PRIMARY KEY (id)
);

create table incidents.chat_rooms (
  incident_id text not null,
  provider text not null,
  state text not null default 'wanted'::text,
  channel_id text,
  channel_name text,
  topic text,
  bookmarked text[] not null default '{}'::text[],
  invited text[] not null default '{}'::text[],
  told_seq integer not null default 0,
  error text,
  attempts integer not null default 0,
  wanted_at timestamp with time zone not null default kernel.now(),
  worked_at timestamp with time zone,
  lease_until timestamp with time zone,
  exercise boolean not null default false,
  constraint chat_rooms_check CHECK (((state <> ALL (ARRAY['open'::text, 'archived'::text])) OR (channel_id IS NOT NULL))),
  constraint chat_rooms_provider_check CHECK ((provider = ANY (ARRAY['slack'::text, 'teams'::text]))),
  constraint chat_rooms_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'open'::text, 'archived'::text, 'given_up'::text]))),
  constraint chat_rooms_told_seq_check CHECK ((told_seq >= 0)),
  constraint chat_rooms_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint chat_rooms_pkey PRIMARY KEY (incident_id, provider)
);

create table incidents.decision_points (
  id text not null,
  incident_id text not null,
  question text not null,
  options jsonb not null,
  owner_id text,
  due_at timestamp with time zone,
  state text not null default 'open'::text,
  opened_by text not null,
  opened_by_name text not null,
  opened_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  decision_id text,
  exercise boolean not null default false,
  constraint decision_points_check CHECK (((state = 'decided'::text) = (decision_id IS NOT NULL))),
  constraint decision_points_options_check CHECK (((jsonb_array_length(options) >= 2) AND (jsonb_array_length(options) <= 8))),
  constraint decision_points_question_check CHECK ((question <> ''::text)),
  constraint decision_points_state_check CHECK ((state = ANY (ARRAY['open'::text, 'decided'::text, 'withdrawn'::text]))),
  constraint decision_points_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES incidents.decisions(id),
  constraint decision_points_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint decision_points_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint decision_points_pkey PRIMARY KEY (id)
);

create table incidents.decisions (
  id text not null,
  incident_id text not null,
  question text not null,
  options jsonb not null default '[]'::jsonb,
  choice text not null,
  rationale text not null default ''::text,
  inputs jsonb not null default '{}'::jsonb,
  decider_id text not null,
  decider_name text not null,
  approval_id text,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  exercise boolean not null default false,
  point_id text,
  reversible boolean,
  constraint decisions_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES incidents.approvals(id),
  constraint decisions_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint decisions_pkey PRIMARY KEY (id)
);

create table incidents.dues (
  incident_id text not null,
  key text not null,
  title text not null,
  reason text not null,
  place text not null,
  due_at timestamp with time zone,
  exercise boolean not null default false,
  constraint dues_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint dues_pkey PRIMARY KEY (incident_id, key)
);

create table incidents.gates (
  incident_id text not null,
  kind text not null,
  holds text not null,
  state text not null default 'open'::text,
  reasons jsonb not null default '[]'::jsonb,
  waived_by text,
  waived_reason text,
  changed_at timestamp with time zone not null,
  exercise boolean not null default false,
  good_until timestamp with time zone,
  constraint gates_check CHECK (((state = 'waived'::text) = (waived_reason IS NOT NULL))),
  constraint gates_holds_check CHECK ((holds = ANY (ARRAY['restore'::text, 'close'::text]))),
  constraint gates_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'waived'::text]))),
  constraint gates_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint gates_pkey PRIMARY KEY (incident_id, kind)
);

create table incidents.group_links (
  incident_id text not null,
  group_id text not null,
  title text not null,
  state text not null default 'firing'::text,
  first_at timestamp with time zone not null,
  linked_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  exercise boolean not null default false,
  constraint group_links_state_check CHECK ((state = ANY (ARRAY['firing'::text, 'resolved'::text]))),
  constraint group_links_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint group_links_pkey PRIMARY KEY (incident_id, group_id)
);

create table incidents.handovers (
  id text not null,
  incident_id text not null,
  role text not null,
  from_user_id text not null,
  to_user_id text not null,
  brief text not null,
  state text not null default 'offered'::text,
  offered_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  constraint handovers_brief_check CHECK ((brief <> ''::text)),
  constraint handovers_check CHECK ((from_user_id <> to_user_id)),
  constraint handovers_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text]))),
  constraint handovers_from_user_id_fkey FOREIGN KEY (from_user_id) REFERENCES security.users(id),
  constraint handovers_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint handovers_to_user_id_fkey FOREIGN KEY (to_user_id) REFERENCES security.users(id),
  constraint handovers_pkey PRIMARY KEY (id)
);

create table incidents.hypotheses (
  id text not null,
  incident_id text not null,
  text text not null,
  state text not null default 'open'::text,
  evidence jsonb not null default '[]'::jsonb,
  raised_by text not null,
  raised_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  exercise boolean not null default false,
  constraint hypotheses_state_check CHECK ((state = ANY (ARRAY['open'::text, 'supported'::text, 'refuted'::text, 'confirmed'::text]))),
  constraint hypotheses_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint hypotheses_pkey PRIMARY KEY (id)
);

create table incidents.impact_samples (
  id text not null,
  incident_id text not null,
  at timestamp with time zone not null,
  customers bigint,
  pct_requests double precision,
  services jsonb not null default '[]'::jsonb,
  method text not null default ''::text,
  recorded_by text not null,
  exercise boolean not null default false,
  region text not null default ''::text,
  constraint impact_samples_check CHECK (((customers IS NOT NULL) OR (pct_requests IS NOT NULL))),
  constraint impact_samples_customers_check CHECK ((customers >= 0)),
  constraint impact_samples_pct_requests_check CHECK (((pct_requests >= (0)::double precision) AND (pct_requests <= (100)::double precision))),
  constraint impact_samples_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint impact_samples_pkey PRIMARY KEY (id)
);

create table incidents.imported_entries (
  record_id text not null,
  seq integer not null,
  entry jsonb not null,
  constraint imported_entries_record_id_fkey FOREIGN KEY (record_id) REFERENCES incidents.imported_records(id),
  constraint imported_entries_pkey PRIMARY KEY (record_id, seq)
);

create table incidents.imported_records (
  id text not null,
  origin text not null,
  origin_id text not null,
  key text not null,
  title text not null,
  severity smallint not null,
  declared_at timestamp with time zone not null,
  exported_at timestamp with time zone not null,
  exported_by text not null,
  entries integer not null,
  head text not null,
  key_id text not null,
  key_known boolean not null,
  record jsonb not null,
  only_reader text,
  imported_by text not null,
  imported_by_name text not null,
  imported_at timestamp with time zone not null default kernel.now(),
  constraint imported_records_pkey PRIMARY KEY (id),
  constraint imported_records_origin_id_head_key UNIQUE (origin_id, head)
);

create table incidents.incidents (
  id text not null,
  number bigint not null default nextval('incidents.numbers'::regclass),
  key text generated always as (('INC-'::text || number)) stored,
  title text not null,
  summary text not null default ''::text,
  severity smallint not null,
  phase text not null default 'detection'::text,
  kind text not null default 'availability'::text,
  declared_by_kind text not null,
  declared_by text not null,
  declared_by_name text not null,
  detected_by text not null,
  impact_started_at timestamp with time zone,
  impact_start_confidence text not null default 'estimated'::text,
  detected_at timestamp with time zone not null,
  declared_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  responded_at timestamp with time zone,
  response_kind text,
  containment_started_at timestamp with time zone,
  contained_at timestamp with time zone,
  eradicated_at timestamp with time zone,
  recovery_started_at timestamp with time zone,
  verification_started_at timestamp with time zone,
  impact_ended_at timestamp with time zone,
  restored_at timestamp with time zone,
  closed_at timestamp with time zone,
  ended_reason text,
  recurs_of text,
  merged_into text,
  restricted boolean not null default false,
  request_key text,
  version integer not null default 1,
  exercise boolean not null default false,
  created_at timestamp with time zone not null default kernel.now(),
  worst_severity smallint not null,
  constraint incidents_check CHECK ((impact_started_at <= impact_ended_at)),
  constraint incidents_check1 CHECK ((impact_ended_at <= restored_at)),
  constraint incidents_check2 CHECK ((restored_at <= closed_at)),
  constraint incidents_check3 CHECK ((contained_at <= restored_at)),
  constraint incidents_check4 CHECK ((containment_started_at <= contained_at)),
  constraint incidents_check5 CHECK (((phase = 'merged'::text) = (merged_into IS NOT NULL))),
  constraint incidents_detected_by_check CHECK ((detected_by = ANY (ARRAY['monitor'::text, 'person'::text, 'customer'::text]))),
  constraint incidents_impact_start_confidence_check CHECK ((impact_start_confidence = ANY (ARRAY['estimated'::text, 'stated'::text]))),
  constraint incidents_kind_check CHECK ((kind = ANY (ARRAY['availability'::text, 'performance'::text, 'data'::text, 'security'::text, 'third_party'::text, 'integration'::text]))),
  constraint incidents_phase_check CHECK ((phase = ANY (ARRAY['detection'::text, 'containment'::text, 'eradication'::text, 'recovery'::text, 'verification'::text, 'restored'::text, 'closed'::text, 'false_alarm'::text, 'merged'::text]))),
  constraint incidents_response_kind_check CHECK ((response_kind = ANY (ARRAY['manual'::text, 'automatic'::text]))),
  constraint incidents_severity_check CHECK (((severity >= 1) AND (severity <= 4))),
  constraint incidents_title_check CHECK ((title <> ''::text)),
  constraint incidents_acknowledged_by_fkey FOREIGN KEY (acknowledged_by) REFERENCES security.users(id),
  constraint incidents_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES incidents.incidents(id),
  constraint incidents_recurs_of_fkey FOREIGN KEY (recurs_of) REFERENCES incidents.incidents(id),
  constraint incidents_pkey PRIMARY KEY (id),
  constraint incidents_declared_by_request_key_key UNIQUE (declared_by, request_key),
  constraint incidents_id_exercise_key UNIQUE (id, exercise),
  constraint incidents_number_key UNIQUE (number)
);

create table incidents.lane_items (
  id text not null,
  incident_id text not null,
  lane text not null,
  position integer not null,
  text text not null,
  state text not null default 'open'::text,
  note text not null default ''::text,
  settled_by text,
  settled_by_name text,
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  constraint lane_items_check CHECK (((state = 'open'::text) = (settled_at IS NULL))),
  constraint lane_items_check1 CHECK (((state <> 'waived'::text) OR (note <> ''::text))),
  constraint lane_items_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'waived'::text]))),
  constraint lane_items_text_check CHECK ((text <> ''::text)),
  constraint lane_items_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint lane_items_incident_id_lane_fkey FOREIGN KEY (incident_id, lane) REFERENCES incidents.lanes(incident_id, lane),
  constraint lane_items_pkey PRIMARY KEY (id)
);

create table incidents.lanes (
  incident_id text not null,
  lane text not null,
  title text not null,
  role text,
  owner_id text,
  state text not null default 'unstaffed'::text,
  conditions text not null default ''::text,
  actions text not null default ''::text,
  needs text not null default ''::text,
  reported_at timestamp with time zone,
  reported_by text,
  holds_close boolean not null default false,
  opened_at timestamp with time zone not null,
  signed_by text,
  signed_at timestamp with time zone,
  exercise boolean not null default false,
  constraint lanes_check CHECK (((state = 'signed'::text) = (signed_at IS NOT NULL))),
  constraint lanes_check1 CHECK (((state = 'unstaffed'::text) OR (owner_id IS NOT NULL))),
  constraint lanes_lane_check CHECK ((lane ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
  constraint lanes_state_check CHECK ((state = ANY (ARRAY['unstaffed'::text, 'working'::text, 'blocked'::text, 'signed'::text]))),
  constraint lanes_title_check CHECK ((title <> ''::text)),
  constraint lanes_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint lanes_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint lanes_role_fkey FOREIGN KEY (role) REFERENCES people.roles(key),
  constraint lanes_pkey PRIMARY KEY (incident_id, lane)
);

create table incidents.looks (
  incident_id text not null,
  user_id text not null,
  seq integer not null,
  at timestamp with time zone not null,
  constraint looks_seq_check CHECK ((seq >= 0)),
  constraint looks_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents.incidents(id),
  constraint looks_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint looks_pkey PRIMARY KEY (incident_id, user_id)
);

create table incidents.phase_log (
  id text not null,
  incident_id text not null,
  service_id text,
  phase text not null,
  entered_at timestamp with time zone not null,
  entered_by text not null,
  left_at timestamp with time zone,
  left_by text,
  waiver jsonb,
  note text not null default ''::text,
  exercise boolean not null default false,
  constraint phase_log_check CHECK ((left_at >= entered_at)),
  constraint phase_log_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint phase_log_pkey PRIMARY KEY (id)
);

create table incidents.presence (
  incident_id text not null,
  user_id text not null,
  since timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint presence_pkey PRIMARY KEY (incident_id, user_id)
);

create table incidents.questions (
  id text not null,
  incident_id text not null,
  text text not null,
  asked_by text not null,
  asked_by_name text not null,
  asked_at timestamp with time zone not null,
  owner_id text,
  owner_role text,
  due_at timestamp with time zone,
  state text not null default 'open'::text,
  answer text not null default ''::text,
  plain boolean not null default false,
  settled_by text,
  settled_by_name text,
  settled_at timestamp with time zone,
  exercise boolean not null default false,
  constraint questions_check CHECK (((state = 'open'::text) = (settled_at IS NULL))),
  constraint questions_check1 CHECK (((state <> 'answered'::text) OR (answer <> ''::text))),
  constraint questions_state_check CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'withdrawn'::text]))),
  constraint questions_text_check CHECK ((text <> ''::text)),
  constraint questions_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint questions_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint questions_owner_role_fkey FOREIGN KEY (owner_role) REFERENCES people.roles(key),
  constraint questions_pkey PRIMARY KEY (id)
);

create table incidents.raci_versions (
  version integer not null,
  activities jsonb not null,
  saved_by text not null,
  saved_by_name text not null,
  saved_at timestamp with time zone not null default kernel.now(),
  constraint raci_versions_version_check CHECK ((version > 0)),
  constraint raci_versions_pkey PRIMARY KEY (version)
);

create table incidents.role_assignments (
  id text not null,
  incident_id text not null,
  role text not null,
  user_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone,
  assigned_by text not null,
  exception text,
  handover_note text,
  exercise boolean not null default false,
  source text not null default 'person'::text,
  accepted_at timestamp with time zone,
  shared boolean not null default false,
  constraint role_assignments_accepted CHECK (((source = 'rota'::text) OR (accepted_at IS NOT NULL))),
  constraint role_assignments_check CHECK ((to_at >= from_at)),
  constraint role_assignments_source_check CHECK ((source = ANY (ARRAY['person'::text, 'rota'::text]))),
  constraint role_assignments_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint role_assignments_role_fkey FOREIGN KEY (role) REFERENCES people.roles(key),
  constraint role_assignments_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint role_assignments_pkey PRIMARY KEY (id),
  constraint one_assignment_per_person EXCLUDE USING gist (incident_id WITH =, role WITH =, user_id WITH =, tstzrange(from_at, to_at) WITH &&),
  constraint one_holder_per_role EXCLUDE USING gist (incident_id WITH =, role WITH =, tstzrange(from_at, to_at) WITH &&) WHERE ((NOT shared))
);

create table incidents.sealed_entries (
  incident_id text not null,
  seq integer not null,
  sealed text not null,
  fingerprint text not null,
  author_id text not null,
  roles text[] not null,
  people text[] not null,
  exercise boolean not null default false,
  constraint sealed_entries_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint sealed_entries_pkey PRIMARY KEY (incident_id, seq)
);

create table incidents.severity_log (
  id text not null,
  incident_id text not null,
  at timestamp with time zone not null,
  from_severity smallint,
  to_severity smallint not null,
  proposed smallint,
  because text not null default ''::text,
  overrides boolean not null default false,
  reason text not null default ''::text,
  by_kind text not null,
  by_id text not null,
  by_name text not null,
  exercise boolean not null default false,
  constraint severity_log_check CHECK (((NOT overrides) OR (proposed IS NOT NULL))),
  constraint severity_log_from_severity_check CHECK (((from_severity >= 1) AND (from_severity <= 4))),
  constraint severity_log_proposed_check CHECK (((proposed >= 1) AND (proposed <= 4))),
  constraint severity_log_to_severity_check CHECK (((to_severity >= 1) AND (to_severity <= 4))),
  constraint severity_log_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint severity_log_pkey PRIMARY KEY (id)
);

create table incidents.tasks (
  id text not null,
  incident_id text not null,
  text text not null,
  role text,
  person_id text,
  due_at timestamp with time zone,
  state text not null default 'open'::text,
  created_by text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  exercise boolean not null default false,
  constraint tasks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'dropped'::text]))),
  constraint tasks_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint tasks_person_id_fkey FOREIGN KEY (person_id) REFERENCES security.users(id),
  constraint tasks_pkey PRIMARY KEY (id)
);

create table incidents.timeline (
  incident_id text not null,
  seq integer not null,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  kind text not null,
  text text not null,
  refs jsonb not null default '[]'::jsonb,
  classification text not null default 'internal'::text,
  corrects integer,
  prev_hash text not null,
  hash text not null,
  exercise boolean not null default false,
  constraint timeline_check CHECK ((corrects < seq)),
  constraint timeline_check1 CHECK ((occurred_at <= (recorded_at + '00:01:00'::interval))),
  constraint timeline_classification_check CHECK ((classification = ANY (ARRAY['public'::text, 'internal'::text, 'restricted'::text]))),
  constraint timeline_seq_check CHECK ((seq > 0)),
  constraint timeline_incident_id_corrects_fkey FOREIGN KEY (incident_id, corrects) REFERENCES incidents.timeline(incident_id, seq),
  constraint timeline_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint timeline_pkey PRIMARY KEY (incident_id, seq)
);

create table incidents.timeline_heads (
  incident_id text not null,
  seq integer not null default 0,
  hash text not null,
  recorded_at timestamp with time zone,
  exercise boolean not null default false,
  constraint timeline_heads_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint timeline_heads_pkey PRIMARY KEY (incident_id)
);

create table incidents.unfilled_roles (
  incident_id text not null,
  role text not null,
  why text not null,
  since timestamp with time zone not null,
  until timestamp with time zone,
  told_user_id text,
  exercise boolean not null default false,
  constraint unfilled_roles_check CHECK ((until >= since)),
  constraint unfilled_roles_why_check CHECK ((why = ANY (ARRAY['nobody'::text, 'no_rota'::text, 'nobody_on_rota'::text, 'not_enrolled'::text]))),
  constraint unfilled_roles_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint unfilled_roles_role_fkey FOREIGN KEY (role) REFERENCES people.roles(key),
  constraint unfilled_roles_told_user_id_fkey FOREIGN KEY (told_user_id) REFERENCES security.users(id),
  constraint unfilled_roles_pkey PRIMARY KEY (incident_id, role, since)
);

create sequence incidents.numbers;

CREATE OR REPLACE FUNCTION incidents.keep_worst_severity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.worst_severity := least(new.severity, case when tg_op = 'UPDATE' then old.worst_severity end);
  return new;
end $function$
;

CREATE INDEX affected_services_by_service ON incidents.affected_services USING btree (service_id);

CREATE INDEX approvals_by_incident ON incidents.approvals USING btree (incident_id);

CREATE UNIQUE INDEX approvals_one_pending ON incidents.approvals USING btree (subject_kind, subject_id) WHERE (state = 'pending'::text);

CREATE INDEX attachments_by_incident ON incidents.attachments USING btree (incident_id, uploaded_at);

CREATE UNIQUE INDEX chat_rooms_channel ON incidents.chat_rooms USING btree (provider, channel_id) WHERE (provider = 'slack'::text);

CREATE INDEX decision_points_by_incident ON incidents.decision_points USING btree (incident_id, opened_at);

CREATE INDEX group_links_by_group ON incidents.group_links USING btree (group_id);

CREATE UNIQUE INDEX handovers_one_open ON incidents.handovers USING btree (incident_id, role) WHERE (state = 'offered'::text);

CREATE INDEX impact_samples_by_incident ON incidents.impact_samples USING btree (incident_id, at);

CREATE INDEX incidents_active ON incidents.incidents USING btree (declared_at) WHERE (phase = ANY (ARRAY['detection'::text, 'containment'::text, 'eradication'::text, 'recovery'::text, 'verification'::text]));

CREATE INDEX incidents_by_age ON incidents.incidents USING btree (declared_at DESC, id DESC);

CREATE INDEX incidents_words ON incidents.incidents USING gin (to_tsvector('simple'::regconfig, ((title || ' '::text) || summary)));

CREATE INDEX lane_items_by_lane ON incidents.lane_items USING btree (incident_id, lane, "position");

CREATE UNIQUE INDEX phase_log_one_open ON incidents.phase_log USING btree (incident_id, COALESCE(service_id, ''::text)) WHERE (left_at IS NULL);

CREATE INDEX questions_by_incident ON incidents.questions USING btree (incident_id, asked_at);

CREATE INDEX severity_log_by_incident ON incidents.severity_log USING btree (incident_id, at);

CREATE INDEX timeline_corrections ON incidents.timeline USING btree (incident_id, corrects) WHERE (corrects IS NOT NULL);

CREATE INDEX timeline_refs ON incidents.timeline USING gin (refs jsonb_path_ops);

CREATE UNIQUE INDEX unfilled_roles_open ON incidents.unfilled_roles USING btree (incident_id, role) WHERE (until IS NULL);

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.affected_services FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER verdicts_append_only BEFORE DELETE OR UPDATE ON incidents.approval_verdicts FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.approvals FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER attachments_append_only BEFORE DELETE OR UPDATE ON incidents.attachments FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.chat_rooms FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.decision_points FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER decisions_append_only BEFORE DELETE OR UPDATE ON incidents.decisions FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.dues FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.gates FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.group_links FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.handovers FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.hypotheses FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.impact_samples FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER imported_entries_append_only BEFORE DELETE OR UPDATE ON incidents.imported_entries FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER imported_records_append_only BEFORE DELETE OR UPDATE ON incidents.imported_records FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER incidents_keep_worst_severity BEFORE INSERT OR UPDATE OF severity, worst_severity ON incidents.incidents FOR EACH ROW EXECUTE FUNCTION incidents.keep_worst_severity();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.incidents FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.lane_items FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.lanes FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.phase_log FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.questions FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON incidents.raci_versions FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.role_assignments FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.sealed_entries FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER severity_log_append_only BEFORE DELETE OR UPDATE ON incidents.severity_log FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.tasks FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER timeline_append_only BEFORE DELETE OR UPDATE ON incidents.timeline FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER timeline_never_emptied BEFORE TRUNCATE ON incidents.timeline FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.timeline_heads FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER keep_exercise BEFORE UPDATE ON incidents.unfilled_roles FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

-- kernel

create table kernel.clock (
  only_row boolean not null default true,
  ahead interval not null default '00:00:00'::interval,
  constraint clock_only_row_check CHECK (only_row),
  constraint clock_pkey PRIMARY KEY (only_row)
);

create table kernel.events (
  seq bigint not null generated always as identity,
  id text not null,
  type text not null,
  subject text not null,
  incident text,
  payload jsonb not null,
  exercise boolean not null,
  actor text not null,
  at timestamp with time zone not null default kernel.now(),
  constraint events_pkey PRIMARY KEY (seq),
  constraint events_id_key UNIQUE (id)
);

create table kernel.idempotency (
  scope text not null,
  key text not null,
  request_hash text not null,
  status integer not null,
  body text,
  created_at timestamp with time zone not null default kernel.now(),
  constraint idempotency_pkey PRIMARY KEY (scope, key)
);

create table kernel.settings (
  key text not null,
  value jsonb,
  sealed text,
  version integer not null default 1,
  updated_at timestamp with time zone not null default kernel.now(),
  updated_by text not null,
  constraint settings_pkey PRIMARY KEY (key)
);

create table kernel.standing (
  only_row boolean not null default true,
  stamp uuid not null default gen_random_uuid(),
  constraint standing_only_row_check CHECK (only_row),
  constraint standing_pkey PRIMARY KEY (only_row)
);

create table kernel.steady (
  only_row boolean not null default true,
  at double precision not null default 0,
  wall timestamp with time zone,
  leapt_at double precision,
  constraint steady_only_row_check CHECK (only_row),
  constraint steady_pkey PRIMARY KEY (only_row)
);

create table kernel.veils (
  subject text not null,
  readers text[] not null,
  constraint veils_readers_check CHECK ((cardinality(readers) > 0)),
  constraint veils_pkey PRIMARY KEY (subject)
);

create table kernel.workers (
  worker_id text not null,
  node text not null,
  seen_at timestamp with time zone not null default clock_timestamp(),
  seen_steady double precision not null default 0,
  constraint workers_pkey PRIMARY KEY (worker_id)
);

CREATE OR REPLACE FUNCTION kernel.keep_exercise()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.exercise is distinct from old.exercise then
    raise exception 'the exercise mark of %.% cannot change', tg_table_schema, tg_table_name using errcode = '42501';
  end if;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION kernel.now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
RETURN date_trunc('milliseconds'::text, (clock_timestamp() + (SELECT clock.ahead FROM kernel.clock)))
;

CREATE OR REPLACE FUNCTION kernel.real_time(at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
RETURN (at - (SELECT clock.ahead FROM kernel.clock))
;

CREATE OR REPLACE FUNCTION kernel.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: % is refused', tg_table_schema || '.' || tg_table_name, lower(tg_op)
    using errcode = '42501';
end $function$
;

CREATE OR REPLACE FUNCTION kernel.touch_standing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  own text := pg_current_xact_id()::text;
begin
  if current_setting('evenkeel.touched', true) is distinct from own then
    perform set_config('evenkeel.touched', own, true);
    update kernel.standing set stamp = gen_random_uuid();
  end if;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION kernel.wall_went_back(ms double precision, tasks text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update graphile_worker._private_jobs j
    set run_at = greatest(clock_timestamp(), j.run_at - make_interval(secs => ms / 1000))
    from graphile_worker._private_tasks t
    where t.id = j.task_id and j.locked_at is null and j.run_at > clock_timestamp()
      and (j.run_at <= clock_timestamp() + make_interval(secs => ms / 1000) or j.attempts > 0 or t.identifier = any(tasks));
end $function$
;

CREATE OR REPLACE FUNCTION kernel.write_events(events jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  newest bigint;
begin
  if jsonb_array_length(events) = 0 then
    return;
  end if;
  with told as (
    insert into kernel.events (id, type, subject, incident, payload, exercise, actor, at)
    select t.id, t.type, t.subject, t.incident, t.payload, t.exercise, t.actor, t.at
    from jsonb_to_recordset(events) as t(id text, type text, subject text, incident text, payload jsonb, exercise boolean, actor text, at timestamptz)
    returning seq
  ) select max(seq) into newest from told;
  perform pg_notify('evenkeel_events', newest::text);
end $function$
;

CREATE OR REPLACE FUNCTION kernel.write_jobs(jobs jsonb, removed text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  due integer;
  free boolean;
  written integer;
begin
  if array_length(removed, 1) > 0 then
    perform graphile_worker.remove_job(key) from unnest(removed) as t(key);
  end if;
  if jsonb_array_length(jobs) = 0 then
    return;
  end if;
  select bool_and(k.id is not null and t.queue is null and (old.id is null or old.is_available is true)),
      count(*) filter (where kernel.real_time(t.at) <= clock_timestamp() + interval '5 milliseconds')
    into free, due
    from jsonb_to_recordset(jobs) as t(name text, queue text, at timestamptz, key text)
    left join graphile_worker._private_tasks k on k.identifier = t.name
    left join graphile_worker._private_jobs old on old.key = t.key;
  if not free then
    insert into graphile_worker._private_tasks (identifier)
      select distinct name from jsonb_to_recordset(jobs) as t(name text)
      where not exists (select from graphile_worker._private_tasks k where k.identifier = name)
      on conflict do nothing;
    insert into graphile_worker._private_job_queues (queue_name)
      select distinct queue from jsonb_to_recordset(jobs) as t(queue text)
      where queue is not null and not exists (select from graphile_worker._private_job_queues k where k.queue_name = queue)
      on conflict do nothing;
    -- One that runs right now knows an older world: it keeps running, and a new one follows.
    update graphile_worker._private_jobs as old set key = null, attempts = old.max_attempts, updated_at = now()
      from jsonb_to_recordset(jobs) as t(key text)
      where t.key is not null and old.key = t.key and old.is_available is not true;
  end if;
  insert into graphile_worker._private_jobs as old (job_queue_id, task_id, payload, run_at, max_attempts, key)
    select q.id, k.id, t.payload, kernel.real_time(t.at), t.attempts, t.key
    from jsonb_to_recordset(jobs) as t(name text, payload json, queue text, at timestamptz, attempts smallint, key text)
    join graphile_worker._private_tasks k on k.identifier = t.name
    left join graphile_worker._private_job_queues q on q.queue_name = t.queue
    on conflict (key) do update set
      job_queue_id = excluded.job_queue_id, task_id = excluded.task_id, payload = excluded.payload,
      max_attempts = excluded.max_attempts, run_at = excluded.run_at, priority = excluded.priority,
      revision = old.revision + 1, flags = excluded.flags, attempts = 0, last_error = null, updated_at = now()
    where old.locked_at is null;
  get diagnostics written = row_count;
  if written < jsonb_array_length(jobs) then
    -- A worker has taken up one of these timers since we looked: it runs with what it knows, and the new one follows. Without this
    -- the new time would be written nowhere, and a page would be left without a next step.
    update graphile_worker._private_jobs as old set key = null, attempts = old.max_attempts, updated_at = now()
      from jsonb_to_recordset(jobs) as t(key text)
      where t.key is not null and old.key = t.key and old.is_available is not true;
    insert into graphile_worker._private_jobs as old (job_queue_id, task_id, payload, run_at, max_attempts, key)
      select q.id, k.id, t.payload, kernel.real_time(t.at), t.attempts, t.key
      from jsonb_to_recordset(jobs) as t(name text, payload json, queue text, at timestamptz, attempts smallint, key text)
      join graphile_worker._private_tasks k on k.identifier = t.name
      left join graphile_worker._private_job_queues q on q.queue_name = t.queue
      where t.key is not null
      on conflict (key) do update set
        job_queue_id = excluded.job_queue_id, task_id = excluded.task_id, payload = excluded.payload,
        max_attempts = excluded.max_attempts, run_at = excluded.run_at, priority = excluded.priority,
        revision = old.revision + 1, flags = excluded.flags, attempts = 0, last_error = null, updated_at = now()
      where old.locked_at is null;
  end if;
  if due > 0 then
    perform pg_notify('jobs:insert', json_build_object('r', random(), 'count', due)::text);
  end if;
end $function$
;

CREATE INDEX events_incident ON kernel.events USING btree (incident, seq) WHERE (incident IS NOT NULL);

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON kernel.settings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

-- learning

create table learning.actions (
  id text not null,
  number integer not null default nextval('learning.action_number'::regclass),
  review_id text,
  incident_id text,
  exercise boolean not null default false,
  title text not null,
  detail text not null default ''::text,
  type text,
  strength integer,
  state text not null default 'proposed'::text,
  owner_id text,
  due_on text,
  due_zone text,
  due_at timestamp with time zone,
  original_due_on text,
  due_moves jsonb not null default '[]'::jsonb,
  proposed_by text not null,
  proposed_at timestamp with time zone not null default kernel.now(),
  confirmed_at timestamp with time zone,
  started_at timestamp with time zone,
  settled_at timestamp with time zone,
  settled_by text,
  settled_note text,
  overdue_noted_at timestamp with time zone,
  version integer not null default 1,
  constraint actions_check CHECK (((state = ANY (ARRAY['proposed'::text, 'rejected'::text, 'superseded'::text])) OR ((owner_id IS NOT NULL) AND (due_on IS NOT NULL) AND (due_at IS NOT NULL) AND (type IS NOT NULL)))),
  constraint actions_check1 CHECK (((state <> ALL (ARRAY['done'::text, 'rejected'::text, 'superseded'::text])) OR ((settled_at IS NOT NULL) AND (settled_note IS NOT NULL)))),
  constraint actions_due_on_check CHECK ((due_on ~ '^\d{4}-\d{2}-\d{2}$'::text)),
  constraint actions_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'in_progress'::text, 'done'::text, 'rejected'::text, 'superseded'::text]))),
  constraint actions_strength_check CHECK (((strength >= 1) AND (strength <= 5))),
  constraint actions_type_check CHECK ((type = ANY (ARRAY['code'::text, 'process'::text, 'training'::text, 'tooling'::text, 'docs'::text, 'supplier'::text, 'capacity'::text]))),
  constraint actions_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents.incidents(id),
  constraint actions_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint actions_review_id_fkey FOREIGN KEY (review_id) REFERENCES learning.reviews(id),
  constraint actions_pkey PRIMARY KEY (id),
  constraint actions_number_key UNIQUE (number)
);

create table learning.cases (
  incident_id text not null,
  exercise boolean not null default false,
  key text not null,
  title text not null,
  severity integer not null,
  detected_by text,
  service_ids text[] not null default '{}'::text[],
  impact_started_at timestamp with time zone,
  detected_at timestamp with time zone,
  declared_at timestamp with time zone,
  first_paged_at timestamp with time zone,
  first_acked_at timestamp with time zone,
  commander_at timestamp with time zone,
  containment_started_at timestamp with time zone,
  contained_at timestamp with time zone,
  impact_ended_at timestamp with time zone,
  restored_at timestamp with time zone,
  first_public_at timestamp with time zone,
  left_out text,
  computed_at timestamp with time zone not null default kernel.now(),
  constraint cases_detected_by_check CHECK ((detected_by = ANY (ARRAY['monitor'::text, 'person'::text, 'customer'::text]))),
  constraint cases_exercise_check CHECK ((NOT exercise)),
  constraint cases_left_out_check CHECK ((left_out = ANY (ARRAY['false_alarm'::text, 'merged'::text]))),
  constraint cases_severity_check CHECK (((severity >= 1) AND (severity <= 4))),
  constraint cases_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint cases_pkey PRIMARY KEY (incident_id)
);

create table learning.review_factors (
  review_id text not null,
  code text not null,
  note text not null,
  position integer not null,
  constraint review_factors_review_id_fkey FOREIGN KEY (review_id) REFERENCES learning.reviews(id),
  constraint review_factors_pkey PRIMARY KEY (review_id, code)
);

create table learning.reviews (
  id text not null,
  incident_id text not null,
  exercise boolean not null default false,
  severity integer not null,
  form text not null,
  asked_by text,
  asked_because text,
  state text not null default 'draft'::text,
  owner_id text,
  facilitator_id text,
  meeting_at timestamp with time zone,
  due_at timestamp with time zone,
  original_due_at timestamp with time zone,
  due_zone text not null,
  policy jsonb not null,
  sections jsonb not null default '{}'::jsonb,
  trigger text,
  findings jsonb not null default '[]'::jsonb,
  frozen jsonb,
  version integer not null default 1,
  opened_at timestamp with time zone not null default kernel.now(),
  changed_at timestamp with time zone not null default kernel.now(),
  edited_at timestamp with time zone,
  overdue_noted_at timestamp with time zone,
  finished_at timestamp with time zone,
  finished_by text,
  loop_closed_at timestamp with time zone,
  constraint reviews_check CHECK (((state = 'draft'::text) OR ((owner_id IS NOT NULL) AND (due_at IS NOT NULL)))),
  constraint reviews_check1 CHECK (((state <> ALL (ARRAY['reviewed'::text, 'closed'::text])) OR ((trigger IS NOT NULL) AND (finished_at IS NOT NULL)))),
  constraint reviews_check2 CHECK (((state = 'closed'::text) = (loop_closed_at IS NOT NULL))),
  constraint reviews_form_check CHECK ((form = ANY (ARRAY['full'::text, 'light'::text]))),
  constraint reviews_severity_check CHECK (((severity >= 1) AND (severity <= 4))),
  constraint reviews_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'in_review'::text, 'reviewed'::text, 'closed'::text]))),
  constraint reviews_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES security.users(id),
  constraint reviews_facilitator_id_fkey FOREIGN KEY (facilitator_id) REFERENCES security.users(id),
  constraint reviews_finished_by_fkey FOREIGN KEY (finished_by) REFERENCES security.users(id),
  constraint reviews_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents.incidents(id),
  constraint reviews_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint reviews_pkey PRIMARY KEY (id),
  constraint reviews_incident_id_key UNIQUE (incident_id)
);

create sequence learning.action_number;

CREATE INDEX actions_owner_id_idx ON learning.actions USING btree (owner_id) WHERE (state = ANY (ARRAY['confirmed'::text, 'in_progress'::text]));

CREATE INDEX actions_review_id_idx ON learning.actions USING btree (review_id);

CREATE INDEX cases_coalesce_idx ON learning.cases USING btree (COALESCE(impact_started_at, detected_at, declared_at));

CREATE INDEX review_factors_code_idx ON learning.review_factors USING btree (code);

CREATE INDEX reviews_due_at_idx ON learning.reviews USING btree (due_at) WHERE (state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'in_review'::text]));

-- people

create table people.absences (
  id text not null,
  user_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  note text not null default ''::text,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  calendar_id text,
  entry_key text,
  constraint absences_check CHECK ((from_at < to_at)),
  constraint absences_check1 CHECK (((calendar_id IS NULL) = (entry_key IS NULL))),
  constraint absences_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES people.calendars(id) ON DELETE CASCADE,
  constraint absences_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint absences_pkey PRIMARY KEY (id)
);

create table people.bench_alarms (
  id text not null,
  role_key text not null,
  kind text not null,
  user_id text,
  text text not null,
  raised_at timestamp with time zone not null,
  cleared_at timestamp with time zone,
  constraint bench_alarms_kind_check CHECK ((kind = ANY (ARRAY['concentrated'::text, 'thin'::text, 'expired'::text]))),
  constraint bench_alarms_role_key_fkey FOREIGN KEY (role_key) REFERENCES people.roles(key),
  constraint bench_alarms_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint bench_alarms_pkey PRIMARY KEY (id)
);

create table people.bundle_pages (
  page_id text not null,
  bundle text not null,
  user_id text not null,
  method_id text not null,
  turn integer not null,
  because text not null,
  wait_seconds integer,
  constraint bundle_pages_page_id_fkey FOREIGN KEY (page_id) REFERENCES people.pages(id),
  constraint bundle_pages_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint bundle_pages_pkey PRIMARY KEY (page_id, bundle)
);

create table people.calendar_days (
  calendar_id text not null,
  first_day text not null,
  last_day text not null,
  name text not null,
  constraint calendar_days_check CHECK ((first_day <= last_day)),
  constraint calendar_days_first_day_check CHECK ((first_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'::text)),
  constraint calendar_days_last_day_check CHECK ((last_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'::text)),
  constraint calendar_days_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES people.calendars(id) ON DELETE CASCADE,
  constraint calendar_days_pkey PRIMARY KEY (calendar_id, first_day, last_day, name)
);

create table people.calendar_events (
  feed_id text not null,
  uid text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  summary text not null,
  sequence integer not null default 0,
  changed_at timestamp with time zone not null,
  cancelled_at timestamp with time zone,
  constraint calendar_events_feed_id_fkey FOREIGN KEY (feed_id) REFERENCES people.calendar_feeds(id) ON DELETE CASCADE,
  constraint calendar_events_pkey PRIMARY KEY (feed_id, uid)
);

create table people.calendar_feeds (
  id text not null,
  token_hash text not null,
  user_id text not null,
  kind text not null,
  schedule_id text,
  created_at timestamp with time zone not null default kernel.now(),
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint calendar_feeds_check CHECK (((kind = 'mine'::text) OR (schedule_id IS NOT NULL))),
  constraint calendar_feeds_kind_check CHECK ((kind = ANY (ARRAY['mine'::text, 'everyone'::text]))),
  constraint calendar_feeds_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint calendar_feeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint calendar_feeds_pkey PRIMARY KEY (id),
  constraint calendar_feeds_token_hash_key UNIQUE (token_hash)
);

create table people.calendars (
  id text not null,
  name text not null,
  covers text not null,
  user_id text,
  team_id text,
  entries text not null,
  zone text not null,
  url_sealed text,
  host text,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  checked_at timestamp with time zone,
  good_at timestamp with time zone,
  problem text,
  failures integer not null default 0,
  entry_count integer not null default 0,
  constraint calendars_check CHECK (((covers = 'person'::text) = (user_id IS NOT NULL))),
  constraint calendars_check1 CHECK (((covers = ANY (ARRAY['team'::text, 'mentioned'::text])) = (team_id IS NOT NULL))),
  constraint calendars_check2 CHECK (((url_sealed IS NULL) = (host IS NULL))),
  constraint calendars_covers_check CHECK ((covers = ANY (ARRAY['person'::text, 'team'::text, 'mentioned'::text, 'days'::text]))),
  constraint calendars_entries_check CHECK ((entries = ANY (ARRAY['whole_days'::text, 'all'::text]))),
  constraint calendars_team_id_fkey FOREIGN KEY (team_id) REFERENCES people.teams(id) ON DELETE CASCADE,
  constraint calendars_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint calendars_pkey PRIMARY KEY (id)
);

create table people.certifications (
  user_id text not null,
  role_key text not null,
  granted_at timestamp with time zone not null,
  granted_by text not null,
  note text not null default ''::text,
  constraint certifications_role_key_fkey FOREIGN KEY (role_key) REFERENCES people.roles(key),
  constraint certifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint certifications_pkey PRIMARY KEY (user_id, role_key)
);

create table people.contact_challenges (
  method_id text not null,
  code_hash text not null,
  tries integer not null default 0,
  sent_count integer not null default 1,
  window_started_at timestamp with time zone not null,
  sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  link_hash text,
  constraint contact_challenges_method_id_fkey FOREIGN KEY (method_id) REFERENCES people.contact_methods(id) ON DELETE CASCADE,
  constraint contact_challenges_pkey PRIMARY KEY (method_id)
);

create table people.contact_methods (
  id text not null,
  user_id text not null,
  kind text not null,
  value text not null,
  endpoint_id text,
  label text not null default ''::text,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null default kernel.now(),
  high_after integer default 0,
  low_after integer default 0,
  disabled_at timestamp with time zone,
  disabled_reason text,
  constraint contact_methods_high_after_check CHECK (((high_after >= 0) AND (high_after <= 120))),
  constraint contact_methods_low_after_check CHECK (((low_after >= 0) AND (low_after <= 120))),
  constraint contact_methods_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint contact_methods_pkey PRIMARY KEY (id)
);

create table people.duties (
  schedule_id text not null,
  user_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  source text not null,
  constraint duties_check CHECK ((from_at < to_at)),
  constraint duties_source_check CHECK ((source = ANY (ARRAY['rotation'::text, 'override'::text]))),
  constraint duties_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint duties_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint duties_pkey PRIMARY KEY (schedule_id, from_at)
);

create table people.enrolments (
  ref text not null,
  user_id text not null,
  until timestamp with time zone not null,
  constraint enrolments_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint enrolments_pkey PRIMARY KEY (ref, user_id)
);

create table people.findings (
  id text not null,
  kind text not null,
  page_id text not null,
  turn integer not null,
  text text not null,
  raised_page_id text,
  found_at timestamp with time zone not null default kernel.now(),
  constraint findings_kind_check CHECK ((kind = ANY (ARRAY['no_next_step'::text, 'step_late'::text]))),
  constraint findings_page_id_fkey FOREIGN KEY (page_id) REFERENCES people.pages(id),
  constraint findings_raised_page_id_fkey FOREIGN KEY (raised_page_id) REFERENCES people.pages(id),
  constraint findings_pkey PRIMARY KEY (id),
  constraint findings_page_id_turn_kind_key UNIQUE (page_id, turn, kind)
);

create table people.gaps (
  id text not null,
  schedule_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  why text not null,
  blocked_user_id text,
  found_at timestamp with time zone not null default kernel.now(),
  told_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint gaps_check CHECK ((from_at < to_at)),
  constraint gaps_blocked_user_id_fkey FOREIGN KEY (blocked_user_id) REFERENCES security.users(id),
  constraint gaps_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint gaps_pkey PRIMARY KEY (id)
);

create table people.hiding_changes (
  audit_seq bigint not null,
  kind text not null,
  action text not null,
  subject text,
  actor_name text not null,
  text text not null,
  at timestamp with time zone not null,
  told_at timestamp with time zone not null default kernel.now(),
  constraint hiding_changes_pkey PRIMARY KEY (audit_seq)
);

create table people.layer_participants (
  layer_id text not null,
  position integer not null,
  user_id text not null,
  constraint layer_participants_position_check CHECK (("position" >= 0)),
  constraint layer_participants_layer_id_fkey FOREIGN KEY (layer_id) REFERENCES people.schedule_layers(id) ON DELETE CASCADE,
  constraint layer_participants_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint layer_participants_pkey PRIMARY KEY (layer_id, "position")
);

create table people.overrides (
  id text not null,
  schedule_id text not null,
  user_id text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  reason text not null default ''::text,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  replaces_user_id text,
  constraint overrides_check CHECK ((from_at < to_at)),
  constraint overrides_replaces_user_id_fkey FOREIGN KEY (replaces_user_id) REFERENCES security.users(id),
  constraint overrides_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint overrides_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint overrides_pkey PRIMARY KEY (id)
);

create table people.page_events (
  seq bigint not null generated always as identity,
  page_id text not null,
  at timestamp with time zone not null default kernel.now(),
  reason text not null,
  step integer,
  round integer,
  user_id text,
  channel text,
  delivery_id text,
  text text not null,
  constraint page_events_page_id_fkey FOREIGN KEY (page_id) REFERENCES people.pages(id),
  constraint page_events_pkey PRIMARY KEY (seq)
);

create table people.page_targets (
  page_id text not null,
  user_id text not null,
  first_paged_at timestamp with time zone not null,
  last_paged_at timestamp with time zone not null,
  times integer not null default 1,
  constraint page_targets_page_id_fkey FOREIGN KEY (page_id) REFERENCES people.pages(id),
  constraint page_targets_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint page_targets_pkey PRIMARY KEY (page_id, user_id)
);

create table people.page_webhooks (
  endpoint_id text not null,
  name text not null,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint page_webhooks_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES channels.endpoints(id),
  constraint page_webhooks_pkey PRIMARY KEY (endpoint_id)
);

create table people.pages (
  id text not null,
  subject_kind text not null,
  subject_id text not null,
  target_key text not null,
  incident_id text,
  title text not null,
  body text not null,
  urgency text not null,
  service_name text,
  link text not null,
  policy_id text,
  plan jsonb not null,
  state text not null default 'paging'::text,
  stage text not null default 'steps'::text,
  step integer not null default '-1'::integer,
  round integer not null default 1,
  turn integer not null default 0,
  next_turn_at timestamp with time zone,
  first_sent_at timestamp with time zone,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  acknowledged_via text,
  ended_at timestamp with time zone,
  end_reason text,
  exercise boolean not null default false,
  created_at timestamp with time zone not null default kernel.now(),
  priority integer,
  assignee_id text,
  first_acknowledged_at timestamp with time zone,
  ack_timeout_minutes integer,
  wake_at timestamp with time zone,
  wake_reason text,
  role_incident_id text,
  constraint pages_ack_timeout_minutes_check CHECK (((ack_timeout_minutes >= 5) AND (ack_timeout_minutes <= 10080))),
  constraint pages_check CHECK (((state = 'acknowledged'::text) <= ((acknowledged_at IS NOT NULL) AND (acknowledged_by IS NOT NULL)))),
  constraint pages_priority_check CHECK (((priority >= 1) AND (priority <= 4))),
  constraint pages_stage_check CHECK ((stage = ANY (ARRAY['steps'::text, 'holder'::text, 'team_leads'::text, 'emergency'::text, 'done'::text]))),
  constraint pages_state_check CHECK ((state = ANY (ARRAY['paging'::text, 'acknowledged'::text, 'unanswered'::text, 'stopped'::text]))),
  constraint pages_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text]))),
  constraint pages_wake_check CHECK (((wake_at IS NULL) = (wake_reason IS NULL))),
  constraint pages_wake_reason_check CHECK ((wake_reason = ANY (ARRAY['ack_timeout'::text, 'snooze'::text]))),
  constraint pages_acknowledged_by_fkey FOREIGN KEY (acknowledged_by) REFERENCES security.users(id),
  constraint pages_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES security.users(id),
  constraint pages_pkey PRIMARY KEY (id)
);

create table people.policies (
  id text not null,
  name text not null,
  team_id text,
  steps jsonb not null,
  repeat_count integer not null default 0,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  ack_timeout_minutes integer,
  constraint policies_ack_timeout_minutes_check CHECK (((ack_timeout_minutes >= 5) AND (ack_timeout_minutes <= 10080))),
  constraint policies_repeat_count_check CHECK (((repeat_count >= 0) AND (repeat_count <= 10))),
  constraint policies_team_id_fkey FOREIGN KEY (team_id) REFERENCES people.teams(id),
  constraint policies_pkey PRIMARY KEY (id)
);

create table people.practices (
  id text not null,
  user_id text not null,
  role_key text not null,
  kind text not null,
  at timestamp with time zone not null,
  note text not null default ''::text,
  ref text,
  recorded_by text not null,
  exercise boolean not null default false,
  created_at timestamp with time zone not null default kernel.now(),
  constraint practices_kind_check CHECK ((kind = ANY (ARRAY['training'::text, 'shadow'::text, 'reverse_shadow'::text, 'drill'::text, 'duty'::text]))),
  constraint practices_role_key_fkey FOREIGN KEY (role_key) REFERENCES people.roles(key),
  constraint practices_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint practices_pkey PRIMARY KEY (id)
);

create table people.proofs (
  id text not null,
  round_id text not null,
  user_id text not null,
  method_id text not null,
  channel text not null,
  shown text not null,
  number integer not null,
  state text not null default 'waiting'::text,
  delivery_id text,
  delivered_at timestamp with time zone,
  answer_by timestamp with time zone not null,
  settled_at timestamp with time zone,
  confirmed_via text,
  error text,
  slot timestamp with time zone,
  created_at timestamp with time zone not null default kernel.now(),
  constraint proofs_check CHECK (((state = 'waiting'::text) = (settled_at IS NULL))),
  constraint proofs_number_check CHECK (((number >= 1) AND (number <= 99))),
  constraint proofs_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'confirmed'::text, 'missed'::text, 'failed'::text]))),
  constraint proofs_round_id_fkey FOREIGN KEY (round_id) REFERENCES people.test_rounds(id),
  constraint proofs_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint proofs_pkey PRIMARY KEY (id)
);

create table people.reply_codes (
  user_id text not null,
  number integer not null,
  page_id text not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint reply_codes_number_check CHECK (((number >= 1) AND (number <= 99))),
  constraint reply_codes_page_id_fkey FOREIGN KEY (page_id) REFERENCES people.pages(id),
  constraint reply_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint reply_codes_pkey PRIMARY KEY (user_id, number),
  constraint reply_codes_user_id_page_id_key UNIQUE (user_id, page_id)
);

create table people.role_holders (
  incident_id text not null,
  role_key text not null,
  user_id text not null,
  since timestamp with time zone not null default kernel.now(),
  constraint role_holders_role_key_fkey FOREIGN KEY (role_key) REFERENCES people.roles(key),
  constraint role_holders_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint role_holders_pkey PRIMARY KEY (incident_id, role_key, user_id)
);

create table people.roles (
  key text not null,
  title text not null,
  purpose text not null default ''::text,
  first_steps text not null default ''::text,
  duties text not null default ''::text,
  handover text not null default ''::text,
  authority text[] not null default '{}'::text[],
  hands_on boolean not null default false,
  shared boolean not null default false,
  required_for smallint[] not null default '{}'::smallint[],
  schedule_id text,
  certification text not null default 'warn'::text,
  position integer not null,
  built_in boolean not null default false,
  retired_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  constraint roles_certification_check CHECK ((certification = ANY (ARRAY['none'::text, 'warn'::text, 'required'::text]))),
  constraint roles_check CHECK (((key <> 'incident_commander'::text) OR ((retired_at IS NULL) AND (NOT shared) AND (NOT hands_on)))),
  constraint roles_key_check CHECK ((key ~ '^[a-z][a-z0-9_]{1,39}$'::text)),
  constraint roles_required_for_check CHECK ((required_for <@ ARRAY[(1)::smallint, (2)::smallint, (3)::smallint, (4)::smallint])),
  constraint roles_title_check CHECK ((title <> ''::text)),
  constraint roles_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id),
  constraint roles_pkey PRIMARY KEY (key)
);

create table people.rounds (
  policy_id text not null,
  step integer not null,
  called text[] not null default '{}'::text[],
  constraint rounds_step_check CHECK ((step >= 0)),
  constraint rounds_pkey PRIMARY KEY (policy_id, step)
);

create table people.schedule_calendars (
  schedule_id text not null,
  calendar_id text not null,
  constraint schedule_calendars_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES people.calendars(id),
  constraint schedule_calendars_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint schedule_calendars_pkey PRIMARY KEY (schedule_id, calendar_id)
);

create table people.schedule_layers (
  id text not null,
  schedule_id text not null,
  position integer not null,
  name text not null,
  zone text not null,
  unit text not null,
  every integer not null,
  starts_on text not null,
  handover_time text not null,
  handover_weekday integer,
  effective_from text,
  effective_until text,
  windows jsonb not null default '[]'::jsonb,
  skip_idle_days boolean not null default false,
  on_holidays text not null default 'as_usual'::text,
  constraint schedule_layers_effective_from_check CHECK ((effective_from ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$'::text)),
  constraint schedule_layers_effective_until_check CHECK ((effective_until ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$'::text)),
  constraint schedule_layers_every_check CHECK (((every >= 1) AND (every <= 1000))),
  constraint schedule_layers_handover_time_check CHECK ((handover_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint schedule_layers_handover_weekday_check CHECK (((handover_weekday >= 1) AND (handover_weekday <= 7))),
  constraint schedule_layers_on_holidays_check CHECK ((on_holidays = ANY (ARRAY['as_usual'::text, 'off'::text, 'only'::text]))),
  constraint schedule_layers_position_check CHECK (("position" >= 0)),
  constraint schedule_layers_starts_on_check CHECK ((starts_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'::text)),
  constraint schedule_layers_unit_check CHECK ((unit = ANY (ARRAY['hour'::text, 'day'::text, 'week'::text, 'month'::text]))),
  constraint schedule_layers_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint schedule_layers_pkey PRIMARY KEY (id),
  constraint schedule_layers_schedule_id_position_key UNIQUE (schedule_id, "position")
);

create table people.schedules (
  id text not null,
  name text not null,
  team_id text,
  zone text not null,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  duty_kept_until timestamp with time zone,
  constraint schedules_team_id_fkey FOREIGN KEY (team_id) REFERENCES people.teams(id),
  constraint schedules_pkey PRIMARY KEY (id)
);

create table people.shift_notices (
  schedule_id text not null,
  user_id text not null,
  from_at timestamp with time zone not null,
  lead text not null,
  owner_told boolean not null,
  told_at timestamp with time zone not null default kernel.now(),
  constraint shift_notices_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint shift_notices_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint shift_notices_pkey PRIMARY KEY (schedule_id, user_id, from_at, lead)
);

create table people.swaps (
  id text not null,
  schedule_id text not null,
  from_user_id text not null,
  to_user_id text,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  note text not null default ''::text,
  state text not null default 'offered'::text,
  override_id text,
  created_at timestamp with time zone not null default kernel.now(),
  decided_at timestamp with time zone,
  return_from_at timestamp with time zone,
  return_to_at timestamp with time zone,
  return_override_id text,
  asked jsonb not null default '[]'::jsonb,
  constraint swaps_check CHECK ((from_at < to_at)),
  constraint swaps_check1 CHECK ((from_user_id <> to_user_id)),
  constraint swaps_check2 CHECK (((state = 'offered'::text) = (decided_at IS NULL))),
  constraint swaps_check3 CHECK (((return_from_at IS NULL) = (return_to_at IS NULL))),
  constraint swaps_check4 CHECK ((return_from_at < return_to_at)),
  constraint swaps_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text]))),
  constraint swaps_from_user_id_fkey FOREIGN KEY (from_user_id) REFERENCES security.users(id),
  constraint swaps_override_id_fkey FOREIGN KEY (override_id) REFERENCES people.overrides(id) ON DELETE SET NULL,
  constraint swaps_return_override_id_fkey FOREIGN KEY (return_override_id) REFERENCES people.overrides(id) ON DELETE SET NULL,
  constraint swaps_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES people.schedules(id) ON DELETE CASCADE,
  constraint swaps_to_user_id_fkey FOREIGN KEY (to_user_id) REFERENCES security.users(id),
  constraint swaps_pkey PRIMARY KEY (id)
);

create table people.team_members (
  team_id text not null,
  user_id text not null,
  role text not null,
  functions text[] not null default '{}'::text[],
  constraint team_members_role_check CHECK ((role = ANY (ARRAY['lead'::text, 'member'::text, 'alternate'::text]))),
  constraint team_members_team_id_fkey FOREIGN KEY (team_id) REFERENCES people.teams(id) ON DELETE CASCADE,
  constraint team_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint team_members_pkey PRIMARY KEY (team_id, user_id)
);

create table people.teams (
  id text not null,
  name text not null,
  description text not null default ''::text,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  response boolean not null default false,
  authority text[] not null default '{}'::text[],
  authority_scope text not null default 'own_services'::text,
  constraint teams_authority_scope_check CHECK ((authority_scope = ANY (ARRAY['own_services'::text, 'everywhere'::text]))),
  constraint teams_pkey PRIMARY KEY (id)
);

create table people.test_rounds (
  id text not null,
  kind text not null,
  asked_by text,
  created_at timestamp with time zone not null default kernel.now(),
  constraint test_rounds_kind_check CHECK ((kind = ANY (ARRAY['scheduled'::text, 'asked'::text]))),
  constraint test_rounds_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES security.users(id),
  constraint test_rounds_pkey PRIMARY KEY (id)
);

create table people.waiting_sends (
  page_id text not null,
  user_id text not null,
  method_id text not null,
  turn integer not null,
  because text not null,
  wait_seconds integer,
  why text not null,
  leaves_at timestamp with time zone not null,
  constraint waiting_sends_why_check CHECK ((why = ANY (ARRAY['rule'::text, 'limit'::text]))),
  constraint waiting_sends_method_id_fkey FOREIGN KEY (method_id) REFERENCES people.contact_methods(id) ON DELETE CASCADE,
  constraint waiting_sends_page_id_fkey FOREIGN KEY (page_id) REFERENCES people.pages(id),
  constraint waiting_sends_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint waiting_sends_pkey PRIMARY KEY (page_id, user_id, method_id)
);

create table people.watch_marks (
  name text not null,
  seen text not null default ''::text,
  looked_at timestamp with time zone not null default kernel.now(),
  constraint watch_marks_pkey PRIMARY KEY (name)
);

CREATE OR REPLACE FUNCTION people.refuse_leaving_on_call()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  uses text;
begin
  select string_agg(use, '; ' order by use) into uses from (
    select 'schedule ' || s.name as use
      from people.layer_participants p
      join people.schedule_layers l on l.id = p.layer_id
      join people.schedules s on s.id = l.schedule_id
      where p.user_id = old.id
    union
    select 'override in schedule ' || s.name
      from people.overrides o join people.schedules s on s.id = o.schedule_id
      where o.user_id = old.id and o.to_at > kernel.now()
    union
    select 'policy ' || name from people.policies
      where steps @> jsonb_build_array(jsonb_build_object('targets', jsonb_build_array(jsonb_build_object('kind', 'user', 'id', old.id))))
  ) as places;
  if uses is not null then
    raise exception '% is still called for pages', old.name
      using errcode = 'EK409', detail = 'Used by: ' || uses || '. Take them out there first.', hint = 'people.in_use';
  end if;
  return new;
end $function$
;

CREATE UNIQUE INDEX absences_of_calendar ON people.absences USING btree (calendar_id, user_id, entry_key) WHERE (calendar_id IS NOT NULL);

CREATE INDEX absences_when ON people.absences USING btree (to_at, user_id);

CREATE UNIQUE INDEX bench_alarms_open ON people.bench_alarms USING btree (role_key, kind, COALESCE(user_id, ''::text)) WHERE (cleared_at IS NULL);

CREATE INDEX bundle_pages_bundle ON people.bundle_pages USING btree (bundle);

CREATE INDEX calendar_feeds_user ON people.calendar_feeds USING btree (user_id) WHERE (revoked_at IS NULL);

CREATE INDEX calendars_due ON people.calendars USING btree (checked_at) WHERE (url_sealed IS NOT NULL);

CREATE UNIQUE INDEX contact_challenges_link ON people.contact_challenges USING btree (link_hash) WHERE (link_hash IS NOT NULL);

CREATE UNIQUE INDEX contact_methods_once ON people.contact_methods USING btree (user_id, kind, lower(value));

CREATE INDEX contact_methods_value ON people.contact_methods USING btree (kind, value);

CREATE INDEX duties_user ON people.duties USING btree (user_id, to_at);

CREATE INDEX findings_newest ON people.findings USING btree (found_at DESC);

CREATE INDEX gaps_open ON people.gaps USING btree (schedule_id) WHERE (ended_at IS NULL);

CREATE INDEX hiding_changes_newest ON people.hiding_changes USING btree (at DESC);

CREATE INDEX layer_participants_user ON people.layer_participants USING btree (user_id);

CREATE INDEX overrides_schedule ON people.overrides USING btree (schedule_id, to_at);

CREATE INDEX page_events_page ON people.page_events USING btree (page_id, seq);

CREATE INDEX page_targets_user ON people.page_targets USING btree (user_id);

CREATE UNIQUE INDEX page_webhooks_name ON people.page_webhooks USING btree (lower(name));

CREATE INDEX pages_assignee ON people.pages USING btree (assignee_id, id);

CREATE INDEX pages_newest ON people.pages USING btree (created_at DESC, id DESC);

CREATE UNIQUE INDEX pages_one_per_target ON people.pages USING btree (subject_kind, subject_id, target_key) WHERE (state <> 'stopped'::text);

CREATE INDEX pages_open ON people.pages USING btree (state, next_turn_at) WHERE (state = ANY (ARRAY['paging'::text, 'unanswered'::text]));

CREATE INDEX pages_subject ON people.pages USING btree (subject_id, id);

CREATE INDEX pages_waking ON people.pages USING btree (wake_at) WHERE (wake_at IS NOT NULL);

CREATE UNIQUE INDEX policies_name ON people.policies USING btree (lower(name));

CREATE INDEX practices_by_role ON people.practices USING btree (role_key, user_id, at DESC);

CREATE UNIQUE INDEX practices_once ON people.practices USING btree (user_id, role_key, ref) WHERE (ref IS NOT NULL);

CREATE INDEX proofs_of_method ON people.proofs USING btree (user_id, method_id, created_at DESC);

CREATE UNIQUE INDEX proofs_once_a_slot ON people.proofs USING btree (user_id, method_id, slot) WHERE (slot IS NOT NULL);

CREATE INDEX proofs_waiting ON people.proofs USING btree (answer_by) WHERE (state = 'waiting'::text);

CREATE INDEX roles_schedule ON people.roles USING btree (schedule_id) WHERE (schedule_id IS NOT NULL);

CREATE UNIQUE INDEX roles_title ON people.roles USING btree (lower(title)) WHERE (retired_at IS NULL);

CREATE UNIQUE INDEX schedules_name ON people.schedules USING btree (lower(name));

CREATE INDEX swaps_open ON people.swaps USING btree (to_at) WHERE (state = 'offered'::text);

CREATE INDEX swaps_schedule ON people.swaps USING btree (schedule_id, created_at DESC);

CREATE INDEX team_members_user ON people.team_members USING btree (user_id);

CREATE UNIQUE INDEX teams_name ON people.teams USING btree (lower(name));

CREATE INDEX waiting_sends_due ON people.waiting_sends USING btree (leaves_at);

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON people.contact_methods DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

CREATE TRIGGER page_events_append_only BEFORE DELETE OR UPDATE ON people.page_events FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER pages_keep_exercise BEFORE UPDATE ON people.pages FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON people.policies DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

-- playbooks

create table playbooks.action_attempts (
  id text not null,
  action_run_id text not null,
  direction text not null,
  n integer not null,
  idempotency_key text not null,
  fence bigint not null,
  sent_at timestamp with time zone not null default kernel.now(),
  finished_at timestamp with time zone,
  result text,
  read_back text,
  detail jsonb,
  simulated boolean not null default false,
  exercise boolean not null default false,
  constraint action_attempts_check CHECK (((NOT exercise) OR simulated)),
  constraint action_attempts_direction_check CHECK ((direction = ANY (ARRAY['apply'::text, 'undo'::text]))),
  constraint action_attempts_read_back_check CHECK ((read_back = ANY (ARRAY['applied'::text, 'not_applied'::text, 'unreadable'::text]))),
  constraint action_attempts_result_check CHECK ((result = ANY (ARRAY['accepted'::text, 'refused'::text, 'unknown'::text]))),
  constraint action_attempts_action_run_id_fkey FOREIGN KEY (action_run_id) REFERENCES playbooks.action_runs(id),
  constraint action_attempts_pkey PRIMARY KEY (id),
  constraint action_attempts_action_run_id_direction_n_key UNIQUE (action_run_id, direction, n)
);

create table playbooks.action_runs (
  id text not null,
  incident_id text not null,
  run_id text,
  step_run_id text,
  action text not null,
  connector text not null,
  title text not null,
  params jsonb not null,
  intent_hash text not null,
  idempotency_key text not null,
  state text not null,
  autonomy text not null,
  risk_class text not null,
  customer_visible boolean not null default false,
  approval_id text,
  reason text,
  manual text,
  verify_expr text,
  verify_within_seconds integer not null default 30,
  timeout_seconds integer not null default 30,
  on_failure text not null default 'needs_human'::text,
  plan jsonb not null default '{}'::jsonb,
  prior jsonb,
  response jsonb,
  rules jsonb not null default '[]'::jsonb,
  noop boolean not null default false,
  error text,
  requested_by text not null,
  requested_by_name text not null,
  requested_at timestamp with time zone not null default kernel.now(),
  approved_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  started_at timestamp with time zone,
  verify_until timestamp with time zone,
  ended_at timestamp with time zone,
  undone_at timestamp with time zone,
  outcome_by text,
  outcome_note text,
  lease_owner text,
  lease_until timestamp with time zone,
  fence bigint,
  simulated boolean not null default false,
  exercise boolean not null default false,
  constraint action_runs_autonomy_check CHECK ((autonomy = ANY (ARRAY['manual'::text, 'suggest'::text, 'approve'::text, 'veto'::text, 'auto'::text]))),
  constraint action_runs_check CHECK (((NOT exercise) OR simulated)),
  constraint action_runs_on_failure_check CHECK ((on_failure = ANY (ARRAY['needs_human'::text, 'undo'::text, 'continue'::text]))),
  constraint action_runs_risk_class_check CHECK ((risk_class = ANY (ARRAY['reversible'::text, 'compensable'::text, 'irreversible'::text]))),
  constraint action_runs_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'previewed'::text, 'awaiting_approval'::text, 'approved'::text, 'running'::text, 'verifying'::text, 'effective'::text, 'unknown'::text, 'failed'::text, 'needs_human'::text, 'undoing'::text, 'undone'::text, 'refused'::text, 'cancelled'::text, 'expired'::text]))),
  constraint action_runs_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint action_runs_run_id_fkey FOREIGN KEY (run_id) REFERENCES playbooks.runs(id),
  constraint action_runs_step_run_id_fkey FOREIGN KEY (step_run_id) REFERENCES playbooks.step_runs(id),
  constraint action_runs_pkey PRIMARY KEY (id)
);

create table playbooks.degraded_modes (
  id text not null,
  incident_id text not null,
  run_id text,
  name text not null,
  flag text not null,
  enter_variant text not null,
  exit_variant text not null,
  contract jsonb not null,
  customer_effect text not null default ''::text,
  state text not null,
  entered_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  expired_at timestamp with time zone,
  exiting_since timestamp with time zone,
  ended_at timestamp with time zone,
  detail text not null default ''::text,
  exception text,
  exception_by text,
  reconciled jsonb not null default '{}'::jsonb,
  exercise boolean not null default false,
  constraint degraded_modes_state_check CHECK ((state = ANY (ARRAY['checking'::text, 'entering'::text, 'on'::text, 'exiting'::text, 'reconciling'::text, 'off'::text, 'stuck'::text]))),
  constraint degraded_modes_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint degraded_modes_run_id_fkey FOREIGN KEY (run_id) REFERENCES playbooks.runs(id),
  constraint degraded_modes_pkey PRIMARY KEY (id)
);

create table playbooks.degraded_reports (
  mode_id text not null,
  reporter text not null,
  queued bigint not null,
  drained bigint not null default 0,
  failed bigint not null default 0,
  at timestamp with time zone not null,
  constraint degraded_reports_queued_check CHECK ((queued >= 0)),
  constraint degraded_reports_mode_id_fkey FOREIGN KEY (mode_id) REFERENCES playbooks.degraded_modes(id),
  constraint degraded_reports_pkey PRIMARY KEY (mode_id, reporter)
);

create table playbooks.effects (
  key text not null,
  action_run_id text not null,
  prior jsonb not null,
  wanted jsonb not null,
  at timestamp with time zone not null default kernel.now(),
  constraint effects_pkey PRIMARY KEY (key)
);

create table playbooks.flag_changes (
  id text not null,
  flag_id text not null,
  from_variant text not null,
  to_variant text not null,
  reason text not null,
  actor text not null,
  actor_name text not null,
  incident_id text,
  action_run_id text,
  idempotency_key text,
  at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint flag_changes_exercise_check CHECK ((NOT exercise)),
  constraint flag_changes_action_run_id_fkey FOREIGN KEY (action_run_id) REFERENCES playbooks.action_runs(id),
  constraint flag_changes_flag_id_fkey FOREIGN KEY (flag_id) REFERENCES playbooks.flags(id),
  constraint flag_changes_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint flag_changes_pkey PRIMARY KEY (id),
  constraint flag_changes_idempotency_key_key UNIQUE (idempotency_key)
);

create table playbooks.flags (
  id text not null,
  key text not null,
  description text not null default ''::text,
  kind text not null,
  variants jsonb not null,
  default_variant text not null,
  variant text not null,
  state text not null default 'enabled'::text,
  service_id text,
  revision bigint not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  targeting jsonb not null default '[]'::jsonb,
  constraint flags_kind_check CHECK ((kind = ANY (ARRAY['boolean'::text, 'string'::text, 'number'::text, 'object'::text]))),
  constraint flags_state_check CHECK ((state = ANY (ARRAY['enabled'::text, 'disabled'::text]))),
  constraint flags_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint flags_pkey PRIMARY KEY (id),
  constraint flags_key_key UNIQUE (key)
);

create table playbooks.freeze_exceptions (
  id text not null,
  freeze_id text not null,
  incident_id text not null,
  label text not null,
  ref text not null default ''::text,
  asked_by text not null,
  asked_by_name text not null,
  at timestamp with time zone not null default kernel.now(),
  constraint freeze_exceptions_freeze_id_fkey FOREIGN KEY (freeze_id) REFERENCES playbooks.freezes(id),
  constraint freeze_exceptions_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents.incidents(id),
  constraint freeze_exceptions_pkey PRIMARY KEY (id),
  constraint freeze_exceptions_freeze_id_label_ref_asked_by_key UNIQUE (freeze_id, label, ref, asked_by)
);

create table playbooks.freezes (
  id text not null,
  service_id text not null,
  incident_id text not null,
  action_run_id text,
  reason text not null,
  blocks text[] not null default '{deploy}'::text[],
  allow_label text not null default 'incident-fix'::text,
  started_by text not null,
  started_by_name text not null,
  started_at timestamp with time zone not null default kernel.now(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  end_reason text,
  exercise boolean not null default false,
  constraint freezes_action_run_id_fkey FOREIGN KEY (action_run_id) REFERENCES playbooks.action_runs(id),
  constraint freezes_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint freezes_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint freezes_pkey PRIMARY KEY (id)
);

create table playbooks.pauses (
  id text not null,
  reason text not null,
  paused_by text not null,
  paused_by_name text not null,
  paused_at timestamp with time zone not null default kernel.now(),
  resumed_by text,
  resumed_at timestamp with time zone,
  one boolean not null default true,
  constraint pauses_pkey PRIMARY KEY (id)
);

create table playbooks.playbooks (
  id text not null,
  name text not null,
  title text not null,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  retired_at timestamp with time zone,
  constraint playbooks_created_by_fkey FOREIGN KEY (created_by) REFERENCES security.users(id),
  constraint playbooks_pkey PRIMARY KEY (id),
  constraint playbooks_name_key UNIQUE (name)
);

create table playbooks.probe_samples (
  run_id text not null,
  probe_id text not null,
  at timestamp with time zone not null,
  since timestamp with time zone not null,
  ok boolean not null,
  value jsonb,
  error text,
  injected boolean not null default false,
  exercise boolean not null default false,
  constraint probe_samples_check CHECK (((NOT injected) OR exercise)),
  constraint probe_samples_run_id_fkey FOREIGN KEY (run_id) REFERENCES playbooks.runs(id),
  constraint probe_samples_pkey PRIMARY KEY (run_id, probe_id)
);

create table playbooks.runner_jobs (
  id text not null,
  key text not null,
  system_id text not null,
  command text not null,
  args jsonb not null default '[]'::jsonb,
  fence bigint not null default 0,
  state text not null,
  runner text,
  output text not null default ''::text,
  exit_code integer,
  queued_at timestamp with time zone not null default kernel.now(),
  expires_at timestamp with time zone not null,
  taken_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint runner_jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'taken'::text, 'done'::text, 'failed'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint runner_jobs_system_id_fkey FOREIGN KEY (system_id) REFERENCES playbooks.systems(id),
  constraint runner_jobs_pkey PRIMARY KEY (id),
  constraint runner_jobs_key_key UNIQUE (key)
);

create table playbooks.runs (
  id text not null,
  incident_id text not null,
  version_id text not null,
  state text not null,
  inputs jsonb not null default '{}'::jsonb,
  started_by text not null,
  started_at timestamp with time zone not null default kernel.now(),
  ended_at timestamp with time zone,
  exercise boolean not null default false,
  constraint runs_state_check CHECK ((state = ANY (ARRAY['active'::text, 'finished'::text, 'cancelled'::text]))),
  constraint runs_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint runs_version_id_fkey FOREIGN KEY (version_id) REFERENCES playbooks.versions(id),
  constraint runs_pkey PRIMARY KEY (id)
);

create table playbooks.simulations (
  incident_id text not null,
  connector text not null,
  target text not null,
  state jsonb not null,
  behaviour text not null default 'honest'::text,
  calls integer not null default 0,
  exercise boolean not null default true,
  constraint simulations_behaviour_check CHECK ((behaviour = ANY (ARRAY['honest'::text, 'lies'::text, 'loses_answer'::text, 'refuses'::text]))),
  constraint simulations_exercise_check CHECK (exercise),
  constraint simulations_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint simulations_pkey PRIMARY KEY (incident_id, connector, target)
);

create table playbooks.step_runs (
  id text not null,
  run_id text not null,
  incident_id text not null,
  block text not null,
  position integer not null,
  step_id text not null,
  kind text not null,
  state text not null,
  note text,
  choice text,
  done_by text,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  observed jsonb,
  exercise boolean not null default false,
  constraint step_runs_block_check CHECK ((block = ANY (ARRAY['containment'::text, 'eradication'::text]))),
  constraint step_runs_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'waiting_approval'::text, 'running'::text, 'done'::text, 'skipped'::text, 'failed'::text, 'needs_human'::text]))),
  constraint step_runs_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint step_runs_run_id_fkey FOREIGN KEY (run_id) REFERENCES playbooks.runs(id),
  constraint step_runs_pkey PRIMARY KEY (id),
  constraint step_runs_run_id_step_id_key UNIQUE (run_id, step_id)
);

create table playbooks.suggestions (
  id text not null,
  group_id text,
  incident_id text,
  kind text not null,
  value text not null,
  label text not null,
  reasons text[] not null,
  score integer not null,
  detail jsonb not null default '{}'::jsonb,
  state text not null default 'shown'::text,
  via text,
  said text,
  shown_at timestamp with time zone not null default kernel.now(),
  shown_to text,
  decided_at timestamp with time zone,
  decided_by text,
  exercise boolean not null default false,
  constraint suggestions_check CHECK (((group_id IS NULL) <> (incident_id IS NULL))),
  constraint suggestions_check1 CHECK (((state = 'shown'::text) = (decided_at IS NULL))),
  constraint suggestions_kind_check CHECK ((kind = ANY (ARRAY['severity'::text, 'service'::text, 'playbook'::text, 'fix'::text]))),
  constraint suggestions_score_check CHECK (((score >= 0) AND (score <= 100))),
  constraint suggestions_state_check CHECK ((state = ANY (ARRAY['shown'::text, 'accepted'::text, 'refused'::text, 'other'::text, 'withdrawn'::text]))),
  constraint suggestions_via_check CHECK ((via = ANY (ARRAY['click'::text, 'hand'::text]))),
  constraint suggestions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES security.users(id),
  constraint suggestions_group_id_fkey FOREIGN KEY (group_id) REFERENCES signals.groups(id) ON DELETE CASCADE,
  constraint suggestions_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents.incidents(id) ON DELETE CASCADE,
  constraint suggestions_shown_to_fkey FOREIGN KEY (shown_to) REFERENCES security.users(id),
  constraint suggestions_pkey PRIMARY KEY (id)
);

create table playbooks.systems (
  id text not null,
  name text not null,
  kind text not null,
  description text not null default ''::text,
  address text not null default ''::text,
  options jsonb not null default '{}'::jsonb,
  sealed_secret text,
  credential_expires_at timestamp with time zone,
  checked_at timestamp with time zone,
  healthy boolean,
  detail text not null default ''::text,
  removed_at timestamp with time zone,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  constraint systems_kind_check CHECK ((kind = ANY (ARRAY['haproxy'::text, 'unleash'::text, 'launchdarkly'::text, 'github'::text, 'gitlab'::text, 'kubernetes'::text, 'weights'::text, 'postgres'::text, 'runner'::text]))),
  constraint systems_pkey PRIMARY KEY (id),
  constraint systems_name_key UNIQUE (name)
);

create table playbooks.versions (
  id text not null,
  playbook_id text not null,
  number integer not null,
  version text not null,
  state text not null,
  source text not null,
  hash text not null,
  parsed jsonb not null,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  approved_by text,
  approved_at timestamp with time zone,
  constraint versions_check CHECK (((approved_by IS NULL) OR (approved_by <> created_by))),
  constraint versions_check1 CHECK (((state = 'draft'::text) = (approved_by IS NULL))),
  constraint versions_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'approved'::text, 'retired'::text]))),
  constraint versions_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES security.users(id),
  constraint versions_created_by_fkey FOREIGN KEY (created_by) REFERENCES security.users(id),
  constraint versions_playbook_id_fkey FOREIGN KEY (playbook_id) REFERENCES playbooks.playbooks(id),
  constraint versions_pkey PRIMARY KEY (id),
  constraint versions_playbook_id_number_key UNIQUE (playbook_id, number)
);

create table playbooks.webhook_targets (
  id text not null,
  name text not null,
  description text not null default ''::text,
  url text not null,
  sealed_secret text not null,
  read_url text,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  constraint webhook_targets_pkey PRIMARY KEY (id),
  constraint webhook_targets_name_key UNIQUE (name)
);

create sequence playbooks.fence;

CREATE INDEX action_runs_incident_id_requested_at_idx ON playbooks.action_runs USING btree (incident_id, requested_at);

CREATE INDEX action_runs_state_idx ON playbooks.action_runs USING btree (state) WHERE (state = ANY (ARRAY['approved'::text, 'running'::text, 'verifying'::text, 'unknown'::text, 'undoing'::text, 'awaiting_approval'::text]));

CREATE INDEX degraded_modes_incident_id_idx ON playbooks.degraded_modes USING btree (incident_id);

CREATE INDEX flag_changes_flag_id_at_idx ON playbooks.flag_changes USING btree (flag_id, at DESC);

CREATE INDEX freezes_incident_id_idx ON playbooks.freezes USING btree (incident_id);

CREATE UNIQUE INDEX one_approved_version ON playbooks.versions USING btree (playbook_id) WHERE (state = 'approved'::text);

CREATE UNIQUE INDEX one_live_action_per_key ON playbooks.action_runs USING btree (idempotency_key) WHERE (state = ANY (ARRAY['proposed'::text, 'previewed'::text, 'awaiting_approval'::text, 'approved'::text, 'running'::text, 'verifying'::text, 'effective'::text, 'unknown'::text, 'needs_human'::text, 'undoing'::text]));

CREATE UNIQUE INDEX one_live_mode ON playbooks.degraded_modes USING btree (flag, exercise) WHERE (state <> 'off'::text);

CREATE UNIQUE INDEX one_open_freeze_per_service_and_incident ON playbooks.freezes USING btree (service_id, incident_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX one_open_pause ON playbooks.pauses USING btree (one) WHERE (resumed_at IS NULL);

CREATE INDEX runner_jobs_system_id_queued_at_idx ON playbooks.runner_jobs USING btree (system_id, queued_at) WHERE (state = 'queued'::text);

CREATE INDEX runs_incident_id_started_at_idx ON playbooks.runs USING btree (incident_id, started_at);

CREATE INDEX suggestions_by_time ON playbooks.suggestions USING btree (shown_at);

CREATE INDEX suggestions_by_value ON playbooks.suggestions USING btree (kind, value, decided_at) WHERE (state = ANY (ARRAY['accepted'::text, 'refused'::text]));

CREATE UNIQUE INDEX suggestions_of_group ON playbooks.suggestions USING btree (group_id, kind, value) WHERE (group_id IS NOT NULL);

CREATE UNIQUE INDEX suggestions_of_incident ON playbooks.suggestions USING btree (incident_id, kind, value) WHERE (incident_id IS NOT NULL);

CREATE INDEX versions_playbook_id_number_idx ON playbooks.versions USING btree (playbook_id, number DESC);

-- programme

create table programme.import_links (
  vendor text not null,
  kind text not null,
  source_id text not null,
  own_id text not null,
  name text not null,
  applied jsonb not null,
  import_id text not null,
  did text not null,
  linked_at timestamp with time zone not null default kernel.now(),
  constraint import_links_did_check CHECK ((did = ANY (ARRAY['create'::text, 'change'::text, 'same'::text]))),
  constraint import_links_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'team'::text, 'schedule'::text, 'override'::text, 'policy'::text, 'service'::text, 'integration'::text, 'heartbeat'::text, 'component'::text]))),
  constraint import_links_pkey PRIMARY KEY (vendor, kind, source_id)
);

create table programme.import_parts (
  import_id text not null,
  name text not null,
  part integer not null,
  text text not null,
  constraint import_parts_part_check CHECK ((part >= 0)),
  constraint import_parts_import_id_fkey FOREIGN KEY (import_id) REFERENCES programme.imports(id) ON DELETE CASCADE,
  constraint import_parts_pkey PRIMARY KEY (import_id, name, part)
);

create table programme.imports (
  id text not null,
  vendor text not null,
  state text not null,
  source text not null,
  snapshot jsonb,
  read_at timestamp with time zone,
  progress jsonb not null default '{}'::jsonb,
  overwrite jsonb not null default '[]'::jsonb,
  send_invitations boolean not null default false,
  outcome jsonb,
  problem text,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  finished_at timestamp with time zone,
  constraint imports_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'reading'::text, 'ready'::text, 'applying'::text, 'done'::text, 'failed'::text]))),
  constraint imports_vendor_check CHECK ((vendor = ANY (ARRAY['pagerduty'::text, 'opsgenie'::text, 'oncall'::text, 'goalert'::text, 'statuspage'::text]))),
  constraint imports_created_by_fkey FOREIGN KEY (created_by) REFERENCES security.users(id),
  constraint imports_pkey PRIMARY KEY (id)
);

create table programme.skipped_steps (
  step text not null,
  reason text not null,
  skipped_by text not null,
  skipped_at timestamp with time zone not null default kernel.now(),
  constraint skipped_steps_skipped_by_fkey FOREIGN KEY (skipped_by) REFERENCES security.users(id),
  constraint skipped_steps_pkey PRIMARY KEY (step)
);

CREATE INDEX imports_by_time ON programme.imports USING btree (created_at DESC);

CREATE UNIQUE INDEX imports_one_applying ON programme.imports USING btree ((true)) WHERE (state = 'applying'::text);

-- recovery

create table recovery.acknowledgements (
  course_id text not null,
  fingerprint text not null,
  known_bad_id text not null,
  by text not null,
  by_name text not null,
  reason text not null,
  at timestamp with time zone not null default kernel.now(),
  constraint acknowledgements_course_id_fkey FOREIGN KEY (course_id) REFERENCES recovery.courses(id),
  constraint acknowledgements_known_bad_id_fkey FOREIGN KEY (known_bad_id) REFERENCES recovery.known_bad(id),
  constraint acknowledgements_pkey PRIMARY KEY (course_id, fingerprint, known_bad_id)
);

create table recovery.analyses (
  id text not null,
  stage_id text not null,
  attempt integer not null,
  part text not null,
  check_id text not null,
  target text not null default ''::text,
  state text not null default 'running'::text,
  passes integer not null default 0,
  fails integer not null default 0,
  inconclusives integer not null default 0,
  errors integer not null default 0,
  errors_in_row integer not null default 0,
  next_at timestamp with time zone not null,
  last_at timestamp with time zone,
  last_sample text,
  last_detail text not null default ''::text,
  exercise boolean not null default false,
  constraint analyses_last_sample_check CHECK ((last_sample = ANY (ARRAY['pass'::text, 'fail'::text, 'inconclusive'::text, 'error'::text]))),
  constraint analyses_part_check CHECK ((part = ANY (ARRAY['analysis'::text, 'soak'::text]))),
  constraint analyses_state_check CHECK ((state = ANY (ARRAY['running'::text, 'passed'::text, 'failed'::text, 'inconclusive'::text, 'error'::text]))),
  constraint analyses_stage_id_fkey FOREIGN KEY (stage_id) REFERENCES recovery.stages(id),
  constraint analyses_pkey PRIMARY KEY (id),
  constraint analyses_stage_id_attempt_part_check_id_target_key UNIQUE (stage_id, attempt, part, check_id, target)
);

create table recovery.closing_items (
  incident_id text not null,
  kind text not null,
  ref text not null default ''::text,
  title text not null,
  state text not null,
  detail text not null default ''::text,
  owner_id text,
  settled_by text,
  settled_note text,
  changed_at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint closing_items_state_check CHECK ((state = ANY (ARRAY['done'::text, 'left'::text, 'due'::text, 'settled'::text]))),
  constraint closing_items_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint closing_items_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES security.users(id),
  constraint closing_items_pkey PRIMARY KEY (incident_id, kind, ref)
);

create table recovery.courses (
  id text not null,
  incident_id text not null,
  run_id text,
  title text not null,
  plan jsonb not null,
  state text not null,
  position integer,
  back_to integer,
  paused_reason text,
  holds jsonb not null default '[]'::jsonb,
  no_return_at timestamp with time zone,
  started_by text not null,
  started_by_name text not null,
  started_at timestamp with time zone not null default kernel.now(),
  stepped_at timestamp with time zone,
  ended_at timestamp with time zone,
  exercise boolean not null default false,
  constraint courses_state_check CHECK ((state = ANY (ARRAY['prerequisites'::text, 'staging'::text, 'paused'::text, 'rolling_back'::text, 'completed'::text, 'aborted'::text]))),
  constraint courses_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint courses_run_id_fkey FOREIGN KEY (run_id) REFERENCES playbooks.runs(id),
  constraint courses_pkey PRIMARY KEY (id)
);

create table recovery.criteria (
  id text not null,
  plan_id text not null,
  position integer not null,
  name text not null,
  kind text not null,
  run_id text,
  url text,
  expect_status integer,
  expect_contains text,
  expect_json text,
  expression text,
  source text not null,
  added_by text,
  added_at timestamp with time zone not null default kernel.now(),
  removed_at timestamp with time zone,
  removed_by text,
  removed_reason text,
  verdict text not null default 'unknown'::text,
  detail text not null default 'not sampled yet'::text,
  sampled_at timestamp with time zone,
  changed_at timestamp with time zone,
  exercise boolean not null default false,
  constraint criteria_check CHECK (((kind <> 'http'::text) OR (url IS NOT NULL))),
  constraint criteria_check1 CHECK (((kind <> 'expression'::text) OR ((expression IS NOT NULL) AND (run_id IS NOT NULL)))),
  constraint criteria_kind_check CHECK ((kind = ANY (ARRAY['http'::text, 'expression'::text]))),
  constraint criteria_source_check CHECK ((source = ANY (ARRAY['playbook'::text, 'person'::text]))),
  constraint criteria_verdict_check CHECK ((verdict = ANY (ARRAY['true'::text, 'false'::text, 'unknown'::text]))),
  constraint criteria_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES recovery.plans(id),
  constraint criteria_run_id_fkey FOREIGN KEY (run_id) REFERENCES playbooks.runs(id),
  constraint criteria_pkey PRIMARY KEY (id)
);

create table recovery.known_bad (
  id text not null,
  incident_id text not null,
  course_id text not null,
  stage_id text not null,
  approach text not null,
  target text not null,
  parameters jsonb not null,
  fingerprint text not null,
  symptom text not null,
  at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint known_bad_course_id_fkey FOREIGN KEY (course_id) REFERENCES recovery.courses(id),
  constraint known_bad_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents.incidents(id),
  constraint known_bad_pkey PRIMARY KEY (id)
);

create table recovery.plans (
  id text not null,
  incident_id text not null,
  soak_seconds integer not null,
  every_seconds integer not null default 10,
  state text not null default 'sampling'::text,
  clean_since timestamp with time zone,
  sampled_at timestamp with time zone,
  met_at timestamp with time zone,
  restarts integer not null default 0,
  last_break text,
  created_at timestamp with time zone not null default kernel.now(),
  ended_at timestamp with time zone,
  exercise boolean not null default false,
  constraint plans_every_seconds_check CHECK (((every_seconds >= 1) AND (every_seconds <= 3600))),
  constraint plans_soak_seconds_check CHECK (((soak_seconds >= 0) AND (soak_seconds <= 604800))),
  constraint plans_state_check CHECK ((state = ANY (ARRAY['sampling'::text, 'met'::text, 'ended'::text]))),
  constraint plans_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint plans_pkey PRIMARY KEY (id),
  constraint plans_incident_id_key UNIQUE (incident_id)
);

create table recovery.samples (
  id bigint not null generated always as identity,
  criterion_id text not null,
  at timestamp with time zone not null,
  verdict text not null,
  detail text not null,
  exercise boolean not null default false,
  constraint samples_verdict_check CHECK ((verdict = ANY (ARRAY['true'::text, 'false'::text, 'unknown'::text]))),
  constraint samples_criterion_id_fkey FOREIGN KEY (criterion_id) REFERENCES recovery.criteria(id),
  constraint samples_pkey PRIMARY KEY (id)
);

create table recovery.scans (
  id text not null,
  incident_id text not null,
  lane text not null,
  kind text not null,
  tool text not null,
  result text not null,
  summary text not null default ''::text,
  url text,
  reported_by text not null,
  at timestamp with time zone not null default kernel.now(),
  exercise boolean not null default false,
  constraint scans_kind_check CHECK ((kind = ANY (ARRAY['scan'::text, 'drift'::text]))),
  constraint scans_result_check CHECK ((result = ANY (ARRAY['pass'::text, 'fail'::text]))),
  constraint scans_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint scans_pkey PRIMARY KEY (id)
);

create table recovery.signoffs (
  id text not null,
  course_id text not null,
  incident_id text not null,
  lane text not null,
  of text not null,
  state text not null default 'open'::text,
  evidence text not null default ''::text,
  evidence_url text,
  by text,
  by_name text,
  at timestamp with time zone,
  reopened text,
  exercise boolean not null default false,
  constraint signoffs_check CHECK (((state <> 'signed'::text) OR (evidence <> ''::text))),
  constraint signoffs_state_check CHECK ((state = ANY (ARRAY['open'::text, 'signed'::text, 'waived'::text]))),
  constraint signoffs_course_id_fkey FOREIGN KEY (course_id) REFERENCES recovery.courses(id),
  constraint signoffs_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint signoffs_pkey PRIMARY KEY (id),
  constraint signoffs_course_id_lane_of_key UNIQUE (course_id, lane, of)
);

create table recovery.stages (
  id text not null,
  course_id text not null,
  position integer not null,
  stage_id text not null,
  state text not null,
  attempt integer not null default 0,
  failures integer not null default 0,
  action_run_id text,
  shifted_by text,
  entered_at timestamp with time zone,
  until timestamp with time zone,
  passed_at timestamp with time zone,
  gate_by text,
  gate_by_name text,
  gate_at timestamp with time zone,
  symptom text,
  exercise boolean not null default false,
  constraint stages_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'shifting'::text, 'delaying'::text, 'analysing'::text, 'soaking'::text, 'gate'::text, 'passed'::text, 'failed'::text, 'undoing'::text, 'rolled_back'::text]))),
  constraint stages_action_run_id_fkey FOREIGN KEY (action_run_id) REFERENCES playbooks.action_runs(id),
  constraint stages_course_id_fkey FOREIGN KEY (course_id) REFERENCES recovery.courses(id),
  constraint stages_pkey PRIMARY KEY (id),
  constraint stages_course_id_position_key UNIQUE (course_id, "position"),
  constraint stages_course_id_stage_id_key UNIQUE (course_id, stage_id)
);

create table recovery.watches (
  incident_id text not null,
  state text not null,
  until timestamp with time zone not null,
  bad_rounds integer not null default 0,
  reasons jsonb not null default '[]'::jsonb,
  sampled_at timestamp with time zone,
  suspected_at timestamp with time zone,
  exercise boolean not null default false,
  constraint watches_state_check CHECK ((state = ANY (ARRAY['watching'::text, 'suspected'::text, 'over'::text, 'relapsed'::text]))),
  constraint watches_incident_id_exercise_fkey FOREIGN KEY (incident_id, exercise) REFERENCES incidents.incidents(id, exercise),
  constraint watches_pkey PRIMARY KEY (incident_id)
);

CREATE INDEX courses_state_idx ON recovery.courses USING btree (state) WHERE (state <> ALL (ARRAY['completed'::text, 'aborted'::text]));

CREATE INDEX criteria_plan_id_position_idx ON recovery.criteria USING btree (plan_id, "position");

CREATE INDEX known_bad_fingerprint_at_idx ON recovery.known_bad USING btree (fingerprint, at DESC);

CREATE UNIQUE INDEX one_live_course ON recovery.courses USING btree (incident_id) WHERE (state <> ALL (ARRAY['completed'::text, 'aborted'::text]));

CREATE INDEX samples_criterion_id_at_idx ON recovery.samples USING btree (criterion_id, at DESC);

CREATE INDEX scans_incident_id_at_idx ON recovery.scans USING btree (incident_id, at DESC);

CREATE INDEX watches_until_idx ON recovery.watches USING btree (until) WHERE (state = ANY (ARRAY['watching'::text, 'suspected'::text]));

-- security

create table security.audit (
  seq bigint not null,
  at timestamp with time zone not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  on_behalf_of text,
  action text not null,
  subject text,
  incident text,
  reason text,
  before jsonb,
  after jsonb,
  exercise boolean not null,
  request_id text not null,
  ip text,
  prev_hash text not null,
  hash text not null,
  constraint audit_pkey PRIMARY KEY (seq)
);

create table security.audit_head (
  only_row boolean not null default true,
  seq bigint not null default 0,
  hash text not null default repeat('0'::text, 64),
  constraint audit_head_only_row_check CHECK (only_row),
  constraint audit_head_pkey PRIMARY KEY (only_row)
);

create table security.factor_failures (
  user_id text not null,
  at timestamp with time zone not null default kernel.now(),
  constraint factor_failures_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id)
);

create table security.head_places (
  place text not null,
  delivered bigint not null default 0,
  delivered_at timestamp with time zone,
  error text,
  failed_at timestamp with time zone,
  constraint head_places_pkey PRIMARY KEY (place)
);

create table security.headed_chains (
  chain text not null,
  seq bigint not null,
  number bigint not null,
  constraint headed_chains_number_fkey FOREIGN KEY (number) REFERENCES security.heads(number),
  constraint headed_chains_pkey PRIMARY KEY (chain)
);

create table security.heads (
  number bigint not null,
  at timestamp with time zone not null,
  statement text not null,
  signature text not null,
  key_id text not null,
  hash text not null,
  constraint heads_key_id_fkey FOREIGN KEY (key_id) REFERENCES security.signing_keys(id),
  constraint heads_pkey PRIMARY KEY (number)
);

create table security.invites (
  token_hash text not null,
  user_id text not null,
  created_at timestamp with time zone not null default kernel.now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint invites_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint invites_pkey PRIMARY KEY (token_hash)
);

create table security.recovery_codes (
  code_hash text not null,
  user_id text not null,
  made_at timestamp with time zone not null default kernel.now(),
  used_at timestamp with time zone,
  constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint recovery_codes_pkey PRIMARY KEY (code_hash)
);

create table security.second_factors (
  user_id text not null,
  sealed_secret text not null,
  state text not null,
  last_step bigint not null default 0,
  offered_at timestamp with time zone not null default kernel.now(),
  on_since timestamp with time zone,
  constraint second_factors_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'on'::text]))),
  constraint second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint second_factors_pkey PRIMARY KEY (user_id)
);

create table security.sessions (
  id text not null,
  token_hash text not null,
  user_id text not null,
  created_at timestamp with time zone not null default kernel.now(),
  last_seen_at timestamp with time zone not null default kernel.now(),
  expires_at timestamp with time zone not null,
  ip text,
  user_agent text,
  revoked_at timestamp with time zone,
  proven_at timestamp with time zone,
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_hash_key UNIQUE (token_hash)
);

create table security.setup_tokens (
  token_hash text not null,
  created_at timestamp with time zone not null default kernel.now(),
  used_at timestamp with time zone,
  constraint setup_tokens_pkey PRIMARY KEY (token_hash)
);

create table security.sign_in_failures (
  email_hash text not null,
  ip text not null,
  at timestamp with time zone not null default kernel.now()
);

create table security.signing_keys (
  id text not null,
  public_key text not null,
  sealed_key text not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint signing_keys_pkey PRIMARY KEY (id)
);

create table security.tokens (
  id text not null,
  name text not null,
  token_hash text not null,
  hint text not null,
  user_id text not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default kernel.now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint tokens_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint tokens_scopes_check CHECK ((cardinality(scopes) > 0)),
  constraint tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES security.users(id),
  constraint tokens_pkey PRIMARY KEY (id),
  constraint tokens_token_hash_key UNIQUE (token_hash)
);

create table security.users (
  id text not null,
  email text not null,
  name text not null,
  password_hash text,
  roles text[] not null,
  time_zone text not null default 'UTC'::text,
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  constraint users_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint users_roles_check CHECK (((roles <@ ARRAY['viewer'::text, 'responder'::text, 'manager'::text, 'admin'::text, 'auditor'::text]) AND (cardinality(roles) > 0))),
  constraint users_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION security.append_audit(entries jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  n bigint;
  previous text;
  link text;
  entry jsonb;
begin
  select seq, hash into n, previous from security.audit_head for update;
  for entry in select value from jsonb_array_elements(entries) loop
    n := n + 1;
    link := encode(sha256(convert_to(previous || chr(10) || (entry ->> 'head') || n::text || (entry ->> 'tail'), 'UTF8')), 'hex');
    insert into security.audit (seq, at, actor_kind, actor_id, actor_name, on_behalf_of, action, subject, incident, reason,
        before, after, exercise, request_id, ip, prev_hash, hash)
      select n, t.at, t."actorKind", t."actorId", t."actorName", t."onBehalfOf", t.action, t.subject, t.incident, t.reason,
        t.before, t.after, t.exercise, t."requestId", t.ip, previous, link
      from jsonb_to_record(entry -> 'facts') as t(at timestamptz, "actorKind" text, "actorId" text, "actorName" text,
        "onBehalfOf" text, action text, subject text, incident text, reason text, before jsonb, after jsonb, exercise boolean,
        "requestId" text, ip text);
    previous := link;
  end loop;
  update security.audit_head set seq = n, hash = previous;
end $function$
;

CREATE INDEX audit_action ON security.audit USING btree (action, seq);

CREATE INDEX audit_actor ON security.audit USING btree (actor_id, seq);

CREATE INDEX audit_subject ON security.audit USING btree (subject, seq);

CREATE INDEX factor_failures_by_user ON security.factor_failures USING btree (user_id, at);

CREATE INDEX recovery_codes_by_user ON security.recovery_codes USING btree (user_id);

CREATE INDEX sessions_user ON security.sessions USING btree (user_id) WHERE (revoked_at IS NULL);

CREATE INDEX sign_in_failures_recent ON security.sign_in_failures USING btree (email_hash, at);

CREATE UNIQUE INDEX users_email ON security.users USING btree (lower(email));

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON security.audit FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON security.audit FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER heads_append_only BEFORE DELETE OR UPDATE ON security.heads FOR EACH ROW EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER heads_no_truncate BEFORE TRUNCATE ON security.heads FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

CREATE TRIGGER people_refuse_leaving_on_call BEFORE UPDATE OF active ON security.users FOR EACH ROW WHEN ((old.active AND (NOT new.active))) EXECUTE FUNCTION people.refuse_leaving_on_call();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON security.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

-- signals

create table signals.alert_notes (
  id text not null,
  alert_id text not null,
  text text not null,
  author text not null default ''::text,
  at timestamp with time zone not null,
  exercise boolean not null default false,
  constraint alert_notes_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES signals.alerts(id),
  constraint alert_notes_pkey PRIMARY KEY (id)
);

create table signals.alerts (
  id text not null,
  integration_id text not null,
  group_id text not null,
  fingerprint text not null,
  dedup_key text not null,
  service_id text,
  title text not null,
  severity text not null,
  state text not null,
  description text not null default ''::text,
  source text not null default ''::text,
  labels jsonb not null default '{}'::jsonb,
  details jsonb not null default '{}'::jsonb,
  links jsonb not null default '[]'::jsonb,
  marks jsonb not null default '[]'::jsonb,
  count integer not null default 1,
  flaps integer not null default 0,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  resolved_by text,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  last_signal_id text not null,
  test boolean not null default false,
  exercise boolean not null default false,
  tiny_id integer not null,
  expires_at timestamp with time zone,
  constraint alerts_check CHECK (((state = 'resolved'::text) = (resolved_at IS NOT NULL))),
  constraint alerts_resolved_by_check CHECK ((resolved_by = ANY (ARRAY['source'::text, 'person'::text]))),
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text]))),
  constraint alerts_state_check CHECK ((state = ANY (ARRAY['firing'::text, 'resolved'::text]))),
  constraint alerts_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint alerts_pkey PRIMARY KEY (id)
);

create table signals.anomalies (
  id text not null,
  series_id text not null,
  at timestamp with time zone not null,
  value double precision not null,
  low double precision,
  high double precision,
  score double precision not null,
  threshold double precision not null,
  reasons jsonb not null,
  told boolean not null,
  useful boolean,
  judged_by text,
  judged_at timestamp with time zone,
  constraint anomalies_judged_by_fkey FOREIGN KEY (judged_by) REFERENCES security.users(id),
  constraint anomalies_series_id_fkey FOREIGN KEY (series_id) REFERENCES signals.metric_series(id) ON DELETE CASCADE,
  constraint anomalies_pkey PRIMARY KEY (id),
  constraint anomalies_series_id_at_key UNIQUE (series_id, at)
);

create table signals.blocks (
  id text not null,
  integration_id text not null,
  node text not null,
  received_at timestamp with time zone not null,
  posts integer not null,
  events integer not null,
  first_id text not null,
  last_id text not null,
  heads text not null,
  bodies bytea,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  settled_at timestamp with time zone,
  constraint blocks_check CHECK (((state = 'waiting'::text) = (settled_at IS NULL))),
  constraint blocks_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'processed'::text]))),
  constraint blocks_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id),
  constraint blocks_pkey PRIMARY KEY (id)
);

create table signals.correlations (
  id text not null,
  origin_id text not null,
  lead_group_id text not null,
  silent boolean not null,
  state text not null,
  reasons jsonb not null,
  separated jsonb not null default '[]'::jsonb,
  opened_at timestamp with time zone not null,
  last_joined_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  ended_reason text,
  history jsonb not null default '[]'::jsonb,
  exercise boolean not null default false,
  constraint correlations_check CHECK (((state = 'open'::text) = (ended_at IS NULL))),
  constraint correlations_state_check CHECK ((state = ANY (ARRAY['open'::text, 'ended'::text, 'undone'::text]))),
  constraint correlations_lead_group_id_fkey FOREIGN KEY (lead_group_id) REFERENCES signals.groups(id) DEFERRABLE INITIALLY DEFERRED,
  constraint correlations_origin_id_fkey FOREIGN KEY (origin_id) REFERENCES catalog.services(id),
  constraint correlations_pkey PRIMARY KEY (id)
);

create table signals.group_reports (
  group_id text not null,
  report_id text not null,
  path text[] not null,
  attached_at timestamp with time zone not null default kernel.now(),
  constraint group_reports_group_id_fkey FOREIGN KEY (group_id) REFERENCES signals.groups(id) ON DELETE CASCADE,
  constraint group_reports_report_id_fkey FOREIGN KEY (report_id) REFERENCES signals.supplier_reports(id) ON DELETE CASCADE,
  constraint group_reports_pkey PRIMARY KEY (group_id, report_id)
);

create table signals.groups (
  id text not null,
  integration_id text not null,
  group_key text not null,
  windowed boolean not null,
  service_id text,
  title text not null,
  severity text not null,
  state text not null,
  alert_count integer not null default 0,
  firing_count integer not null default 0,
  event_count integer not null default 0,
  flaps integer not null default 0,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  acknowledged_via text,
  resolved_at timestamp with time zone,
  resolved_by text,
  incident_id text,
  incident_key text,
  page_id text,
  test boolean not null default false,
  exercise boolean not null default false,
  created_at timestamp with time zone not null default kernel.now(),
  suppressed_by text,
  started_at timestamp with time zone,
  correlation_id text,
  held jsonb,
  routed jsonb,
  constraint groups_check CHECK (((state = 'resolved'::text) = (resolved_at IS NOT NULL))),
  constraint groups_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text]))),
  constraint groups_state_check CHECK ((state = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text]))),
  constraint groups_correlation_id_fkey FOREIGN KEY (correlation_id) REFERENCES signals.correlations(id) DEFERRABLE INITIALLY DEFERRED,
  constraint groups_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id),
  constraint groups_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint groups_suppressed_by_fkey FOREIGN KEY (suppressed_by) REFERENCES signals.silences(id),
  constraint groups_pkey PRIMARY KEY (id)
);

create table signals.heartbeats (
  id text not null,
  integration_id text not null,
  name text not null,
  description text not null default ''::text,
  interval_seconds integer not null,
  enabled boolean not null default true,
  severity text not null default 'error'::text,
  alert_message text not null default ''::text,
  tags jsonb not null default '[]'::jsonb,
  last_ping_at timestamp with time zone,
  due_at timestamp with time zone not null,
  expired_at timestamp with time zone,
  created_at timestamp with time zone not null default kernel.now(),
  constraint heartbeats_interval_seconds_check CHECK (((interval_seconds >= 60) AND (interval_seconds <= 31622400))),
  constraint heartbeats_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint heartbeats_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text]))),
  constraint heartbeats_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id) ON DELETE CASCADE,
  constraint heartbeats_pkey PRIMARY KEY (id)
);

create table signals.hidden (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default kernel.now(),
  kind text not null,
  by_id text not null,
  group_id text not null,
  service_id text,
  severity text not null,
  exercise boolean not null default false,
  constraint hidden_kind_check CHECK ((kind = ANY (ARRAY['silence'::text, 'rule'::text, 'inhibition'::text]))),
  constraint hidden_pkey PRIMARY KEY (id)
);

create table signals.hidden_digests (
  week_start timestamp with time zone not null,
  sent_at timestamp with time zone not null default kernel.now(),
  groups integer not null,
  told integer not null,
  constraint hidden_digests_pkey PRIMARY KEY (week_start)
);

create table signals.inhibitors (
  rule_id text not null,
  equal_key text not null,
  alert_id text not null,
  exercise boolean not null default false,
  constraint inhibitors_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES signals.rules(id) ON DELETE CASCADE,
  constraint inhibitors_pkey PRIMARY KEY (rule_id, equal_key, alert_id)
);

create table signals.integration_keys (
  id text not null,
  integration_id text not null,
  key_hash text not null,
  key_sealed text not null,
  hint text not null,
  valid_until timestamp with time zone,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null default kernel.now(),
  constraint integration_keys_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id) ON DELETE CASCADE,
  constraint integration_keys_pkey PRIMARY KEY (id),
  constraint integration_keys_key_hash_key UNIQUE (key_hash)
);

create table signals.integrations (
  id text not null,
  kind text not null,
  name text not null,
  service_id text,
  enabled boolean not null default true,
  internal boolean not null default false,
  version integer not null default 1,
  last_heard_at timestamp with time zone,
  garbage_count integer not null default 0,
  last_garbage_at timestamp with time zone,
  last_garbage_reason text,
  last_garbage_signal_id text,
  garbage_notice_at timestamp with time zone,
  dropped_count integer not null default 0,
  last_dropped_at timestamp with time zone,
  created_by text,
  created_at timestamp with time zone not null default kernel.now(),
  options_sealed text,
  constraint integrations_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint integrations_pkey PRIMARY KEY (id)
);

create table signals.mail_loops (
  integration_id text not null,
  sender text not null,
  since timestamp with time zone not null,
  taken integer not null,
  constraint mail_loops_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id) ON DELETE CASCADE,
  constraint mail_loops_pkey PRIMARY KEY (integration_id, sender)
);

create table signals.mail_threads (
  integration_id text not null,
  message_hash text not null,
  dedup_key text not null,
  at timestamp with time zone not null default kernel.now(),
  constraint mail_threads_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id) ON DELETE CASCADE,
  constraint mail_threads_pkey PRIMARY KEY (integration_id, message_hash)
);

create table signals.metric_names (
  integration_id text not null,
  name text not null,
  series integer not null,
  seen_at timestamp with time zone not null,
  constraint metric_names_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id) ON DELETE CASCADE,
  constraint metric_names_pkey PRIMARY KEY (integration_id, name)
);

create table signals.metric_points (
  series_id text not null,
  at timestamp with time zone not null,
  value double precision not null,
  low double precision,
  high double precision,
  score double precision not null,
  constraint metric_points_series_id_fkey FOREIGN KEY (series_id) REFERENCES signals.metric_series(id) ON DELETE CASCADE,
  constraint metric_points_pkey PRIMARY KEY (series_id, at)
);

create table signals.metric_series (
  id text not null,
  watch_id text not null,
  hash text not null,
  labels jsonb not null,
  threshold double precision not null,
  seen integer not null default 0,
  last_at timestamp with time zone,
  last_value double precision,
  step_at timestamp with time zone,
  step_sum double precision not null default 0,
  step_n integer not null default 0,
  point_at timestamp with time zone,
  value double precision,
  low double precision,
  high double precision,
  score double precision not null default 0,
  alerting boolean not null default false,
  calm integer not null default 0,
  heard_at timestamp with time zone not null,
  created_at timestamp with time zone not null default kernel.now(),
  constraint metric_series_watch_id_fkey FOREIGN KEY (watch_id) REFERENCES signals.metric_watches(id) ON DELETE CASCADE,
  constraint metric_series_pkey PRIMARY KEY (id),
  constraint metric_series_watch_id_hash_key UNIQUE (watch_id, hash)
);

create table signals.metric_states (
  series_id text not null,
  state text not null,
  constraint metric_states_series_id_fkey FOREIGN KEY (series_id) REFERENCES signals.metric_series(id) ON DELETE CASCADE,
  constraint metric_states_pkey PRIMARY KEY (series_id)
);

create table signals.metric_watches (
  id text not null,
  name text not null,
  source text not null,
  selector text not null default ''::text,
  matchers jsonb not null default '[]'::jsonb,
  integration_id text,
  reading text not null default 'value'::text,
  url text not null default ''::text,
  query text not null default ''::text,
  authorization text not null default ''::text,
  ca text not null default ''::text,
  secrets_sealed text,
  service_id text,
  severity text not null default 'warning'::text,
  sensitivity text not null default 'usual'::text,
  step_seconds integer not null default 60,
  max_series integer not null default 50,
  enabled boolean not null default true,
  refused integer not null default 0,
  refused_example text not null default ''::text,
  refused_at timestamp with time zone,
  trouble text not null default ''::text,
  polled_to timestamp with time zone,
  polled_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  constraint metric_watches_max_series_check CHECK (((max_series >= 1) AND (max_series <= 1000))),
  constraint metric_watches_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint metric_watches_reading_check CHECK ((reading = ANY (ARRAY['value'::text, 'rate'::text]))),
  constraint metric_watches_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['low'::text, 'usual'::text, 'high'::text]))),
  constraint metric_watches_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text]))),
  constraint metric_watches_source_check CHECK ((source = ANY (ARRAY['write'::text, 'query'::text]))),
  constraint metric_watches_step_seconds_check CHECK (((step_seconds >= 10) AND (step_seconds <= 3600))),
  constraint metric_watches_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id) ON DELETE CASCADE,
  constraint metric_watches_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint metric_watches_pkey PRIMARY KEY (id)
);

create table signals.monitor_changes (
  id bigint not null generated always as identity,
  monitor_id text not null,
  place text,
  at timestamp with time zone not null,
  state text not null,
  reason text not null default ''::text,
  constraint monitor_changes_state_check CHECK ((state = ANY (ARRAY['up'::text, 'down'::text, 'unknown'::text, 'failing'::text]))),
  constraint monitor_changes_monitor_id_fkey FOREIGN KEY (monitor_id) REFERENCES signals.monitors(id) ON DELETE CASCADE,
  constraint monitor_changes_pkey PRIMARY KEY (id)
);

create table signals.monitor_nodes (
  node text not null,
  place text not null,
  seen_at timestamp with time zone not null,
  watching integer not null default 0,
  late_ms real not null default 0,
  constraint monitor_nodes_pkey PRIMARY KEY (node)
);

create table signals.monitor_places (
  monitor_id text not null,
  place text not null,
  state text not null default 'unknown'::text,
  since timestamp with time zone not null,
  failures integer not null default 0,
  successes integer not null default 0,
  first_failed_at timestamp with time zone,
  last_at timestamp with time zone not null,
  last_ok boolean,
  last_ms real not null default 0,
  last_reason text not null default ''::text,
  facts jsonb not null default '{}'::jsonb,
  recent jsonb not null default '[]'::jsonb,
  constraint monitor_places_state_check CHECK ((state = ANY (ARRAY['up'::text, 'down'::text, 'unknown'::text]))),
  constraint monitor_places_monitor_id_fkey FOREIGN KEY (monitor_id) REFERENCES signals.monitors(id) ON DELETE CASCADE,
  constraint monitor_places_pkey PRIMARY KEY (monitor_id, place)
);

create table signals.monitor_rollups (
  monitor_id text not null,
  seconds integer not null,
  at timestamp with time zone not null,
  place text not null,
  n integer not null,
  failed integer not null,
  ms_sum double precision not null,
  ms_min real not null,
  ms_max real not null,
  constraint monitor_rollups_seconds_check CHECK ((seconds = ANY (ARRAY[300, 3600]))),
  constraint monitor_rollups_monitor_id_fkey FOREIGN KEY (monitor_id) REFERENCES signals.monitors(id) ON DELETE CASCADE,
  constraint monitor_rollups_pkey PRIMARY KEY (monitor_id, seconds, at, place)
);

create table signals.monitor_slices (
  place text not null,
  slice smallint not null,
  holder text not null,
  until timestamp with time zone not null,
  constraint monitor_slices_slice_check CHECK (((slice >= 0) AND (slice <= 63))),
  constraint monitor_slices_pkey PRIMARY KEY (place, slice)
);

create table signals.monitors (
  id text not null,
  name text not null,
  kind text not null,
  service_id text,
  enabled boolean not null default true,
  severity text not null default 'error'::text,
  interval_seconds integer not null,
  timeout_seconds integer not null,
  fail_after integer not null default 2,
  recover_after integer not null default 2,
  quorum integer not null default 1,
  places jsonb not null default '["main"]'::jsonb,
  spec jsonb not null,
  secrets_sealed text,
  slice smallint not null,
  state text not null default 'unknown'::text,
  since timestamp with time zone not null default kernel.now(),
  reason text not null default ''::text,
  alerting boolean not null default false,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  constraint monitors_fail_after_check CHECK (((fail_after >= 1) AND (fail_after <= 20))),
  constraint monitors_interval_seconds_check CHECK (((interval_seconds >= 5) AND (interval_seconds <= 86400))),
  constraint monitors_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint monitors_quorum_check CHECK (((quorum >= 1) AND (quorum <= 50))),
  constraint monitors_recover_after_check CHECK (((recover_after >= 1) AND (recover_after <= 20))),
  constraint monitors_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'error'::text, 'warning'::text, 'info'::text]))),
  constraint monitors_slice_check CHECK (((slice >= 0) AND (slice <= 63))),
  constraint monitors_state_check CHECK ((state = ANY (ARRAY['up'::text, 'down'::text, 'unknown'::text]))),
  constraint monitors_timeout_seconds_check CHECK (((timeout_seconds >= 1) AND (timeout_seconds <= 60))),
  constraint monitors_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint monitors_pkey PRIMARY KEY (id)
);

create table signals.occurrences (
  signal_id text not null,
  n integer not null,
  alert_id text,
  effect text not null,
  dedup_key text not null,
  at timestamp with time zone not null,
  exercise boolean not null default false,
  times integer not null default 1,
  constraint occurrences_effect_check CHECK ((effect = ANY (ARRAY['opened'::text, 'repeated'::text, 'reopened'::text, 'refreshed'::text, 'resolved'::text, 'acknowledged'::text, 'unacknowledged'::text, 'noted'::text, 'nothing'::text]))),
  constraint occurrences_pkey PRIMARY KEY (signal_id, n)
);

create table signals.probes (
  id text not null,
  name text not null,
  token_hash text not null,
  hint text not null,
  last_seen_at timestamp with time zone,
  version text not null default ''::text,
  lacks jsonb not null default '{}'::jsonb,
  last_batch text not null default ''::text,
  alerting boolean not null default false,
  created_at timestamp with time zone not null default kernel.now(),
  constraint probes_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint probes_pkey PRIMARY KEY (id),
  constraint probes_token_hash_key UNIQUE (token_hash)
);

create table signals.rules (
  id text not null,
  kind text not null,
  position integer not null,
  name text not null,
  enabled boolean not null default true,
  spec jsonb not null,
  version integer not null default 1,
  last_error text,
  last_error_at timestamp with time zone,
  error_count integer not null default 0,
  created_by text not null,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  written_by text,
  constraint rules_kind_check CHECK ((kind = ANY (ARRAY['triage'::text, 'inhibit'::text, 'grouping'::text]))),
  constraint rules_pkey PRIMARY KEY (id)
);

create table signals.signals (
  id text not null,
  integration_id text not null,
  received_at timestamp with time zone not null default kernel.now(),
  content_type text not null default ''::text,
  headers jsonb not null default '{}'::jsonb,
  body bytea,
  body_size integer not null,
  body_hash text not null,
  purpose text not null default 'alerts'::text,
  idempotency_key text,
  state text not null default 'received'::text,
  reason text,
  answer jsonb,
  attempts integer not null default 0,
  settled_at timestamp with time zone,
  test boolean not null default false,
  test_pages boolean not null default false,
  exercise boolean not null default false,
  wire jsonb not null default '{}'::jsonb,
  block_id text,
  constraint signals_check CHECK (((state = 'received'::text) = (settled_at IS NULL))),
  constraint signals_purpose_check CHECK ((purpose = ANY (ARRAY['alerts'::text, 'changes'::text]))),
  constraint signals_state_check CHECK ((state = ANY (ARRAY['received'::text, 'processed'::text, 'rejected'::text]))),
  constraint signals_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id),
  constraint signals_pkey PRIMARY KEY (id)
);

create table signals.silences (
  id text not null,
  integration_id text,
  matchers jsonb not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  created_by text not null,
  comment text not null,
  created_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  kind text not null default 'silence'::text,
  name text,
  service_ids jsonb not null default '[]'::jsonb,
  holds_critical boolean not null default true,
  constraint silences_check CHECK ((ends_at >= starts_at)),
  constraint silences_comment_check CHECK ((length(comment) > 0)),
  constraint silences_kind_check CHECK ((kind = ANY (ARRAY['silence'::text, 'maintenance'::text]))),
  constraint silences_window CHECK (((kind = 'silence'::text) OR ((name IS NOT NULL) AND (ends_at <= (starts_at + '30 days'::interval))))),
  constraint silences_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES signals.integrations(id),
  constraint silences_pkey PRIMARY KEY (id)
);

create table signals.silent_nodes (
  node text not null,
  last_seen_at timestamp with time zone not null,
  told_at timestamp with time zone not null default kernel.now(),
  over_at timestamp with time zone,
  constraint silent_nodes_pkey PRIMARY KEY (node)
);

create table signals.slo_counts (
  slo_id text not null,
  seconds integer not null,
  at timestamp with time zone not null,
  good double precision not null,
  total double precision not null,
  constraint slo_counts_seconds_check CHECK ((seconds = ANY (ARRAY[60, 3600]))),
  constraint slo_counts_slo_id_fkey FOREIGN KEY (slo_id) REFERENCES signals.slos(id) ON DELETE CASCADE,
  constraint slo_counts_pkey PRIMARY KEY (slo_id, seconds, at)
);

create table signals.slo_monitors (
  slo_id text not null,
  monitor_id text not null,
  constraint slo_monitors_monitor_id_fkey FOREIGN KEY (monitor_id) REFERENCES signals.monitors(id) ON DELETE CASCADE,
  constraint slo_monitors_slo_id_fkey FOREIGN KEY (slo_id) REFERENCES signals.slos(id) ON DELETE CASCADE,
  constraint slo_monitors_pkey PRIMARY KEY (slo_id, monitor_id)
);

create table signals.slos (
  id text not null,
  slug text not null,
  name text not null,
  description text not null default ''::text,
  service_id text,
  enabled boolean not null default true,
  target double precision not null,
  window_days integer not null,
  budgeting text not null default 'occurrences'::text,
  slice_target double precision,
  source jsonb not null,
  secrets_sealed text,
  paging boolean not null default false,
  ticketing boolean not null default false,
  trouble text not null default ''::text,
  counted_to timestamp with time zone,
  counters jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default kernel.now(),
  constraint slos_budgeting_check CHECK ((budgeting = ANY (ARRAY['occurrences'::text, 'timeslices'::text]))),
  constraint slos_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint slos_slice_target_check CHECK (((slice_target > (0)::double precision) AND (slice_target <= (1)::double precision))),
  constraint slos_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?$'::text)),
  constraint slos_target_check CHECK (((target > (0)::double precision) AND (target < (1)::double precision))),
  constraint slos_window_days_check CHECK (((window_days >= 1) AND (window_days <= 90))),
  constraint slos_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id),
  constraint slos_pkey PRIMARY KEY (id),
  constraint slos_slug_key UNIQUE (slug)
);

create table signals.supplier_feeds (
  service_id text not null,
  status_url text not null,
  feed_url text,
  format text,
  etag text,
  state text not null default 'unknown'::text,
  description text not null default ''::text,
  checked_at timestamp with time zone,
  next_at timestamp with time zone not null default kernel.now(),
  problem text,
  failures integer not null default 0,
  constraint supplier_feeds_state_check CHECK ((state = ANY (ARRAY['unknown'::text, 'operational'::text, 'maintenance'::text, 'degraded'::text, 'outage'::text]))),
  constraint supplier_feeds_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint supplier_feeds_pkey PRIMARY KEY (service_id)
);

create table signals.supplier_reports (
  id text not null,
  service_id text not null,
  ref text not null,
  title text not null,
  impact text not null,
  status text not null default ''::text,
  said text not null default ''::text,
  components text[] not null default '{}'::text[],
  url text,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  seen_at timestamp with time zone not null default kernel.now(),
  updated_at timestamp with time zone not null default kernel.now(),
  constraint supplier_reports_impact_check CHECK ((impact = ANY (ARRAY['maintenance'::text, 'minor'::text, 'major'::text, 'critical'::text]))),
  constraint supplier_reports_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog.services(id) ON DELETE CASCADE,
  constraint supplier_reports_pkey PRIMARY KEY (id),
  constraint supplier_reports_service_id_ref_key UNIQUE (service_id, ref)
);

create table signals.trips (
  id text not null,
  state text not null default 'running'::text,
  signal_id text,
  group_id text,
  page_id text,
  stage text,
  error text,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  pinged_at timestamp with time zone,
  constraint trips_check CHECK (((state = 'running'::text) = (finished_at IS NULL))),
  constraint trips_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text]))),
  constraint trips_pkey PRIMARY KEY (id)
);

CREATE INDEX alert_notes_of ON signals.alert_notes USING btree (alert_id, at);

CREATE INDEX alerts_by_key ON signals.alerts USING btree (integration_id, fingerprint, first_at DESC) WHERE (state = 'resolved'::text);

CREATE INDEX alerts_expiring ON signals.alerts USING btree (expires_at) WHERE ((state = 'firing'::text) AND (expires_at IS NOT NULL));

CREATE INDEX alerts_newest ON signals.alerts USING btree (last_at, id);

CREATE INDEX alerts_of_group ON signals.alerts USING btree (group_id);

CREATE INDEX alerts_of_service ON signals.alerts USING btree (service_id, state) WHERE (service_id IS NOT NULL);

CREATE UNIQUE INDEX alerts_one_firing ON signals.alerts USING btree (integration_id, fingerprint, exercise, test) WHERE (state = 'firing'::text);

CREATE UNIQUE INDEX alerts_tiny ON signals.alerts USING btree (tiny_id);

CREATE INDEX anomalies_at ON signals.anomalies USING btree (at);

CREATE INDEX blocks_by_post ON signals.blocks USING btree (last_id);

CREATE INDEX blocks_of_integration ON signals.blocks USING btree (integration_id, received_at DESC);

CREATE INDEX blocks_waiting ON signals.blocks USING btree (id) WHERE (state = 'waiting'::text);

CREATE INDEX blocks_with_bodies ON signals.blocks USING btree (received_at) WHERE (bodies IS NOT NULL);

CREATE INDEX correlations_newest ON signals.correlations USING btree (opened_at DESC, id DESC);

CREATE INDEX correlations_of_lead ON signals.correlations USING btree (lead_group_id);

CREATE UNIQUE INDEX correlations_one_open ON signals.correlations USING btree (origin_id, exercise) WHERE (state = 'open'::text);

CREATE INDEX groups_held ON signals.groups USING btree (id) WHERE ((held IS NOT NULL) AND (state <> 'resolved'::text));

CREATE INDEX groups_incident ON signals.groups USING btree (incident_id) WHERE (incident_id IS NOT NULL);

CREATE INDEX groups_just_opened ON signals.groups USING btree (first_at) WHERE ((state <> 'resolved'::text) AND (service_id IS NOT NULL));

CREATE INDEX groups_newest ON signals.groups USING btree (last_at DESC, id DESC);

CREATE INDEX groups_of_correlation ON signals.groups USING btree (correlation_id) WHERE (correlation_id IS NOT NULL);

CREATE UNIQUE INDEX groups_one_open ON signals.groups USING btree (integration_id, group_key, exercise, test) WHERE ((state <> 'resolved'::text) AND (NOT windowed));

CREATE INDEX groups_open ON signals.groups USING btree (integration_id, group_key) WHERE (state <> 'resolved'::text);

CREATE INDEX groups_service ON signals.groups USING btree (service_id, state);

CREATE INDEX groups_suppressed ON signals.groups USING btree (id) WHERE ((suppressed_by IS NOT NULL) AND (state = 'open'::text));

CREATE INDEX heartbeats_due ON signals.heartbeats USING btree (due_at) WHERE (enabled AND (expired_at IS NULL));

CREATE UNIQUE INDEX heartbeats_name ON signals.heartbeats USING btree (integration_id, name);

CREATE INDEX hidden_at ON signals.hidden USING btree (at);

CREATE INDEX integration_keys_of ON signals.integration_keys USING btree (integration_id);

CREATE INDEX mail_threads_age ON signals.mail_threads USING btree (at);

CREATE INDEX metric_watches_integration ON signals.metric_watches USING btree (integration_id);

CREATE UNIQUE INDEX metric_watches_name ON signals.metric_watches USING btree (lower(name));

CREATE INDEX metric_watches_service ON signals.metric_watches USING btree (service_id);

CREATE INDEX monitor_changes_of ON signals.monitor_changes USING btree (monitor_id, at DESC);

CREATE INDEX monitor_rollups_old ON signals.monitor_rollups USING btree (seconds, at);

CREATE UNIQUE INDEX monitors_name ON signals.monitors USING btree (lower(name));

CREATE INDEX monitors_slice ON signals.monitors USING btree (slice);

CREATE INDEX occurrences_of_alert ON signals.occurrences USING btree (alert_id, at);

CREATE UNIQUE INDEX probes_name ON signals.probes USING btree (lower(name));

CREATE INDEX rules_in_order ON signals.rules USING btree (kind, "position", id);

CREATE INDEX signals_by_request ON signals.signals USING btree (((wire ->> 'requestId'::text))) WHERE (wire ? 'requestId'::text);

CREATE UNIQUE INDEX signals_idempotent ON signals.signals USING btree (integration_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX signals_newest ON signals.signals USING btree (integration_id, received_at);

CREATE INDEX signals_quarantined ON signals.signals USING btree (received_at DESC) WHERE (reason ~~ 'could not be processed:%'::text);

CREATE INDEX signals_refused ON signals.signals USING btree (integration_id, received_at) WHERE (state = 'rejected'::text);

CREATE INDEX signals_waiting ON signals.signals USING btree (received_at) WHERE (state = 'received'::text);

CREATE INDEX signals_with_body ON signals.signals USING btree (received_at) WHERE (body IS NOT NULL);

CREATE INDEX silences_ending ON signals.silences USING btree (ends_at);

CREATE INDEX slo_monitors_of ON signals.slo_monitors USING btree (monitor_id);

CREATE INDEX supplier_reports_open ON signals.supplier_reports USING btree (service_id) WHERE (ended_at IS NULL);

CREATE INDEX supplier_reports_recent ON signals.supplier_reports USING btree (service_id, started_at DESC);

CREATE INDEX trips_newest ON signals.trips USING btree (started_at DESC);

CREATE UNIQUE INDEX trips_one_running ON signals.trips USING btree ((true)) WHERE (state = 'running'::text);

CREATE TRIGGER alert_notes_keep_exercise BEFORE UPDATE ON signals.alert_notes FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER alerts_keep_exercise BEFORE UPDATE ON signals.alerts FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE TRIGGER groups_keep_exercise BEFORE UPDATE ON signals.groups FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON signals.integration_keys DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE OF kind, name, service_id, enabled, internal, version, options_sealed ON signals.integrations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE OF kind, "position", name, enabled, spec ON signals.rules DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();

CREATE TRIGGER signals_keep_exercise BEFORE UPDATE ON signals.signals FOR EACH ROW EXECUTE FUNCTION kernel.keep_exercise();

CREATE CONSTRAINT TRIGGER standing AFTER INSERT OR DELETE OR UPDATE ON signals.silences DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel.touch_standing();
