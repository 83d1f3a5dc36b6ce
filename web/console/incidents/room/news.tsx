/** What changed since the reader last looked: a few lines, put away by one button, kept for each person and not for each browser. */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { commandEndpoints as command } from '#contract/incidents-command';
import { Ago, call, useQueryOf, When } from '../../../kit/index.ts';
import classes from './room.module.css';

/** Shorter absences are no absence: the timeline's line is enough. */
const AWAY_MS = 3 * 60_000;

export function News({ incidentId, total }: { incidentId: string; total: number | undefined }) {
  const { data } = useQueryOf(command.news, { params: { id: incidentId } });
  // What was new when the room was opened; what comes while one looks is seen as it comes.
  const [first, setFirst] = useState<typeof data>();
  const [put, setPut] = useState(false);
  useEffect(() => {
    if (data && !first) setFirst(data);
  }, [data, first]);
  useLook(incidentId, total, first !== undefined);
  if (!first?.since || put || first.highlights.length === 0) return null;
  if (Date.now() - Date.parse(first.since.at) < AWAY_MS && first.entries < 10) return null;
  return (
    <section className={classes.news} aria-label="Since you last looked">
      <div className={classes.newsHead}>
        <h2>
          Since you last looked, <Ago at={first.since.at} />
        </h2>
        <Button size="compact-sm" variant="default" onClick={() => setPut(true)}>
          Got it
        </Button>
      </div>
      <ul>
        {first.highlights.map(({ seq, text, by, occurredAt }) => (
          <li key={seq}>
            <a href={`#entry-${seq}`}>{text}</a>
            <small>
              {by}, <When at={occurredAt} />
            </small>
          </li>
        ))}
      </ul>
      <p>
        {first.entries} {first.entries === 1 ? 'entry' : 'entries'} in all; the line in the timeline shows where they
        begin.
      </p>
    </section>
  );
}

/** Keeps how far the reader has seen: when the room is left, and every half minute in between. */
function useLook(incidentId: string, total: number | undefined, ready: boolean): void {
  const seen = useRef(0);
  if (total) seen.current = total;
  useEffect(() => {
    if (!ready) return;
    let told = 0;
    const tell = (keepalive: boolean) => {
      if (seen.current <= told || (document.hidden && !keepalive)) return;
      told = seen.current;
      if (!keepalive)
        return void call(command.look, { params: { id: incidentId }, body: { seq: told } }).catch(() => undefined);
      void fetch(`/api/v1/incidents/${encodeURIComponent(incidentId)}/looks`, {
        method: 'POST',
        keepalive: true,
        headers: { 'x-evenkeel': '1', 'content-type': 'application/json' },
        body: JSON.stringify({ seq: told }),
      }).catch(() => undefined);
    };
    const leave = () => tell(true);
    const timer = setInterval(() => tell(false), 30_000);
    addEventListener('pagehide', leave);
    return () => {
      clearInterval(timer);
      removeEventListener('pagehide', leave);
      leave();
    };
  }, [incidentId, ready]);
}
