/** Who has this room open: said every 15 seconds, shown as a row of names. */
import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { PersonRef } from '#contract/core';
import { commandEndpoints as command } from '#contract/incidents-command';
import { call, Initials, onLiveEvent, useMe } from '../../../kit/index.ts';
import classes from './room.module.css';

const EVERY_MS = 15_000;
const SHOWN = 6;

export function Presence({ incidentId }: { incidentId: string }) {
  const here = useHere(incidentId);
  const me = useMe();
  const others = here.filter(({ id }) => id !== me.user.id);
  const names = others.map(({ name }) => name).join(', ');
  const text = others.length === 0 ? 'Only you are here' : `Here with you: ${names}`;
  return (
    <Tooltip label={text} multiline maw={280}>
      <span className={classes.here} role="status" aria-label={text} tabIndex={0}>
        {others.slice(0, SHOWN).map(({ id, name }) => (
          <Initials key={id} name={name} size={24} />
        ))}
        <span>
          {others.length === 0
            ? 'only you here'
            : others.length > SHOWN
              ? `+${others.length - SHOWN} here`
              : others.length === 1
                ? `${others[0]!.name} is here`
                : `${others.length} others here`}
        </span>
      </span>
    </Tooltip>
  );
}

/** Says that this browser is here while the tab can be seen, and hears who else is. */
function useHere(incidentId: string): PersonRef[] {
  const [people, setPeople] = useState<PersonRef[]>([]);
  useEffect(() => {
    let over = false;
    const params = { id: incidentId };
    const say = async () => {
      if (document.hidden) return;
      const answer = await call(command.presence, { params, body: { here: true } }).catch(() => undefined);
      if (answer && !over) setPeople(answer.people.map(({ person }) => person));
    };
    const leave = () => {
      void fetch(`/api/v1/incidents/${encodeURIComponent(incidentId)}/presence`, {
        method: 'POST',
        keepalive: true,
        headers: { 'x-evenkeel': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ here: false }),
      }).catch(() => undefined);
    };
    void say();
    const timer = setInterval(() => void say(), EVERY_MS);
    // Somebody came in: the list is read again at once.
    const deaf = onLiveEvent((event) => {
      if (event.type === 'incident.room_entered' && event.subject === incidentId) void say();
    });
    const back = () => void say();
    document.addEventListener('visibilitychange', back);
    addEventListener('pagehide', leave);
    return () => {
      over = true;
      clearInterval(timer);
      deaf();
      document.removeEventListener('visibilitychange', back);
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [incidentId]);
  return people;
}
