/** What the app itself brings: what is said of its MCP server. */
import { z } from 'zod';
import { endpoint } from './core.ts';

export const endpoints = {
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
