/** One import: how far the reading is, what would change, carrying it over, and what is left to do by hand. */
import { Button, Checkbox, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type ImportSummary, type ImportView, endpoints as programme } from '#contract/programme';
import {
  ConfirmButton,
  Facts,
  LinkButton,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useGo,
  usePageParams,
  useQueryOf,
  When,
  call,
} from '../../../kit/index.ts';
import classes from './move.module.css';
import { Notes, Rows } from './rows.tsx';
import { stateTone, stateWord } from './words.ts';

const busy = (state: ImportSummary['state'] | undefined) =>
  state === 'reading' || state === 'applying' || state === 'waiting';

export function Import() {
  const { id } = usePageParams<'id'>();
  const [ask, setAsk] = useState(true);
  // Progress is written often and tells no screen: it is asked for while something goes on.
  const query = useQueryOf(programme.import, { params: { id } }, { refetchInterval: ask ? 700 : 0 });
  if (query.data && busy(query.data.state) !== ask) setAsk(busy(query.data.state));
  const one = query.data;
  return (
    <Page
      title={one ? `From ${one.vendorTitle}` : 'Import'}
      subtitle={one && one.source !== 'files' ? one.source : undefined}
      badges={one && <StateBadge state={one.state} tone={stateTone(one.state)} label={stateWord(one.state)} />}
      crumbs={[{ label: 'Move from another pager', to: '/settings/move' }]}
      actions={one && !busy(one.state) && <Forget id={one.id} />}
      width="narrow"
    >
      <Loaded query={query} lines={6}>
        {(view) => <Body view={view} />}
      </Loaded>
    </Page>
  );
}

function Body({ view }: { view: ImportView }) {
  if (view.state === 'failed' || view.state === 'stopped')
    return (
      <Section label="What went wrong">
        <Stack gap="md" align="flex-start">
          <Text>
            {view.problem ?? 'The reading has ended before it was through: the process that did it was stopped.'}
          </Text>
          <Text c="dimmed" fz="sm">
            Nothing was changed here.
          </Text>
          <LinkButton to="/settings/move">Start again</LinkButton>
        </Stack>
      </Section>
    );
  if (busy(view.state)) return <Going view={view} />;
  return (
    <>
      {view.outcome && <Result view={view} />}
      {view.plan && <Decide view={view} />}
      {!view.plan && !view.outcome && <Text c="dimmed">What was read has been forgotten.</Text>}
    </>
  );
}

function Going({ view }: { view: ImportView }) {
  const { stage, done, total } = view.progress;
  const words = view.state === 'applying' ? 'Carrying over' : 'Reading';
  return (
    <Section label={words}>
      <Stack gap="xs" role="status">
        <Text>
          {words}
          {stage ? `: ${stage}` : ''}
        </Text>
        <Progress value={total ? Math.min(100, (done / total) * 100) : 100} animated={!total} aria-label={words} />
        <Text c="dimmed" fz="sm">
          {total ? `${done} of ${total}` : done > 0 ? `${done} so far` : 'Just begun'}.{' '}
          {view.state === 'applying'
            ? 'You may leave this page: it goes on, also after a restart.'
            : 'Nothing is changed by reading.'}
        </Text>
      </Stack>
    </Section>
  );
}

/** What a screen reader and a hurried eye want first: how much, and whether anything needs a decision. */
function headline(plan: NonNullable<ImportView['plan']>): string {
  const { create = 0, change = 0, conflict = 0, refused = 0 } = plan.counts;
  const parts = [
    create > 0 && `${create} to make`,
    change > 0 && `${change} to change`,
    conflict > 0 && `${conflict} in conflict`,
    refused > 0 && `${refused} cannot be carried`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'Everything is here already';
}

function Decide({ view }: { view: ImportView }) {
  const plan = view.plan!;
  const [chosen, setChosen] = useState(new Set<string>());
  const [invite, setInvite] = useState(false);
  const apply = useCommand(programme.applyImport, { problems: 'inline' });
  const newPeople = plan.rows.filter((row) => row.kind === 'user' && row.state === 'create').length;
  const does = (plan.counts.create ?? 0) + (plan.counts.change ?? 0) + chosen.size;
  const choose = (key: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(key);
    else next.delete(key);
    setChosen(next);
  };
  return (
    <>
      <Section
        title={headline(plan)}
        description={
          <>
            A dry run against how things stand here now. Read <When at={view.readAt} />.
          </>
        }
      >
        <Stack gap="md">
          {newPeople > 0 && (
            <Checkbox
              label={`Mail ${newPeople === 1 ? 'the new person' : `all ${newPeople} new people`} the link to join`}
              description="Otherwise accounts are made without a mail, and you make each link under People and roles."
              checked={invite}
              onChange={(event) => setInvite(event.currentTarget.checked)}
            />
          )}
          <ProblemAlert error={apply.error} />
          <Group justify="space-between" gap="sm">
            <Text c="dimmed" fz="sm" maw="34rem">
              Your old pager is not touched. Until you point the senders here, it goes on paging.
            </Text>
            <Button
              disabled={does === 0}
              loading={apply.isPending}
              onClick={() =>
                apply.mutate({ params: { id: view.id }, body: { overwrite: [...chosen], sendInvitations: invite } })
              }
            >
              {does === 0 ? 'Nothing to carry over' : `Carry over ${does}`}
            </Button>
          </Group>
        </Stack>
      </Section>
      <Rows plan={plan} choice={{ chosen, choose, disabled: apply.isPending }} />
    </>
  );
}

function Result({ view }: { view: ImportView }) {
  const outcome = view.outcome!;
  return (
    <>
      <Section title="Carried over">
        <Facts
          items={[
            { label: 'Made', value: outcome.created },
            { label: 'Changed', value: outcome.changed },
            ...(outcome.invited > 0 ? [{ label: 'Invited by mail', value: outcome.invited }] : []),
            { label: 'When', value: <When at={view.finishedAt} /> },
            { label: 'By', value: view.createdBy.name },
          ]}
        />
      </Section>
      {outcome.failures.length > 0 && (
        <Section
          title="Refused while carrying over"
          description="Put these right and carry over again; what is done stays done."
        >
          <Notes notes={outcome.failures.map(({ name, text }) => ({ name, text, todo: '' }))} />
        </Section>
      )}
      {outcome.byHand.length > 0 && (
        <Section title="To do by hand" description="In this order; nothing else was left out.">
          <div className={classes.hand}>
            <Notes notes={outcome.byHand} />
          </div>
        </Section>
      )}
    </>
  );
}

function Forget({ id }: { id: string }) {
  const go = useGo();
  return (
    <ConfirmButton
      title="Forget what was read?"
      consequences={[
        'The names and numbers that were read are deleted here.',
        'What was carried over stays, and is recognised the next time.',
      ]}
      confirm="Forget it"
      onConfirm={async () => {
        await call(programme.forgetImport, { params: { id } });
        go('/settings/move');
      }}
    >
      Forget
    </ConfirmButton>
  );
}
