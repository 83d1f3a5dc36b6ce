/** Records of incidents that happened at other installations: taken in as bundles, checked, read only. */
import { Button, FileButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { recordEndpoints as records } from '#contract/incidents-record';
import {
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  ProblemError,
  Section,
  SeverityBadge,
  StateBadge,
  TextLink,
  useGo,
  useMay,
  useQueryOf,
  When,
} from '../../../kit/index.ts';

export function ImportedList() {
  const list = useQueryOf(records.importedRecords, { query: { limit: 200 } });
  const may = useMay('incidents.importBundle');
  const { take, busy, problem } = useTakeIn();
  const choose = may && (
    <FileButton accept=".tar,application/x-tar" onChange={(file) => file && take(file)}>
      {(props) => (
        <Button {...props} loading={busy}>
          Take in a bundle
        </Button>
      )}
    </FileButton>
  );
  return (
    <Page
      title="Records from elsewhere"
      crumbs={[{ label: 'Incidents', to: '/incidents' }]}
      subtitle="Incidents of other installations, taken in as bundles. Signature and chain are checked first; nothing of them can be changed here."
      actions={choose}
    >
      <ProblemAlert error={problem ?? list.error} />
      {!list.error && (
        <Section label="Records" flush>
          <DataList
            label="Records from elsewhere"
            items={list.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="No record from elsewhere">
                Another installation gives one out in the war room, under “Record”: “Export as a bundle”.
              </EmptyState>
            }
            columns={[
              {
                key: 'title',
                label: 'Incident',
                primary: true,
                render: ({ id, key, title }) => (
                  <TextLink to={`/imported-records/${id}`}>
                    {key} {title}
                  </TextLink>
                ),
              },
              {
                key: 'severity',
                label: 'Severity',
                render: ({ severity }) => <SeverityBadge severity={severity as 1} />,
              },
              { key: 'origin', label: 'From', render: ({ origin }) => hostOf(origin) },
              { key: 'at', label: 'Declared', render: ({ declaredAt }) => <When at={declaredAt} day /> },
              { key: 'entries', label: 'Entries', align: 'right', render: ({ entries }) => entries },
              {
                key: 'key',
                label: 'Signed by',
                render: ({ keyKnown }) => <KeyBadge known={keyKnown} />,
              },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}

export const KeyBadge = ({ known }: { known: boolean }) =>
  known ? (
    <StateBadge state="known" tone="ok" quiet label="A key we know" />
  ) : (
    <StateBadge state="unknown" tone="warn" quiet label="A key we do not know" />
  );

export const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address);

/** Sends the file as it is; what was changed since it was signed is refused, with everything that was. */
function useTakeIn() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const client = useQueryClient();
  const go = useGo();
  const take = async (file: File) => {
    setBusy(true);
    setProblem(undefined);
    const answer = await fetch('/api/v1/imported-records', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'x-evenkeel': '1', 'content-type': 'application/x-tar' },
      body: file,
    }).catch(() => undefined);
    const body = (await answer?.json().catch(() => undefined)) as { id?: string } | undefined;
    setBusy(false);
    if (answer?.ok && body?.id) {
      await client.invalidateQueries();
      return go(`/imported-records/${body.id}`);
    }
    setProblem(
      new ProblemError({
        type: 'about:blank',
        status: answer?.status ?? 0,
        title: `${file.name} was not taken in`,
        rule: 'console.offline',
        ...(body as object | undefined),
      }),
    );
  };
  return { take: (file: File) => void take(file), busy, problem };
}
