/** Carries out what was said in a chat, by the same commands as the war room, as the person who said it. */
import { answerInPlace, callSlack, escapeSlack, type RoomHeard, slackSetting } from '#channels';
import { type Ctx, Problem, readSetting } from '#kernel';
import { userOfChatId } from '#people';
import { personRefs } from '#security';
import { addHypothesis } from '../commands/addHypothesis.ts';
import { addTask } from '../commands/addTask.ts';
import { askQuestion } from '../commands/askQuestion.ts';
import { assignRole } from '../commands/assignRole.ts';
import { changeSeverity } from '../commands/changeSeverity.ts';
import { declare } from '../commands/declare.ts';
import { postEntry } from '../commands/postEntry.ts';
import { recordDecision } from '../commands/recordDecision.ts';
import { recordImpact } from '../commands/recordImpact.ts';
import { situationOf } from '../situation.ts';
import { readIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import { keepMessage } from './keep.ts';
import { actorOfSlack, UNKNOWN_MEMBER } from './person.ts';
import { incidentOfChannel } from './store.ts';
import { helpText, readSpoken, type Spoken } from './words.ts';

type Command = Extract<RoomHeard, { what: 'command' }>;

/** A command of a chat whose word belongs to a module above: who said it, and about which incident. */
export interface ChatCommand {
  ctx: Ctx;
  incident: IncidentRow;
  spoken: Spoken;
  answer(text: string): Promise<void>;
}

/** Reads a command for a module above; undefined unless it is of this kind, in an incident's channel, by a known person. */
export async function chatCommand(ctx: Ctx, heard: RoomHeard, kind: Spoken['kind']): Promise<ChatCommand | undefined> {
  if (heard.what !== 'command') return undefined;
  const spoken = readSpoken(heard.command, heard.text);
  if (spoken.kind !== kind) return undefined;
  const actor = await actorOfSlack(ctx, heard.userId);
  const incident = actor && (await incidentOfChannel(ctx, heard.channelId));
  if (!actor || !incident) return undefined;
  const inside = { ...ctx, actor, exercise: incident.exercise };
  return { ctx: inside, incident, spoken, answer: (text) => answerInPlace(ctx, heard.responseUrl, escapeSlack(text)) };
}

/** What a refusal says in a chat. */
export const refusalText = (problem: Problem): string =>
  [problem.message, problem.detail].filter(Boolean).join('. ').slice(0, 1500);

/** Does what was said and answers where it was said. Refusals are answers, not errors. */
export async function hear(ctx: Ctx, key: string, heard: RoomHeard): Promise<void> {
  if (heard.what === 'pin' || heard.what === 'emoji') return keepMessage(ctx, heard);
  const actor = await actorOfSlack(ctx, heard.userId);
  const say = (text: string) => answerInPlace(ctx, heard.responseUrl, text);
  if (heard.what === 'button' && ['open', 'call'].includes(heard.action)) return;
  if (!actor) return say(UNKNOWN_MEMBER);
  try {
    const acting = { ...ctx, actor };
    const text = heard.what === 'button' ? await press(acting, heard) : await carryOut(acting, key, heard);
    if (text !== undefined) await say(text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await say(escapeSlack(refusalText(error)));
  }
}

async function press(ctx: Ctx, heard: Extract<RoomHeard, { what: 'button' }>): Promise<string | undefined> {
  const incident = await readIncident(ctx, heard.value);
  if (heard.action === 'status') return escapeSlack((await situationOf(ctx, incident.id)).text);
  if (heard.action !== 'lead') return undefined;
  const { changed } = await assignRole(inside(ctx, incident), { incidentId: incident.id, role: 'incident_commander' });
  return changed ? `You lead ${incident.key}.` : `You already lead ${incident.key}.`;
}

const inside = (ctx: Ctx, incident: IncidentRow): Ctx => ({ ...ctx, exercise: incident.exercise });

async function carryOut(ctx: Ctx, key: string, heard: Command): Promise<string | undefined> {
  const spoken = readSpoken(heard.command, heard.text);
  if (spoken.kind === 'help') return helpText();
  if (spoken.kind === 'unclear') return escapeSlack(`Say it so: ${spoken.usage}`);
  if (spoken.kind === 'declare') {
    const made = await declare(ctx, { title: spoken.title, severity: spoken.severity, requestKey: key });
    return escapeSlack(`${made.key} is declared: ${spoken.title}`);
  }
  const incident = await incidentOfChannel(ctx, heard.channelId);
  if (!incident)
    return 'This channel belongs to no incident. `/incident declare …` opens one, with a channel of its own.';
  return onIncident(inside(ctx, incident), incident, spoken);
}

async function onIncident(
  ctx: Ctx,
  incident: IncidentRow,
  spoken: Exclude<Spoken, { kind: 'help' | 'unclear' | 'declare' }>,
): Promise<string | undefined> {
  const incidentId = incident.id;
  switch (spoken.kind) {
    case 'status':
      return escapeSlack((await situationOf(ctx, incidentId)).text);
    case 'note':
    case 'action':
      await postEntry(ctx, { incidentId, text: spoken.text, kind: spoken.kind });
      return 'It stands in the record.';
    case 'hypothesis':
      await addHypothesis(ctx, { incidentId, text: spoken.text });
      return 'The hypothesis stands in the war room.';
    case 'task':
      await addTask(ctx, { incidentId, text: spoken.text });
      return 'The task stands in the war room.';
    case 'question':
      await askQuestion(ctx, { incidentId, text: spoken.text });
      return 'The question stands in the war room, for somebody to answer.';
    case 'impact': {
      const { customers, pctRequests, method = 'said in the chat' } = spoken;
      await recordImpact(ctx, { incidentId, customers, pctRequests, method });
      return 'The impact stands in the record.';
    }
    case 'decision':
      await recordDecision(ctx, { incidentId, question: spoken.question, choice: spoken.choice });
      return 'The decision stands in the record.';
    case 'severity': {
      const { changed } = await changeSeverity(ctx, { incidentId, severity: spoken.severity, reason: spoken.reason });
      return changed
        ? `${incident.key} is SEV${spoken.severity} now.`
        : `${incident.key} was SEV${spoken.severity} already.`;
    }
    case 'role':
      return giveRole(ctx, incident, spoken);
    // Comms hears it and answers.
    case 'update':
      return undefined;
  }
}

async function giveRole(
  ctx: Ctx,
  incident: IncidentRow,
  { role, chatId }: Extract<Spoken, { kind: 'role' }>,
): Promise<string> {
  const userId = chatId ? await userOfChatId(ctx, 'slack', chatId) : undefined;
  if (chatId && !userId) return 'That person has not proven their member ID yet: give the role in the war room.';
  const { changed, warnings, person } = await assignRole(ctx, { incidentId: incident.id, role, userId });
  const name = person.name || (await personRefs(ctx, [person.id])).get(person.id)?.name;
  return escapeSlack([`${name} has the role${changed ? '' : ' already'}.`, ...warnings].join(' '));
}

/** Whether the app of Slack answers, as what, and which of the scopes it needs are missing. */
export async function testSlack(ctx: Ctx) {
  const app = await readSetting(ctx, slackSetting);
  if (app === null)
    return { ok: false, error: 'Slack is not configured: enter the token and the signing secret first.' };
  const answer = await callSlack(ctx, app, 'auth.test', {});
  if (!answer.ok) return { ok: false, error: `Slack answered: ${answer.error}` };
  const { team, user, url } = answer.body as { team?: string; user?: string; url?: string };
  return { ok: true, team: team ?? '', user: user ?? '', url: url ?? '', granted: answer.scopes };
}
