/** Saves a source as the next draft of its playbook (by name). The same source again changes nothing. */
import { type Ctx, invalid, Problem, personOf, sha256hex } from '#kernel';
import { command } from '#security';
import { parsePlaybook } from '../format/parse.ts';
import {
  insertPlaybook,
  insertVersion,
  latestVersion,
  lockPlaybook,
  revivePlaybook,
  type VersionRow,
} from '../store.ts';

export const savePlaybook = command(
  'playbooks.savePlaybook',
  {
    allow: 'manager',
    subject: (_input: { source: string }, row: VersionRow) => row.playbookId,
  },
  async (ctx: Ctx, { source }): Promise<VersionRow> => {
    const author = personOf(ctx.actor);
    if (!author)
      throw new Problem(403, 'A playbook has an author: sign in as a person', {
        rule: 'playbooks.author',
      });
    const { playbook, problems } = parsePlaybook(source);
    if (!playbook) {
      const errors = problems.map((one) => ({
        path: one.path || 'source',
        message: `line ${one.line}, column ${one.column}: ${one.message}`,
      }));
      throw invalid('This is not a playbook yet', 'playbooks.format', errors);
    }
    const known = await lockPlaybook(ctx.db, playbook.metadata.name);
    const row =
      known ??
      (await insertPlaybook(ctx, {
        name: playbook.metadata.name,
        title: playbook.metadata.title,
        createdBy: author,
      }));
    if (row.retiredAt) await revivePlaybook(ctx, row.id);
    const latest = await latestVersion(ctx.db, row.id);
    const hash = sha256hex(source);
    if (latest?.hash === hash) return latest;
    const saved = await insertVersion(ctx, {
      playbookId: row.id,
      number: (latest?.number ?? 0) + 1,
      version: playbook.metadata.version,
      source,
      hash,
      parsed: playbook,
      createdBy: author,
    });
    ctx.audit.before = latest ? { number: latest.number, hash: latest.hash } : undefined;
    ctx.audit.after = { number: saved.number, version: saved.version, hash };
    return saved;
  },
);
