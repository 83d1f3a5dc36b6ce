/** When a step applies: urgency, priority, hours. Nothing of it chosen: always. */
import { ActionIcon, Button, Chip, Group, Input, Radio, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { DutyWindow, StepCondition } from '#contract/people';
import { useZone } from '../../kit/index.ts';
import { weekdays } from './say.ts';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
const dayOptions = weekdays.map((label, index) => ({ value: String(index + 1), label }));

interface Props {
  /** For the names of the fields: `step 2`. */
  name: string;
  value: StepCondition;
  onChange: (value: StepCondition) => void;
  errors: Record<string, React.ReactNode>;
}

export function ConditionFields({ name, value, onChange, errors }: Props) {
  const zone = useZone();
  const set = (part: Partial<StepCondition>) => onChange({ ...value, ...part });
  const office: DutyWindow = { kind: 'daily', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
  return (
    <Stack gap="sm">
      <Group align="flex-start" gap="md">
        <Select
          label="Urgency"
          aria-label={`Urgency, ${name}`}
          data={[
            { value: 'any', label: 'Any urgency' },
            { value: 'high', label: 'Only urgent pages' },
            { value: 'low', label: 'Only low urgency' },
          ]}
          value={value.urgency ?? 'any'}
          allowDeselect={false}
          w={180}
          onChange={(chosen) => set({ urgency: chosen === 'any' ? undefined : (chosen as 'high' | 'low') })}
        />
        <Input.Wrapper label="Priority" error={errors.priorities}>
          <Chip.Group
            multiple
            value={(value.priorities ?? []).map(String)}
            onChange={(chosen) => set({ priorities: chosen.length ? chosen.map(Number).sort() : undefined })}
          >
            <Group gap={4} mt={6} role="group" aria-label={`Priority, ${name}: none chosen means any`}>
              {[1, 2, 3, 4].map((n) => (
                <Chip key={n} value={String(n)} size="xs">
                  P{n}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      </Group>
      {value.hours ? (
        <Hours name={name} hours={value.hours} errors={errors} onChange={(hours) => set({ hours })} />
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          w="fit-content"
          leftSection={<IconPlus size={14} />}
          onClick={() => set({ hours: { zone, windows: [office], outside: 'skip' } })}
        >
          Only at some hours
        </Button>
      )}
    </Stack>
  );
}

type HoursValue = NonNullable<StepCondition['hours']>;

function Hours({
  name,
  hours,
  onChange,
  errors,
}: {
  name: string;
  hours: HoursValue;
  onChange: (hours: HoursValue | undefined) => void;
  errors: Record<string, React.ReactNode>;
}) {
  const setWindow = (index: number, window: DutyWindow) =>
    onChange({ ...hours, windows: hours.windows.map((other, i) => (i === index ? window : other)) });
  const remove = (index: number) => {
    const windows = hours.windows.filter((_, i) => i !== index);
    onChange(windows.length > 0 ? { ...hours, windows } : undefined);
  };
  const add = (window: DutyWindow) => onChange({ ...hours, windows: [...hours.windows, window] });
  return (
    <Stack gap="xs">
      {hours.windows.map((window, index) => (
        // A window has no identity of its own; its place is its name.
        <Group key={index} gap="xs" align="flex-start">
          {window.kind === 'daily' ? (
            <Daily
              window={window}
              onChange={(next) => setWindow(index, next)}
              error={errors[`hours.windows.${index}.to`]}
            />
          ) : (
            <Weekly
              window={window}
              onChange={(next) => setWindow(index, next)}
              error={errors[`hours.windows.${index}.to`]}
            />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            mt={4}
            aria-label={`Remove hours ${index + 1}, ${name}`}
            onClick={() => remove(index)}
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
          onClick={() => add({ kind: 'daily', days: [6, 7], from: '10:00', to: '16:00' })}
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
      <Group align="flex-start" gap="md">
        <Select
          label="Time zone of these hours"
          searchable
          limit={80}
          data={zones}
          value={hours.zone}
          allowDeselect={false}
          w={220}
          error={errors['hours.zone']}
          onChange={(chosen) => chosen && onChange({ ...hours, zone: chosen })}
        />
        <Radio.Group
          label="A page that comes at another time"
          value={hours.outside}
          onChange={(outside) => onChange({ ...hours, outside: outside as HoursValue['outside'] })}
        >
          <Group gap="md" mt={8}>
            <Radio value="skip" label="passes this step over" />
            <Radio value="wait" label="waits for the hours" />
          </Group>
        </Radio.Group>
      </Group>
    </Stack>
  );
}

const Time = ({
  label,
  value,
  error,
  onChange,
}: {
  label: string;
  value: string;
  error?: React.ReactNode;
  onChange: (text: string) => void;
}) => (
  <TextInput
    aria-label={label}
    placeholder="09:00"
    w={92}
    value={value}
    error={error}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);

interface WindowProps<W> {
  window: W;
  onChange: (window: W) => void;
  error?: React.ReactNode;
}

function Daily({ window, onChange, error }: WindowProps<DutyWindow & { kind: 'daily' }>) {
  return (
    <>
      <Chip.Group
        multiple
        value={window.days.map(String)}
        onChange={(days) => onChange({ ...window, days: days.map(Number).sort() })}
      >
        <Group gap={4} role="group" aria-label="Weekdays">
          {dayOptions.map((day) => (
            <Chip key={day.value} value={day.value} size="xs" aria-label={day.label}>
              {day.label.slice(0, 2)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Time label="From" value={window.from} onChange={(from) => onChange({ ...window, from })} />
      <Time label="To" value={window.to} error={error} onChange={(to) => onChange({ ...window, to })} />
    </>
  );
}

function Weekly({ window, onChange, error }: WindowProps<DutyWindow & { kind: 'weekly' }>) {
  const day = (field: 'fromDay' | 'toDay', label: string) => (
    <Select
      aria-label={label}
      allowDeselect={false}
      data={dayOptions}
      w={130}
      value={String(window[field])}
      onChange={(value) => onChange({ ...window, [field]: Number(value) })}
    />
  );
  return (
    <>
      {day('fromDay', 'From day')}
      <Time label="From" value={window.from} onChange={(from) => onChange({ ...window, from })} />
      {day('toDay', 'To day')}
      <Time label="To" value={window.to} error={error} onChange={(to) => onChange({ ...window, to })} />
    </>
  );
}
