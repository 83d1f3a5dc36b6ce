/** The mapping of “any JSON”: expressions on one side, a real post on the other, and at once what it becomes. */
import { Button, Group as Row, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { type Integration, endpoints as signals } from '#contract/signals';
import {
  call,
  Hint,
  Mono,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import { AlertSeverity } from './badges.tsx';
import classes from './signals.module.css';

type Preview = z.output<typeof signals.previewReading.response>;

const EXAMPLE = `{
  "check": { "id": "disk-db-1", "name": "Disk" },
  "host": "db-1",
  "level": 5,
  "state": "BAD"
}`;
/** Typing is over when nothing came for so long. */
const PAUSE_MS = 350;

/** What the post becomes, asked again whenever typing pauses. Not a command: it changes nothing, so nothing else is read again. */
function useLivePreview(id: string, payload: string, options: Record<string, string>) {
  const [found, setFound] = useState<{ data?: Preview; error?: unknown }>({});
  const asked = JSON.stringify(options);
  useEffect(() => {
    if (payload.trim() === '') return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const body = { payload, options: JSON.parse(asked) as Record<string, string> };
      call(signals.previewReading, { params: { id }, body }, { signal: stop.signal }).then(
        (data) => setFound({ data }),
        (error: unknown) => {
          if (!stop.signal.aborted) setFound((before) => ({ ...before, error }));
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id, payload, asked]);
  return found;
}

/** Fields are saved together; what is shown uses what is typed, saved or not. */
export function MappingEditor({ integration }: { integration: Integration }) {
  const saved = Object.fromEntries(integration.options.map(({ name, value }) => [name, value ?? '']));
  const [options, setOptions] = useState<Record<string, string>>(saved);
  const [payload, setPayload] = useState(EXAMPLE);
  const mayChange = useMay('signals.configureIntegration');
  const posts = useQueryOf(signals.listPosts, { params: { id: integration.id }, query: { state: 'processed' } });
  const newest = posts.data?.items.find(({ whole, beginning }) => whole && beginning !== '');
  const preview = useLivePreview(integration.id, payload, options);
  const save = useCommand(signals.configureIntegration, { done: 'Mapping saved', problems: 'inline' });
  const changed = integration.options.some(({ name }) => (options[name] ?? '') !== (saved[name] ?? ''));
  if (!mayChange) return <Hint>Whoever manages integrations can change how its posts are read.</Hint>;
  const field = (name: string) => preview.data?.fields.find((one) => one.name === name);
  return (
    <div className={classes.mapping}>
      <Section
        title="What each field is"
        description="CEL over body, the post. Empty: common names are tried."
        actions={
          <Button
            size="xs"
            disabled={!changed}
            loading={save.isPending}
            onClick={() => save.mutate({ params: { id: integration.id }, body: { options } })}
          >
            Save mapping
          </Button>
        }
      >
        <div className={classes.stacked}>
          <ProblemAlert error={save.error} />
          {integration.options.map(({ name, help }) => (
            <Textarea
              key={name}
              label={name.charAt(0).toUpperCase() + name.slice(1)}
              description={help.split('. Without it')[0]}
              value={options[name] ?? ''}
              error={field(name)?.error ?? undefined}
              onChange={(event) => setOptions({ ...options, [name]: event.currentTarget.value })}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              autosize
              minRows={1}
              maxRows={6}
              maxLength={20_000}
              spellCheck={false}
            />
          ))}
        </div>
      </Section>
      <div className={classes.stacked}>
        <Section
          title="A post"
          description="Paste one. Nothing is stored."
          actions={
            newest && (
              <Button size="xs" variant="default" onClick={() => setPayload(tidy(newest.beginning))}>
                Take the newest one
              </Button>
            )
          }
        >
          <Textarea
            aria-label="A post to try"
            value={payload}
            onChange={(event) => setPayload(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            autosize
            minRows={6}
            maxRows={16}
            spellCheck={false}
          />
        </Section>
        <Section title="Becomes">
          <div aria-live="polite">
            <ProblemAlert error={preview.error} />
            {payload.trim() === '' ? (
              <span className={classes.dim}>Paste a post to see what it becomes.</span>
            ) : (
              preview.data && <Becomes preview={preview.data} />
            )}
          </div>
        </Section>
      </div>
    </div>
  );
}

function tidy(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Becomes({ preview }: { preview: Preview }) {
  return (
    <div className={classes.stacked}>
      {preview.errors.map((error) => (
        <Hint key={error} tone="warn" title="It cannot be read.">
          {error}
        </Hint>
      ))}
      {preview.events.map((event, n) => (
        <div key={`${event.key} ${n}`} className={classes.becomes}>
          <Row gap="xs">
            <StateBadge
              state={event.action === 'resolve' ? 'resolved' : 'firing'}
              label={event.action === 'resolve' ? 'Resolves' : 'Fires'}
            />
            {event.action !== 'resolve' && <AlertSeverity severity={event.severity} />}
            <b>{event.title || event.key}</b>
          </Row>
          {event.description && <p className={classes.prose}>{event.description}</p>}
          {event.marks.length > 0 && (
            <span className={classes.dim}>
              Marked: {event.marks.map((mark) => mark.replaceAll('_', ' ')).join(', ')}
            </span>
          )}
        </div>
      ))}
      {preview.fields.length > 0 && (
        <dl className={classes.origins}>
          {preview.fields.map((one) => (
            <div key={one.name}>
              <dt>{one.name}</dt>
              <dd>
                {one.text === '' ? <span className={classes.dim}>nothing</span> : <Mono>{one.text.slice(0, 200)}</Mono>}
                <span className={classes.dim}>
                  {one.from === 'mapping' ? 'by the mapping' : one.from === 'member' ? `from “${one.member}”` : ''}
                </span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
