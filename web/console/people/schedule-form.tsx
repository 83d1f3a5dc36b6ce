/** Makes or changes a weekly rotation. */
import { Button, Group, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints as people, type Schedule } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  serverNow,
  useCommandForm,
  useMay,
  useQueryOf,
  useZone,
} from '../../kit/index.ts';
import { PeopleInOrder } from './pick.tsx';
import { AcceptWarnings, warningsOf } from './warnings.tsx';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Today's date on the wall of a zone. */
const today = (zone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(serverNow());

export function ScheduleForm({ schedule, onClose }: { schedule?: Schedule; onClose: () => void }) {
  const ownZone = useZone();
  const teams = useQueryOf(people.teams);
  const { form, submit, pending, problem } = useScheduleForm(schedule, ownZone, onClose);
  const warnings = warningsOf(problem);
  const known = zones.includes(form.values.zone) ? zones : [form.values.zone, ...zones];
  return (
    <Modal opened onClose={onClose} title={schedule ? schedule.name : 'Make a schedule'} size="lg">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={warnings ? undefined : problem}
        save={schedule ? 'Save schedule' : 'Make schedule'}
        secondary={
          <>
            {schedule && <DeleteSchedule schedule={schedule} onDone={onClose} />}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </>
        }
      >
        <TextInput label="Name" placeholder="Payments, first line" data-autofocus {...form.getInputProps('name')} />
        <PeopleInOrder
          label="People in turn"
          description="The first one begins on the first day."
          value={form.values.participants}
          onChange={(ids) => form.setFieldValue('participants', ids)}
          error={
            form.errors.participants ??
            Object.entries(form.errors).find(([path]) => path.startsWith('participants.'))?.[1]
          }
        />
        <Group grow align="flex-start">
          <Select
            label="Hand-over day"
            allowDeselect={false}
            data={weekdays.map((label, index) => ({ value: String(index + 1), label }))}
            {...form.getInputProps('handoverWeekday')}
          />
          <TextInput label="Time" type="time" {...form.getInputProps('handoverTime')} />
          <NumberInput
            label="Every … weeks"
            min={1}
            max={12}
            allowDecimal={false}
            {...form.getInputProps('everyWeeks')}
          />
        </Group>
        <Group grow align="flex-start">
          <Select
            label="Time zone"
            description="Hand-overs keep this time on the wall when clocks change."
            searchable
            limit={80}
            allowDeselect={false}
            data={known}
            {...form.getInputProps('zone')}
          />
          <TextInput
            label="First day"
            description="Duty begins at the hand-over time."
            type="date"
            {...form.getInputProps('startsOn')}
          />
        </Group>
        <Select
          label="Team"
          description="Its leads are called when nobody is on call."
          clearable
          data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('teamId')}
        />
        {warnings && (
          <AcceptWarnings
            warnings={warnings}
            accepted={form.values.acceptWarnings}
            onChange={(accepted) => form.setFieldValue('acceptWarnings', accepted)}
          />
        )}
      </CommandFormFrame>
    </Modal>
  );
}

function useScheduleForm(schedule: Schedule | undefined, ownZone: string, onDone: () => void) {
  const initialValues = {
    name: schedule?.name ?? '',
    teamId: schedule?.teamId ?? null,
    zone: schedule?.zone ?? ownZone,
    handoverWeekday: String(schedule?.layers[0]?.handoverWeekday ?? 1),
    handoverTime: schedule?.layers[0]?.handoverTime ?? '09:00',
    startsOn: schedule?.layers[0]?.startsOn ?? today(schedule?.zone ?? ownZone),
    everyWeeks: (schedule?.layers[0]?.every ?? 1) as number | string,
    participants: schedule?.participants.map(({ id }) => id) ?? [],
    acceptWarnings: false,
  };
  type Values = typeof initialValues;
  const body = (values: Values) => ({
    ...values,
    handoverWeekday: Number(values.handoverWeekday),
    everyWeeks: Number(values.everyWeeks),
  });
  const create = useCommandForm(people.createSchedule, {
    initialValues,
    input: (values) => ({ body: body(values) }),
    done: 'Schedule made',
    onDone,
  });
  const update = useCommandForm(people.updateSchedule, {
    initialValues,
    input: (values) => ({ params: { id: schedule?.id ?? '' }, body: { ...body(values), version: schedule?.version } }),
    done: 'Schedule saved',
    onDone,
  });
  return schedule ? update : create;
}

function DeleteSchedule({ schedule, onDone }: { schedule: Schedule; onDone: () => void }) {
  const client = useQueryClient();
  if (!useMay('people.deleteSchedule')) return null;
  return (
    <ConfirmButton
      danger
      mr="auto"
      title={`Delete “${schedule.name}”?`}
      consequences={[
        'The rotation and its overrides are gone.',
        'It is refused while a policy still calls this schedule.',
      ]}
      confirm="Delete schedule"
      onConfirm={async () => {
        await call(people.deleteSchedule, { params: { id: schedule.id } });
        await client.invalidateQueries();
        onDone();
      }}
    >
      Delete
    </ConfirmButton>
  );
}
