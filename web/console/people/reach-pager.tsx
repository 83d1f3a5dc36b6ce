/** The pager itself: does everything come to an end, is it watched from outside, what did the auditor find. */
import { endpoints as people } from '#contract/people';
import { type Ends, endpoints as signals } from '#contract/signals';
import {
  Ago,
  DataList,
  Hint,
  LinkButton,
  Loaded,
  Section,
  TextLink,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { Figures } from './figures.tsx';
import classes from './people.module.css';
import { stageWords } from './reach-words.ts';

export function PagerItself() {
  const ends = useQueryOf(signals.ends);
  const findings = useQueryOf(people.findings);
  return (
    <Section
      title="The pager itself"
      description="Whether everything that was accepted comes to an end, and who would notice if it did not."
    >
      <Loaded query={ends}>
        {(report) => (
          <div className={classes.stack}>
            <StuckNow report={report} />
            <Watched watchdog={report.watchdog} />
            {report.silentNodes.map(({ node, lastSeenAt }) => (
              <Hint key={node} tone="warn" title={`${node} has gone silent.`}>
                Last heard of <Ago at={lastSeenAt} />. The other nodes do its work.
              </Hint>
            ))}
            <Figures
              items={[
                { label: 'Accepted, last hour', value: report.signals.accepted },
                { label: 'Processed', value: report.signals.processed },
                { label: 'Unreadable', value: report.signals.rejected },
                { label: 'On their way', value: report.signals.waiting },
                { label: 'Given up on, last week', value: report.quarantined.length },
                { label: 'Pages found without a next step', value: findings.data?.items.length ?? '–' },
              ]}
            />
          </div>
        )}
      </Loaded>
      {(findings.data?.items.length ?? 0) > 0 && (
        <DataList
          label="Pages found without a next step"
          items={findings.data?.items.slice(0, 5)}
          rowKey={({ id }) => id}
          rowTo={({ pageId }) => ({ to: `/pages/${pageId}` })}
          columns={[
            { key: 'page', label: 'Page', primary: true, render: ({ title }) => title },
            { key: 'text', label: 'What was found', render: ({ text }) => text },
            { key: 'at', label: 'When', render: ({ foundAt }) => <When at={foundAt} date /> },
          ]}
        />
      )}
    </Section>
  );
}

function StuckNow({ report: { nothingIsStuck, stuck } }: { report: Ends }) {
  if (nothingIsStuck)
    return (
      <Hint tone="ok" title="Nothing is stuck.">
        Every signal, message and page that was accepted has ended or has a next step.
      </Hint>
    );
  return (
    <Hint tone="warn" title={`${stuck.length} ${stuck.length === 1 ? 'thing is' : 'things are'} stuck:`}>
      {stuck.slice(0, 5).map(({ id, kind, text, since }) => (
        <div key={id}>
          {kind === 'page' ? <TextLink to={`/pages/${id}`}>{id}</TextLink> : <code>{id}</code>} {text}, since{' '}
          <When at={since} date />
        </div>
      ))}
    </Hint>
  );
}

function Watched({ watchdog: { watched, last, lastPingAt } }: { watchdog: Ends['watchdog'] }) {
  const mayRead = useMay('settings.read');
  if (!watched)
    return (
      <Hint tone="notice" title="Nobody outside watches this pager.">
        If this machine stops, nobody is told. Enter the address of an outside watch under Settings, Installation
        (signals.watchdog).{' '}
        {mayRead && (
          <LinkButton to="/settings" size="compact-sm" variant="default">
            Open settings
          </LinkButton>
        )}
      </Hint>
    );
  if (last?.state === 'failed')
    return (
      <Hint tone="warn" title={`The last synthetic trip ended ${stageWords[last.stage ?? ''] ?? 'early'}.`}>
        The outside was last told <Ago at={lastPingAt} none="never" /> that all is well.
      </Hint>
    );
  return (
    <Hint
      tone={last?.error ? 'warn' : 'ok'}
      title={last?.error ? 'The outside watch does not answer.' : 'Watched from outside.'}
    >
      {last?.error ?? 'A synthetic alert goes the whole way of a page, into a sink that reaches nobody.'} Last call{' '}
      <Ago at={lastPingAt} none="not yet" />.
    </Hint>
  );
}
