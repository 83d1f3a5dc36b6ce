/** Handing a role over, answering such an offer, giving a role to somebody. */
import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as people } from '#contract/people';
import { asProblem, useCommand, useMe, useQueryOf } from '../../../../kit/index.ts';
import { useRoles } from '../../../people/role-words.ts';
import { useRoom } from '../context.tsx';
import { StepDialog } from './frame.tsx';

/** Everybody who may hold a role. */
function usePeople(except?: string): { value: string; label: string }[] {
  const { data } = useQueryOf(people.people);
  return (data?.items ?? [])
    .filter(
      ({ id, active, roles }) =>
        active && id !== except && roles.some((role) => role !== 'viewer' && role !== 'auditor'),
    )
    .map(({ id, name }) => ({ value: id, label: name }));
}

export function OfferHandover({ role = 'incident_commander', onClose }: { role?: string; onClose: () => void }) {
  const { incident } = useRoom();
  const me = useMe();
  const { titleOf } = useRoles();
  const [to, setTo] = useState<string | null>(null);
  const [brief, setBrief] = useState('');
  const data = usePeople(me.user.id);
  const command = useCommand(incidents.offerHandover, {
    problems: 'inline',
    done: 'Offered. The duty is yours until it is accepted',
  });
  const ready = to && brief.trim();
  return (
    <StepDialog
      title={`Hand over ${titleOf(role).toLowerCase()}`}
      lead="You keep the duty until the other person says “I have command”."
      save="Offer hand-over"
      command={command}
      input={ready ? { params: { id: incident.id }, body: { role, toUserId: to, brief: brief.trim() } } : undefined}
      onClose={onClose}
    >
      <Select label="To" required data={data} value={to} onChange={setTo} searchable data-autofocus />
      <Textarea
        label="Brief: what is, what was done, what comes next"
        required
        autosize
        minRows={3}
        value={brief}
        onChange={(event) => setBrief(event.currentTarget.value)}
      />
    </StepDialog>
  );
}

export function AcceptHandover({ handoverId, onClose }: { handoverId: string; onClose: () => void }) {
  const { incident } = useRoom();
  const me = useMe();
  const offer = incident.handovers.find(({ id }) => id === handoverId);
  const [exception, setException] = useState('');
  const accept = useCommand(incidents.acceptHandover, { problems: 'inline', done: 'You have it' });
  const end = useCommand(incidents.endHandover, { onDone: onClose });
  const mine = offer?.to.id === me.user.id;
  const clash = accept.error && asProblem(accept.error).rule === 'incidents.roles.hands_on';
  const params = { handoverId };
  const body = exception.trim() ? { exception: exception.trim() } : {};
  if (!offer) return null;
  const stop = (
    <Button variant="default" loading={end.isPending} onClick={() => end.mutate({ params, body: {} })}>
      {mine ? 'Decline' : 'Withdraw the offer'}
    </Button>
  );
  return (
    <StepDialog
      title={`${offer.from.name} hands over ${offer.title.toLowerCase()}`}
      lead={<span style={{ whiteSpace: 'pre-wrap' }}>{offer.brief}</span>}
      save={offer.role === 'incident_commander' ? 'I have command' : 'I have it'}
      command={accept}
      input={mine ? { params, body } : undefined}
      onClose={onClose}
      secondary={stop}
    >
      {clash && (
        <TextInput
          label="Why both at once?"
          required
          value={exception}
          onChange={(event) => setException(event.currentTarget.value)}
          data-autofocus
        />
      )}
    </StepDialog>
  );
}

export function AssignRole({ role = 'incident_commander', onClose }: { role?: string; onClose: () => void }) {
  const { incident } = useRoom();
  const { titleOf } = useRoles();
  const [userId, setUserId] = useState<string | null>(null);
  const [exception, setException] = useState('');
  const [replaceReason, setReplaceReason] = useState('');
  const data = usePeople();
  const command = useCommand(incidents.assignRole, {
    problems: 'inline',
    done: ({ warnings }) => [`${titleOf(role)} assigned`, ...warnings].join('. '),
  });
  const rule = command.error ? asProblem(command.error).rule : undefined;
  const body = {
    role,
    userId: userId ?? undefined,
    ...(exception.trim() && { exception: exception.trim() }),
    ...(replaceReason.trim() && { replaceReason: replaceReason.trim() }),
  };
  return (
    <StepDialog
      title={`Assign ${titleOf(role).toLowerCase()}`}
      save="Assign"
      command={command}
      input={userId ? { params: { id: incident.id }, body } : undefined}
      onClose={onClose}
    >
      <Select label="Person" required data={data} value={userId} onChange={setUserId} searchable data-autofocus />
      {(rule === 'incidents.roles.hands_on' || rule === 'incidents.roles.certified' || exception) && (
        <TextInput
          label={
            rule === 'incidents.roles.certified'
              ? 'Why without a certificate?'
              : 'Why command and hands-on work at once?'
          }
          value={exception}
          onChange={(event) => setException(event.currentTarget.value)}
        />
      )}
      {(rule === 'incidents.roles.replace_reason' || replaceReason) && (
        <TextInput
          label="Why without a hand-over?"
          value={replaceReason}
          onChange={(event) => setReplaceReason(event.currentTarget.value)}
        />
      )}
    </StepDialog>
  );
}
