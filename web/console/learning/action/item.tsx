/** One improvement with what can be done about it now; the same on the board and inside a review. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { type Action, endpoints as learning } from '#contract/learning';
import {
  Countdown,
  ExerciseBadge,
  PersonName,
  StateBadge,
  sentence,
  TextLink,
  useCommand,
  useMay,
  useZone,
  When,
} from '../../../kit/index.ts';
import classes from '../learning.module.css';
import { Confirm, Note } from './dialogs.tsx';

type Dialog = 'confirm' | 'reject' | 'complete' | 'amend';

export function ActionItem({ action, inReview }: { action: Action; inReview?: boolean }) {
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  return (
    <li className={classes.action} id={action.id}>
      <div className={classes.actionWords}>
        <span className={classes.key}>{action.key}</span> <span className={classes.actionTitle}>{action.title}</span>{' '}
        {action.exercise && <ExerciseBadge />}
        {action.detail && <div className={classes.note}>{action.detail}</div>}
        <p>
          <State action={action} />
          {action.type && <span>{sentence(action.type)}</span>}
          <PersonName person={action.owner} none="No owner" plain />
          <Due action={action} />
          {!inReview && action.incident && (
            <TextLink to={action.reviewId ? `/reviews/${action.reviewId}` : `/incidents/${action.incident.key}`}>
              {action.incident.key}
            </TextLink>
          )}
        </p>
        {action.settledNote && <div className={classes.note}>{action.settledNote}</div>}
      </div>
      <Steps action={action} onOpen={setDialog} />
      {(dialog === 'confirm' || dialog === 'amend') && (
        <Confirm action={action} amend={dialog === 'amend'} onClose={close} />
      )}
      {(dialog === 'reject' || dialog === 'complete') && <Note action={action} what={dialog} onClose={close} />}
    </li>
  );
}

function State({ action }: { action: Action }) {
  if (action.overdue) return <StateBadge state="overdue" label="Late" />;
  if (action.state === 'confirmed') return <StateBadge state="confirmed" tone="notice" label="To do" />;
  return <StateBadge state={action.state} />;
}

function Due({ action }: { action: Action }) {
  if (action.settledAt) return <When at={action.settledAt} day />;
  if (!action.dueOn) return null;
  const moved = action.originalDueOn && action.originalDueOn !== action.dueOn;
  return (
    <span>
      due <DueDay day={action.dueOn} />
      {action.overdue && (
        <>
          {', '}
          <Countdown at={action.dueAt} />
        </>
      )}
      {moved && (
        <>
          {' (first '}
          <DueDay day={action.originalDueOn!} />)
        </>
      )}
    </span>
  );
}

/** A calendar day is the same day everywhere: noon UTC keeps the browser from moving it. */
function DueDay({ day }: { day: string }) {
  const zone = useZone();
  const shown = new Date(`${day}T12:00:00Z`);
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(shown.getUTCFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' }),
  }).format(shown);
  return (
    <time dateTime={day} data-zone={zone}>
      {text.replace(',', '')}
    </time>
  );
}

/** Only the steps that exist from here; the obvious one is filled. */
function Steps({ action, onOpen }: { action: Action; onOpen: (dialog: Dialog) => void }) {
  const start = useCommand(learning.startAction, { done: `${action.key} is being worked on` });
  const may = useMay('learning.confirmAction');
  if (!may) return null;
  const open = (what: Dialog, label: string, variant = 'default') => (
    <Button size="compact-sm" variant={variant} onClick={() => onOpen(what)} aria-label={`${label} ${action.key}`}>
      {label}
    </Button>
  );
  if (action.state === 'proposed') {
    return (
      <Group gap="xs">
        {open('reject', 'Reject', 'subtle')}
        {open('confirm', 'Confirm', 'light')}
      </Group>
    );
  }
  if (action.state !== 'confirmed' && action.state !== 'in_progress') return null;
  return (
    <Group gap="xs">
      {open('amend', 'Change', 'subtle')}
      {action.state === 'confirmed' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={start.isPending}
          onClick={() => start.mutate({ params: { id: action.id } })}
          aria-label={`Start ${action.key}`}
        >
          Start
        </Button>
      )}
      {open('complete', 'Done', 'light')}
    </Group>
  );
}
