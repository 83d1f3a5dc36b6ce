/** The lanes of the incident: who answers for each, what it reports, what must be settled; a report that is too old stands out. */
import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { commandEndpoints as command, type CommandView, type Lane } from '#contract/incidents-command';
import { Ago, ProblemAlert, Section, StateBadge, useCommand, useMay, useMe, useQueryOf } from '../../../kit/index.ts';
import { useAuthority, useRoom } from './context.tsx';
import classes from './room.module.css';

/** What the commander coordinates by; one question for every part of the room. */
export function useCommandView(): CommandView | undefined {
  const { incident } = useRoom();
  return useQueryOf(command.command, { params: { id: incident.id } }).data;
}

export function Lanes() {
  const view = useCommandView();
  if (!view || view.lanes.length === 0) return null;
  const stale = view.lanes.filter(({ staleMinutes }) => staleMinutes !== null).length;
  return (
    <Section
      title="Lanes"
      id="lanes"
      description={
        stale > 0
          ? `${stale} of ${view.lanes.length} without a report for 15 min or more`
          : 'Conditions, actions and needs of each function'
      }
    >
      <ul className={classes.lanes}>
        {view.lanes.map((lane) => (
          <LaneRow key={lane.lane} lane={lane} />
        ))}
      </ul>
    </Section>
  );
}

function LaneRow({ lane }: { lane: Lane }) {
  const { incident } = useRoom();
  const [open, setOpen] = useState(false);
  const may = useMay('incidents.setLane') && !['closed', 'merged', 'false_alarm'].includes(incident.phase);
  const openPoints = lane.items.filter(({ state }) => state === 'open').length;
  const told: [string, string][] = [
    ['Conditions', lane.conditions],
    ['Actions', lane.actions],
    ['Needs', lane.needs],
  ];
  return (
    <li className={classes.lane} data-stale={lane.staleMinutes !== null || undefined} data-state={lane.state}>
      <div className={classes.row}>
        <div>
          <Text fw={600} fz="sm" span>
            {lane.title}
          </Text>{' '}
          <Text fz="xs" c="dimmed" span>
            {lane.owner ? lane.owner.name : 'nobody answers for it yet'}
            {', '}
            {lane.reportedAt ? (
              <>
                reported <Ago at={lane.reportedAt} />
              </>
            ) : (
              'no report yet'
            )}
          </Text>
        </div>
        <Group gap={6} wrap="nowrap">
          {lane.staleMinutes !== null && (
            <StateBadge state="stale" tone="warn" label={`${lane.staleMinutes} min without a report`} quiet />
          )}
          <StateBadge state={lane.state} tone={TONES[lane.state]} quiet />
          {may && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setOpen(!open)}
              aria-expanded={open}
              aria-label={`Report for ${lane.title}`}
            >
              Report
            </Button>
          )}
        </Group>
      </div>
      {told.some(([, text]) => text) && (
        <dl className={classes.can}>
          {told
            .filter(([, text]) => text)
            .map(([label, text]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ))}
        </dl>
      )}
      {open && <Report lane={lane} onDone={() => setOpen(false)} />}
      {lane.items.length > 0 && <Checklist lane={lane} may={may} openPoints={openPoints} />}
    </li>
  );
}

const TONES = { unstaffed: 'warn', working: 'progress', blocked: 'danger', signed: 'ok' } as const;

