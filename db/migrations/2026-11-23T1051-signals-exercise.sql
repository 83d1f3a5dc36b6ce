-- The mark of a drill cannot change on what was derived from it either.
create trigger signals_keep_exercise before update on signals.signals for each row execute function kernel.keep_exercise();
create trigger alerts_keep_exercise before update on signals.alerts for each row execute function kernel.keep_exercise();
create trigger groups_keep_exercise before update on signals.groups for each row execute function kernel.keep_exercise();
