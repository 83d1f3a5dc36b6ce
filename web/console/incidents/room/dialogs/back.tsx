/** The steps back: it is there again, or we were ahead of ourselves. */
import { Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { sentence, useCommand } from '../../../../kit/index.ts';
import { useRoom } from '../context.tsx';
import { StepDialog } from './frame.tsx';

type Earlier = 'detection' | 'containment' | 'eradication' | 'recovery';
const EARLIER: Earlier[] = ['detection', 'containment', 'eradication', 'recovery'];
const ORDER = [...EARLIER, 'verification', 'restored', 'closed'];

export function Relapse({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [reason, setReason] = useState('');
  const command = useCommand(incidents.relapse, { problems: 'inline', done: 'Reopened in containment' });
  return (
    <StepDialog
      title="Is it back?"
      lead="The same effect within 72 hours is the same incident. It returns to containment and must prove itself again."
      save="Reopen in containment"
      danger
      command={command}
      input={reason.trim() ? { params: { id: incident.id }, body: { reason: reason.trim() } } : undefined}
      onClose={onClose}
    >
      <Textarea
        label="What shows it?"
        required
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </StepDialog>
  );
}

export function MoveBack({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const earlier = EARLIER.filter((phase) => ORDER.indexOf(phase) < ORDER.indexOf(incident.phase));
  const [to, setTo] = useState<Earlier>(earlier.at(-1) ?? 'detection');
  const [reason, setReason] = useState('');
  const command = useCommand(incidents.moveBack, { problems: 'inline', done: 'Moved back' });
  return (
    <StepDialog
      title="Go back to an earlier phase"
      lead="Nothing is lost: the record keeps every time a phase was entered and left."
      save="Go back"
      command={command}
      input={reason.trim() ? { params: { id: incident.id }, body: { to, reason: reason.trim() } } : undefined}
      onClose={onClose}
    >
      <Select
        label="Back to"
        allowDeselect={false}
        data={earlier.map((value) => ({ value, label: sentence(value) }))}
        value={to}
        onChange={(next) => setTo((next ?? to) as Earlier)}
      />
      <Textarea
        label="Why?"
        required
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </StepDialog>
  );
}
