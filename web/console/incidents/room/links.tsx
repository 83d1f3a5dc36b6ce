/** Text of the record with its links: an address becomes a link, and nothing else of the text is ever anything but text. */
import { Anchor } from '@mantine/core';
import { Fragment } from 'react';

/** An address up to what cannot belong to it; a full stop or bracket at its end belongs to the sentence. */
const ADDRESS = /https?:\/\/[^\s<>"'“”‘’]+/g;
const TAIL = /[.,;:!?)\]}]+$/;

export interface Piece {
  text: string;
  href?: string;
}

/** Cuts a text into words and addresses. Only http and https, and only what a URL parser takes. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TAIL, '');
    if (!URL.canParse(address)) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: address, href: address });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** Leads out in a tab of its own that learns nothing of where it was opened from. */
export const Linked = ({ text }: { text: string }) => (
  <>
    {pieces(text).map(({ text: part, href }, i) =>
      href ? (
        <Anchor key={i} href={href} target="_blank" rel="noopener noreferrer nofollow" inherit>
          {part}
        </Anchor>
      ) : (
        <Fragment key={i}>{part}</Fragment>
      ),
    )}
  </>
);
