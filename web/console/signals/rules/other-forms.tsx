/** The two other kinds of rules: one alert makes others not worth a call, and how alerts are grouped. */
import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { endpoints as catalog } from '#contract/catalog';
import { type Rule, endpoints as signals } from '#contract/signals';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../../kit/index.ts';
import classes from './rules.module.css';
import { type GroupingSpec, type InhibitSpec, linesOf, matchersOf, wordsOf } from './words.ts';

interface Props {
  rule?: Rule;
  onDone: () => void;
}
const done = 'It holds from the next alert on.';
const inputFor = (rule: Rule | undefined, body: { kind: string; name: string; enabled: boolean; spec: unknown }) =>
  (rule ? { params: { id: rule.id }, body: { version: rule.version, rule: body } } : { body }) as never;

export function InhibitForm({ rule, onDone }: Props) {
  const spec = rule?.spec as InhibitSpec | undefined;
  const { form, submit, pending, problem } = useCommandForm(rule ? signals.saveRule : signals.createRule, {
    initialValues: {
      name: rule?.name ?? '',
      source: spec ? linesOf(spec.source) : 'alertname="ClusterDown"',
      target: spec ? linesOf(spec.target) : 'severity=~"warning|info"',
      equal: spec?.equal.join(', ') ?? 'cluster',
    },
    input: ({ name, source, target, equal }) =>
      inputFor(rule, {
        kind: 'inhibit',
        name,
        enabled: rule?.enabled ?? true,
        spec: { source: matchersOf(source), target: matchersOf(target), equal: wordsOf(equal) },
      }),
    done,
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save={rule ? 'Save' : 'Add'}>
      <TextInput label="Name" required maxLength={120} {...form.getInputProps('name')} />
      <Textarea
        label="While this fires"
        description={'One matcher a line: name="value", !=, =~, !~'}
        required
        autosize
        minRows={2}
        className={classes.code}
        {...form.getInputProps('source')}
      />
      <Textarea
        label="This calls nobody"
        required
        autosize
        minRows={2}
        className={classes.code}
        {...form.getInputProps('target')}
      />
      <TextInput
        label="Where these labels are the same"
        description="Separated by commas"
        {...form.getInputProps('equal')}
      />
    </CommandFormFrame>
  );
}

export function GroupingForm({ rule, onDone }: Props) {
  const spec = rule?.spec as GroupingSpec | undefined;
  const integrations = useQueryOf(signals.listIntegrations);
  const services = useQueryOf(catalog.listServices, { query: { limit: 200, sort: 'name' } });
  const { form, submit, pending, problem } = useCommandForm(rule ? signals.saveRule : signals.createRule, {
    initialValues: {
      name: rule?.name ?? '',
      integrationId: spec?.integrationId ?? null,
      serviceId: spec?.serviceId ?? null,
      labels: spec?.labels.join(', ') ?? 'alertname',
      windowMinutes: spec?.windowMinutes ?? 5,
      overSource: spec?.overSource ?? false,
    },
    input: ({ name, integrationId, serviceId, labels, windowMinutes, overSource }) =>
      inputFor(rule, {
        kind: 'grouping',
        name,
        enabled: rule?.enabled ?? true,
        spec: {
          integrationId: integrationId ?? undefined,
          serviceId: serviceId ?? undefined,
          labels: wordsOf(labels),
          windowMinutes,
          overSource: overSource || undefined,
        },
      }),
    done,
    onDone,
  });
  const options = (items: readonly { id: string; name: string }[] = []) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save={rule ? 'Save' : 'Add'}>
      <TextInput label="Name" required maxLength={120} {...form.getInputProps('name')} />
      <div className={classes.two}>
        <Select
          label="Alerts of this source"
          placeholder="Every source"
          clearable
          clearButtonProps={{ 'aria-label': 'Every source' }}
          data={options(integrations.data?.items)}
          {...form.getInputProps('integrationId')}
        />
        <Select
          label="About this service"
          placeholder="Every service"
          clearable
          clearButtonProps={{ 'aria-label': 'Every service' }}
          searchable
          data={options(services.data?.items)}
          {...form.getInputProps('serviceId')}
        />
        <TextInput
          label="One group for each"
          description="Labels, separated by commas"
          {...form.getInputProps('labels')}
        />
        <NumberInput label="Joined for so many minutes" min={1} max={1440} {...form.getInputProps('windowMinutes')} />
      </div>
      <Checkbox
        label="Also where the source groups by itself"
        {...form.getInputProps('overSource', { type: 'checkbox' })}
      />
    </CommandFormFrame>
  );
}
