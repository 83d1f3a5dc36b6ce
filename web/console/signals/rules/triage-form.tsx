/** A triage rule: a condition over what comes in, what is to be done, and what it would have changed last week. */
import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as people } from '#contract/people';
import { type Rule, type RuleTried, endpoints as signals } from '#contract/signals';
import { CommandFormFrame, Hint, TextLink, useCommand, useCommandForm, useQueryOf } from '../../../kit/index.ts';
import classes from './rules.module.css';
import type { TriageSpec } from './words.ts';

interface Values extends Record<string, unknown> {
  name: string;
  when: string;
  serviceId: string | null;
  severity: string | null;
  urgency: string | null;
  policyId: string | null;
  suppress: string;
  groupBy: string;
  declare: string | null;
  goOn: boolean;
}

const valuesOf = (rule: Rule | undefined): Values => {
  const spec = rule?.spec as TriageSpec | undefined;
  const then = spec?.then ?? {};
  return {
    name: rule?.name ?? '',
    when: spec?.when ?? 'labels.team == "payments"',
    serviceId: then.serviceId ?? null,
    severity: then.severity ?? null,
    urgency: then.urgency ?? null,
    policyId: then.policyId ?? null,
    suppress: then.suppress ?? '',
    groupBy: then.groupBy ?? '',
    declare: then.declare ? String(then.declare) : null,
    goOn: spec?.goOn ?? false,
  };
};

const specOf = (values: Values): TriageSpec => ({
  when: values.when,
  then: {
    serviceId: values.serviceId ?? undefined,
    severity: (values.severity as TriageSpec['then']['severity']) ?? undefined,
    urgency: (values.urgency as TriageSpec['then']['urgency']) ?? undefined,
    policyId: values.policyId ?? undefined,
    suppress: values.suppress.trim() || undefined,
    groupBy: values.groupBy.trim() || undefined,
    declare: values.declare ? Number(values.declare) : undefined,
  },
  goOn: values.goOn || undefined,
});

export function TriageForm({ rule, onDone }: { rule?: Rule; onDone: () => void }) {
  const endpoint = rule ? signals.saveRule : signals.createRule;
  const { form, submit, pending, problem } = useCommandForm(endpoint, {
    initialValues: valuesOf(rule),
    input: (values) => {
      const body = { kind: 'triage' as const, name: values.name, enabled: rule?.enabled ?? true, spec: specOf(values) };
      return (rule ? { params: { id: rule.id }, body: { version: rule.version, rule: body } } : { body }) as never;
    },
    done: 'It holds from the next alert on.',
    onDone,
  });
  const [tried, setTried] = useState<RuleTried>();
  const trial = useCommand(signals.tryRule, { onDone: setTried });
  return (
    <CommandFormFrame
      submit={submit}
      pending={pending}
      problem={problem}
      save={rule ? 'Save' : 'Add'}
      secondary={
        <Button
          variant="default"
          loading={trial.isPending}
          onClick={() => trial.mutate({ body: { id: rule?.id, spec: specOf(form.values) } })}
        >
          Try it on last week
        </Button>
      }
    >
      <TextInput label="Name" required maxLength={120} {...form.getInputProps('name')} />
      <Textarea
        label="When"
        description="In CEL: labels.team, event.title, event.severity, event.source, event.integration, event.service; contains(), matches(), event.has_label(…)"
        required
        autosize
        minRows={2}
        className={classes.code}
        maxLength={4000}
        {...form.getInputProps('when')}
      />
      <Outcomes form={form} />
      <Checkbox label="Then look at the rules after it too" {...form.getInputProps('goOn', { type: 'checkbox' })} />
      {tried && <Outcome tried={tried} />}
    </CommandFormFrame>
  );
}

function Outcomes({ form }: { form: ReturnType<typeof useCommandForm<typeof signals.createRule, Values>>['form'] }) {
  const services = useQueryOf(catalog.listServices, { query: { limit: 200, sort: 'name' } });
  const policies = useQueryOf(people.policies);
  const clear = (label: string) => ({ clearable: true, clearButtonProps: { 'aria-label': `No ${label}` } });
  return (
    <div className={classes.two}>
      <Select
        label="Service"
        placeholder="As it came"
        searchable
        data={(services.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        {...clear('service')}
        {...form.getInputProps('serviceId')}
      />
      <Select
        label="Severity"
        placeholder="As it came"
        data={['critical', 'error', 'warning', 'info']}
        {...clear('severity')}
        {...form.getInputProps('severity')}
      />
      <Select
        label="Urgency"
        placeholder="By severity"
        data={[
          { value: 'high', label: 'High: at once' },
          { value: 'low', label: 'Low' },
          { value: 'none', label: 'Call nobody' },
        ]}
        {...clear('urgency')}
        {...form.getInputProps('urgency')}
      />
      <Select
        label="Escalation policy"
        placeholder="Of the service"
        data={(policies.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        {...clear('policy')}
        {...form.getInputProps('policyId')}
      />
      <Select
        label="Declare an incident"
        placeholder="By policy"
        data={['1', '2', '3', '4'].map((value) => ({ value, label: `SEV${value}` }))}
        {...clear('incident')}
        {...form.getInputProps('declare')}
      />
      <TextInput
        label="Group by"
        description="An expression: labels.cluster"
        maxLength={1000}
        {...form.getInputProps('groupBy')}
      />
      <TextInput
        label="Keep quiet, because"
        description="Nobody is called; shown on the alert"
        maxLength={500}
        {...form.getInputProps('suppress')}
      />
    </div>
  );
}

const WORDS: Record<keyof RuleTried['by'], string> = {
  service: 'another service',
  severity: 'another severity',
  urgency: 'another urgency',
  policy: 'another policy',
  suppress: 'kept quiet or no more',
  group: 'another group',
  declare: 'an incident',
};

/** “It would have changed 41 of 312.” */
function Outcome({ tried }: { tried: RuleTried }) {
  const parts = (Object.keys(WORDS) as (keyof RuleTried['by'])[])
    .filter((key) => tried.by[key] > 0)
    .map((key) => `${WORDS[key]}: ${tried.by[key]}`);
  return (
    <Hint
      tone={tried.failed > 0 ? 'warn' : 'notice'}
      title={`It would have changed ${tried.changed} of the last week’s ${tried.total} alerts.`}
    >
      {tried.error &&
        `For ${tried.failed} it cannot be worked out (${tried.error}); they would be handled as without it. `}
      {parts.length > 0 ? `${parts.join(' · ')}.` : `It matches ${tried.matched}, and nothing would be different.`}
      {tried.examples.length > 0 && (
        <ul className={classes.examples}>
          {tried.examples.slice(0, 5).map((example) => (
            <li key={example.alertId}>
              <TextLink to={`/alerts?text=${encodeURIComponent(example.title)}`}>{example.title}</TextLink>:{' '}
              {example.changes.map(({ what, from, to }) => `${what} ${from} → ${to}`).join(', ')}
            </li>
          ))}
        </ul>
      )}
    </Hint>
  );
}
