/** The fields of a message in the order a reader needs them, each with what the lint says about it. */
import { Checkbox, Group, Input, Select, Stack, TextInput } from '@mantine/core';
import type { Component } from '#contract/comms';
import type {
  ComponentState,
  DataImpactState,
  Finding,
  LintReport,
  MessageKind,
  UpdateFields,
} from '#contract/comms-lint/index';
import { Section } from '../../../kit/index.ts';
import classes from '../comms.module.css';
import { DATA_STATES, STATES } from '../words.ts';
import { Lines } from './lines.tsx';
import { Marked, Marks } from './marked.tsx';
import { Changes, Estimate, Expectation, ForOne, Recurrence, Settled } from './more.tsx';
import { NextUpdate } from './next-update.tsx';

export interface FormProps {
  kind: MessageKind;
  fields: UpdateFields;
  change: (part: Partial<UpdateFields>) => void;
  lint: LintReport;
  components: Component[];
  intervalMinutes: number;
  /** Shows what is missing; before the first try to publish an empty field is no mistake yet. */
  strict: boolean;
  /** What the message before did not know. */
  before: string[];
  /** How many earlier incidents like this one somebody has confirmed. */
  earlier: number;
}

export function Form(props: FormProps) {
  const over = props.kind === 'resolution';
  return (
    <Stack gap="lg">
      <Section title="What happens">
        <Stack gap="md">
          <What {...props} />
        </Stack>
      </Section>
      <Section
        title={over || props.kind === 'post_incident' ? 'What we changed' : 'Known, unknown, doing'}
        description={over ? undefined : 'Say what you do not know, too: it is what makes the rest believable.'}
      >
        <Stack gap="md">
          <Knowledge {...props} />
        </Stack>
      </Section>
      <Section title="For customers">
        <Stack gap="md">
          <ForCustomers {...props} />
        </Stack>
      </Section>
      <ForOne {...props} />
      <Section title="Status page" description="The state of each component from this message on.">
        <States {...props} />
      </Section>
    </Stack>
  );
}

const of = (lint: LintReport, field: string): Finding[] => lint.findings.filter((found) => found.field === field);
const missingIn = ({ lint, strict }: FormProps, field: string): string | undefined =>
  strict ? lint.missing.find(({ path }) => path === field)?.message : undefined;

function What(props: FormProps) {
  const { fields, change, lint, kind } = props;
  return (
    <>
      <Marked
        label="Headline"
        description="The effect in at most ten words. No cause."
        maxLength={160}
        value={fields.headline}
        onChange={(headline) => change({ headline })}
        marks={of(lint, 'headline')}
        error={missingIn(props, 'headline')}
      />
      <Marked
        label={kind === 'resolution' ? 'What was affected' : 'What is affected'}
        description="Who, what, since when (UTC), how many, and what still works."
        minRows={2}
        maxLength={1500}
        value={fields.impact}
        onChange={(impact) => change({ impact })}
        marks={of(lint, 'impact')}
        error={missingIn(props, 'impact')}
      />
      <Expectation {...props} />
      {kind !== 'resolution' && kind !== 'post_incident' && (
        <NextUpdate {...props} error={missingIn(props, 'nextUpdateBy')} marks={of(lint, 'nextUpdateBy')} />
      )}
    </>
  );
}

function Knowledge(props: FormProps) {
  const { fields, change, lint, kind } = props;
  const listed = lint.findings;
  if (kind === 'post_incident') return <Changes {...props} />;
  if (kind === 'resolution') {
    return (
      <Lines
        label="What we changed, or will change"
        field="doing"
        value={fields.doing}
        onChange={(doing) => change({ doing })}
        marks={listed}
        add="Add a line"
      />
    );
  }
  return (
    <>
      <Settled {...props} />
      <Lines
        label="What we know"
        field="known"
        value={fields.known}
        onChange={(known) => change({ known })}
        marks={listed}
        add="Add what is known"
        error={missingIn(props, 'known')}
      />
      <Lines
        label="What we do not know yet"
        field="unknown"
        value={fields.unknown}
        onChange={(unknown) => change({ unknown, ...(unknown.some(Boolean) && { nothingUnknown: false }) })}
        marks={listed}
        add="Add what is unknown"
        error={missingIn(props, 'unknown')}
      >
        <Checkbox
          size="sm"
          label="Nothing is unknown"
          checked={fields.nothingUnknown}
          disabled={fields.unknown.some((line) => line.trim() !== '')}
          onChange={(event) => change({ nothingUnknown: event.currentTarget.checked })}
        />
      </Lines>
      <Lines
        label="What we are doing"
        field="doing"
        value={fields.doing}
        onChange={(doing) => change({ doing })}
        marks={listed}
        add="Add what is being done"
        error={missingIn(props, 'doing')}
      />
    </>
  );
}

