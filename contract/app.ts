/** What the app itself brings: what is said of its MCP server, and drafts by an assistant. */
import { z } from 'zod';
import { endpoint, instant } from './core.ts';

export const endpoints = {
  assistant: endpoint({
    id: 'app.assistant',
    method: 'GET',
    path: '/api/v1/assistant',
    summary: 'Whether an assistant is set up, which model, and where what it reads is sent',
    access: 'read',
    response: z.object({ on: z.boolean(), model: z.string().nullable(), host: z.string().nullable() }),
  }),
  draft: endpoint({
    id: 'app.draft',
    method: 'POST',
    path: '/api/v1/incidents/:id/assistant-drafts',
    summary:
      'A draft by the assistant, each sentence with the entries it rests on. Nothing is stored, decided or published',
    access: 'app.draft',
    params: z.strictObject({ id: z.string() }),
    body: z.strictObject({ kind: z.enum(['situation', 'update', 'review']) }),
    response: z.object({
      kind: z.enum(['situation', 'update', 'review']),
      sentences: z.array(z.object({ text: z.string(), entries: z.array(z.number()), doubt: z.string().nullable() })),
      /** Sentences left out: without an entry that exists, with an address or markup, of no use. */
      dropped: z.object({ uncited: z.number(), links: z.number(), odd: z.number() }),
      model: z.string(),
      madeAt: instant,
      /** Entries the model was shown, and those it was not (restricted, corrected, not public, too many). */
      shown: z.number(),
      withheld: z.number(),
    }),
  }),
  mcpTools: endpoint({
    id: 'app.mcpTools',
    method: 'GET',
    path: '/api/v1/mcp-tools',
    summary: 'The tools of the MCP server, the scope each needs, and which of them I could use',
    access: 'app.callTool',
    response: z.object({
      enabled: z.boolean(),
      url: z.string(),
      revisions: z.array(z.string()),
      perMinute: z.object({ calls: z.number(), writes: z.number() }),
      items: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          about: z.string(),
          scope: z.string(),
          writes: z.boolean(),
          usable: z.boolean(),
        }),
      ),
    }),
  }),
};
