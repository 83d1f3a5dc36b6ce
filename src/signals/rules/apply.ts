/** Rules at work on the events of a transaction: what each becomes before it is entered. */
import { type Service, servicesByIds } from '#catalog';
import type { Ctx } from '#kernel';
import { integrationOf } from '../integrations/store.ts';
import { GROUP_WINDOW_MS, type Held, type NormalEvent, type Routed } from '../model.ts';
import {
  equalKey,
  type GroupingRule,
  groupingFor,
  type InhibitRule,
  inhibitedBy,
  mutedBy,
  type Rule,
  routedBy,
  sideOf,
  triage,
  type TriageRule,
  visible,
} from './model.ts';
import { firingInhibitors, noteFailed } from './store.ts';

/** An event on its way, as far as rules change it. */
export interface Ruled {
  origin: { integrationId: string };
  event: NormalEvent;
  serviceId: string | null;
  groupKey: string;
  /** How long new alerts join its group; null as long as it is open. */
  windowMs: number | null;
  routed: Routed | null;
  muted: Held | null;
  /** Rules of inhibition that it is a source of, with the key. */
  inhibits: { ruleId: string; equalKey: string }[];
}

export interface RuleBook {
  triage: TriageRule[];
  inhibit: InhibitRule[];
  grouping: GroupingRule[];
}

export const bookOf = (rules: readonly Rule[]): RuleBook => ({
  triage: rules.filter((rule) => rule.kind === 'triage'),
  inhibit: rules.filter((rule) => rule.kind === 'inhibit'),
  grouping: rules.filter((rule) => rule.kind === 'grouping'),
});

/** Changes the items in place: triage first, then grouping, then inhibition. A rule that fails changes nothing. */
export async function applyRules(
  ctx: Ctx,
  rules: readonly Rule[],
  items: Ruled[],
  services: Map<string, Service>,
): Promise<void> {
  const triggers = items.filter(({ event }) => event.action === 'trigger');
  if (rules.length === 0 || triggers.length === 0) return;
  const book = bookOf(rules);
  if (book.triage.length > 0) await triageAll(ctx, book.triage, triggers, services);
  for (const item of triggers) group(book.grouping, item);
  if (book.inhibit.length > 0) await inhibit(ctx, book.inhibit, triggers);
}

async function triageAll(ctx: Ctx, rules: TriageRule[], items: Ruled[], services: Map<string, Service>): Promise<void> {
  const named = await servicesByIds(ctx, [...new Set(rules.flatMap(({ spec }) => spec.then.serviceId ?? []))]);
  const integration = (await integrationOf(ctx, items[0]!.origin.integrationId)).name;
  const failures = new Map<string, string>();
  for (const item of items) {
    const service = item.serviceId ? (services.get(item.serviceId)?.slug ?? '') : '';
    const result = triage(rules, visible(item.event, { integration, service }));
    for (const { rule, error } of result.failed) {
      failures.set(rule.id, error);
      item.event = { ...item.event, marks: [...item.event.marks, `rule_failed:${rule.name.slice(0, 60)}`] };
    }
    if (result.applied.length === 0) continue;
    const { outcome } = result;
    const marks = result.applied.map(({ name }) => `rule:${name.slice(0, 60)}`);
    if (outcome.severity && outcome.severity !== item.event.severity)
      marks.push(`sent_severity:${item.event.severity}`);
    const moved = outcome.serviceId ? named.get(outcome.serviceId) : undefined;
    if (moved && moved.id !== item.serviceId) {
      marks.push(`sent_service:${service}`);
      item.serviceId = moved.id;
      services.set(moved.id, moved);
      if (item.event.group === null) item.groupKey = `window:${moved.id}`;
    }
    item.event = {
      ...item.event,
      severity: outcome.severity ?? item.event.severity,
      marks: [...item.event.marks, ...marks],
    };
    item.routed = routedBy(result);
    // Whoever is asked otherwise is not in one group with those who are asked as usual.
    if (item.routed) item.groupKey = `${item.groupKey}|${item.routed.ruleId}`;
    item.muted = mutedBy(result, ctx.now);
    if (result.group)
      Object.assign(item, {
        groupKey: `rule:${result.group.rule.id}:${result.group.value}`.slice(0, 500),
        windowMs: null,
      });
  }
  for (const [ruleId, error] of failures) await noteFailed(ctx, ruleId, error);
}

function group(rules: GroupingRule[], item: Ruled): void {
  if (item.groupKey.startsWith('rule:')) return;
  const rule = groupingFor(rules, { integrationId: item.origin.integrationId, serviceId: item.serviceId });
  if (!rule || (item.event.group !== null && !rule.spec.overSource)) return;
  const values = rule.spec.labels.map((name) => item.event.labels[name] ?? '');
  item.groupKey = `by:${rule.id}:${item.serviceId ?? 'none'}:${JSON.stringify(values)}`.slice(0, 500);
  item.windowMs = rule.spec.windowMinutes * 60_000;
}

/** Sources of this very transaction count like those that fire already. */
async function inhibit(ctx: Ctx, rules: InhibitRule[], items: Ruled[]): Promise<void> {
  const targets: { item: Ruled; rule: InhibitRule; key: string }[] = [];
  const here = new Map<string, string>();
  for (const item of items) {
    for (const rule of rules) {
      const side = sideOf(rule, item.event);
      if (side === null) continue;
      const key = equalKey(rule, item.event.labels);
      if (side === 'target') targets.push({ item, rule, key });
      else {
        here.set(`${rule.id}:${key}`, item.event.title);
        item.inhibits.push({ ruleId: rule.id, equalKey: key });
      }
    }
  }
  if (targets.length === 0) return;
  const firing = await firingInhibitors(
    ctx,
    targets.map(({ rule, key }) => ({ ruleId: rule.id, equalKey: key })),
  );
  for (const { item, rule, key } of targets) {
    const title = here.get(`${rule.id}:${key}`) ?? firing.get(`${rule.id}:${key}`);
    if (title !== undefined) item.muted ??= inhibitedBy(rule, key, title, ctx.now);
  }
}

/** The longest that any group of these may still be joined. */
export const longestWindow = (items: readonly Ruled[]): number =>
  Math.max(GROUP_WINDOW_MS, ...items.map(({ windowMs }) => windowMs ?? 0));