function ForCustomers(props: FormProps) {
  const { fields, change, lint } = props;
  const none = fields.customerActions === 'none';
  return (
    <>
      {none ? (
        <Input.Wrapper label="What customers can do" labelElement="div">
          <p className={classes.soft}>“You do not need to do anything.”</p>
        </Input.Wrapper>
      ) : (
        <Lines
          label="What customers can do"
          field="customerActions"
          value={fields.customerActions as string[]}
          onChange={(customerActions) => change({ customerActions })}
          marks={lint.findings}
          add="Add an action"
          error={missingIn(props, 'customerActions')}
        />
      )}
      <Checkbox
        size="sm"
        label="Nothing to do: say so"
        checked={none}
        onChange={(event) => change({ customerActions: event.currentTarget.checked ? 'none' : [] })}
      />
      <Data {...props} />
      <Marked
        label="How customers are protected meanwhile"
        description="Optional."
        maxLength={600}
        value={fields.protection}
        onChange={(protection) => change({ protection })}
        marks={of(lint, 'protection')}
      />
      <Marked
        label="Apology"
        description="One sentence that names the effect. Optional."
        maxLength={400}
        value={fields.apology}
        onChange={(apology) => change({ apology })}
        marks={of(lint, 'apology')}
      />
      <Recurrence {...props} />
      {props.kind !== 'resolution' && props.kind !== 'post_incident' && <Estimate {...props} />}
    </>
  );
}

function Data(props: FormProps) {
  const { fields, change, lint } = props;
  const data = fields.dataImpact ?? { state: 'under_investigation' as const, sentence: '', evidence: '' };
  const set = (part: Partial<typeof data>) => change({ dataImpact: { ...data, ...part } });
  return (
    <>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Select
          label="Customers’ data"
          placeholder="Choose"
          allowDeselect={false}
          maw={220}
          data={DATA_STATES}
          value={fields.dataImpact?.state ?? null}
          onChange={(state) => set({ state: (state ?? 'under_investigation') as DataImpactState })}
          error={missingIn(props, 'dataImpact')}
        />
        <Marked
          label="In one sentence"
          maxLength={600}
          value={data.sentence}
          onChange={(sentence) => set({ sentence })}
          marks={of(lint, 'dataImpact.sentence')}
          error={missingIn(props, 'dataImpact.sentence')}
        />
      </Group>
      {data.state === 'none_verified' && (
        <TextInput
          label="What shows it"
          description="Stays inside: a link or a check that proves it."
          value={data.evidence}
          maxLength={600}
          onChange={(event) => set({ evidence: event.currentTarget.value })}
          error={missingIn(props, 'dataImpact.evidence')}
        />
      )}
    </>
  );
}

function States({ fields, change, components, lint }: FormProps) {
  const visible = components.filter((component) => component.visible);
  if (visible.length === 0)
    return <p className={classes.soft}>The status page has no components yet. The message is shown all the same.</p>;
  const named = visible.filter(({ id }) => id in fields.componentStates);
  const set = (id: string, state: ComponentState | null) => {
    const { [id]: _, ...rest } = fields.componentStates;
    change({ componentStates: state ? { ...rest, [id]: state } : rest });
  };
  return (
    <Stack gap="xs">
      {named.map(({ id, name }) => (
        <Select
          key={id}
          label={name}
          data={STATES}
          value={fields.componentStates[id] ?? null}
          clearable
          clearButtonProps={{ 'aria-label': `Leave ${name} as it is` }}
          onChange={(state) => set(id, state as ComponentState | null)}
        />
      ))}
      <Select
        label="Name another component"
        placeholder="Choose"
        searchable
        value={null}
        data={visible
          .filter(({ id }) => !(id in fields.componentStates))
          .map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(id) => id && set(id, 'partial_outage')}
      />
      <Marks marks={of(lint, 'componentStates')} />
    </Stack>
  );
}
