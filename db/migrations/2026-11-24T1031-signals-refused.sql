-- The newest refused posts of an integration are shown with it; among millions that were taken they are found at once.
create index signals_refused on signals.signals (integration_id, received_at) where state = 'rejected';
