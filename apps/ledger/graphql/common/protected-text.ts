import { Field, ObjectType } from '@nestjs/graphql';
import type { Redacted } from '@ledger/domain/schema/fields';
import { enumType } from './enums';

const TextState = enumType({
  name: 'TextState',
  description: 'Whether a text can be read, and if not, why.',
  values: {
    present: 'The text is here.',
    erased: 'Its key was destroyed; the record and its proofs are unchanged.',
    unreadable: 'The event that holds it cannot be read by this version of the software.',
    'key-missing': 'Its key is missing from the vault: a fault to be looked into, not an erasure.',
    'redacted-in-source': 'The source itself had blacked it out.',
  },
});

@ObjectType({ description: 'A text that may have become, or have been from the start, unreadable.' })
export class ProtectedText {
  @Field(() => String, { nullable: true, description: 'The text; null in every state but PRESENT.' })
  value: string | null;
  @Field(() => TextState, { description: 'Why it can or cannot be read.' })
  state: string;
}

/** Stands for a text inside an event that cannot be read. */
export const UNREADABLE = {};

/** From the stored form: a string, `{hidden}` or `{redacted}`. */
export const protectedText = (stored: unknown): ProtectedText | null => {
  if (stored === undefined || stored === null) return null;
  if (typeof stored === 'string') return { value: stored, state: 'present' };
  const { hidden, redacted } = stored as { hidden?: string; redacted?: Redacted['redacted'] };
  return { value: null, state: hidden ?? (redacted === undefined ? 'unreadable' : 'redacted-in-source') };
};
