-- What depends on what is kept in memory where alerts come in, as services are.
create constraint trigger standing after insert or update or delete on catalog.dependencies
  deferrable initially deferred for each row execute function kernel.touch_standing();
