/** The live record: newest first, in its own scroller, held still while somebody reads in it, with filters that ask the server. */
import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { startTransition, useEffect, useRef, useState } from 'react';
import { endpoints as incidents, type TimelineEntry } from '#contract/incidents';
import { ProblemAlert, Section, useCommand, useMay, When } from '../../../kit/index.ts';
import { None } from './bits.tsx';
import { Composer } from './composer.tsx';
import { useEntries } from './entries.ts';
import { EntryFiles } from './files.tsx';
import { Linked } from './links.tsx';
import classes from './room.module.css';
import { isSealed, Sealed } from './sealed.tsx';

const FILTERS: Record<string, { label: string; kinds?: string[] }> = {
  all: { label: 'Everything' },
  people: {
    label: 'Notes and thoughts',
    kinds: ['note', 'hypothesis', 'question', 'task', 'correction', 'attachment'],
  },
  decisions: { label: 'Decisions', kinds: ['decision', 'approval', 'severity', 'phase', 'gate'] },
  actions: { label: 'Actions and phases', kinds: ['action', 'phase', 'recovery', 'declared', 'lane', 'role'] },
  signals: { label: 'Alerts and calls', kinds: ['signal', 'page', 'impact'] },
  files: { label: 'Files and graphs', kinds: ['attachment'] },
  messages: { label: 'Messages and review', kinds: ['message', 'review', 'exercise'] },
};

/** So many are on the screen before the rest is begun. */
const FIRST = 12;

export function Timeline({ incidentId, onTotal }: { incidentId: string; onTotal?: (total: number) => void }) {
  const [filter, setFilter] = useState('all');
  const [words, setWords] = useState('');
  const [q] = useDebouncedValue(words.trim(), 250);
  const { entries, total, error, refetch, loaded, hasMore, loading, more, waiting, hold, release } = useEntries(
    incidentId,
    { kinds: FILTERS[filter]?.kinds?.join(','), q: q || undefined },
  );
  const lastLook = useLastLook(incidentId, total);
  const plain = filter === 'all' && q === '';
  const [whole, setWhole] = useState(false);
  useEffect(() => startTransition(() => setWhole(true)), []);
  useEffect(() => {
    if (total) onTotal?.(total);
  }, [total, onTotal]);
  return (
    <div className={classes.log} id="timeline">
      <Section
        title="Timeline"
        actions={
          <>
            <TextInput
              aria-label="Search the timeline"
              placeholder="Search"
              size="xs"
              w={110}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            <Select
              aria-label="Show"
              size="xs"
              w={150}
              allowDeselect={false}
              data={Object.entries(FILTERS).map(([value, { label }]) => ({ value, label }))}
              value={filter}
              onChange={(next) => setFilter(next ?? 'all')}
            />
          </>
        }
      >
        {useMay('incidents.postEntry') && <Composer incidentId={incidentId} onPosted={release} />}
        <ProblemAlert error={error} retry={refetch} />
        {/* The button that shows what waits belongs to what is held: on the way to it nothing may move. */}
        <div onPointerEnter={hold} onPointerLeave={release}>
          <div className={classes.newer} aria-live="polite">
            {waiting > 0 && (
              <Button size="compact-xs" variant="light" onClick={release}>
                {waiting} new
              </Button>
            )}
          </div>
          <div
            className={classes.scroller}
            onFocus={hold}
            onBlur={release}
            tabIndex={0}
            role="region"
            aria-label="Entries"
          >
            {entries.length === 0 && loaded && (
              <None>{q ? 'Nothing with these words.' : 'Nothing of this kind yet.'}</None>
            )}
            <ol className={classes.entries} data-long={entries.length > 150 || undefined}>
              {(whole ? entries : entries.slice(0, FIRST)).map((entry, i) => (
                <Entry
                  key={entry.seq}
                  entry={entry}
                  incidentId={incidentId}
                  fresh={plain && isLine(entry, entries[i + 1], lastLook)}
                />
              ))}
            </ol>
            {whole && hasMore && <Earlier onSeen={more} loading={loading} />}
          </div>
        </div>
      </Section>
    </div>
  );
}

