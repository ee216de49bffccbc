/** A plain value: what goes over the wire and into a file. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The order of a list counts, that of fields does not. */
export const isSame = (one: Json, other: Json): boolean => canonical(one) === canonical(other);

const canonical = (value: Json): string =>
  JSON.stringify(value, (_, part: Json) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
