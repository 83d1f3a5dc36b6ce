/** Who led and who spoke in each incident, what was thought, what was done first. */

export interface Response {
  commander: string;
  speaker: string;
  /** First containment action, by hand, as it was written down. */
  first: string;
  evidence: string;
  cause: string;
  /** What was held possible: the first turned out right, the second did not. */
  right: string;
  wrong: string;
}

const greta = 'Greta Holm';
const anouk = 'Anouk Visser';
const response = (
  commander: string,
  speaker: string,
  first: string,
  evidence: string,
  cause: string,
  right: string,
  wrong: string,
): Response => ({ commander, speaker, first, evidence, cause, right, wrong });

export const responses: Record<number, Response> = {
  1001: response(
    'Ines Varga',
    greta,
    'Took the new search version out for half of the depots',
    'The list opens within 2 s on both halves',
    'The search release was undone everywhere',
    'The search release of this morning',
    'A slow disk under the search index',
  ),
  1002: response(
    'Yara Haddad',
    anouk,
    'Doubled the number of senders',
    'The oldest waiting notification gets younger',
    'One customer’s endpoint no longer holds the others up',
    'One slow endpoint holds up all others',
    'Too little memory',
  ),
  1003: response(
    'Ines Varga',
    greta,
    'Capped retries to PayBridge at one',
    'The share of failed payments stopped growing',
    'PayBridge answers again within 1 s',
    'PayBridge is slow and our retries make it worse',
    'The payment release of yesterday',
  ),
  1004: response(
    'Elif Demir',
    anouk,
    'Stopped the import and kept the files',
    'No price changes any more until the files are checked',
    'The stuck file was taken out and its supplier told',
    'One broken file stops all that follow',
    'The supplier sent nothing',
  ),
  1005: response(
    'Ines Varga',
    anouk,
    'Switched log-in e-mails to the second sender',
    'A log-in e-mail arrives within a minute',
    'Mailhopper accepts mails again',
    'Mailhopper does not accept our mails',
    'A change to the log-in page',
  ),
  1006: response(
    'Ines Varga',
    greta,
    'Put the former routes back by hand',
    'Requests from Europe are answered',
    'The faulty configuration was removed',
    'The configuration push of 13:28 removed the EU routes',
    'An outage at CloudNorth',
  ),
  1007: response(
    'Elif Demir',
    anouk,
    'Started the job again with half of the data',
    'The first reports are there',
    'A time limit that no longer fits was raised',
    'The job runs into its time limit',
    'The object store is full',
  ),
  1008: response(
    'Ines Varga',
    greta,
    'Took orders into read-only so that nothing is written to the failing primary',
    'No write reaches the failing primary',
    'The standby of orders-db took over and the failed machine is out',
    'The disk of the primary fails',
    'Too many connections',
  ),
  1009: response(
    'Mina Farouk',
    anouk,
    'Capped retries and sent a tenth of the payments over Cardwell',
    'The share of failed payments stopped growing',
    'PayBridge answers again within 1 s',
    'PayBridge is slow again',
    'The new checkout page',
  ),
  1010: response(
    'Diego Salas',
    anouk,
    'Switched directions to text',
    'Drivers see their stops again',
    'Mapstead serves maps again',
    'Mapstead does not answer',
    'A new version of the app',
  ),
  1011: response(
    'Elif Demir',
    greta,
    'Stopped the import and held price-dependent offers',
    'No price changes any more until the files are checked',
    'The stuck file was taken out',
    'The same kind of broken file as in spring',
    'The feed of a new supplier',
  ),
  1012: response(
    'Yara Haddad',
    anouk,
    'Put a certificate of 90 days in place by hand',
    'The first partners connect',
    'The certificate is renewed by the usual way',
    'The certificate expired at 11:00',
    'A change at the gateway',
  ),
  1013: response(
    'Ines Varga',
    greta,
    'Switched to deferred capture and sent half of the payments over Cardwell',
    'Orders are confirmed within 2 s',
    'PayBridge answers again within 1 s',
    'PayBridge is slow, third time',
    'Cardwell refuses too much',
  ),
  1014: response(
    'Ines Varga',
    greta,
    'Took the new order service out of the first region',
    'No order is refused any more in eu-west',
    'The release was undone everywhere',
    'The order service release of 12:10',
    'Stock counts are wrong',
  ),
  1016: response(
    'Elif Demir',
    anouk,
    'Stopped the largest export',
    'Other exports finish again',
    'The export was split in ten parts',
    'One export of a year holds the others up',
    'The object store is slow',
  ),
  1017: response(
    'Rui Matos',
    anouk,
    'Compared stock counts of ten products',
    'They agree',
    'Nothing was wrong',
    'The monitor compares with a copy that is behind',
    'Stock counts are wrong',
  ),
  1018: response(
    'Mina Farouk',
    anouk,
    'Looked at the checkout',
    'It waits for payments',
    'See the other incident',
    'It is the card payments',
    'The checkout release',
  ),
};
