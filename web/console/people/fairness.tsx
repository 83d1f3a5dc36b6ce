/** How duty is spread over the people of a schedule: for planning the rota, never for rating a person. */
import { Group, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { endpoints as people } from '#contract/people';
import { DataList, EmptyState, Hint, PersonName, ProblemAlert, Section, useQueryOf } from '../../kit/index.ts';

export function FairnessSection({ scheduleId }: { scheduleId: string }) {
  const [which, setWhich] = useState<'last' | 'next'>('next');
  const query = useQueryOf(people.fairness, { params: { id: scheduleId }, query: { which } }, { keepPrevious: true });
  return (
    <Section
      title="How duty is spread"
      description="Thirteen weeks of this schedule, to plan it so that everybody can rest. It says nothing about how well anybody works."
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which weeks"
          value={which}
          onChange={(value) => setWhich(value as 'last' | 'next')}
          data={[
            { value: 'last', label: 'Last 13 weeks' },
            { value: 'next', label: 'Next 13 weeks' },
          ]}
        />
      }
    >
      <ProblemAlert error={query.error} />
      <DataList
        label="How duty is spread"
        items={query.data?.items}
        rowKey={({ person }) => person.id}
        empty={<EmptyState title="Nobody has duty in these weeks" />}
        columns={[
          { key: 'person', label: 'Person', primary: true, render: ({ person }) => <PersonName person={person} /> },
          { key: 'hours', label: 'Hours', align: 'right', width: '6rem', render: ({ hours }) => Math.round(hours) },
          { key: 'nights', label: 'Nights', align: 'right', width: '6rem', render: ({ nights }) => nights },
          { key: 'weekends', label: 'Weekends', align: 'right', width: '6rem', render: ({ weekends }) => weekends },
          {
            key: 'share',
            label: 'Share',
            align: 'right',
            width: '6rem',
            render: ({ share }) => `${Math.round(share * 100)} %`,
          },
        ]}
      />
      {query.data?.hints.map((hint) => (
        <Group key={hint} mt="sm">
          <Hint tone="notice">{hint}</Hint>
        </Group>
      ))}
    </Section>
  );
}
