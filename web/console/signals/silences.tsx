/** Silences: what does not page, until when and why; setting one shows first what it would have hidden. */
import { Button, Modal } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Silence, endpoints as signals } from '#contract/signals';
import {
  ConfirmButton,
  EmptyState,
  Loaded,
  Mono,
  Page,
  Section,
  StateBadge,
  useCommand,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { WhatWasHidden } from './hidden.tsx';
import { MaintenanceWindows } from './maintenance.tsx';
import { SilenceForm } from './silence-form.tsx';
import classes from './signals.module.css';

export function Silences() {
  const list = useQueryOf(signals.listSilences);
  const may = useMay('signals.createSilence');
  const [adding, setAdding] = useState(false);
  const add = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Silence alerts
    </Button>
  );
  return (
    <Page
      title="Silences"
      subtitle="Alerts that match are kept and shown, and call nobody, until the end."
      actions={list.data?.items.length !== 0 && add}
    >
      <Loaded query={list} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing is silenced" action={add}>
              Every alert that should page does.
            </EmptyState>
          ) : (
            items.map((silence) => <OneSilence key={silence.id} silence={silence} />)
          )
        }
      </Loaded>
      <MaintenanceWindows />
      <WhatWasHidden />
      <Modal opened={adding} onClose={() => setAdding(false)} title="Silence alerts" size="lg">
        <SilenceForm onDone={() => setAdding(false)} />
      </Modal>
    </Page>
  );
}

const STATES = { active: 'Holds', pending: 'To come', expired: 'Ended' } as const;
const TONES = { active: 'warn', pending: 'notice', expired: 'idle' } as const;

function OneSilence({ silence }: { silence: Silence }) {
  const may = useMay('signals.expireSilence');
  const expire = useCommand(signals.expireSilence, { done: 'Ended. What still fires pages now.' });
  const past = silence.state === 'expired';
  return (
    <Section
      title={silence.comment}
      description={`${silence.createdBy}, for ${silence.integration?.name ?? 'every source'}`}
      actions={<StateBadge state={silence.state} label={STATES[silence.state]} tone={TONES[silence.state]} />}
    >
      <div className={classes.card}>
        <div>
          {silence.matchers.map((one) => (
            <div key={`${one.name}${one.value}`}>
              <Mono>{`${one.name} ${one.isEqual ? '=' : '!'}${one.isRegex ? '~' : one.isEqual ? '' : '='} "${one.value}"`}</Mono>
            </div>
          ))}
        </div>
        <div>
          {silence.state === 'pending' && (
            <>
              From <When at={silence.startsAt} />{' '}
            </>
          )}
          {past ? 'Ended ' : 'Until '}
          <When at={silence.endsAt} />
        </div>
        {may && !past && (
          <div>
            <ConfirmButton
              size="xs"
              title="End this silence now?"
              consequences={['Alerts that match and still fire page within half a minute.']}
              confirm="End it"
              onConfirm={() => expire.mutateAsync({ params: { id: silence.id } })}
            >
              End now
            </ConfirmButton>
          </div>
        )}
      </div>
    </Section>
  );
}
