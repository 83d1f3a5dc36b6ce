/** The one next step: what to do now, why, and the button that does it. */
import { Button } from '@mantine/core';
import { endpoints as incidents } from '#contract/incidents';
import { useCommand, useMe } from '../../../kit/index.ts';
import { type DialogKind, useRoom } from './context.tsx';
import classes from './room.module.css';

/** What the next step is, and how its button does it. */
export function useNext() {
  const { incident, open, show } = useRoom();
  const take = useCommand(incidents.assignRole, { done: 'You have command' });
  const { next } = incident;
  const { action } = next;
  const run = () => {
    if (!action) return;
    if (action.kind === 'open') return show(action.target ?? 'containment');
    if (action.kind === 'approvals') return show('approvals');
    if (action.kind === 'take_command') {
      return take.mutate({ params: { id: incident.id }, body: { role: 'incident_commander' } });
    }
    open(action.kind as DialogKind, action.target);
  };
  return { next, run, busy: take.isPending };
}

export function NextCard() {
  const me = useMe();
  const { next, run, busy } = useNext();
  const { action } = next;
  const yours = next.for?.id === me.user.id;
  return (
    <section className={classes.next} data-urgency={next.urgency} aria-label="Next step" id="next">
      <div className={classes.nextWords}>
        <p className={classes.nextLabel}>
          {next.for ? (yours ? 'Next step, yours' : `Next step, for ${next.for.name}`) : 'Next step'}
        </p>
        <h2>{next.title}</h2>
        <p>{next.reason}</p>
      </div>
      {action && (
        <Button size="md" onClick={run} loading={busy} variant={next.urgency === 'calm' ? 'default' : 'filled'}>
          {action.label}
        </Button>
      )}
    </section>
  );
}
