/** The deploy gate: what is frozen now, and the line that a pipeline needs. */
import { Text } from '@mantine/core';
import { endpoints as playbooks } from '#contract/playbooks';
import {
  Ago,
  CopyBlock,
  DataList,
  EmptyState,
  ExerciseBadge,
  Page,
  ProblemAlert,
  Section,
  TextLink,
  useQueryOf,
  When,
} from '../../kit/index.ts';

export function DeployGate() {
  const query = useQueryOf(playbooks.freezes);
  const line = `answer=$(curl -fsS -H "Authorization: Bearer $EVENKEEL_TOKEN" \\
  "${location.origin}/api/v1/gate/checkout?ref=$GIT_COMMIT&label=$CHANGE_LABEL") || answer='{"decision":"deny","reason":"gate not reachable"}'
echo "$answer"
case "$answer" in *'"decision":"deny"'*) exit 1;; esac`;
  return (
    <Page
      title="Deploy gate"
      subtitle="While a service is frozen, its pipeline is told so, with the incident and the way to get a fix out."
    >
      <ProblemAlert error={query.error} retry={() => void query.refetch()} />
      {!query.error && (
        <Section title="Frozen now" flush>
          <DataList
            label="Freezes"
            items={query.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="Nothing is frozen">
                Freezes begin in the war room of an incident and end when it is restored.
              </EmptyState>
            }
            columns={[
              {
                key: 'service',
                label: 'Service',
                primary: true,
                render: (freeze) => (
                  <>
                    {freeze.service.name} {freeze.exercise && <ExerciseBadge />}
                  </>
                ),
              },
              {
                key: 'incident',
                label: 'Incident',
                width: '8rem',
                render: (freeze) => <TextLink to={`/incidents/${freeze.incident.key}`}>{freeze.incident.key}</TextLink>,
              },
              {
                key: 'blocks',
                label: 'Stops',
                render: (freeze) => freeze.blocks.map((one) => one.replaceAll('_', ' ')).join(', '),
              },
              { key: 'since', label: 'Since', width: '9rem', render: (freeze) => <Ago at={freeze.startedAt} /> },
              {
                key: 'until',
                label: 'At the latest until',
                width: '12rem',
                render: (freeze) => <When at={freeze.expiresAt} />,
              },
              {
                key: 'exceptions',
                label: 'Let through',
                width: '8rem',
                render: (freeze) => (freeze.exceptions.length === 0 ? 'none' : String(freeze.exceptions.length)),
              },
            ]}
          />
        </Section>
      )}
      <Section
        title="In a pipeline"
        description={
          <>
            Make an <TextLink to="/settings/tokens">API token</TextLink> with the scope <code>read</code>.
          </>
        }
      >
        <CopyBlock
          label="Shell"
          value={line}
          hint='The answer is "allow", "deny" or "allow_exception". When the gate cannot be reached, this line stops the deploy; change it if you would rather go on.'
        />
        <Text fz="sm" mt="sm">
          A change with the label <code>incident-fix</code> passes a freeze, and the record of the incident says so.
        </Text>
      </Section>
    </Page>
  );
}
