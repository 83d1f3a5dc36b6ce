/** A small OpenAI-compatible endpoint: `POST /v1/chat/completions` with real shapes; what it says is decided by the test. */
import { openSink, type ReceivedRequest, type SinkAnswer } from './sink.ts';

export interface ModelRequest {
  model: string;
  messages: { role: string; content: string }[];
  max_tokens: number;
  tools?: unknown;
}

export interface FakeModel {
  /** The value for `url` of the setting app.assistant. */
  url: string;
  requests: (ModelRequest & { authorization: string | undefined })[];
  /** The content of the answer, or a whole HTTP answer. */
  says: (request: ModelRequest) => string | SinkAnswer;
  close(): Promise<void>;
}

export async function openModel(): Promise<FakeModel> {
  const sink = await openSink();
  sink.answer((received: ReceivedRequest): SinkAnswer => {
    if (received.method !== 'POST' || received.path !== '/v1/chat/completions') return { status: 404, body: {} };
    const request = received.json as ModelRequest;
    fake.requests.push({ ...request, authorization: received.headers.authorization });
    const said = fake.says(request);
    if (typeof said !== 'string') return said;
    return {
      body: {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_800_000_000,
        model: request.model,
        choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
      },
    };
  });
  const fake: FakeModel = {
    url: `${sink.url}/v1`,
    requests: [],
    says: () => '{"sentences":[]}',
    close: () => sink.close(),
  };
  return fake;
}
