/** How well we keep our word to customers: updates in time by quarter, promises, what readers say. */
import { endpoints as comms } from '#contract/comms';
import { DataList, EmptyState, Loaded, Page, Section, useQueryOf } from '../../kit/index.ts';
import classes from './comms.module.css';

const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);

export function Measures() {
  const measures = useQueryOf(comms.readMeasures);
  return (
    <Page
      title="Our word to customers"
      crumbs={[{ label: 'Status page', to: '/status-page' }]}
      subtitle="Updates within a minute of when they were due, and everything we said would happen by a time. Drills are not counted."
    >
      <Loaded query={measures}>
        {({ punctuality, commitments, feedback }) => (
          <>
            <Section title="Updates in time" flush>
              <DataList
                label="Updates in time"
                items={punctuality}
                rowKey={({ quarter }) => quarter}
                empty={
                  <EmptyState title="Nothing was due yet">
                    Each update owed to customers is counted here by its quarter.
                  </EmptyState>
                }
                columns={[
                  { key: 'quarter', label: 'Quarter', primary: true, render: ({ quarter }) => quarter },
                  { key: 'share', label: 'In time', align: 'right', render: ({ share }) => percent(share) },
                  { key: 'of', label: 'Of', align: 'right', render: ({ onTime, due }) => `${onTime} of ${due}` },
                ]}
              />
            </Section>
            <Section title="Promises">
              <p className={classes.due}>{percent(commitments.share)} kept</p>
              <p className={classes.soft}>
                {commitments.kept} kept, {commitments.missed} missed, {commitments.withdrawn} withdrawn in time,{' '}
                {commitments.open} still open.
              </p>
            </Section>
            <Section title="Did it help? Readers’ answers by week" flush>
              <DataList
                label="Readers’ answers"
                items={feedback}
                rowKey={({ week }) => week}
                empty={
                  <EmptyState title="No answers yet">
                    Readers answer below a message that is over. Nothing of the person is kept.
                  </EmptyState>
                }
                columns={[
                  { key: 'week', label: 'Week', primary: true, render: ({ week }) => week },
                  {
                    key: 'helped',
                    label: 'It helped',
                    align: 'right',
                    render: ({ helped, total }) => `${helped} of ${total}`,
                  },
                ]}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
