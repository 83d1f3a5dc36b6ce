/** A branch of a Git remote, such as one from which a host of static pages serves: one commit per change, by the git program. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkUrl, dataPath, invalid } from '#kernel';
import type { Place, Target } from './place.ts';

const TIMEOUT_MS = 60_000;

/** Runs git in a folder, without a shell, a terminal or a prompt. Throws with git's own last words. */
function git(dir: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT_MS });
    let out = '';
    let words = '';
    child.stdout.on('data', (part) => (out += part));
    child.stderr.on('data', (part) => (words = (words + part).slice(-2000)));
    child.once('error', (error) => reject(new Error(`git could not be started: ${error.message}`)));
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`git ${args[0]} failed: ${lastWords(words) || `code ${code}`}`)),
    );
  });
}
const lastWords = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-2)
    .join('; ')
    // A remote may carry a user name; nothing after it is shown.
    .replace(/\/\/[^/@\s]*@/g, '//');

/** What git may do here is in the repository's own file: no helpers, no hooks, no redirects, no prompts, no other protocols. */
const configOf = ({ config: { remote }, secret }: Target<'git'>) => `[core]
	repositoryformatversion = 0
	bare = false
	hooksPath = /dev/null
	askPass = true
	sshCommand = ssh -oBatchMode=yes
[protocol]
	allow = never
[protocol "https"]
	allow = always
[protocol "ssh"]
	allow = always
[protocol "file"]
	allow = always
[http]
	followRedirects = false
${secret ? `\textraHeader = "Authorization: Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}"\n` : ''}[credential]
	helper =
[commit]
	gpgSign = false
[user]
	name = Evenkeel
	email = status@evenkeel.invalid
[remote "origin"]
	url = ${JSON.stringify(remote)}
`;

/** The working copy of this place, level with the remote's branch, whatever was there before. */
async function workingCopy(target: Target<'git'>): Promise<string> {
  const { branch } = target.config;
  const dir = dataPath('copies', target.id);
  if (!existsSync(join(dir, '.git'))) {
    await mkdir(dir, { recursive: true });
    await git(dir, 'init', '--quiet');
  }
  await writeFile(join(dir, '.git', 'config'), configOf(target), { mode: 0o600 });
  await chmod(join(dir, '.git', 'config'), 0o600);
  const there = await git(dir, 'ls-remote', 'origin', `refs/heads/${branch}`);
  if (there.trim() === '') {
    await git(dir, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`);
    return dir;
  }
  await git(dir, 'fetch', '--quiet', '--depth', '1', '--no-tags', 'origin', `refs/heads/${branch}`);
  await git(dir, 'checkout', '--quiet', '--force', '-B', branch, 'FETCH_HEAD');
  return dir;
}

/** Everything of ours below the prefix that should not stand there. Files of others are outside the prefix or named in no copy. */
async function strangers(root: string, all: Set<string>): Promise<string[]> {
  const found = existsSync(join(root, 'incidents')) ? await readdir(join(root, 'incidents')) : [];
  return found.map((name) => `incidents/${name}`).filter((path) => !all.has(path));
}

export const gitRemote: Place<'git'> = {
  kind: 'git',
  check({ remote }) {
    const bad = (message: string) => invalid(message, 'comms.copies', [{ path: 'place.remote', message }]);
    if (/[\s"\\\p{Cc}]/u.test(remote)) throw bad('The remote contains signs that no address has');
    if (remote.startsWith('https://')) return void checkUrl(remote);
    if (!/^(?:ssh:\/\/[\w.@:/~-]+|file:\/\/\/[^?#]+|[\w.-]+@[\w.-]+:[\w./~-]+)$/.test(remote) || /[@/:]-/.test(remote))
      throw bad('The remote is an address such as https://…, ssh://… or git@host:path');
  },
  async push(_ctx, target, { write, all }) {
    const dir = await workingCopy(target);
    const root = join(dir, target.config.prefix);
    for (const [path, text] of write) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    for (const path of await strangers(root, all)) await rm(join(root, path), { force: true });
    await git(dir, 'add', '--all');
    // Nothing to say when somebody else's push has brought the very same.
    if ((await git(dir, 'status', '--porcelain')).trim() !== '')
      await git(dir, 'commit', '--quiet', '--no-verify', '-m', 'The status page as of now');
    await git(dir, 'push', '--quiet', 'origin', `HEAD:refs/heads/${target.config.branch}`);
  },
  async read(_ctx, target, path) {
    const dir = await workingCopy(target);
    return git(dir, 'show', `FETCH_HEAD:${join(target.config.prefix, path)}`);
  },
};
