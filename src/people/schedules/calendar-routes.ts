/** `GET /cal/<token>.ics`: a calendar to subscribe to. Unknown, revoked and unused tokens all look the same: 404. */
import { addMs, rawRoute, sha256hex } from '#kernel';
import { systemActor, userById } from '#security';
import { asEvents, feedByToken, mergeEvents, saidEvents, wantedEvents } from './calendars.ts';
import { publishCalendar } from './commands/publishCalendar.ts';
import { calendarText } from './ical.ts';

const DAY = 86_400_000;

export const calendarRoutes = [
  rawRoute({
    method: 'GET',
    path: '/cal/:file',
    handle: async (request, reply, house) => {
      const { file } = request.params as { file: string };
      const ctx = await house.ctx(systemActor('calendar'), { requestId: request.id });
      const feed = /^[\w-]{20,100}\.ics$/.test(file) ? await feedByToken(ctx, file.slice(0, -4)) : undefined;
      const owner = feed && (await userById(ctx, feed.userId));
      if (!feed || !owner?.active)
        return reply
          .code(404)
          .header('cache-control', 'no-store')
          .type('text/plain; charset=utf-8')
          .send('No calendar here. It may have been taken back.\n');
      const { name, events } = await wantedEvents(ctx, feed);
      const { rows, changed } = mergeEvents(feed.id, await saidEvents(ctx, feed.id), events, ctx.now);
      if (changed.length > 0 || !feed.lastUsedAt || feed.lastUsedAt < addMs(ctx.now, -DAY))
        await publishCalendar(ctx, { feedId: feed.id, changed });
      const text = calendarText(name, asEvents(rows));
      const etag = `"${sha256hex(text).slice(0, 32)}"`;
      reply.header('etag', etag).header('cache-control', 'private, max-age=300');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type('text/calendar; charset=utf-8').send(text);
    },
  }),
];
