/** The register of third parties: what happens without them, who answers for them, and whose review is overdue. */
import { Button, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { endpoints as catalog, type ThirdParty } from '#contract/catalog';
import {
  Ago,
  type Column,
  DataList,
  EmptyState,
  Hint,
  LinkButton,
  Page,
  PersonName,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  usePageSearch,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './map.module.css';
import { fallbackWords } from './map-model.ts';
import { TierBadge } from './tier.tsx';

export function Suppliers() {
  const register = useQueryOf(catalog.thirdParties);
  const mayReview = useMay('catalog.reviewThirdParty');
  const mayChange = useMay('catalog.setThirdParty');
  const [search, setSearch] = usePageSearch<'review'>();
  const items = register.data?.items;
  const reviewing = items?.find((party) => party.slug === search.review) ?? null;
  const setReviewing = (party: ThirdParty | null) => setSearch({ review: party?.slug ?? null });
  const overdue = items?.filter((party) => party.overdue).length ?? 0;
  const review: Column<ThirdParty> = {
    key: 'act',
    label: 'Review',
    labelHidden: true,
    width: '9.5rem',
    render: (party) => (
      <div className={classes.pair}>
        <Button variant="default" size="compact-sm" onClick={() => setReviewing(party)}>
          Record review
        </Button>
        {mayChange && (
          <TextLink to={`/services/${party.slug}/edit`} aria-label={`Change the entry of ${party.name}`}>
            Change entry
          </TextLink>
        )}
      </div>
    ),
  };
  return (
    <Page
      title="Third parties"
      crumbs={[{ label: 'Map', to: '/map' }]}
      subtitle="What we rely on that is not ours: what happens without it, and when somebody last looked."
      actions={
        <LinkButton variant="default" to="/supplier-status">
          Their status pages
        </LinkButton>
      }
    >
      <ProblemAlert error={register.error} retry={() => void register.refetch()} />
      {overdue > 0 && (
        <Hint tone="notice" title={overdue === 1 ? 'One review is overdue.' : `${overdue} reviews are overdue.`}>
          Read the contract, the data they hold and what happens without them; then record it.
        </Hint>
      )}
      <Section label="Third parties" flush>
        <DataList
          label="Third parties"
          items={items}
          columns={mayReview ? [...columns, review] : columns}
          rowKey={(party) => party.id}
          empty={
            <EmptyState title="No third parties yet">
              Add a service of the kind “third party”, or import Resources of the type “saas”.
            </EmptyState>
          }
        />
      </Section>
      <Modal
        opened={reviewing !== null}
        onClose={() => setReviewing(null)}
        title={`Review of ${reviewing?.name ?? ''}`}
      >
        {reviewing && <Review party={reviewing} onDone={() => setReviewing(null)} />}
      </Modal>
    </Page>
  );
}

function Review({ party, onDone }: { party: ThirdParty; onDone: () => void }) {
  const [note, setNote] = useState('');
  const save = useCommand(catalog.reviewThirdParty, { done: 'Review recorded', onDone, problems: 'inline' });
  return (
    <Stack gap="md">
      <Textarea
        label="What was found"
        description="Contract, data they hold, what happens without them."
        autosize
        minRows={3}
        maxLength={4000}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <ProblemAlert error={save.error} />
      <Button loading={save.isPending} onClick={() => save.mutate({ params: { id: party.id }, body: { note } })}>
        Record review
      </Button>
    </Stack>
  );
}

const stateOf = (party: ThirdParty) =>
  party.contingency.some(({ testedAt }) => testedAt)
    ? ('tested' as const)
    : party.contingency.length > 0
      ? ('documented' as const)
      : ('none' as const);
const tones = { none: 'danger', documented: 'notice', tested: 'ok' } as const;

const columns: Column<ThirdParty>[] = [
  {
    key: 'name',
    label: 'Third party',
    primary: true,
    render: (party) => <TextLink to={`/services/${party.slug}`}>{party.name}</TextLink>,
  },
  { key: 'tier', label: 'Tier', width: '7.5rem', render: (party) => <TierBadge tier={party.tier} /> },
  { key: 'provides', label: 'Does for us', render: (party) => party.provides || '–' },
  {
    key: 'contingency',
    label: 'Without it',
    render: (party) => (
      <div>
        <StateBadge state={stateOf(party)} tone={tones[stateOf(party)]} label={fallbackWords[stateOf(party)]} quiet />
        <div className={classes.dim}>{party.contingency[0]?.how ?? 'Nobody has written down what happens.'}</div>
      </div>
    ),
  },
  {
    key: 'owner',
    label: 'Owner',
    render: (party) =>
      party.owner ? (
        <PersonName person={party.owner} />
      ) : (
        <StateBadge state="none" tone="notice" label="Nobody" quiet />
      ),
  },
  {
    key: 'review',
    label: 'Reviewed',
    render: (party) => (
      <div>
        {party.overdue ? (
          <StateBadge state="overdue" label={party.reviewedAt ? 'Overdue' : 'Never reviewed'} quiet />
        ) : (
          party.reviewedAt && <Ago at={party.reviewedAt} />
        )}
        {party.reviewDueAt && (
          <div className={classes.dim}>
            due <When at={party.reviewDueAt} />
          </div>
        )}
        {party.contractEnd && <div className={classes.dim}>contract ends {party.contractEnd}</div>}
      </div>
    ),
  },
];
