/** The editor of a schedule: layers above, and what they would give below, before anything is saved. */
import { Button, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type DutyWindow, endpoints as people, type Layer, type Schedule } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  LinkButton,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  serverNow,
  useCommandForm,
  useGo,
  useMay,
  usePageParams,
  useQueryOf,
  useZone,
} from '../../kit/index.ts';
import { LayerForm } from './layer-form.tsx';
import { queryOf, TimelineView, useTimelineWindow } from './timeline.tsx';
import { AcceptWarnings, warningsOf } from './warnings.tsx';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** What is on the screen: numbers and empty fields as the inputs hold them. */
export interface LayerValues {
  id: string | undefined;
  name: string;
  zone: string | null;
  unit: Layer['unit'];
  every: number | string;
  startsOn: string;
  handoverTime: string;
  handoverWeekday: string;
  effectiveFrom: string;
  effectiveUntil: string;
  windows: DutyWindow[];
  skipIdleDays: boolean;
  onHolidays: Layer['onHolidays'];
  participants: string[];
}
export interface ScheduleValues extends Record<string, unknown> {
  name: string;
  teamId: string | null;
  zone: string;
  layers: LayerValues[];
  holidays: string[];
  acceptWarnings: boolean;
}

const HANDOVER = '09:00';

/** The last day in a zone on which the usual hand-over has passed: a schedule made at night has somebody at once. */
function lastHandover(zone: string): string {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const [day = '', time = ''] = wall.format(serverNow()).split(' ');
  if (time >= HANDOVER) return day;
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

const freshLayer = (name: string, zone: string): LayerValues => ({
  id: undefined,
  name,
  zone: null,
  unit: 'week',
  every: 1,
  startsOn: lastHandover(zone),
  handoverTime: HANDOVER,
  handoverWeekday: '1',
  effectiveFrom: '',
  effectiveUntil: '',
  windows: [],
  skipIdleDays: false,
  onHolidays: 'as_usual',
  participants: [],
});

function valuesOf(schedule: Schedule | undefined, ownZone: string): ScheduleValues {
  if (!schedule)
    return {
      name: '',
      teamId: null,
      zone: ownZone,
      layers: [freshLayer('Rotation', ownZone)],
      holidays: [],
      acceptWarnings: false,
    };
  const { name, teamId, zone } = schedule;
  const layers = schedule.layers.map((layer) => ({
    ...layer,
    zone: layer.zone === zone ? null : layer.zone,
    handoverWeekday: String(layer.handoverWeekday ?? 1),
    effectiveFrom: layer.effectiveFrom ?? '',
    effectiveUntil: layer.effectiveUntil ?? '',
    participants: layer.participants.map(({ id }) => id),
  }));
  const holidays = schedule.holidays.map(({ id }) => id);
  return { name, teamId, zone, layers, holidays, acceptWarnings: false };
}

function bodyOf(values: ScheduleValues) {
  return {
    ...values,
    layers: values.layers.map((layer) => ({
      ...layer,
      every: Number(layer.every) || 0,
      handoverWeekday: layer.unit === 'week' ? Number(layer.handoverWeekday) : null,
      effectiveFrom: layer.effectiveFrom || null,
      effectiveUntil: layer.effectiveUntil || null,
    })),
  };
}

export function NewSchedule() {
  return <Editor />;
}

export function EditSchedule() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(people.schedule, { params: { id } });
  return <Loaded query={query}>{(schedule) => <Editor key={schedule.id} schedule={schedule} />}</Loaded>;
}

function useEditor(schedule: Schedule | undefined) {
  const go = useGo();
  const ownZone = useZone();
  const initialValues = valuesOf(schedule, ownZone);
  const onDone = ({ id }: Schedule) => go(`/on-call/${id}`);
  const create = useCommandForm(people.createSchedule, {
    initialValues,
    input: (values) => ({ body: bodyOf(values) }),
    done: 'Schedule made',
    onDone,
  });
  const update = useCommandForm(people.updateSchedule, {
    initialValues,
    input: (values) => ({
      params: { id: schedule?.id ?? '' },
      body: { ...bodyOf(values), version: schedule?.version },
    }),
    done: 'Schedule saved',
    onDone,
  });
  return schedule ? update : create;
}

