/** Assistants and editors in the console: how a program connects by the Model Context Protocol. */
import { type Area, screen } from '../../kit/index.ts';

export const area: Area = {
  pages: [{ path: '/settings/assistants', component: screen(() => import('./mcp.tsx').then((m) => m.Assistants)) }],
  settings: [
    { label: 'Assistants (MCP)', to: '/settings/assistants', order: 32, group: 'Installation', needs: 'app.callTool' },
  ],
};
