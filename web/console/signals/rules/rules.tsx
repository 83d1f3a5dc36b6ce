/** Rules about what comes in: in their order, which of them fail, and how to change them. */
import { ActionIcon, Button, Modal, Switch } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { type Rule, endpoints as signals } from '#contract/signals';
import {
  Ago,
  ConfirmButton,
  EmptyState,
  Hint,
  Loaded,
  Mono,
  Page,
  Section,
  useCommand,
  useMay,
  useQueryOf,
} from '../../../kit/index.ts';
import { GroupingForm, InhibitForm } from './other-forms.tsx';
import classes from './rules.module.css';
import { TriageForm } from './triage-form.tsx';
import { outcomeOf, type TriageSpec } from './words.ts';

const KINDS = {
  triage: {
    title: 'Triage',
    description: 'Whose it is, how bad it is and who is called. The first rule that matches decides.',
    empty: 'Every alert goes the way its labels and its service say.',
    add: 'Add a triage rule',
    Form: TriageForm,
  },
  inhibit: {
    title: 'Inhibition',
    description: 'While one alert fires, others that only follow from it call nobody.',
    empty: 'No alert keeps another quiet.',
    add: 'Add an inhibition',
    Form: InhibitForm,
  },
  grouping: {
    title: 'Grouping',
    description: 'Without a rule, alerts of one source and service join for five minutes.',
    empty: 'Alerts group by service and time.',
    add: 'Add a grouping',
    Form: GroupingForm,
  },
} as const;
type Kind = keyof typeof KINDS;

export function Rules() {
  const list = useQueryOf(signals.listRules);
  return (
    <Page
      title="Alert rules"
      subtitle="What becomes of an alert before anybody is asked. A rule that fails changes nothing: people are called."
    >
      <Loaded query={list} lines={6}>
        {({ items }) =>
          (Object.keys(KINDS) as Kind[]).map((kind) => (
            <OneKind key={kind} kind={kind} rules={items.filter((rule) => rule.kind === kind)} />
          ))
        }
      </Loaded>
    </Page>
  );
}

function OneKind({ kind, rules }: { kind: Kind; rules: Rule[] }) {
  const may = useMay('signals.saveRule');
  const [edited, edit] = useState<Rule | 'new' | null>(null);
  const { title, description, empty, add, Form } = KINDS[kind];
  const rule = edited === 'new' || edited === null ? undefined : edited;
  return (
    <Section
      title={title}
      description={description}
      flush={rules.length > 0}
      actions={
        may && (
          <Button size="xs" variant="light" leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
            {add}
          </Button>
        )
      }
    >
      {rules.length === 0 ? (
        <EmptyState title="No rules">{empty}</EmptyState>
      ) : (
        <ol className={classes.list} aria-label={title}>
          {rules.map((one, n) => (
            <OneRule key={one.id} rule={one} rules={rules} n={n} onEdit={() => edit(one)} />
          ))}
        </ol>
      )}
      <Modal opened={edited !== null} onClose={() => edit(null)} title={rule?.name ?? add} size="lg">
        {edited !== null && <Form rule={rule} onDone={() => edit(null)} />}
      </Modal>
    </Section>
  );
}

function OneRule({ rule, rules, n, onEdit }: { rule: Rule; rules: Rule[]; n: number; onEdit: () => void }) {
  const may = useMay('signals.saveRule');
  const services = useQueryOf(catalog.listServices, { query: { limit: 200, sort: 'name' } });
  const nameOf = (id: string) => services.data?.items.find((one) => one.id === id)?.name ?? id;
  const save = useCommand(signals.saveRule, {});
  const remove = useCommand(signals.removeRule, { done: 'Removed' });
  const order = useCommand(signals.orderRules, {});
  const move = (by: -1 | 1) => {
    const ids = rules.map(({ id }) => id);
    [ids[n], ids[n + by]] = [ids[n + by]!, ids[n]!];
    order.mutate({ body: { kind: rule.kind, ids } });
  };
  const { kind, name, spec, version } = rule;
  return (
    <li>
      <div className={classes.head}>
        <b>{name}</b>
        <span className={classes.grow} />
        {may && (
          <>
            {rules.length > 1 && (
              <>
                <ActionIcon variant="subtle" aria-label={`Move ${name} up`} disabled={n === 0} onClick={() => move(-1)}>
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={`Move ${name} down`}
                  disabled={n === rules.length - 1}
                  onClick={() => move(1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
              </>
            )}
            <Switch
              size="sm"
              aria-label={`${name} is on`}
              checked={rule.enabled}
              onChange={(event) =>
                save.mutate({
                  params: { id: rule.id },
                  body: { version, rule: { kind, name, enabled: event.currentTarget.checked, spec } as never },
                })
              }
            />
            <Button size="compact-sm" variant="subtle" onClick={onEdit}>
              Edit
            </Button>
            <ConfirmButton
              size="compact-sm"
              variant="subtle"
              title={`Remove “${name}”?`}
              consequences={[
                'It no longer holds.',
                'Whoever was not called because of it is called, where it still fires.',
              ]}
              confirm="Remove"
              onConfirm={() => remove.mutateAsync({ params: { id: rule.id } })}
            >
              Remove
            </ConfirmButton>
          </>
        )}
      </div>
      {kind === 'triage' && <Mono>{(spec as TriageSpec).when}</Mono>}
      <p className={classes.dim}>{outcomeOf(rule, nameOf)}</p>
      {rule.failing && (
        <Hint tone="warn" title="It fails; alerts are handled as without it.">
          {rule.failing.error}, last <Ago at={rule.failing.at} />.
        </Hint>
      )}
    </li>
  );
}
