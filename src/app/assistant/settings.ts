/** The assistant: off unless somebody enters an endpoint of their own. */
import { z } from 'zod';
import { checkUrl, defineSetting } from '#kernel';

const fits = (url: string) => {
  try {
    checkUrl(url);
    return true;
  } catch {
    return false;
  }
};

export const assistantSetting = defineSetting({
  key: 'app.assistant',
  schema: z
    .strictObject({
      url: z
        .string()
        .trim()
        .max(500)
        .refine(fits, 'an http(s) address that may be called')
        .describe(
          'Base address of an OpenAI-compatible endpoint, such as https://api.openai.com/v1 or http://llm.internal:8000/v1. Requests go to /chat/completions below it. A private address has to be allowed by EVENKEEL_EGRESS_ALLOW.',
        ),
      model: z.string().trim().min(1).max(120).describe('Name of the model, as the endpoint knows it.'),
      apiKey: z.string().max(500).default('').describe('Kept encrypted. Empty when the endpoint asks for none.'),
      timeoutSeconds: z.number().int().min(5).max(120).default(40).describe('How long a person waits for a draft.'),
      maxTokens: z.number().int().min(200).max(4000).default(1200).describe('The longest answer, in tokens.'),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'Drafts by a language model of your own choice: situation, update, facts for a review. It reads entries that are not restricted, cites them, decides nothing and writes nothing by itself. Off while this is empty.',
});
