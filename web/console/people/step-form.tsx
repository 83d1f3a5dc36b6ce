/** One rung of the editor: whom it calls, how long they have, and when it applies. */
import { ActionIcon, Button, MultiSelect, SegmentedControl } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconClock, IconTrash, IconX } from '@tabler/icons-react';
import { endpoints as people, type StepCondition } from '#contract/people';
import { DurationInput, useQueryOf } from '../../kit/index.ts';
import ladder from './ladder.module.css';
import classes from './people.module.css';
import { usePeopleOptions } from './pick.tsx';
import { ConditionFields } from './step-condition.tsx';

export interface StepDraft {
  key: number;
  delaySeconds: number;
  /** `schedule:sch_…` */
  targets: string[];
  call: 'all' | 'round_robin';
  /** Undefined: always. */
  when: StepCondition | undefined;
}

interface StepProps {
  step: StepDraft;
  index: number;
  count: number;
  /** Errors of this step by field: `targets.0`, `when.hours.zone`. */
  errors: Record<string, React.ReactNode>;
  onChange: (step: StepDraft) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

export function StepForm({ step, index, count, errors, onChange, onMove, onRemove }: StepProps) {
  const options = useTargetOptions();
  const n = index + 1;
  const of = (prefix: string) =>
    Object.fromEntries(
      Object.entries(errors).flatMap(([path, error]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), error]] : [],
      ),
    );
  const several =
    step.targets.length > 1 || step.targets.some((target) => target.startsWith('team') || target.startsWith('role'));
  return (
    <li className={ladder.edited}>
      <span className={ladder.knot} aria-hidden="true">
        {n}
      </span>
      <fieldset className={classes.stepBox}>
        <legend className={classes.hidden}>Step {n}</legend>
        <div className={classes.stepTop}>
          <MultiSelect
            label={`Step ${n}: call`}
            placeholder={step.targets.length === 0 ? 'Schedules, people, teams, roles, rooms or webhooks' : undefined}
            searchable
            data={options}
            value={step.targets}
            onChange={(targets) => onChange({ ...step, targets })}
            error={errors.targets ?? Object.values(of('targets.'))[0]}
          />
          <StepButtons n={n} count={count} onMove={onMove} onRemove={onRemove} />
        </div>
        <div className={classes.stepRow}>
          <DurationInput
            label="Wait for an answer"
            value={step.delaySeconds}
            error={errors.delaySeconds}
            onChange={(seconds) => onChange({ ...step, delaySeconds: seconds ?? 0 })}
          />
          {(several || step.call === 'round_robin') && (
            <SegmentedControl
              aria-label={`Whom of step ${n}`}
              value={step.call}
              onChange={(call) => onChange({ ...step, call: call as StepDraft['call'] })}
              data={[
                { value: 'all', label: 'Everybody at once' },
                { value: 'round_robin', label: 'One, in turn' },
              ]}
            />
          )}
        </div>
        {step.when ? (
          <div className={classes.stepCondition}>
            <ConditionFields
              name={`step ${n}`}
              value={step.when}
              errors={of('when.')}
              onChange={(when) => onChange({ ...step, when })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove the condition of step ${n}`}
              onClick={() => onChange({ ...step, when: undefined })}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ) : (
          <Button
            variant="subtle"
            size="compact-sm"
            w="fit-content"
            leftSection={<IconClock size={14} />}
            aria-label={`Add a condition to step ${n}`}
            onClick={() => onChange({ ...step, when: {} })}
          >
            Only sometimes…
          </Button>
        )}
      </fieldset>
    </li>
  );
}

function StepButtons({
  n,
  count,
  onMove,
  onRemove,
}: {
  n: number;
  count: number;
  onMove: (by: number) => void;
  onRemove: () => void;
}) {
  const button = (label: string, icon: React.ReactNode, disabled: boolean, act: () => void) => (
    <ActionIcon variant="subtle" color="gray" disabled={disabled} aria-label={label} onClick={act}>
      {icon}
    </ActionIcon>
  );
  return (
    <span className={classes.stepButtons}>
      {button(`Move step ${n} up`, <IconArrowUp size={16} />, n === 1, () => onMove(-1))}
      {button(`Move step ${n} down`, <IconArrowDown size={16} />, n === count, () => onMove(1))}
      {button(`Remove step ${n}`, <IconTrash size={16} />, count === 1, onRemove)}
    </span>
  );
}

/** Everything a step can call or tell. Groups with nothing in them are left out. */
function useTargetOptions() {
  const schedules = useQueryOf(people.schedules);
  const teams = useQueryOf(people.teams);
  const roles = useQueryOf(people.roles);
  const rooms = useQueryOf(people.pageRooms);
  const webhooks = useQueryOf(people.pageWebhooks);
  const persons = usePeopleOptions();
  const team = teams.data?.items ?? [];
  const groups = [
    {
      group: 'Schedules: whoever is on call',
      items: (schedules.data?.items ?? []).map(({ id, name }) => ({ value: `schedule:${id}`, label: name })),
    },
    {
      group: 'Teams',
      items: team.flatMap(({ id, name }) => [
        { value: `team_on_call:${id}`, label: `${name} (who is on call)` },
        { value: `team:${id}`, label: `${name} (whole team)` },
      ]),
    },
    {
      group: 'Incident roles: who has it, else who is on its rota',
      items: (roles.data?.items ?? [])
        .filter(({ retired }) => !retired)
        .map(({ key, title }) => ({ value: `role:${key}`, label: title })),
    },
    { group: 'People', items: persons.map(({ value, label }) => ({ value: `user:${value}`, label })) },
    {
      group: 'Chat rooms: told, not called',
      items: (rooms.data?.items ?? []).map(({ id, name, channel }) => ({
        value: `room:${id}`,
        label: `${name} (${channel})`,
      })),
    },
    {
      group: 'Webhooks: told, not called',
      items: (webhooks.data?.items ?? []).map(({ id, name }) => ({ value: `webhook:${id}`, label: name })),
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
