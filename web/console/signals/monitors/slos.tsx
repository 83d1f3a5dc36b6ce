/** Objectives: what was promised, and how much of the error budget is left. */
import { Button, Modal, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Slo, endpoints as signals } from '#contract/signals';
import {
  CommandFormFrame,
  DataList,
  EmptyState,
  Loaded,
  Page,
  Section,
  StateBadge,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './monitors.module.css';
import { SloForm } from './slo-form.tsx';
import { EyesTabs, percent } from './words.tsx';

/** What stands beside an objective first. */
export function SloBadge({ slo }: { slo: Pick<Slo, 'paging' | 'ticketing' | 'trouble' | 'enabled' | 'budget'> }) {
  if (!slo.enabled) return <StateBadge state="paused" label="Paused" tone="idle" />;
  if (slo.paging) return <StateBadge state="burning" label="Burns fast" tone="danger" />;
  if (slo.ticketing) return <StateBadge state="burning" label="Burns" tone="warn" />;
  if (slo.trouble) return <StateBadge state="unknown" label="Not counted" tone="notice" />;
  if (slo.budget.left === null) return <StateBadge state="unknown" label="Nothing counted" tone="idle" />;
  if (slo.budget.left <= 0) return <StateBadge state="spent" label="Budget spent" tone="warn" />;
  return <StateBadge state="kept" label="Kept" tone="ok" />;
}

export function BudgetBar({ left }: { left: number | null }) {
  const shown = Math.max(0, Math.min(1, left ?? 0));
  const tone = left === null || left > 0.25 ? undefined : left > 0 ? 'warn' : 'danger';
  return (
    <span className={classes.budget}>
      <span className={classes.num}>{left === null ? '–' : `${Math.round(left * 100)} % left`}</span>
      <span className={classes.bar} aria-hidden="true">
        <span data-tone={tone} style={{ width: `${shown * 100}%` }} />
      </span>
    </span>
  );
}

export function Slos() {
  const list = useQueryOf(signals.listSlos, undefined, { refetchInterval: 60_000 });
  const may = useMay('signals.createSlo');
  const [opened, setOpened] = useState<'form' | 'import'>();
  const close = () => setOpened(undefined);
  const add = may && (
    <>
      <Button variant="default" onClick={() => setOpened('import')}>
        Take in OpenSLO
      </Button>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened('form')}>
        Set an objective
      </Button>
    </>
  );
  return (
    <Page
      title="Objectives"
      subtitle="A share of good events over a window. When the rest is used up too fast, people are told before it is gone."
      actions={list.data?.items.length !== 0 && add}
      width="wide"
    >
      <EyesTabs here="/monitors/slos" />
      <Loaded query={list} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is promised yet" action={add}>
              From monitors of your own or from a Prometheus. Alarms follow the two-window rules of the SRE workbook.
            </EmptyState>
          ) : (
            <Section label="Objectives" flush>
              <SloTable items={items} />
            </Section>
          )
        }
      </Loaded>
      <Modal opened={opened === 'form'} onClose={close} title="Set an objective" size="lg">
        <SloForm onDone={close} />
      </Modal>
      <Modal opened={opened === 'import'} onClose={close} title="Take in OpenSLO" size="lg">
        <ImportForm onDone={close} />
      </Modal>
    </Page>
  );
}

function SloTable({ items }: { items: Slo[] }) {
  return (
    <DataList
      label="Objectives"
      items={items}
      rowKey={(slo) => slo.id}
      rowTo={(slo) => ({ to: `/monitors/slos/${slo.id}` })}
      columns={[
        {
          key: 'state',
          label: 'State',
          width: '10rem',
          corner: true,
          labelHidden: true,
          render: (slo) => <SloBadge slo={slo} />,
        },
        {
          key: 'name',
          label: 'Objective',
          primary: true,
          render: (slo) => (
            <span className={classes.name}>
              <span>{slo.name}</span>
              <small>{slo.trouble || slo.description || slo.service?.name || slo.slug}</small>
            </span>
          ),
        },
        {
          key: 'target',
          label: 'Target',
          align: 'right',
          width: '9rem',
          render: (slo) => <span className={classes.num}>{`${percent(slo.target, 3)} · ${slo.windowDays} d`}</span>,
        },
        {
          key: 'reached',
          label: 'Reached',
          align: 'right',
          width: '7rem',
          render: (slo) => <span className={classes.num}>{percent(slo.budget.reached, 3)}</span>,
        },
        { key: 'budget', label: 'Error budget', width: '12rem', render: (slo) => <BudgetBar left={slo.budget.left} /> },
      ]}
    />
  );
}

function ImportForm({ onDone }: { onDone: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(signals.importSlos, {
    initialValues: { text: '' },
    input: (values) => ({ body: values }),
    done: (output) => `${output.items.length} taken in`,
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Take in">
      <Textarea
        label="OpenSLO v1 YAML"
        description="Documents of kind SLO, with the SLI and DataSource they refer to. All of it or nothing; what cannot be kept is named. Known names are changed, not made twice."
        required
        autosize
        minRows={12}
        maxRows={24}
        ff="monospace"
        spellCheck={false}
        data-autofocus
        {...form.getInputProps('text')}
      />
    </CommandFormFrame>
  );
}