function Editor({ schedule }: { schedule?: Schedule }) {
  const teams = useQueryOf(people.teams);
  const calendars = useQueryOf(people.calendars);
  const days = (calendars.data?.items ?? []).filter(({ covers }) => covers === 'days');
  const { form, submit, pending, problem } = useEditor(schedule);
  const warnings = warningsOf(problem);
  const known = zones.includes(form.values.zone) ? zones : [form.values.zone, ...zones];
  const back = schedule ? `/on-call/${schedule.id}` : '/on-call';
  const several = form.values.layers.length > 1;
  return (
    <Page
      title={schedule ? `Edit ${schedule.name}` : 'Make a schedule'}
      crumbs={[{ label: 'On call', to: '/on-call' }, ...(schedule ? [{ label: schedule.name, to: back }] : [])]}
    >
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={warnings ? undefined : problem}
        save={schedule ? 'Save schedule' : 'Make schedule'}
        secondary={
          <>
            {schedule && <DeleteSchedule schedule={schedule} />}
            <LinkButton variant="default" to={back}>
              Cancel
            </LinkButton>
          </>
        }
      >
        <Section label="About the schedule">
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <TextInput label="Name" placeholder="Payments, first line" miw={200} {...form.getInputProps('name')} />
            <Select
              label="Time zone"
              searchable
              limit={80}
              allowDeselect={false}
              data={known}
              miw={200}
              {...form.getInputProps('zone')}
            />
            <Select
              label="Team"
              description={undefined}
              clearable
              miw={200}
              data={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps('teamId')}
            />
            {days.length > 0 && (
              <MultiSelect
                label="Holidays"
                placeholder={form.values.holidays.length > 0 ? '' : 'None'}
                clearable
                miw={200}
                data={days.map(({ id, name }) => ({ value: id, label: name }))}
                {...form.getInputProps('holidays')}
              />
            )}
          </Group>
        </Section>
        <Stack gap="sm">
          {several && (
            <Text fz="sm" c="dimmed">
              From top to bottom: an upper layer covers those under it wherever it has somebody on duty.
            </Text>
          )}
          {form.values.layers.map((layer, index) => (
            // A layer that is not saved yet has no id; its place stands in for it.
            <LayerForm key={layer.id ?? `new-${index}`} form={form} index={index} zones={known} />
          ))}
          <Button
            variant="default"
            w="fit-content"
            leftSection={<IconPlus size={16} />}
            onClick={() =>
              form.insertListItem('layers', freshLayer(`Layer ${form.values.layers.length + 1}`, form.values.zone))
            }
          >
            Add a layer underneath
          </Button>
        </Stack>
        <Preview id={schedule?.id} values={form.values} />
        {warnings && (
          <AcceptWarnings
            warnings={warnings}
            accepted={form.values.acceptWarnings}
            onChange={(accepted) => form.setFieldValue('acceptWarnings', accepted)}
          />
        )}
      </CommandFormFrame>
    </Page>
  );
}

/** Asked again half a second after the last key. */
function Preview({ id, values }: { id: string | undefined; values: ScheduleValues }) {
  const [settled] = useDebouncedValue(values, 500);
  const { window, controls } = useTimelineWindow(settled.zone);
  const { acceptWarnings: _, ...body } = bodyOf(settled);
  const input = { body: { ...body, name: body.name || 'Draft', id, ...queryOf(window) } };
  const query = useQueryOf(people.previewSchedule, input, { keepPrevious: true });
  return (
    <Section title="What this gives" description="Not saved yet. Gaps are red.">
      {controls}
      <ProblemAlert error={query.error} />
      {query.data && <TimelineView timeline={query.data} window={window} name="the draft" />}
    </Section>
  );
}

function DeleteSchedule({ schedule }: { schedule: Schedule }) {
  const client = useQueryClient();
  const go = useGo();
  if (!useMay('people.deleteSchedule')) return null;
  return (
    <ConfirmButton
      danger
      mr="auto"
      title={`Delete “${schedule.name}”?`}
      consequences={[
        'Its layers, overrides and the record of duty held are gone.',
        'It is refused while a policy still calls this schedule.',
      ]}
      confirm="Delete schedule"
      onConfirm={async () => {
        await call(people.deleteSchedule, { params: { id: schedule.id } });
        await client.invalidateQueries();
        go('/on-call');
      }}
    >
      Delete
    </ConfirmButton>
  );
}
