/** "Your duties now": the cards of the roles I hold here, what I answer for in this phase, and my tasks. */
import { Button, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { type Duties as DutiesShape, endpoints as incidents } from '#contract/incidents';
import { Section, serverNow, useCommand, useQueryOf } from '../../../kit/index.ts';
import { RoleCard } from '../../people/role-card.tsx';
import { linesOf } from '../../people/role-words.ts';
import { useRoom } from './context.tsx';
import classes from './room.module.css';

const LETTER: Record<'R' | 'A' | 'C' | 'I', string> = {
  R: 'you do it',
  A: 'you answer for it',
  C: 'you are asked',
  I: 'you are told',
};

/** Nothing for somebody without a role or task here. */
export function Duties() {
  const { incident } = useRoom();
  const { data } = useQueryOf(incidents.duties, { params: { id: incident.id } });
  if (!data || !incident.active || (data.roles.length === 0 && data.tasks.length === 0)) return null;
  return (
    <Section title="Your duties now" id="duties">
      {data.roles.map((role) => (
        <Card key={role.key} role={role} fresh={role.since} />
      ))}
      <Activities activities={data.activities} />
      <Tasks tasks={data.tasks} />
    </Section>
  );
}

/** In the first minutes it says what to do first; all of the card is one click away. */
function Card({ role, fresh }: { role: DutiesShape['roles'][number]; fresh: string }) {
  const [open, setOpen] = useState(false);
  const [first] = useState(() => serverNow() - Date.parse(fresh) < 10 * 60_000);
  const steps = linesOf(role.firstSteps);
  return (
    <div className={classes.duty}>
      <UnstyledButton className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        <b>{role.title}</b>
        <span className={classes.dimmed}>
          {role.accepted ? role.purpose : 'you are called: accept it under People'}
        </span>
      </UnstyledButton>
      {open && <RoleCard role={role} />}
      {!open && first && steps.length > 0 && (
        <ol className={classes.firstSteps} aria-label={`First, as ${role.title}`}>
          {steps.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Activities({ activities }: { activities: DutiesShape['activities'] }) {
  if (activities.length === 0) return null;
  return (
    <ul className={classes.activities} aria-label="What you answer for in this phase">
      {activities.map(({ title, letters, others }) => {
        const does = others.filter((one) => one.letters.includes('R'));
        return (
          <li key={title}>
            <span>
              {title} <span className={classes.dimmed}>{letters.map((letter) => LETTER[letter]).join(', ')}</span>
            </span>
            {!letters.includes('R') && does.length > 0 && (
              <span className={classes.dimmed}>
                {does.map((one) => `${one.title}: ${one.person?.name ?? 'nobody yet'}`).join('; ')}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Tasks({ tasks }: { tasks: DutiesShape['tasks'] }) {
  const set = useCommand(incidents.setTask);
  if (tasks.length === 0) return null;
  return (
    <ul className={classes.activities} aria-label="Your tasks">
      {tasks.map(({ id, text, claimed }) => (
        <li key={id} className={classes.row}>
          <span>{text}</span>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${claimed ? 'Done' : 'Take'}: ${text}`}
            onClick={() => set.mutate({ params: { taskId: id }, body: claimed ? { state: 'done' } : { claim: true } })}
          >
            {claimed ? 'Done' : 'Take'}
          </Button>
        </li>
      ))}
    </ul>
  );
}
