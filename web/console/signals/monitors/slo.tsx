/** One objective: the budget as it went down, and how fast it burns now. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { type SloDetail, endpoints as signals } from '#contract/signals';
import {
  call,
  Columns,
  ConfirmButton,
  CopyBlock,
  DataList,
  EmptyState,
  Facts,
  formatDuration,
  Hint,
  Loaded,
  Mono,
  Page,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useGo,
  useMay,
  usePageParams,
  useQueryOf,
} from '../../../kit/index.ts';
import { BudgetPlot } from './plot.tsx';
import { SloForm } from './slo-form.tsx';
import { BudgetBar, SloBadge } from './slos.tsx';
import { percent } from './words.tsx';

export function OneSlo() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(signals.getSlo, { params: { id } }, { refetchInterval: 60_000 });
  return <Loaded query={query}>{(slo) => <Shown slo={slo} />}</Loaded>;
}

const rate = (value: number | null) => (value === null ? 'nothing counted' : `${value.toFixed(value < 10 ? 2 : 1)} ×`);
const count = (value: number) => Math.round(value).toLocaleString('en-GB');

function Shown({ slo }: { slo: SloDetail }) {
  const { budget } = slo;
  return (
    <Page
      title={slo.name}
      crumbs={[{ label: 'Objectives', to: '/monitors/slos' }]}
      badges={<SloBadge slo={slo} />}
      subtitle={`${percent(slo.target, 3)} of ${slo.budgeting === 'timeslices' ? 'minutes' : 'events'} good over ${slo.windowDays} days${slo.description ? ` · ${slo.description}` : ''}`}
      actions={<Actions slo={slo} />}
      width="wide"
    >
      {slo.trouble && (
        <Hint tone="warn" title="The last minute could not be counted">
          {slo.trouble}. What is not counted raises no alarm and ends none.
        </Hint>
      )}
      <Columns side={<Side slo={slo} />}>
        <Section
          title="Error budget"
          description={
            budget.left === null
              ? 'Nothing was counted yet.'
              : `${count(budget.bad)} bad of the ${count(budget.allowed)} that ${percent(slo.target, 3)} of ${count(budget.total)} allows.`
          }
        >
          {slo.burnDown.length > 0 ? <BudgetPlot slo={slo} /> : <EmptyState title="Nothing was counted yet" />}
        </Section>
        <Section
          title="How fast it burns"
          description="1 × uses the budget up exactly within the window. An alarm is on while both windows of a line are above its limit."
          flush
        >
          <DataList
            label="Burn rates"
            items={slo.burns}
            rowKey={(burn) => `${burn.burn}`}
            columns={[
              {
                key: 'alarm',
                label: 'Alarm',
                primary: true,
                render: (burn) => (burn.alarm === 'page' ? 'Pages' : 'In low urgency'),
              },
              { key: 'limit', label: 'Above', align: 'right', render: (burn) => `${burn.burn} ×` },
              {
                key: 'long',
                label: 'Long window',
                align: 'right',
                render: (burn) => `${rate(burn.long)} in ${formatDuration(burn.longMinutes * 60)}`,
              },
              {
                key: 'short',
                label: 'Short window',
                align: 'right',
                render: (burn) => `${rate(burn.short)} in ${formatDuration(burn.shortMinutes * 60)}`,
              },
              {
                key: 'state',
                label: 'Now',
                width: '8rem',
                corner: true,
                labelHidden: true,
                render: (burn) => (
                  <StateBadge
                    state={burn.exceeds ? 'burns' : 'calm'}
                    label={burn.exceeds ? 'Burns' : 'Calm'}
                    tone={burn.exceeds ? (burn.alarm === 'page' ? 'danger' : 'warn') : 'ok'}
                  />
                ),
              },
            ]}
          />
        </Section>
      </Columns>
    </Page>
  );
}

function Actions({ slo }: { slo: SloDetail }) {
  const may = useMay('signals.updateSlo');
  const go = useGo();
  const [editing, setEditing] = useState(false);
  const [yaml, setYaml] = useState<string>();
  const remove = useCommand(signals.removeSlo, { done: 'Removed', onDone: () => go('/monitors/slos') });
  const show = async () => setYaml((await call(signals.exportSlo, { params: { id: slo.id } })).text);
  return (
    <>
      {may && (
        <ConfirmButton
          danger
          title={`Take “${slo.name}” away?`}
          consequences={['Its counts are forgotten.', ...(slo.paging || slo.ticketing ? ['Its open alarms end.'] : [])]}
          confirm="Remove"
          onConfirm={() => remove.mutateAsync({ params: { id: slo.id } })}
        >
          Remove
        </ConfirmButton>
      )}
      <Button variant="default" onClick={() => void show()}>
        As OpenSLO
      </Button>
      {may && <Button onClick={() => setEditing(true)}>Edit</Button>}
      <Modal opened={editing} onClose={() => setEditing(false)} title="Edit the objective" size="lg">
        <SloForm slo={slo} onDone={() => setEditing(false)} />
      </Modal>
      <Modal opened={yaml !== undefined} onClose={() => setYaml(undefined)} title="As OpenSLO" size="lg">
        <CopyBlock label="OpenSLO v1" value={yaml ?? ''} />
      </Modal>
    </>
  );
}

function Side({ slo }: { slo: SloDetail }) {
  const { budget, source } = slo;
  return (
    <>
      <Section title="Left">
        <BudgetBar left={budget.left} />
      </Section>
      <Section title="Counted">
        <Facts
          items={[
            { label: 'Reached', value: percent(budget.reached, 3) },
            { label: slo.budgeting === 'timeslices' ? 'Minutes' : 'Events', value: count(budget.total) },
            { label: 'Bad', value: count(budget.bad) },
            {
              label: 'Service',
              value: slo.service && <TextLink to={`/services/${slo.service.id}`}>{slo.service.name}</TextLink>,
            },
            source.kind === 'monitors'
              ? {
                  label: 'From',
                  value: slo.monitors.map((one) => (
                    <div key={one.id}>
                      <TextLink to={`/monitors/${one.id}`}>{one.name}</TextLink>
                    </div>
                  )),
                }
              : { label: source.good ? 'Good events' : 'Bad events', value: <Mono>{source.good || source.bad}</Mono> },
            ...(source.kind === 'prometheus' ? [{ label: 'All events', value: <Mono>{source.total}</Mono> }] : []),
          ]}
        />
      </Section>
    </>
  );
}
