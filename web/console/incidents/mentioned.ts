/** Finds the service somebody means by the words they type. Pure. */

/** The service whose name stands in what was typed; the longest one when several do. */
export function mentioned<T extends { name: string }>(title: string, services: readonly T[]): T | undefined {
  const text = ` ${title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return services
    .filter(({ name }) =>
      text.includes(
        ` ${name
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
          .trim()} `,
      ),
    )
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}
