-- Moving from Statuspage: its components are carried, too.
alter table programme.imports drop constraint imports_vendor_check;
alter table programme.imports add constraint imports_vendor_check
  check (vendor in ('pagerduty', 'opsgenie', 'oncall', 'goalert', 'statuspage'));
alter table programme.import_links drop constraint import_links_kind_check;
alter table programme.import_links add constraint import_links_kind_check
  check (kind in ('user', 'team', 'schedule', 'override', 'policy', 'service', 'integration', 'heartbeat', 'component'));
