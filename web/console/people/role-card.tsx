/** The card of a role: what its holder does first, answers for, may decide, and how it is handed over. */
import type { IncidentRole } from '#contract/people';
import classes from './roles.module.css';
import { linesOf, saidInside } from './role-words.ts';

type Card = Pick<IncidentRole, 'firstSteps' | 'duties' | 'handover' | 'authority'>;

export function RoleCard({ role }: { role: Card }) {
  return (
    <div className={classes.card}>
      <Part title="First" text={role.firstSteps} ordered />
      <Part title="Duties" text={role.duties} />
      <Part title="Hand-over" text={role.handover} />
      <div>
        <h3>May decide</h3>
        <p>{role.authority.length > 0 ? saidInside(role.authority) : 'what any responder may'}</p>
      </div>
    </div>
  );
}

function Part({ title, text, ordered }: { title: string; text: string; ordered?: boolean }) {
  const lines = linesOf(text);
  if (lines.length === 0) return null;
  const List = ordered ? 'ol' : 'ul';
  return (
    <div>
      <h3>{title}</h3>
      <List>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </List>
    </div>
  );
}
