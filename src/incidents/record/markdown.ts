/** The record as Markdown, for people who read it without any program of ours. */
import type { Ctx } from '#kernel';
import { sayDuration } from '#kernel';
import type { Detail } from '../detail.ts';
import type { HashedEntry } from './model.ts';

/** Text that Markdown takes as it is: no heading, list, link or HTML comes out of what somebody typed. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replaceAll(/\r?\n/g, ' ');
const at = (time: Date | string | null): string =>
  time === null ? '–' : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const rows = (head: string[], body: string[][]): string =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => '---').join('|')}|`,
    ...body.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
const section = (title: string, body: string): string => (body === '' ? '' : `\n## ${title}\n\n${body}\n`);

/** One page: what happened, when, who led, what was decided and by whom it was approved. */
export function reportInMarkdown(ctx: Ctx, incident: Detail, entries: number): string {
  const { times } = incident;
  const marks: [string, Date | null][] = [
    ['Impact began', times.impactStartedAt],
    ['Detected', times.detectedAt],
    ['Declared', times.declaredAt],
    ['First response', times.respondedAt],
    ['Contained', times.containedAt],
    ['Eradicated', times.eradicatedAt],
    ['Restored', times.restoredAt],
    ['Closed', times.closedAt],
  ];
  const held = incident.durations.containment;
  return [
    `# ${incident.key}: ${plain(incident.title)}\n`,
    `${incident.exercise ? 'EXERCISE. ' : ''}SEV${incident.severity}, ${incident.phase.replace('_', ' ')}. ${plain(incident.summary)}\n`,
    `Exported ${at(ctx.now)} by ${plain(ctx.actor.name)}; the timeline has ${entries} entries.\n`,
    section(
      'When',
      rows(
        ['Moment', 'Time'],
        marks.map(([name, time]) => [name, at(time)]),
      ),
    ),
    held === null ? '' : `\nContainment took ${sayDuration(held * 1000)}.\n`,
    section(
      'What was affected',
      rows(
        ['Service', 'Effect', 'Phase'],
        incident.affected.map((one) => [plain(one.name), one.effect.replace('_', ' '), one.phase]),
      ),
    ),
    section(
      'Who led',
      incident.roles
        .map((role) => `- ${plain(role.title)}: ${plain(role.person.name)}, since ${at(role.since)}`)
        .join('\n'),
    ),
    section('Hypotheses', incident.hypotheses.map((one) => `- ${plain(one.text)}: ${one.state}`).join('\n')),
    section(
      'Decisions',
      incident.decisions
        .map((one) => {
          const by = one.approval?.approvers.map((person) => plain(person.name)).join(', ');
          const approved = by ? `; approved by ${by}` : '';
          return `- ${at(one.occurredAt)} ${plain(one.question)} → **${plain(one.choice)}** (${plain(one.decider.name)}${approved}). ${plain(one.rationale)}`;
        })
        .join('\n'),
    ),
    '\nThe timeline follows in `timeline/`. How to check this bundle: `README.md`.\n',
  ].join('');
}

/** Entries as lines, oldest first; when something was recorded later than it happened, both times stand there. */
export const entriesInMarkdown = (entries: HashedEntry[]): string =>
  entries
    .map((entry) => {
      const late = entry.occurredAt === entry.recordedAt ? '' : `, recorded ${at(entry.recordedAt)}`;
      const corrects = entry.corrects === null ? '' : ` (corrects ${entry.corrects})`;
      return `- **${entry.seq}** ${at(entry.occurredAt)}${late} · ${entry.kind}${corrects} · ${plain(entry.actor.name)}: ${plain(entry.text)}\n`;
    })
    .join('');

/** How to check a bundle, for whoever receives one. */
export const BUNDLE_README = `# A bundle of one incident

- \`incident.json\`: the record (schema: \`incident-bundle.schema.json\`, \`#/$defs/record\`)
- \`report.md\`: the same for reading
- \`timeline/\`: every entry, oldest first, as JSON lines and as Markdown
- \`files/\`: what was attached
- \`heads.jsonl\`: signed heads of the record
- \`manifest.json\`, \`manifest.sig\`: every file with its SHA-256, signed

Check it with \`evenkeel verify FILE\` or \`node verify-record.mjs FILE\` (one file, needs nothing else; the copy in here is
for reading, use one that you got elsewhere), or by hand:

1. \`manifest.sig\` is the Ed25519 signature, in base64, over the bytes of \`manifest.json\`, by the key named in it. Compare
   the key's id with the one the installation shows (SHA-256 of the public key in DER).
2. Every other file has the size and SHA-256 that the manifest gives, and there is no other file.
3. In \`timeline/*.jsonl\`, \`hash\` is SHA-256, in hex, over \`prevHash\`, a newline, and the entry without \`prevHash\` and
   \`hash\` as JSON with sorted names and no spaces. The first \`prevHash\` is 64 zeros; numbers have no gap.
4. A head says where the chain \`incident:<id>\` stood: the entry with that number must have that hash.
`;
