/** Notes that a program used a tool of the MCP server: who, which tool, on what, and what came of it. */
import { command } from '#security';

export interface CallToolInput {
  tool: string;
  /** The incident, service or other thing that was named. */
  about?: string | undefined;
  outcome: 'answered' | 'refused';
  /** The rule that refused. */
  rule?: string | undefined;
}

/** Its permission is the right to use the MCP server at all; each tool asks for its own on top. */
export const callTool = command(
  'app.callTool',
  { allow: 'signed_in', subject: (input: CallToolInput) => input.about ?? input.tool },
  async (ctx, { tool, outcome, rule }: CallToolInput): Promise<void> => {
    ctx.audit.after = { tool, outcome, ...(rule ? { rule } : {}) };
  },
);
