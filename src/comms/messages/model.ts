/** Messages decided in pure code: the public word for a phase, who must approve, what a facts hash covers. */
import { canonicalJson, sha256hex } from '#kernel';
import type { MessageKind, PublicStatus, UpdateFields } from '../lint/index.ts';

/**
 * Public status follows the phase (domain 2.3). `resolved` is said by a resolution only: until it is published a
 * restored service is still being watched.
 */
export function publicStatusOf(phase: string, kind: MessageKind, causeKnown: boolean): PublicStatus {
  if (kind === 'resolution') return 'resolved';
  if (phase === 'detection') return 'investigating';
  if (phase === 'containment') return causeKnown ? 'identified' : 'investigating';
  return phase === 'eradication' ? 'identified' : 'monitoring';
}

/** Kinds that never stand on the page: an internal brief stays inside, a direct one goes to its segment. */
export const INSIDE: MessageKind[] = ['internal_brief', 'direct'];
export const isPublic = (kind: MessageKind): boolean => !INSIDE.includes(kind);

/** First public message and resolution at SEV1–2 need the commander's approval; between them the writer alone (domain 5.1). */
export const approvalNeeded = (severity: number, kind: MessageKind, publishedBefore: number): boolean =>
  severity <= 2 && kind !== 'internal_brief' && (publishedBefore === 0 || kind === 'resolution');

/** The kind a new message has: the first, one between, never the last by itself. */
export const nextKind = (publishedBefore: number): MessageKind => (publishedBefore === 0 ? 'initial' : 'update');

/** Facts that are the same in every draft of an incident: changed once, they are changed in all that still said the old. */
export const SHARED_FACTS = [
  'impact',
  'protection',
  'customerActions',
  'dataImpact',
  'estimate',
  'componentStates',
  'expectation',
] as const;

/** Who must clear it before customers read it: exposed data, or a security incident, is looked at by security and legal. */
export const clearancesNeeded = (
  fields: Pick<UpdateFields, 'dataImpact'>,
  incidentKind: string,
  kind: MessageKind,
): ('security' | 'legal')[] =>
  kind !== 'internal_brief' && fields.dataImpact?.state === 'exposed'
    ? ['security', 'legal']
    : kind !== 'internal_brief' && incidentKind === 'security'
      ? ['security']
      : [];

/** The facts every channel carries. What only we see (evidence, reasons, where a supplier said it) is not among them. */
export function facts(fields: UpdateFields): unknown {
  const { dataImpact, recurrenceReason: _reason, supplierPublished: _where, ...rest } = fields;
  return {
    ...rest,
    dataImpact: dataImpact && {
      state: dataImpact.state,
      sentence: dataImpact.sentence,
    },
  };
}

/** SHA-256 over the canonical facts: one value for page, mail and every other variant (domain 2.4, invariant 13). */
export const factsHash = (fields: UpdateFields): string => sha256hex(canonicalJson(facts(fields)));

/** Messages are not allowed to wait for one person: after this long an unanswered request may be passed over, with a reason. */
export const APPROVAL_PATIENCE_MS = 5 * 60_000;

export interface PublishFacts {
  severity: number;
  kind: MessageKind;
  publishedBefore: number;
  factsHash: string;
  writtenBy: string;
  publisher: string;
  /** Authority tokens the publisher holds on the incident now. */
  authority: ReadonlySet<string>;
  /** The writer commands the incident: then any second person with the right to publish completes the pair. */
  writerCommands: boolean;
  /** What security and legal still have to read. */
  uncleared?: ('security' | 'legal')[];
  /** “Nothing is unknown” stands in it: the commander confirms that by publishing or approving. */
  nothingUnknown?: boolean;
  /** The hash that was approved; `outdated` when the text was changed since; null when nobody approved anything. */
  approvedHash: string | null;
  approvalRequestedAt: Date | null;
  now: Date;
}

/** What an approval is worth now: an edit makes it void, and stays visible as such. */
export const validApproval = (revision: { approvedAt: Date | null; approvedHash: string | null }): string | null =>
  revision.approvedAt ? revision.approvedHash : revision.approvedHash && 'outdated';

/** Of the tokens, the ones that say "may publish" and "commands" (domain 2.3, Authority). */
export const PUBLISHES = 'publish_public';
export const COMMANDS = 'override_guardrail';

export interface Hurdle {
  rule: string;
  text: string;
}

/** What stands between this person and publishing, apart from the text itself. Empty: go. */
export function publishHurdles(facts: PublishFacts, passedOver: boolean): Hurdle[] {
  const hurdles: Hurdle[] = [];
  if (!facts.authority.has(PUBLISHES)) {
    hurdles.push({
      rule: 'comms.authority',
      text: 'Publishing belongs to the communications lead or the incident commander: take one of these roles, or ask who holds it.',
    });
  }
  for (const part of facts.uncleared ?? [])
    hurdles.push({
      rule: 'comms.clearance',
      text: `It tells of ${part === 'legal' ? 'exposed data' : 'what security has to read first'}: ${part} has not cleared it yet.`,
    });
  if (facts.nothingUnknown && !facts.authority.has(COMMANDS) && facts.approvedHash !== facts.factsHash)
    hurdles.push({
      rule: 'comms.nothing_unknown',
      text: 'That nothing is unknown is confirmed by the incident commander: let the commander approve or publish it.',
    });
  if (!approvalNeeded(facts.severity, facts.kind, facts.publishedBefore)) return hurdles;
  if (facts.approvedHash === facts.factsHash) return hurdles;
  if (facts.writtenBy !== facts.publisher && (facts.authority.has(COMMANDS) || facts.writerCommands)) return hurdles;
  const waited =
    facts.approvalRequestedAt !== null &&
    facts.now.getTime() - facts.approvalRequestedAt.getTime() >= APPROVAL_PATIENCE_MS;
  if (waited && passedOver) return hurdles;
  const which = facts.kind === 'resolution' ? 'The resolution' : 'The first public message';
  const outdated = facts.approvedHash !== null ? ' It was changed after it was approved.' : '';
  const way = waited
    ? ' Nobody answered within five minutes: it may go out without, with a reason.'
    : ' Ask for approval; whoever wrote it cannot approve it.';
  hurdles.push({
    rule: 'comms.approval',
    text: `${which} of a SEV${facts.severity} needs the incident commander's approval.${outdated}${way}`,
  });
  return hurdles;
}
