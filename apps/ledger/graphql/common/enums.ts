import { registerEnumType } from '@nestjs/graphql';
import type { Enumeration } from '@ledger/domain/schema/fields';
import { upper } from './names';

const registered = new Map<string, Record<string, string>>();

/** The GraphQL enum of a domain enumeration: UPPER_CASE outside, the stored value inside. Registered once per name. */
export const enumType = ({ name, description, values }: Enumeration): Record<string, string> => {
  const known = registered.get(name);
  if (known !== undefined) return known;
  const members = Object.fromEntries(Object.keys(values).map((value) => [upper(value), value]));
  const valuesMap = Object.fromEntries(
    Object.entries(values).map(([value, meaning]) => [upper(value), { description: meaning }]),
  );
  registerEnumType(members, { name, description, valuesMap });
  registered.set(name, members);
  return members;
};
