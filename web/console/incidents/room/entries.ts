/** The entries of a timeline as a screen holds them: newest first, without gaps, held still while somebody reads. */
import { useEffect, useRef, useState } from 'react';
import { endpoints as incidents, type TimelineEntry } from '#contract/incidents';
import { call, useQueryOf } from '../../../kit/index.ts';

const PAGE = 60;
const EARLIER = 120;

/** The question for the newest entries; whoever asks it again shares the answer. */
export const firstPage = (id: string, filter: Filter = {}) => ({ params: { id }, query: { ...filter, limit: PAGE } });

export interface Filter {
  kinds?: string | undefined;
  q?: string | undefined;
}

interface Held {
  /** Which filter these belong to. */
  of: string;
  entries: TimelineEntry[];
  /** Leads to what is older; null at the beginning of the record. */
  cursor: string | null;
}

export const merged = (a: readonly TimelineEntry[], b: readonly TimelineEntry[]): TimelineEntry[] =>
  [...new Map([...b, ...a].map((entry) => [entry.seq, entry])).values()].sort((x, y) => y.seq - x.seq);

/**
 * What is shown after a fresh page has come. It joins what was there; when more came than a page holds (a browser that
 * was offline), there would be a hole between them: then what was there is left, and read again when it is scrolled to.
 */
export function joined(held: Held, of: string, page: { items: TimelineEntry[]; nextCursor: string | null }): Held {
  const fresh: Held = { of, entries: page.items, cursor: page.nextCursor };
  const top = held.entries[0];
  const bottom = page.items.at(-1);
  if (held.of !== of || !top || !bottom) return fresh;
  if (page.nextCursor !== null && bottom.seq > top.seq) return fresh;
  return { of, entries: merged(page.items, held.entries), cursor: held.cursor };
}

export function useEntries(incidentId: string, filter: Filter) {
  const of = JSON.stringify([incidentId, filter]);
  const params = { id: incidentId };
  const live = useQueryOf(incidents.timeline, firstPage(incidentId, filter), { keepPrevious: true });
  // What is there already is shown at once, without a round through an effect.
  const [held, setHeld] = useState<Held>(() => {
    const nothing: Held = { of: '', entries: [], cursor: null };
    return live.data && !live.isPlaceholderData ? joined(nothing, of, live.data) : nothing;
  });
  const [still, setStill] = useState(false);
  const [loading, setLoading] = useState(false);
  const busy = useRef(false);
  const { data, isPlaceholderData } = live;
  useEffect(() => {
    if (!data || isPlaceholderData || (still && held.of === of && held.entries.length > 0)) return;
    setHeld((before) => joined(before, of, data));
  }, [data, isPlaceholderData, still, of]);

  const more = async () => {
    if (held.cursor === null || busy.current) return;
    busy.current = true;
    setLoading(true);
    try {
      const page = await call(incidents.timeline, {
        params,
        query: { ...filter, limit: EARLIER, cursor: held.cursor },
      });
      setHeld((before) =>
        before.of === of ? { of, entries: merged(before.entries, page.items), cursor: page.nextCursor } : before,
      );
    } finally {
      busy.current = false;
      setLoading(false);
    }
  };
  const top = held.entries[0]?.seq ?? 0;
  return {
    entries: held.entries,
    total: data?.total,
    error: live.error,
    refetch: () => void live.refetch(),
    loaded: held.of === of,
    hasMore: held.cursor !== null,
    loading,
    more: () => void more().catch(() => undefined),
    waiting: still && data && !isPlaceholderData ? data.items.filter(({ seq }) => seq > top).length : 0,
    hold: () => setStill(true),
    // Only the mark: the effect shows what is there by then. Items taken from here could be older than what is shown.
    release: () => setStill(false),
  };
}
