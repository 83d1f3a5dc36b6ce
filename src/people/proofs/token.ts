/** The signed link of a test page: it proves that who presses it has received the message by that method. */
import { config, derivedKey, hmacSha256, isId, sameText } from '#kernel';

const sign = (text: string) => hmacSha256(derivedKey('people.proof'), text).toString('base64url');

/** The signed part of the address. It lives as long as the test wants an answer, which its row says. */
export const proofToken = (proofId: string): string => `${proofId}.${sign(proofId)}`;

/** The address under which a test page is answered. */
export const proofUrl = (proofId: string): string => `${config.publicUrl}/proof/${proofToken(proofId)}`;

/** The test a token is for; undefined when it is forged or cut. */
export function readProofToken(token: string): string | undefined {
  const [proofId = '', mac = ''] = token.split('.');
  return isId('prf', proofId) && sameText(mac, sign(proofId)) ? proofId : undefined;
}
