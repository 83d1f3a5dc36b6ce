/** Runs a program in our place: same terminal, signals passed on, its end is our end. */
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { root } from './paths.mjs';

/** `node` in PATH means the pinned one for everything below us. @param {string} node */
const environment = (node) => ({ ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` });

/**
 * Resolves with the exit code. A program that died of a signal takes us with it by the same signal.
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function run(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: environment(node) });
    const forward = (signal) => {
      // Ctrl-C in a terminal reaches the whole foreground group, the program included.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'];
    for (const signal of signals) process.on(signal, forward);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      if (signal) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a program quietly and returns what it said.
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<{ code: number, said: string }>}
 */
export function capture(node, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment(node) });
    let said = '';
    const hear = (chunk) => {
      said += chunk;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}