function Report({ lane, onDone }: { lane: Lane; onDone: () => void }) {
  const { incident } = useRoom();
  const me = useMe();
  const [form, setForm] = useState({
    conditions: lane.conditions,
    actions: lane.actions,
    needs: lane.needs,
    state: lane.state === 'unstaffed' || lane.state === 'signed' ? 'working' : lane.state,
  });
  const set = useCommand(command.setLane, { problems: 'inline', onDone });
  const change = (next: Partial<typeof form>) => setForm({ ...form, ...next });
  const params = { id: incident.id, lane: lane.lane };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    set.mutate({ params, body: { ...form, state: form.state as Lane['state'] } });
  };
  const mine = lane.owner?.id === me.user.id;
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <Stack gap="xs">
        <TextInput
          label="Conditions"
          placeholder="What is"
          value={form.conditions}
          onChange={(event) => change({ conditions: event.currentTarget.value })}
          data-autofocus
        />
        <TextInput
          label="Actions"
          placeholder="What is being done"
          value={form.actions}
          onChange={(event) => change({ actions: event.currentTarget.value })}
        />
        <TextInput
          label="Needs"
          placeholder="What is missing"
          value={form.needs}
          onChange={(event) => change({ needs: event.currentTarget.value })}
        />
        <Group gap="xs" align="flex-end" justify="space-between">
          <Select
            label="State"
            allowDeselect={false}
            data={[
              { value: 'working', label: 'Working' },
              { value: 'blocked', label: 'Blocked' },
            ]}
            value={form.state}
            onChange={(state) => change({ state: (state ?? 'working') as typeof form.state })}
            w={130}
          />
          <Group gap="xs">
            {!mine && (
              <Button
                variant="default"
                onClick={() => set.mutate({ params, body: { ownerId: me.user.id } })}
                loading={set.isPending}
              >
                Take this lane
              </Button>
            )}
            <Button type="submit" loading={set.isPending}>
              Save report
            </Button>
          </Group>
        </Group>
        <ProblemAlert error={set.error} />
      </Stack>
    </form>
  );
}

/** What the lane has to settle before the incident closes; folded while there is other work. */
function Checklist({ lane, may, openPoints }: { lane: Lane; may: boolean; openPoints: number }) {
  const { incident } = useRoom();
  const me = useMe();
  const mayClose = useAuthority('close');
  const settle = useCommand(command.setLaneItem);
  const sign = useCommand(command.setLane, { done: `${lane.title} is signed` });
  const params = { id: incident.id, lane: lane.lane };
  const maySign = may && lane.state !== 'signed' && openPoints === 0 && (mayClose || lane.owner?.id === me.user.id);
  return (
    <details className={classes.checklist} open={openPoints > 0 && incident.phase === 'restored' ? true : undefined}>
      <summary>
        {lane.state === 'signed'
          ? `Signed by ${lane.signedBy?.name ?? 'nobody'}`
          : openPoints > 0
            ? `${openPoints} of ${lane.items.length} points open; closing waits for them`
            : 'Every point is settled; it can be signed'}
      </summary>
      <Stack gap={6} mt="xs">
        {lane.items.map((item) => (
          <Point
            key={item.id}
            item={item}
            disabled={!may || lane.state === 'signed'}
            busy={settle.isPending}
            onSettle={(state, note) => settle.mutate({ params, body: { itemId: item.id, state, note } })}
          />
        ))}
        {maySign && (
          <Group justify="flex-end">
            <Button
              size="compact-sm"
              loading={sign.isPending}
              onClick={() => sign.mutate({ params, body: { state: 'signed' } })}
            >
              Sign {lane.title.toLowerCase()}
            </Button>
          </Group>
        )}
      </Stack>
    </details>
  );
}

function Point({
  item,
  disabled,
  busy,
  onSettle,
}: {
  item: Lane['items'][number];
  disabled: boolean;
  busy: boolean;
  onSettle: (state: 'open' | 'done' | 'waived', note?: string) => void;
}) {
  const mayWaive = useAuthority('override_guardrail');
  const [why, setWhy] = useState<string>();
  return (
    <div>
      <div className={classes.row}>
        <Checkbox
          size="sm"
          label={item.text}
          checked={item.state !== 'open'}
          disabled={disabled || busy}
          onChange={(event) => onSettle(event.currentTarget.checked ? 'done' : 'open')}
        />
        {mayWaive && !disabled && item.state === 'open' && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setWhy(why === undefined ? '' : undefined)}
            aria-expanded={why !== undefined}
            aria-label={`Waive: ${item.text}`}
          >
            Waive
          </Button>
        )}
      </div>
      {item.state !== 'open' && (
        <Text fz="xs" c="dimmed" pl={30}>
          {item.state === 'waived' ? 'Waived' : 'Done'} by {item.by}
          {item.note && `: ${item.note}`}
        </Text>
      )}
      {why !== undefined && item.state === 'open' && (
        <Group gap="xs" pl={30} mt={4} wrap="nowrap">
          <TextInput
            size="xs"
            aria-label="Why it is waived"
            placeholder="Why it need not be settled"
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
            flex={1}
            data-autofocus
          />
          <Button size="compact-sm" disabled={why.trim() === ''} onClick={() => onSettle('waived', why.trim())}>
            Waive
          </Button>
        </Group>
      )}
    </div>
  );
}
