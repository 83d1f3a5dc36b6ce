/** Writing a message for customers: the fields, the lint under the fingers, and what customers will see beside it. */
import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { endpoints as comms, type LintContextBody, type Message } from '#contract/comms';
import { lintMessage } from '#contract/comms-lint/index';
import {
  Countdown,
  EmptyState,
  Loaded,
  Page,
  SeverityBadge,
  serverNow,
  TextLink,
  useCommand,
  useGo,
  useMay,
  useNow,
  usePageParams,
  usePageSearch,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from '../comms.module.css';
import { KIND_WORDS } from '../words.ts';
import { ActionBar } from './actions.tsx';
import { tidy, useMessageDraft } from './draft.ts';
import { Form } from './form.tsx';
import { Preview } from './preview.tsx';

export function Composer() {
  const { id } = usePageParams<'id'>();
  const updates = useQueryOf(comms.listUpdates, { params: { id } });
  const [search] = usePageSearch<'message'>();
  const drafts = (updates.data?.items ?? []).filter(({ state }) => state === 'draft');
  // Several kinds may be open at once: the address says which.
  const draft = drafts.find((message) => message.id === search.message) ?? drafts[0];
  const incident = updates.data?.incident;
  if (!updates.data || !incident || !draft) {
    return (
      <Page title="Message for customers" crumbs={crumbs(incident?.key ?? id)}>
        <Loaded query={updates}>{(data) => <Start incidentId={data.incident.id} />}</Loaded>
      </Page>
    );
  }
  return (
    <Editor
      key={draft.revision.id}
      message={draft}
      context={updates.data.lint}
      dueAt={updates.data.clock.nextDueAt}
      incident={incident}
    />
  );
}

const crumbs = (key: string) => [
  { label: 'Incidents', to: '/incidents' },
  { label: key, to: `/incidents/${key}` },
];

function Start({ incidentId }: { incidentId: string }) {
  const start = useCommand(comms.startDraft);
  const may = useMay('comms.startDraft');
  return (
    <EmptyState
      title="No message is being written"
      action={
        may && (
          <Button loading={start.isPending} onClick={() => start.mutate({ params: { id: incidentId }, body: {} })}>
            Write update
          </Button>
        )
      }
    >
      It starts filled in from the record: who is affected, since when, and by when the next word is due.
    </EmptyState>
  );
}

interface EditorProps {
  message: Message;
  context: LintContextBody;
  dueAt: string | null;
  incident: { id: string; key: string; title: string; severity: number; exercise: boolean };
}

function Editor({ message, context, dueAt, incident }: EditorProps) {
  const go = useGo();
  const draft = useMessageDraft(message);
  const [strict, setStrict] = useState(false);
  const components = useQueryOf(comms.listComponents);
  const saving = useCommand(comms.saveDraft, { problems: 'inline', onDone: draft.take });
  const save = () =>
    saving.mutateAsync({ params: { id: message.id }, body: { fields: draft.changes, version: draft.version } });
  useHotkeys([['mod+S', () => void (draft.dirty && save().catch(() => undefined))]], []);
  const minute = useNow(30);
  const lint = useMemo(
    () =>
      lintMessage(tidy(draft.fields), {
        ...context,
        kind: message.kind,
        declaredAt: new Date(context.declaredAt),
        now: new Date(serverNow()),
      }),
    [draft.fields, context, message.kind, minute],
  );
  return (
    <Page
      title={message.revision.supersedes ? 'Correction' : KIND_WORDS[message.kind]}
      crumbs={crumbs(incident.key)}
      width="wide"
      exercise={incident.exercise}
      badges={<SeverityBadge severity={incident.severity} short />}
      subtitle={
        <>
          <TextLink to={`/incidents/${incident.key}`}>{incident.title}</TextLink>
          {dueAt && (
            <>
              {' · '}
              <Countdown at={dueAt} />
            </>
          )}
          {message.revision.correctionReason && <> · corrects: {message.revision.correctionReason}</>}
        </>
      }
    >
      <div className={classes.compose}>
        <div className={classes.lines}>
          <Form
            kind={message.kind}
            fields={draft.fields}
            change={draft.change}
            lint={lint}
            components={components.data?.items ?? []}
            intervalMinutes={Math.max(1, Math.round(context.longestSeconds / 60))}
            strict={strict}
            before={context.previous?.unknown ?? []}
            earlier={context.recurrence.earlier.filter(({ publicId }) => publicId !== null).length}
          />
          <ActionBar
            message={message}
            draft={draft}
            lint={lint}
            save={save}
            saving={saving.isPending}
            saveError={saving.error}
            tried={() => setStrict(true)}
            published={() => go(`/incidents/${incident.key}`)}
          />
        </div>
        <Preview incidentId={incident.id} kind={message.kind} fields={draft.fields} />
      </div>
    </Page>
  );
}
