/** The steps forward: into containment, contained, cause dealt with, recovered. */
import { Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { useCommand } from '../../../../kit/index.ts';
import { useAuthority, useRoom } from '../context.tsx';
import { StepDialog } from './frame.tsx';

type WaiverKind = 'external' | 'self_ended' | 'accepted';
const WAIVERS: { value: WaiverKind; label: string }[] = [
  { value: 'external', label: 'Waive it: not ours to do (external)' },
  { value: 'self_ended', label: 'Waive it: ended by itself' },
  { value: 'accepted', label: 'Waive it: we live with it (accepted)' },
];

export function StartContainment({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [action, setAction] = useState('');
  const command = useCommand(incidents.startContainment, { problems: 'inline', done: 'Containment has begun' });
  const body = action.trim() ? { action: action.trim() } : {};
  return (
    <StepDialog
      title="Start containment"
      lead="Stop the harm first; the cause can wait. The clock of containment starts with the first action, by playbook or by hand."
      save="Start containment"
      command={command}
      input={{ params: { id: incident.id }, body }}
      onClose={onClose}
    >
      <Textarea
        label="First action, if you do it by hand"
        placeholder="Leave empty to pick a playbook next"
        autosize
        minRows={2}
        value={action}
        onChange={(event) => setAction(event.currentTarget.value)}
        data-autofocus
      />
    </StepDialog>
  );
}

interface DoneOrWaived {
  how: 'done' | WaiverKind;
  words: string;
}

/** Words that say it is done, or why it need not be; the waiver only for who may waive. */
function DoneOrWaivedFields({
  value,
  onChange,
  done,
  ask,
}: {
  value: DoneOrWaived;
  onChange: (next: DoneOrWaived) => void;
  done: string;
  ask: string;
}) {
  const mayWaive = useAuthority('waive_phase');
  return (
    <>
      {mayWaive && (
        <Select
          label="How"
          allowDeselect={false}
          data={[{ value: 'done', label: done }, ...WAIVERS]}
          value={value.how}
          onChange={(how) => onChange({ ...value, how: (how ?? 'done') as DoneOrWaived['how'] })}
        />
      )}
      <Textarea
        label={value.how === 'done' ? ask : 'Reason, for the record and the review'}
        required
        autosize
        minRows={2}
        value={value.words}
        onChange={(event) => onChange({ ...value, words: event.currentTarget.value })}
        data-autofocus
      />
    </>
  );
}

const bodyOf = ({ how, words }: DoneOrWaived) => {
  const text = words.trim();
  if (!text) return undefined;
  return how === 'done' ? { evidence: text } : { waiver: { kind: how, reason: text } };
};

export function DeclareContained({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [value, setValue] = useState<DoneOrWaived>({ how: 'done', words: '' });
  const command = useCommand(incidents.declareContained, { problems: 'inline', done: 'Contained' });
  const body = bodyOf(value);
  return (
    <StepDialog
      title="Has the harm stopped growing?"
      lead="Contained means it no longer gets worse, not that it is repaired."
      save="Declare contained"
      command={command}
      input={body && { params: { id: incident.id }, body }}
      onClose={onClose}
    >
      <DoneOrWaivedFields value={value} onChange={setValue} done="It is contained" ask="What shows it?" />
    </StepDialog>
  );
}

export function Eradicate({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [value, setValue] = useState<DoneOrWaived>({ how: 'done', words: '' });
  const command = useCommand(incidents.eradicate, { problems: 'inline', done: 'Recovery begins' });
  const body = bodyOf(value);
  return (
    <StepDialog
      title="Is the cause dealt with?"
      lead="Recovery begins when the cause is removed, or when it is said why it is not."
      save="On to recovery"
      command={command}
      input={body && { params: { id: incident.id }, body }}
      onClose={onClose}
    >
      <DoneOrWaivedFields
        value={value}
        onChange={setValue}
        done="The cause is removed"
        ask="What was removed, and how?"
      />
    </StepDialog>
  );
}

export function CompleteRecovery({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [note, setNote] = useState('');
  const command = useCommand(incidents.completeRecovery, { problems: 'inline', done: 'Verification begins' });
  return (
    <StepDialog
      title="Is everything back?"
      lead="Verification begins: the readiness checks must stay true for their whole soak before it counts as restored."
      save="Recovery complete"
      command={command}
      input={{ params: { id: incident.id }, body: note.trim() ? { note: note.trim() } : {} }}
      onClose={onClose}
    >
      <Textarea
        label="Note"
        placeholder="All traffic is back in both regions"
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-autofocus
      />
    </StepDialog>
  );
}
