/** The steps that end it: restored, closed, dismissed, merged. Each says first what is still false, unknown or open. */
import { Anchor, Button, Group, NumberInput, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents, type Incident } from '#contract/incidents';
import { ProblemAlert, serverNow, useCommand, useQueryOf } from '../../../../kit/index.ts';
import { GateBadge } from '../bits.tsx';
import { gateTitle, useAuthority, useRoom } from '../context.tsx';
import classes from '../room.module.css';
import { StepDialog } from './frame.tsx';

type Gate = Incident['gates'][number];

function Gates({ holds }: { holds: Gate['holds'] }) {
  const { incident } = useRoom();
  const gates = incident.gates.filter((gate) => gate.holds === holds);
  if (gates.length === 0) return <Text fz="sm">Nothing holds it at this severity.</Text>;
  return (
    <ul className={classes.lines} aria-label="What must be true">
      {gates.map((gate) => (
        <GateLine key={gate.kind} gate={gate} />
      ))}
    </ul>
  );
}

function GateLine({ gate }: { gate: Gate }) {
  const { show } = useRoom();
  const [waiving, setWaiving] = useState(false);
  const mayWaive = useAuthority('override_guardrail') && gate.kind !== 'learning.review';
  return (
    <li>
      <div className={classes.row}>
        <div>
          <Text fw={550} fz="sm">
            {gateTitle(gate.kind)}
          </Text>
          {gate.state === 'waived' ? (
            <Text fz="sm" c="dimmed">
              Waived: {gate.waivedReason}
            </Text>
          ) : (
            gate.reasons.map((reason) => (
              <Text key={reason} fz="sm" c={gate.state === 'open' ? undefined : 'dimmed'}>
                {reason}
              </Text>
            ))
          )}
        </div>
        <GateBadge state={gate.state} />
      </div>
      {gate.state === 'open' && (
        <Group gap="md">
          <Anchor component="button" type="button" fz="sm" onClick={() => show(gate.kind)}>
            Show where
          </Anchor>
          {mayWaive && (
            <Anchor
              component="button"
              type="button"
              fz="sm"
              onClick={() => setWaiving(!waiving)}
              aria-expanded={waiving}
            >
              Go on without it
            </Anchor>
          )}
        </Group>
      )}
      {waiving && <Waive gate={gate} onDone={() => setWaiving(false)} />}
    </li>
  );
}

function Waive({ gate, onDone }: { gate: Gate; onDone: () => void }) {
  const { incident } = useRoom();
  const [reason, setReason] = useState('');
  const waive = useCommand(incidents.waiveGate, { problems: 'inline', done: 'Waived, for everybody to see', onDone });
  return (
    <Stack gap="xs" className={classes.inlineForm}>
      <TextInput
        label="Why, for the record and the review"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <ProblemAlert error={waive.error} />
      <Group justify="flex-end">
        <Button
          size="compact-sm"
          color="red"
          loading={waive.isPending}
          disabled={reason.trim() === ''}
          onClick={() =>
            waive.mutate({ params: { id: incident.id, kind: gate.kind }, body: { reason: reason.trim() } })
          }
        >
          Waive this
        </Button>
      </Group>
    </Stack>
  );
}

export function Restore({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [minutes, setMinutes] = useState<number | ''>('');
  const [note, setNote] = useState('');
  const [skip, setSkip] = useState('');
  const command = useCommand(incidents.restore, { problems: 'inline', done: 'Restored' });
  const early = incident.phase !== 'verification';
  const body = {
    ...(note.trim() && { note: note.trim() }),
    ...(minutes !== '' && { impactEndedAt: new Date(serverNow() - minutes * 60_000).toISOString() }),
    ...(early && { waiver: { kind: 'self_ended' as const, reason: skip.trim() } }),
  };
  const ready = !early || skip.trim() !== '';
  return (
    <StepDialog
      title="Declare restored"
      lead="Service is back and proven. Paging ends, customers get their resolution, the review opens."
      save="Declare restored"
      command={command}
      input={ready ? { params: { id: incident.id }, body } : undefined}
      onClose={onClose}
    >
      <Gates holds="restore" />
      {early && (
        <TextInput
          label={`It is still in ${incident.phase}: why are the steps between not needed?`}
          placeholder="It ended by itself at 14:20"
          required
          value={skip}
          onChange={(event) => setSkip(event.currentTarget.value)}
        />
      )}
      <NumberInput
        label="Customers have been well for … minutes"
        description="Empty: until now. It ends the impact in every figure."
        min={0}
        allowDecimal={false}
        allowNegative={false}
        value={minutes}
        onChange={(next) => setMinutes(next === '' ? '' : Number(next))}
        w={280}
      />
      <Textarea
        label="Note"
        autosize
        minRows={1}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </StepDialog>
  );
}

export function Close({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [note, setNote] = useState('');
  const command = useCommand(incidents.close, { problems: 'inline', done: 'Closed' });
  return (
    <StepDialog
      title="Close the incident"
      lead="Everything owed is settled. Duties end; the record stays."
      save="Close"
      command={command}
      input={{ params: { id: incident.id }, body: note.trim() ? { note: note.trim() } : {} }}
      onClose={onClose}
    >
      <Gates holds="close" />
      <Textarea
        label="Note"
        autosize
        minRows={1}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </StepDialog>
  );
}

export function Dismiss({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [reason, setReason] = useState('');
  const command = useCommand(incidents.dismiss, { problems: 'inline', done: 'Dismissed' });
  return (
    <StepDialog
      title="Dismiss as a false alarm"
      lead="Only when no customer felt anything. It is left out of the figures; the record stays."
      save="No customer felt anything: dismiss"
      danger
      command={command}
      input={
        reason.trim()
          ? { params: { id: incident.id }, body: { reason: reason.trim(), noCustomerImpact: true } }
          : undefined
      }
      onClose={onClose}
    >
      <Textarea
        label="Why was it none?"
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

export function Merge({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [into, setInto] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const others = useQueryOf(incidents.list, {
    query: { state: 'active', exercise: incident.exercise ? 'only' : 'without', limit: 50 },
  });
  const command = useCommand(incidents.merge, { problems: 'inline', done: 'Merged' });
  const ready = into && reason.trim();
  return (
    <StepDialog
      title="Merge into another incident"
      lead={`${incident.key} ends here; its alerts and services go over, and it is counted once.`}
      save="Merge"
      danger
      command={command}
      input={ready ? { params: { id: incident.id }, body: { into, reason: reason.trim() } } : undefined}
      onClose={onClose}
    >
      <Select
        label="Into"
        required
        placeholder="An active incident"
        data={(others.data?.items ?? [])
          .filter(({ id }) => id !== incident.id)
          .map(({ id, key, title }) => ({ value: id, label: `${key} ${title}` }))}
        value={into}
        onChange={setInto}
        searchable
      />
      <TextInput
        label="Why are they the same?"
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </StepDialog>
  );
}
