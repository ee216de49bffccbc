import type { z } from 'zod';
import { ACTS, type Subject } from '@ledger/domain/catalogue';
import { KINDS } from '@ledger/domain/fact/kinds';
import { fieldMeta, type Named } from '@ledger/domain/schema/fields';

/** What a record may ask for: to record a fact of some kind, or to perform an act. */
export interface Asked {
  /** Of the event that comes of it. */
  readonly type: string;
  readonly schema: z.ZodObject;
  readonly isFact: boolean;
  readonly subject: Subject;
  /** What it makes that has an id, and the field with that id. */
  readonly makes: { readonly named: Named; readonly field: string } | undefined;
  /** Fields that name something without which it is refused: that must be on record before. */
  readonly needs: readonly string[];
  /** Nobody asks for it: it follows from something else. */
  readonly followsOnly: boolean;
}

/** The other fields of a fact may name one that is not on record yet. */
const FACT_NEEDS = ['incidentId', 'corrects', 'retracts'];
const ACT_NEEDS = ['incidentId', 'gapId', 'questionId', 'agreementId', 'contactId'];

const asks = new Map<string, Asked>();
/** Of what has an id: the type of event that makes it. */
export const MAKERS = new Map<Named, Asked>();

const add = (asked: Asked, ...names: readonly (string | undefined)[]): void => {
  for (const name of [asked.type, ...names])
    if (name !== undefined) {
      if (asks.has(name) && asks.get(name) !== asked) throw new Error(`${name} names two kinds of record`);
      asks.set(name, asked);
    }
  if (asked.makes !== undefined && !MAKERS.has(asked.makes.named)) MAKERS.set(asked.makes.named, asked);
};

for (const { type, schema, noun, command } of KINDS.values())
  add(
    {
      type,
      schema,
      isFact: true,
      subject: 'incident',
      makes: { named: 'fact', field: 'factId' },
      needs: FACT_NEEDS.filter((field) => field in schema.shape),
      followsOnly: false,
    },
    noun,
    command,
  );

for (const { type, schema, command, subject, makes } of ACTS.values()) {
  const field = type === 'incident-opened' ? 'incidentId' : makes;
  const named = field === undefined ? undefined : fieldMeta(schema.shape[field] as z.ZodType)?.names;
  add(
    {
      type,
      schema,
      isFact: false,
      subject,
      makes: field === undefined || named === undefined ? undefined : { named, field },
      needs: ACT_NEEDS.filter((name) => name in schema.shape && name !== field),
      followsOnly: command === undefined,
    },
    command,
  );
}

/** `claim-made`, from `CLAIM_MADE`, `ClaimMade` or `claim made`. */
export const kebab = (name: string): string =>
  name
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[\s_]+/g, '-')
    .toLowerCase();

/** By event type, noun or command, in any spelling. */
export const askedBy = (name: string): Asked | undefined => asks.get(kebab(name));

/** Everything that may be asked for, once each. */
export const ALL_ASKED: readonly Asked[] = [...new Set(asks.values())];
