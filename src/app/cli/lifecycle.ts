/** When the product has to stop: a signal, or the end of those who started it. */
import { readFileSync } from 'node:fs';
import { monotonic } from '#kernel';

/** `child:parent` pairs of process ids; child 0 is this process. */
export interface Link {
  child: number;
  parent: number;
}

/** Reads `0:411,411:410`. Anything else in it is ignored: a wrong link must never stop a product. */
export function parseLinks(text: string | undefined): Link[] {
  return (text ?? '').split(',').flatMap((pair) => {
    const [child, parent] = pair.split(':').map(Number);
    return Number.isInteger(child) && Number.isInteger(parent) && parent! > 0
      ? [{ child: child!, parent: parent! }]
      : [];
  });
}

function parentOf(pid: number): number | undefined {
  if (pid === 0) return process.ppid;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A child gets another parent the moment its own dies, even while that one waits as a zombie for being collected. */
export function isBroken({ child, parent }: Link): boolean {
  if (child === 0 || process.platform === 'linux') return parentOf(child) !== parent;
  return !alive(parent);
}

/** How often the links are looked at: two small reads. */
const LOOK_MS = 300;
/** Ctrl-C reaches us from the terminal and once more through npm; only a later one means “now”. */
const ECHO_MS = 1_500;

export interface Stop {
  /** Settles with the reason. */
  asked: Promise<string>;
  /** Called when somebody insists after `asked` has settled. */
  onInsist(act: (reason: string) => void): void;
}

/** Starts to listen. Call it before anything slow begins, so that no signal meets Node's default. */
export function listenForStop(startedBy: string | undefined): Stop {
  let insist: ((reason: string) => void) | undefined;
  let since: number | undefined;
  const asked = new Promise<string>((resolve) => {
    const stop = (reason: string) => {
      if (since === undefined) {
        since = monotonic();
        resolve(reason);
      } else if (monotonic() - since > ECHO_MS) insist?.(reason);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
    const links = parseLinks(startedBy);
    if (links.length === 0) return;
    const look = setInterval(() => {
      if (!links.some(isBroken)) return;
      clearInterval(look);
      stop('the process that started it is gone');
    }, LOOK_MS);
    look.unref();
  });
  return {
    asked,
    onInsist: (act) => {
      insist = act;
    },
  };
}
