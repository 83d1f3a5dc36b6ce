/** Who started us, so that the product can notice when they are gone although nobody told it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @param {number} pid @returns {{ parent: number, name: string } | undefined} */
function look(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = stat.lastIndexOf(')');
      return { name: stat.slice(stat.indexOf('(') + 1, end), parent: Number(stat.slice(end + 2).split(' ')[1]) };
    }
    const [parent = '', ...name] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return { parent: Number(parent), name: name.join(' ') };
  } catch {
    return undefined;
  }
}

/**
 * The links from us up to npm as `child:parent,…`. A killed npm cannot pass its death on: the shell between it and us
 * lives on, and the product would hold the port and the data. Started without npm, only our own link counts.
 */
export function ancestors() {
  const links = [];
  if (process.env.npm_lifecycle_event) {
    let pid = process.pid;
    for (let level = 0; level < 3; level++) {
      const parent = look(pid)?.parent ?? 0;
      if (parent <= 1) break;
      links.push(`${pid}:${parent}`);
      if (!/^-?(.*\/)?(sh|dash|bash|zsh|ash|busybox)$/.test(look(parent)?.name ?? '')) break;
      pid = parent;
    }
  }
  return [`0:${process.pid}`, ...links].join(',');
}
