-- Rules rarely change, and every alert asks for them: nodes keep them in memory. Not for what is only noted about their failures.
create constraint trigger standing after insert or delete
  or update of kind, position, name, enabled, spec on signals.rules
  deferrable initially deferred for each row execute function kernel.touch_standing();
