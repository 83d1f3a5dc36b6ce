/** Starts the server under a guard that holds it on a leash: when we die, even by kill -9, the server is stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Account, SEARCH_PATH } from './account.ts';

/**
 * The guard is a shell, because it is there, small (below 1 MB), and can be the server's parent: no moment exists in
 * which the server runs unguarded. Descriptor 0 is the read end of a pipe (the leash) whose other end only we hold. At its end
 * the server gets SIGINT (fast shutdown, checkpoint) and, 3.5 s later, SIGQUIT (stop now, recover at the next start).
 * TERM, INT and HUP are ignored by the guard, so that signals to a whole process group cannot leave the server alone.
 */
const GUARD = `
trap '' TERM INT HUP
exec 5<&0 </dev/null
"$@" 5<&- >&2 &
server=$!
echo "$server"
(
  while read -r _ <&5; do :; done
  kill -INT "$server"
  n=0
  while kill -0 "$server" && [ "$n" -lt 35 ]; do sleep 0.1; n=$((n + 1)); done
  kill -QUIT "$server"
) >/dev/null 2>&1 &
watch=$!
exec 5<&- >/dev/null
wait "$server"
code=$?
kill -KILL "$watch" 2>/dev/null
exit "$code"
`;

/** Without what the environment says about PostgreSQL (PGDATA, PGOPTIONS …): the server must not be led elsewhere. */
export const SERVER_ENV = { PATH: SEARCH_PATH, LC_ALL: 'C', TZ: 'UTC' };

export interface Guarded {
  /** Of the server itself, not of the guard. */
  pid: number;
  /** Settles when the server has gone, with its exit code. */
  gone: Promise<number>;
  /** The last lines it wrote. */
  tail(): string[];
  /** From here on the server does not keep our process alive: if it ends without a stop, the leash does the rest. */
  letGo(): void;
}

export interface Start {
  command: string[];
  account: Account | undefined;
  /** Handed to the server as descriptor 3. */
  fd: number | undefined;
  line(text: string): void;
}

function remember(child: ChildProcess, line: (text: string) => void): string[] {
  const last: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (text) => {
      last.push(text);
      if (last.length > 30) last.shift();
      line(text);
    });
  }
  return last;
}

/** Starts `command` under the guard. Resolves as soon as the server's process exists; it need not be ready by then. */
export function startGuarded({ command, account, fd, line }: Start): Promise<Guarded> {
  const child = spawn('/bin/sh', ['-c', GUARD, 'evenkeel-guard', ...command], {
    cwd: '/',
    env: SERVER_ENV,
    stdio: ['pipe', 'pipe', 'pipe', fd ?? 'ignore'],
    detached: true, // its own session: Ctrl-C in the terminal is ours to handle
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  const last = remember(child, line);
  const gone = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  child.stdin?.on('error', () => {});
  const letGo = () => {
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr])
      (stream as unknown as { unref?(): void })?.unref?.();
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout?.once('data', (chunk: Buffer) =>
      resolve({ pid: Number(chunk.toString().trim()), gone, tail: () => [...last], letGo }),
    );
  });
}
