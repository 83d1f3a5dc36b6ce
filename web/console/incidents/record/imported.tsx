/** One record from elsewhere, as a war room in which nothing can be done: whether it holds, what it was, and every entry. */
import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Incident, TimelineEntry } from '#contract/incidents';
import { recordEndpoints as records } from '#contract/incidents-record';
import {
  call,
  Columns,
  Facts,
  Hint,
  Loading,
  Page,
  PhaseSteps,
  ProblemAlert,
  Section,
  SeverityBadge,
  usePageParams,
  useQueryOf,
  When,
} from '../../../kit/index.ts';
import { hostOf, KeyBadge } from './imported-list.tsx';
import classes from '../room/room.module.css';

type Kept = Partial<Omit<Incident, 'decisions'>> & { decisions?: Incident['decisions'] };

export function ImportedRecordPage() {
  const { recordId } = usePageParams<'recordId'>();
  const { data, error } = useQueryOf(records.importedRecord, { params: { recordId } });
  const crumbs = [
    { label: 'Incidents', to: '/incidents' },
    { label: 'Records from elsewhere', to: '/imported-records' },
  ];
  if (!data) {
    return (
      <Page title="Record from elsewhere" crumbs={crumbs}>
        {error ? <ProblemAlert error={error} /> : <Loading lines={6} />}
      </Page>
    );
  }
  const kept = ((data.record as { incident?: Kept }).incident ?? {}) as Kept;
  return (
    <Page
      title={data.title}
      tab={data.key}
      crumbs={crumbs}
      width="wide"
      badges={<SeverityBadge severity={data.severity as 1} />}
      subtitle={`${data.key} of ${hostOf(data.origin)}. Read only: it happened elsewhere.`}
    >
      {kept.phase && <PhaseSteps phase={kept.phase} />}
      <Columns side={<Origin record={data} />}>
        <What kept={kept} />
        <Entries recordId={recordId} total={data.entries} />
      </Columns>
    </Page>
  );
}

interface RecordFacts {
  id: string;
  origin: string;
  keyId: string;
  keyKnown: boolean;
  exportedAt: string;
  exportedBy: string;
  importedAt: string;
  importedByName: string;
}

function Origin({ record }: { record: RecordFacts }) {
  const check = useQueryOf(records.verifyImported, { params: { recordId: record.id } });
  return (
    <Section title="Where it is from">
      <Stack gap="sm">
        {check.data &&
          (check.data.ok ? (
            <Text fz="sm">{check.data.entries} entries, unbroken since the first, as the signed manifest says</Text>
          ) : (
            <Hint tone="warn">This record was changed here after it came: {check.data.problem}</Hint>
          ))}
        <KeyBadge known={record.keyKnown} />
        {!record.keyKnown && (
          <Text fz="xs" c="dimmed">
            The signature is right, but nobody here has said whose key it is (setting “incidents.trustedKeys”).
          </Text>
        )}
        <Facts
          items={[
            { label: 'From', value: record.origin },
            { label: 'Key', value: `${record.keyId.slice(0, 16)}…` },
            { label: 'Exported', value: <When at={record.exportedAt} date /> },
            { label: 'Exported by', value: record.exportedBy },
            { label: 'Taken in', value: <When at={record.importedAt} date /> },
            { label: 'Taken in by', value: record.importedByName },
          ]}
        />
      </Stack>
    </Section>
  );
}

/** What the record says of itself; fields of a version that is not ours are simply not there. */
function What({ kept }: { kept: Kept }) {
  const times = Object.entries(kept.times ?? {}).filter(([, at]) => typeof at === 'string') as [string, string][];
  return (
    <>
      {kept.summary && (
        <Section title="What happened">
          <Text fz="sm">{kept.summary}</Text>
        </Section>
      )}
      <Section title="Times">
        <Facts items={times.map(([name, at]) => ({ label: words(name), value: <When at={at} date /> }))} />
      </Section>
      {(kept.decisions ?? []).length > 0 && (
        <Section title="Decisions">
          <ul className={classes.lines}>
            {kept.decisions?.map((one) => (
              <li key={one.id}>
                <Text fz="sm" fw={550}>
                  {one.question} {one.choice}
                </Text>
                <Text fz="xs" c="dimmed">
                  {one.decider.name}
                  {one.rationale && `, because ${one.rationale}`}
                </Text>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

const words = (name: string): string =>
  name
    .replace(/At$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/^./, (letter) => letter.toUpperCase());

const PAGE = 100;

function Entries({ recordId, total }: { recordId: string; total: number }) {
  const first = useQueryOf(records.importedTimeline, { params: { recordId }, query: { limit: PAGE } });
  const [later, setLater] = useState<TimelineEntry[]>([]);
  const entries = [...((first.data?.items ?? []) as TimelineEntry[]), ...later];
  const more = async () => {
    const after = entries.at(-1)?.seq ?? 0;
    const page = await call(records.importedTimeline, { params: { recordId }, query: { limit: PAGE, after } });
    setLater((before) => [...before, ...(page.items as TimelineEntry[])]);
  };
  return (
    <Section title="Timeline" description="Oldest first, as it was written.">
      <ProblemAlert error={first.error} />
      <ol className={classes.entries} data-long={entries.length > 150 || undefined}>
        {entries.map((entry) => (
          <li key={entry.seq} className={classes.entry} data-kind={entry.kind} id={`entry-${entry.seq}`}>
            <div className={classes.entryHead}>
              <When at={entry.occurredAt} date />
              <span>{entry.actor.name}</span>
              <span className={classes.kind}>{entry.kind}</span>
            </div>
            <p>{entry.text}</p>
          </li>
        ))}
      </ol>
      {first.data && entries.length < total && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => void more()}>
          Later entries
        </Button>
      )}
    </Section>
  );
}
