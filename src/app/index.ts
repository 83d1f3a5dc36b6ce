/** The app's own small part beside assembling the house: the MCP server. */
import { defineModule } from '#kernel';
import { callTool } from './commands/callTool.ts';
import { learnRoutes } from './mcp/call.ts';
import { routes } from './mcp/routes.ts';
import { mcpSetting } from './mcp/settings.ts';

export const module = defineModule({
  name: 'app',
  commands: [callTool],
  settings: [mcpSetting],
  routes,
  onStart: learnRoutes,
});
