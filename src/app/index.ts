/** The app's own small part beside assembling the house: the MCP server, and drafts by an assistant of the operator's. */
import { defineModule } from '#kernel';
import { assistantRoutes } from './assistant/routes.ts';
import { assistantSetting } from './assistant/settings.ts';
import { callTool } from './commands/callTool.ts';
import { draft } from './commands/draft.ts';
import { learnRoutes } from './mcp/call.ts';
import { routes } from './mcp/routes.ts';
import { mcpSetting } from './mcp/settings.ts';

export const module = defineModule({
  name: 'app',
  commands: [callTool, draft],
  settings: [mcpSetting, assistantSetting],
  routes: [...routes, ...assistantRoutes],
  onStart: learnRoutes,
});