/** Older entries come when one scrolls near them; the button is for the keyboard, and for who does not scroll. */
function Earlier({ onSeen, loading }: { onSeen: () => void; loading: boolean }) {
  const ref = useRef<HTMLButtonElement>(null);
  const latest = useRef(onSeen);
  latest.current = onSeen;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const watch = new IntersectionObserver(
      (seen) => seen.some(({ isIntersecting }) => isIntersecting) && latest.current(),
      { root: element.closest(`.${classes.scroller}`), rootMargin: '400px' },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [loading]);
  return (
    <Button ref={ref} size="compact-sm" variant="default" onClick={onSeen} loading={loading} mt="xs">
      Earlier entries
    </Button>
  );
}

/** The line "new since you last looked" stands under the oldest entry that is new. */
const isLine = (entry: TimelineEntry, below: TimelineEntry | undefined, lastLook: number): boolean =>
  lastLook > 0 && entry.seq > lastLook && below !== undefined && below.seq <= lastLook;

/** The number of the last entry this browser had shown when the room was last left (M23b). */
function useLastLook(incidentId: string, total: number | undefined): number {
  const key = `evenkeel-seen:${incidentId}`;
  const [before] = useState(() => Number(localStorage.getItem(key) ?? 0));
  const latest = useRef(total);
  latest.current = total;
  useEffect(() => {
    const keep = () => latest.current !== undefined && localStorage.setItem(key, String(latest.current));
    addEventListener('pagehide', keep);
    return () => {
      removeEventListener('pagehide', keep);
      keep();
    };
  }, [key]);
  return before;
}

function Entry({ entry, incidentId, fresh }: { entry: TimelineEntry; incidentId: string; fresh: boolean }) {
  const [correcting, setCorrecting] = useState(false);
  const may = useMay('incidents.correctEntry');
  const late = Math.abs(Date.parse(entry.recordedAt) - Date.parse(entry.occurredAt)) > 60_000;
  const byMachine = entry.actor.kind === 'system';
  return (
    <>
      <li
        className={classes.entry}
        data-kind={entry.kind}
        data-machine={byMachine || undefined}
        id={`entry-${entry.seq}`}
        tabIndex={-1}
      >
        <div className={classes.entryHead}>
          <When at={entry.occurredAt} />
          <span>{byMachine ? 'Evenkeel' : entry.actor.name}</span>
          <span className={classes.kind}>{entry.kind}</span>
          {entry.classification !== 'internal' && <span className={classes.kind}>{entry.classification}</span>}
          {may && entry.kind !== 'correction' && !isSealed(entry) && (
            <button
              type="button"
              className={classes.quietButton}
              onClick={() => setCorrecting(!correcting)}
              aria-label={`Correct entry ${entry.seq}`}
            >
              Correct
            </button>
          )}
        </div>
        {isSealed(entry) ? (
          <Sealed entry={entry} incidentId={incidentId} />
        ) : (
          <p data-corrected={entry.correctedBy !== null || undefined}>
            <Linked text={entry.text} />
          </p>
        )}
        <EntryFiles entry={entry} />
        {(late || entry.corrects !== null || entry.correctedBy !== null) && (
          <small>
            {late && (
              <>
                written <When at={entry.recordedAt} />{' '}
              </>
            )}
            {entry.corrects !== null && <a href={`#entry-${entry.corrects}`}>corrects entry {entry.corrects}</a>}
            {entry.correctedBy !== null && (
              <a href={`#entry-${entry.correctedBy}`}>corrected by entry {entry.correctedBy}</a>
            )}
          </small>
        )}
        {correcting && <Correct entry={entry} incidentId={incidentId} onDone={() => setCorrecting(false)} />}
      </li>
      {fresh && <li className={classes.lastLook}>new since you last looked</li>}
    </>
  );
}

function Correct({ entry, incidentId, onDone }: { entry: TimelineEntry; incidentId: string; onDone: () => void }) {
  const [text, setText] = useState(entry.text);
  const correct = useCommand(incidents.correctEntry, { problems: 'inline', onDone });
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    correct.mutate({ params: { id: incidentId, seq: entry.seq }, body: { text } });
  };
  return (
    <form onSubmit={submit} className={classes.inlineForm}>
      <TextInput
        aria-label="Corrected text"
        description="The original stays; this is added and points to it."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      <ProblemAlert error={correct.error} />
      <Button
        size="compact-sm"
        mt="xs"
        type="submit"
        loading={correct.isPending}
        disabled={text.trim() === '' || text === entry.text}
      >
        Add correction
      </Button>
    </form>
  );
}
