/** The books in which the events of a transaction are entered, and their writing: groups, alerts, what each event did. */
import type { Service } from '#catalog';
import type { Ctx } from '#kernel';
import { announce, hushed } from './announce.ts';
import { type Alert, type Group, type Held, settle } from './model.ts';
import { groupChanged, saysTheSame, worthWriting } from './seen.ts';
import type { Inhibitor } from './rules/store.ts';
import type { Silence } from './silences/model.ts';
import { insertNew, type Occurrence, saveAlerts, saveGroup, touchAlerts } from './store.ts';

/** A group as it was and as it becomes while events are applied. */
export interface Page {
  before: Group | undefined;
  now: Group;
  acknowledged: boolean;
  released: boolean;
  /** A firing alert that no silence hides. */
  loud: boolean;
  /** The silence that hides one. */
  silence: string | null;
  /** The rule or the louder alert because of which one is not worth a call. */
  muted: Held | null;
  /** It stands beneath another group, about which people were asked. */
  hold: Held | null;
  description: string;
  mayPage: boolean;
}

export interface Books {
  /** As they were read, to see what has really changed. */
  before: Map<string, Alert>;
  alerts: Map<string, Alert>;
  groups: Map<string, Page>;
  /** Open group of a key, for new alerts. */
  open: Map<string, string>;
  occurrences: Occurrence[];
  /** Alerts that inhibit others from now on. */
  inhibitors: Inhibitor[];
  silences: Silence[];
  services: Map<string, Service>;
}

/** Announces what the books say and writes them. */
export async function writeBooks(ctx: Ctx, books: Books, merge: boolean): Promise<void> {
  const fresh: Group[] = [];
  const changed: Group[] = [];
  for (const page of books.groups.values()) {
    const { before, silence, loud, description } = page;
    // What a silence kept quiet was joined by something that it does not hide: that is news, whatever else is not.
    const heard = loud && hushed(page.now);
    if (!(page.acknowledged || page.released || heard || groupChanged(before, page.now))) continue;
    const settled = unlessHidden(page, settle(before, page.now, page.acknowledged, ctx.now, page.released));
    const service = settled.group.serviceId ? books.services.get(settled.group.serviceId) : undefined;
    const hidden = loud ? null : silence;
    const group = await announce(
      ctx,
      {
        before,
        description,
        loud,
        service,
        silence: hidden,
        hold: page.hold ?? (loud ? null : page.muted),
        ...settled,
      },
      page.mayPage,
    );
    (before ? changed : fresh).push(group);
  }
  // Sent together and not waited for: the commit waits for all of them.
  for (const group of changed) await saveGroup(ctx, group);
  const opened = await writeAlerts(ctx, books);
  await insertNew(ctx, fresh, opened, merge ? merged(books.occurrences) : books.occurrences);
}

/** Writes what has changed on known alerts. Returns those that are new. */
async function writeAlerts(ctx: Ctx, books: Books): Promise<Alert[]> {
  const opened: Alert[] = [];
  const changed: Alert[] = [];
  const seen: Alert[] = [];
  for (const [fingerprint, alert] of books.alerts) {
    const before = books.before.get(fingerprint);
    if (before === alert) continue;
    if (before?.id !== alert.id) opened.push(alert);
    else if (!saysTheSame(before, alert)) changed.push(alert);
    else if (worthWriting(before, alert)) seen.push(alert);
  }
  await saveAlerts(ctx, changed);
  await touchAlerts(ctx, seen);
  return opened;
}

/** One line for what many events did alike to one alert: the last of them, with how many there were. Refreshes say nothing. */
function merged(occurrences: Occurrence[]): Occurrence[] {
  const lines = new Map<unknown, Occurrence>();
  for (const item of occurrences) {
    if (item.effect === 'refreshed') continue;
    const key = item.effect === 'repeated' ? item.alertId : item;
    lines.set(key, { ...item, times: (lines.get(key)?.times ?? 0) + item.times });
  }
  return [...lines.values()];
}

/** A silenced alert that makes its group worse takes it from nobody. */
function unlessHidden(page: Page, settled: ReturnType<typeof settle>): ReturnType<typeof settle> {
  if (settled.turn !== 'worse' || page.loud || !(page.silence || page.muted) || !page.before) return settled;
  const { state, acknowledgedAt, acknowledgedBy, acknowledgedVia } = page.before;
  return { turn: 'unchanged', group: { ...settled.group, state, acknowledgedAt, acknowledgedBy, acknowledgedVia } };
}
