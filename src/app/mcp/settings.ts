/** What an operator may change about the MCP server. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

interface McpSetting {
  enabled: boolean;
  origins: string[];
}

export const mcpSetting = defineSetting<McpSetting>({
  key: 'app.mcp',
  schema: z.strictObject({
    enabled: z
      .boolean()
      .describe('On: programs with an API token may use the tools at /mcp, each within the scopes of its token.'),
    origins: z
      .array(
        z
          .string()
          .trim()
          .max(200)
          .regex(/^https?:\/\/[^/\s]+$/, 'such as https://tool.example.com'),
      )
      .max(20)
      .describe('Web pages of other addresses that may call it from a browser. Programs need no entry here.'),
  }),
  default: { enabled: true, origins: [] },
  help: 'The MCP server, by which assistants and editors read incidents and, with the scopes for it, write. Containment is only ever proposed.',
});
