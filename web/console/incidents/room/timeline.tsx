/** The live record: newest first, in its own scroller, held still while somebody reads in it. */
import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { endpoints as incidents, type TimelineEntry } from '#contract/incidents';
import { call, ProblemAlert, Section, useCommand, useMay, useQueryOf, When } from '../../../kit/index.ts';
import { None } from './bits.tsx';
import { Composer } from './composer.tsx';
import classes from './room.module.css';

const FILTERS: Record<string, { label: string; kinds?: string[] }> = {
  all: { label: 'Everything' },
  people: { label: 'Notes and decisions', kinds: ['note', 'hypothesis', 'decision', 'approval', 'task', 'correction'] },
  actions: { label: 'Actions and phases', kinds: ['action', 'phase', 'severity', 'gate', 'recovery', 'declared'] },
  signals: { label: 'Alerts and calls', kinds: ['signal', 'page', 'impact'] },
  messages: { label: 'Messages and review', kinds: ['message', 'review', 'exercise'] },
};
const PAGE = 80;

export function Timeline({ incidentId }: { incidentId: string }) {
  const live = useQueryOf(incidents.timeline, { params: { id: incidentId }, query: { limit: PAGE } });
  const [older, setOlder] = useState<TimelineEntry[]>([]);
  const [filter, setFilter] = useState('all');
  const [loading, setLoading] = useState(false);
  const { seen, hold, release, waiting } = useHeld(live.data?.items);
  const lastLook = useLastLook(incidentId, live.data?.total);
  const entries = useMemo(() => merged(seen, older), [seen, older]);
  const kinds = FILTERS[filter]?.kinds;
  const shown = entries.filter((entry) => !kinds || kinds.includes(entry.kind));
  const oldest = entries.at(-1)?.seq ?? 1;
  const more = async () => {
    setLoading(true);
    try {
      const from = Math.max(0, oldest - 1 - PAGE);
      const { items } = await call(incidents.timeline, {
        params: { id: incidentId },
        query: { after: from, limit: PAGE },
      });
      setOlder((before) =>
        merged(
          before,
          items.filter(({ seq }) => seq < oldest),
        ),
      );
    } finally {
      setLoading(false);
    }
  };
  return (
    <div className={classes.log} id="timeline">
      <Section
        title="Timeline"
        actions={
          <Select
            aria-label="Show"
            size="xs"
            w={145}
            allowDeselect={false}
            data={Object.entries(FILTERS).map(([value, { label }]) => ({ value, label }))}
            value={filter}
            onChange={(next) => setFilter(next ?? 'all')}
          />
        }
      >
        {useMay('incidents.postEntry') && <Composer incidentId={incidentId} onPosted={release} />}
        <ProblemAlert error={live.error} retry={() => void live.refetch()} />
        <div className={classes.newer} aria-live="polite">
          {waiting > 0 && (
            <Button size="compact-xs" variant="light" onClick={release}>
              {waiting} new
            </Button>
          )}
        </div>
        <div
          className={classes.scroller}
          onPointerEnter={hold}
          onPointerLeave={release}
          onFocus={hold}
          onBlur={release}
          tabIndex={0}
          role="region"
          aria-label="Entries"
        >
          {shown.length === 0 && live.data && <None>Nothing of this kind yet.</None>}
          <ol className={classes.entries}>
            {shown.map((entry, i) => (
              <Entry
                key={entry.seq}
                entry={entry}
                incidentId={incidentId}
                fresh={isLine(entry, shown[i + 1], lastLook)}
              />
            ))}
          </ol>
          {oldest > 1 && (
            <Button size="compact-sm" variant="default" onClick={() => void more()} loading={loading} mt="xs">
              Earlier entries
            </Button>
          )}
        </div>
      </Section>
    </div>
  );
}

/** The line "new since you last looked" stands under the oldest entry that is new. */
const isLine = (entry: TimelineEntry, below: TimelineEntry | undefined, lastLook: number): boolean =>
  lastLook > 0 && entry.seq > lastLook && below !== undefined && below.seq <= lastLook;

const merged = (a: readonly TimelineEntry[], b: readonly TimelineEntry[]): TimelineEntry[] =>
  [...new Map([...b, ...a].map((entry) => [entry.seq, entry])).values()].sort((x, y) => y.seq - x.seq);

/** While somebody points at or reads in the list nothing moves in it; what arrives waits and is counted. */
function useHeld(items: TimelineEntry[] | undefined) {
  const [held, setHeld] = useState(false);
  const [seen, setSeen] = useState<TimelineEntry[]>([]);
  const top = seen[0]?.seq ?? 0;
  useEffect(() => {
    if (items && (!held || seen.length === 0)) setSeen(items);
  }, [items, held, seen.length]);
  const waiting = held ? (items ?? []).filter(({ seq }) => seq > top).length : 0;
  return {
    seen,
    waiting,
    hold: () => setHeld(true),
    // Only the mark: the effect shows what is there by then. Items taken from here could be older than what is shown.
    release: () => setHeld(false),
  };
}

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
      >
        <div className={classes.entryHead}>
          <When at={entry.occurredAt} />
          <span>{byMachine ? 'Evenkeel' : entry.actor.name}</span>
          <span className={classes.kind}>{entry.kind}</span>
          {entry.classification !== 'internal' && <span className={classes.kind}>{entry.classification}</span>}
          {may && entry.kind !== 'correction' && (
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
        <p data-corrected={entry.correctedBy !== null || undefined}>{entry.text}</p>
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
      {fresh && (
        <li className={classes.lastLook} role="separator">
          new since you last looked
        </li>
      )}
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
