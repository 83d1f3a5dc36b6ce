/** One layer of the editor: who takes turns, how long a turn is, when it hands over, and in which hours it is on duty. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Chip,
  Group,
  NumberInput,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import type { DutyWindow } from '#contract/people';
import { PeopleInOrder } from './pick.tsx';
import { sayTurns, weekdays } from './say.ts';
import type { ScheduleValues } from './schedule-editor.tsx';

type Form = UseFormReturnType<ScheduleValues>;
const dayOptions = weekdays.map((label, index) => ({ value: String(index + 1), label }));
const units = [
  { value: 'hour', label: 'hours' },
  { value: 'day', label: 'days' },
  { value: 'week', label: 'weeks' },
  { value: 'month', label: 'months' },
];

export function LayerForm({ form, index, zones }: { form: Form; index: number; zones: string[] }) {
  const layer = form.values.layers[index]!;
  const at = <K extends keyof typeof layer>(field: K) => `layers.${index}.${field}`;
  const alone = form.values.layers.length === 1;
  return (
    <Paper withBorder p="md" component="fieldset" m={0} miw={0}>
      <Text component="legend" fz="xs" c="dimmed" px={4}>
        {alone ? 'Rotation' : `Layer ${index + 1}${index === 0 ? ' (top: covers those under it)' : ''}`}
      </Text>
      <Stack gap="md">
        {!alone && (
          <Group align="flex-end" wrap="nowrap">
            <TextInput label="Layer name" style={{ flex: 1 }} {...form.getInputProps(at('name'))} />
            <LayerButtons form={form} index={index} />
          </Group>
        )}
        <PeopleInOrder
          label={alone ? 'People in turn' : `People in turn, ${layer.name || 'this layer'}`}
          description="The first one begins on the first day."
          value={layer.participants}
          onChange={(ids) => form.setFieldValue(at('participants'), ids as never)}
          error={
            form.errors[at('participants')] ??
            Object.entries(form.errors).find(([path]) => path.startsWith(`${at('participants')}.`))?.[1]
          }
        />
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <NumberInput
            label="A turn lasts"
            min={1}
            max={1000}
            allowDecimal={false}
            miw={80}
            {...form.getInputProps(at('every'))}
          />
          <Select label="Unit" allowDeselect={false} data={units} miw={110} {...form.getInputProps(at('unit'))} />
          {layer.unit === 'week' && (
            <Select
              label="Hand-over day"
              allowDeselect={false}
              data={dayOptions}
              miw={130}
              {...form.getInputProps(at('handoverWeekday'))}
            />
          )}
          <TextInput label="Hand-over time" type="time" miw={110} {...form.getInputProps(at('handoverTime'))} />
          <TextInput label="First day" type="date" miw={140} {...form.getInputProps(at('startsOn'))} />
        </Group>
        <Text fz="xs" c="dimmed">
          Hands over{' '}
          {sayTurns({ ...layer, every: Number(layer.every), handoverWeekday: Number(layer.handoverWeekday) })},{' '}
          {layer.zone || form.values.zone} time. It keeps this time on the wall when clocks change.
        </Text>
        <Windows form={form} index={index} />
        {(form.values.holidays.length > 0 || layer.onHolidays !== 'as_usual') && (
          <Select
            label="On holidays"
            description="Days of the calendars chosen above, on the wall of this layer."
            allowDeselect={false}
            maw={360}
            data={[
              { value: 'as_usual', label: 'On duty as on other days' },
              { value: 'off', label: 'Off: the layers underneath show through' },
              { value: 'only', label: 'On duty only on holidays' },
            ]}
            {...form.getInputProps(at('onHolidays'))}
          />
        )}
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <Select
            label="Time zone of this layer"
            placeholder="As the schedule"
            searchable
            clearable
            limit={80}
            data={zones}
            miw={180}
            {...form.getInputProps(at('zone'))}
          />
          <TextInput
            label="Holds from (optional)"
            type="datetime-local"
            miw={190}
            {...form.getInputProps(at('effectiveFrom'))}
          />
          <TextInput
            label="Holds until (optional)"
            type="datetime-local"
            miw={190}
            {...form.getInputProps(at('effectiveUntil'))}
          />
        </Group>
      </Stack>
    </Paper>
  );
}

function LayerButtons({ form, index }: { form: Form; index: number }) {
  const name = form.values.layers[index]?.name || `layer ${index + 1}`;
  const last = form.values.layers.length - 1;
  const button = (label: string, icon: React.ReactNode, disabled: boolean, act: () => void) => (
    <ActionIcon variant="default" size="lg" aria-label={`${label} ${name}`} disabled={disabled} onClick={act}>
      {icon}
    </ActionIcon>
  );
  const move = (to: number) => form.reorderListItem('layers', { from: index, to });
  return (
    <>
      {button('Move up', <IconArrowUp size={16} />, index === 0, () => move(index - 1))}
      {button('Move down', <IconArrowDown size={16} />, index === last, () => move(index + 1))}
      {button('Remove', <IconTrash size={16} />, last === 0, () => form.removeListItem('layers', index))}
    </>
  );
}

/** Hours of duty: none means around the clock. */
function Windows({ form, index }: { form: Form; index: number }) {
  const layer = form.values.layers[index]!;
  const path = `layers.${index}.windows`;
  const add = (window: DutyWindow) => form.insertListItem(path, window);
  return (
    <Stack gap="xs">
      <Text fz="sm" fw={500}>
        Hours of duty
      </Text>
      {layer.windows.length === 0 && (
        <Text fz="xs" c="dimmed">
          Around the clock.
        </Text>
      )}
      {layer.windows.map((window, w) => (
        // A window has no identity of its own; its place is its name.
        <Group key={`${path}.${w}`} gap="xs" align="flex-start">
          {window.kind === 'daily' ? (
            <Daily form={form} path={`${path}.${w}`} />
          ) : (
            <Weekly form={form} path={`${path}.${w}`} window={window} />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            aria-label={`Remove hours ${w + 1}`}
            onClick={() => form.removeListItem(path, w)}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => add({ kind: 'daily', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' })}
        >
          Hours of the day
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => add({ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 1, to: '08:00' })}
        >
          A stretch of the week
        </Button>
      </Group>
      {layer.unit === 'day' && layer.windows.length > 0 && (
        <Checkbox
          label="Pass over days without duty: Monday comes after Friday"
          {...form.getInputProps(`layers.${index}.skipIdleDays`, { type: 'checkbox' })}
        />
      )}
    </Stack>
  );
}

const time = (form: Form, path: string, label: string) => (
  <TextInput aria-label={label} placeholder="09:00" w={84} {...form.getInputProps(path)} />
);

function Daily({ form, path }: { form: Form; path: string }) {
  const { value, onChange } = form.getInputProps(`${path}.days`) as {
    value: number[];
    onChange: (days: number[]) => void;
  };
  return (
    <>
      <Chip.Group multiple value={value.map(String)} onChange={(days) => onChange(days.map(Number).sort())}>
        <Group gap={4} role="group" aria-label="Weekdays">
          {dayOptions.map((day) => (
            <Chip key={day.value} value={day.value} size="xs" aria-label={day.label}>
              {day.label.slice(0, 2)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {time(form, `${path}.from`, 'From')}
      {time(form, `${path}.to`, 'To')}
    </>
  );
}

function Weekly({ form, path, window }: { form: Form; path: string; window: DutyWindow & { kind: 'weekly' } }) {
  const day = (field: 'fromDay' | 'toDay', label: string) => (
    <Select
      aria-label={label}
      allowDeselect={false}
      data={dayOptions}
      w={130}
      value={String(window[field])}
      onChange={(value) => form.setFieldValue(`${path}.${field}`, Number(value) as never)}
    />
  );
  return (
    <>
      {day('fromDay', 'From day')}
      {time(form, `${path}.from`, 'From')}
      {day('toDay', 'To day')}
      {time(form, `${path}.to`, 'To')}
    </>
  );
}
