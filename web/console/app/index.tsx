/** Assistants in the console: how a program connects by the Model Context Protocol, and drafts in the war room. */
import { type Area, screen } from '../../kit/index.ts';
import { AssistantButton } from './drafts.tsx';

export const area: Area = {
  warRoomActions: [AssistantButton],
  pages: [{ path: '/settings/assistants', component: screen(() => import('./mcp.tsx').then((m) => m.Assistants)) }],
  settings: [
    { label: 'Assistants (MCP)', to: '/settings/assistants', order: 32, group: 'Installation', needs: 'app.callTool' },
  ],
};
