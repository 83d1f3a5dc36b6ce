/** Derive, do not retype: the first words of each section, written from the record. Pure. */
import type { ShownReading } from '../metrics/readings.ts';
import type { SectionName } from './sections.ts';

/** What the record of an incident says, gathered from every module below. */
export interface IncidentRecord {
  key: string;
  title: string;
  severity: number;
  summary: string;
  services: string[];
  detectedBy: 'monitor' | 'person' | 'customer' | null;
  phases: { phase: string; from: string; to: string | null }[];
  roles: { role: string; person: { id: string; name: string } | null; from: string; to: string | null }[];
  hypotheses: { text: string; state: string }[];
  decisions: { question: string; choice: string; by: string; at: string }[];
  containment: { text: string; state: string; at: string | null }[];
  messages: { headline: string; audience: string; at: string }[];
  /** What was asked and never answered. */
  questions: { text: string; owner: string | null; askedAt: string }[];
  /** The entries that tell the story, oldest first; each alert and page stands in the incident itself. */
  timeline: { seq: number; at: string; by: string; text: string }[];
  /** True facts about the recovery: criteria, soak, sign-offs. */
  recovery: string[];
}

const bullets = (lines: string[], none: string) =>
  lines.length === 0 ? none : lines.map((line) => `- ${line}`).join('\n');
const clock = (at: string) => `${at.slice(11, 16)} UTC`;

/** `94 min`, `2 h 51 min`: minutes as people say them. */
export function sayMinutes(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 1) return 'under a minute';
  if (whole < 120) return `${whole} min`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} h` : `${Math.floor(whole / 60)} h ${rest} min`;
}

/** One measure as a sentence; without a number it says why there is none. */
export function sayReading(reading: ShownReading): string {
  if (reading.minutes === null) return `${reading.name}: no number, because ${reading.absent}`;
  const early = reading.beforeImpact ? ' (seen before any impact)' : '';
  return `${reading.name}: ${sayMinutes(reading.minutes)}${early}`;
}

const detectors = { monitor: 'a monitor', person: 'somebody of our own', customer: 'a customer' };

function understanding(record: IncidentRecord): string {
  const found = record.detectedBy
    ? `It was found by ${detectors[record.detectedBy]}.`
    : 'The record does not say how it was found.';
  const thoughts = record.hypotheses.map((h) => `${h.state}: ${h.text}`);
  return `${found}\n\nWhat we held possible, also what turned out not to be so:\n${bullets(thoughts, 'No hypothesis is on record.')}`;
}

function communication(record: IncidentRecord): string {
  const sent = record.messages.map((m) => `${clock(m.at)}, ${m.audience}: ${m.headline}`);
  return bullets(sent, 'No update went out.');
}

/**
 * The first text of each section. Measures arrive as the reader will see them, so that text and figures never disagree;
 * `earlier` and `publicSummary` stay empty: nothing on record may fill them.
 */
export function prefill(record: IncidentRecord, readings: readonly ShownReading[]): Record<SectionName, string> {
  const say = (id: string) => readings.filter((reading) => reading.id === id).map(sayReading);
  const steps = record.containment.map((step) => `${step.at ? `${clock(step.at)} ` : ''}${step.text} (${step.state})`);
  const decisions = record.decisions.map((d) => `${clock(d.at)} ${d.question} ${d.choice} (decided by ${d.by})`);
  return {
    summary: record.summary.trim() || record.title,
    impact: bullets(
      [
        ...say('ttm'),
        ...say('ttr'),
        `Services: ${record.services.length > 0 ? record.services.join(', ') : 'none named'}`,
      ],
      '',
    ),
    understanding: understanding(record),
    containment: `${bullets([...say('ttc'), ...say('containment')], '')}\n\n${bullets(steps, 'No containment action is on record.')}${
      decisions.length > 0 ? `\n\nDecisions:\n${bullets(decisions, '')}` : ''
    }`,
    recovery: bullets(record.recovery, 'No readiness check is on record.'),
    communication: communication(record),
    earlier: '',
    publicSummary: '',
  };
}
