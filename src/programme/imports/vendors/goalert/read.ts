/**
 * Reads GoAlert by GraphQL. One document does everything, because a GraphQL API key of GoAlert is bound to exactly one
 * document; it is sent again with other cursors until every list is through.
 */
import { Problem } from '#kernel';
import { type Json, listOf } from '../../model.ts';
import type { Reader } from '../../reader.ts';
import type { Read } from '../vendor.ts';

const DAY = 86_400_000;
const CHECK_DAYS = 56;
const LISTS = ['users', 'schedules', 'rotations', 'escalationPolicies', 'services', 'userOverrides'] as const;

/** What an administrator of GoAlert makes the API key for. */
export const DOCUMENT = `query Evenkeel(
  $users: String!, $schedules: String!, $rotations: String!, $escalationPolicies: String!, $services: String!, $userOverrides: String!,
  $moreUsers: Boolean!, $moreSchedules: Boolean!, $moreRotations: Boolean!, $moreEscalationPolicies: Boolean!, $moreServices: Boolean!, $moreUserOverrides: Boolean!,
  $from: ISOTimestamp!, $to: ISOTimestamp!
) {
  users(input: { first: 50, after: $users }) @include(if: $moreUsers) {
    nodes { id name email role contactMethods { id type name value disabled } }
    pageInfo { endCursor hasNextPage }
  }
  schedules(input: { first: 25, after: $schedules }) @include(if: $moreSchedules) {
    nodes {
      id name description timeZone
      targets { target { id type name } rules { start end weekdayFilter } }
      temporarySchedules { start end shifts { userID start end } }
      shifts(start: $from, end: $to) { userID start end truncated }
    }
    pageInfo { endCursor hasNextPage }
  }
  rotations(input: { first: 50, after: $rotations }) @include(if: $moreRotations) {
    nodes { id name description timeZone start type shiftLength activeUserIndex userIDs }
    pageInfo { endCursor hasNextPage }
  }
  escalationPolicies(input: { first: 50, after: $escalationPolicies }) @include(if: $moreEscalationPolicies) {
    nodes { id name description repeat steps { id stepNumber delayMinutes targets { id type name } } }
    pageInfo { endCursor hasNextPage }
  }
  services(input: { first: 50, after: $services }) @include(if: $moreServices) {
    nodes {
      id name description escalationPolicyID
      integrationKeys { id type name }
      heartbeatMonitors { id name timeoutMinutes }
    }
    pageInfo { endCursor hasNextPage }
  }
  userOverrides(input: { first: 50, after: $userOverrides, start: $from }) @include(if: $moreUserOverrides) {
    nodes { id start end addUserID removeUserID target { id type name } }
    pageInfo { endCursor hasNextPage }
  }
}`;

const upper = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}`;

export async function readGoAlert(reader: Reader): Promise<Read> {
  const parts: Record<string, Json[]> = Object.fromEntries(LISTS.map((list) => [list, []]));
  const cursors: Record<string, string> = Object.fromEntries(LISTS.map((list) => [list, '']));
  const open = new Set<string>(LISTS);
  const [from, to] = [reader.now.toISOString(), new Date(reader.now.getTime() + CHECK_DAYS * DAY).toISOString()];
  // Nobody has 500 pages of anything; the limit only ends what would never end.
  for (let page = 0; open.size > 0 && page < 500; page++) {
    const more = Object.fromEntries(LISTS.map((list) => [`more${upper(list)}`, open.has(list)]));
    const answer = await reader.post('api/graphql', {
      query: DOCUMENT,
      operationName: 'Evenkeel',
      variables: { ...cursors, ...more, from, to },
    });
    const errors = listOf(answer.errors);
    if (errors.length > 0)
      throw new Problem(422, 'GoAlert refuses the query', {
        rule: 'imports.answer',
        detail: `${String(errors[0]?.message).slice(0, 200)}. The API key must belong to an administrator and be made for exactly the query in the guide.`,
      });
    for (const list of [...open]) {
      const connection = answer.data?.[list];
      parts[list]?.push(...listOf(connection?.nodes));
      const { hasNextPage, endCursor } = (connection?.pageInfo ?? {}) as Json;
      if (hasNextPage === true && typeof endCursor === 'string' && endCursor !== cursors[list])
        cursors[list] = endCursor;
      else open.delete(list);
    }
    reader.tell(
      'People, schedules, policies and services',
      Object.values(parts).reduce((sum, records) => sum + records.length, 0),
    );
  }
  for (const schedule of parts.schedules ?? []) Object.assign(schedule, { checkedFrom: from, checkedTo: to });
  return { parts, unread: [] };
}
