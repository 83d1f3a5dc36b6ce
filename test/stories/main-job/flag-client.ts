/** The customer's side of a feature flag: the real OpenFeature SDK with its OFREP provider. */
import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';

export interface FlagClient {
  value(key: string): Promise<string>;
  close(): Promise<void>;
}

/** A client as a service would run it. */
export async function flagClient(url: string, token: string): Promise<FlagClient> {
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl: url, headers: [['authorization', `Bearer ${token}`]] }) as never,
  );
  const flags = OpenFeature.getClient();
  return {
    value: (key) => flags.getStringValue(key, 'default', { targetingKey: 'order-1' }),
    close: () => OpenFeature.close(),
  };
}
