import type { Type } from '@nestjs/common';
import { ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { KINDS, type Kind } from '@ledger/domain/fact/kinds';
import { pascal } from '../common/names';
import { Node } from '../common/node';
import { addOutputs } from '../derived/output-type';
import { Fact, TimelineEntry } from './types';

/** What one kind may lack is nullable in all: siblings that a client selects at once must agree. */
const SOMETIMES_ABSENT: ReadonlySet<string> = new Set(
  [...KINDS.values()].flatMap(({ fields }) =>
    Object.entries(fields).flatMap(([field, schema]) => (schema instanceof z.ZodOptional ? [field] : [])),
  ),
);

/** The object type of a kind: the common fields come with the interface, its own are derived. */
const entryType = (kind: Kind): Type<Fact> => {
  const name = pascal(kind.type);
  const type = { [name]: class extends Fact {} }[name] as Type<Fact>;
  addOutputs(type, kind.fields, SOMETIMES_ABSENT);
  ObjectType(name, { description: kind.description, implements: () => [Fact, TimelineEntry, Node] })(type);
  return type;
};

/** Every kind of fact with the object type derived for it, by stored type. */
export const ENTRY_TYPES: ReadonlyMap<string, Type<Fact>> = new Map(
  [...KINDS.values()].map((kind) => [kind.type, entryType(kind)]),
);
