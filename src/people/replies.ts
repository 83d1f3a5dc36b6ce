/** What a person means by an answer to an SMS. Pure. */

export type Reply =
  | { kind: 'take'; number: number }
  /** `ACK` alone: the one open page, if there is exactly one. */
  | { kind: 'take_only' }
  /** `T7`: a test page has reached this number. */
  | { kind: 'test'; number: number }
  | { kind: 'stop' }
  | { kind: 'help' };

const STOP = new Set(['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit']);

/** `1a `, `１ａ` (full width), `ack 1`, `ACK`, `Stop.`; everything else asks for help. */
export function readReply(text: string): Reply {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (STOP.has(words)) return { kind: 'stop' };
  if (words === 'ack' || words === 'a') return { kind: 'take_only' };
  const test = /^t ?(\d{1,2})$/.exec(words)?.[1];
  if (test && Number(test) > 0) return { kind: 'test', number: Number(test) };
  const number = /^(?:ack )?(\d{1,2}) ?a?$/.exec(words)?.[1];
  return number && Number(number) > 0 ? { kind: 'take', number: Number(number) } : { kind: 'help' };
}
