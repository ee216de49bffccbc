import type { Seen } from '@ledger/domain/as-of/view';
import { actorRef, type Actor as StoredActor } from '@ledger/domain/fact/actor';
import { factOf, type FactFields } from '@ledger/domain/fact/fact';
import { KINDS, type Kind } from '@ledger/domain/fact/kinds';
import type { KnowledgeRecord, OccurrenceRecord, WhenRecord } from '@ledger/domain/fact/times';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';
import { formatOccurrence, type Occurrence as DomainOccurrence } from '@ledger/domain/time/occurrence';
import { formatWhen } from '@ledger/domain/time/in-words';
import type { When as DomainWhen } from '@ledger/domain/time/when';
import type { DecodedEvent, ReadableEvent } from '@ledger/event-store/codec';
import { z } from 'zod';
import { toId } from '../common/ids';
import { pascal } from '../common/names';
import { protectedText } from '../common/protected-text';
import type { Sight } from '../common/sight';

/** From the stored form to the schema's objects. Fields that cost a look-up are functions: they run when selected. */
export const presentEntry = (sequence: number, event: DecodedEvent, sight: Sight): object => {
  const common = {
    sequence: String(sequence),
    recorded: event.meta.recordedAt,
    recordedBy: event.meta.recordedBy,
  };
  if (!event.readable)
    return {
      ...common,
      __typename: 'UnreadableEntry',
      id: toId('fact', event.id),
      kind: 'unreadable-entry',
      incident: () => sight.loaders.incident(event.stream.replace(/^incident-/, ''), sight.asOf),
      problem: event.problem,
    };
  const fact = factOf(event);
  const kind = KINDS.get(event.type) as Kind;
  return {
    ...common,
    __typename: pascal(event.type),
    id: toId('fact', fact.factId),
    kind: event.type,
    incident: () => sight.loaders.incident(fact.incidentId, sight.asOf),
    reference: fact.reference,
    ...content(fact, sight),
    via: fact.via.map((actor) => presentActor(actor, sight)),
    partOf: () => factLink(fact.partOf, fact.incidentId, sight),
    sameThingAs: () => factLink(fact.sameThingAs, fact.incidentId, sight),
    restates: () => factLinks(fact.restates, fact.incidentId, sight),
    identity: fact.identity,
    ...presentFields(kind.fields, event.payload, fact.incidentId, sight),
  };
};

type Content = Pick<FactFields, 'occurred' | 'known' | 'actor' | 'source' | 'manner' | 'statement' | 'quoted' | 'note'>;

/** What a correction can change. */
const content = (fact: Content, sight: Sight) => ({
  occurred: presentOccurrence(fact.occurred),
  known: fact.known.map((knowledge) => presentKnowledge(knowledge, sight)),
  actor: presentActor(fact.actor, sight),
  source: presentSource(fact.source),
  manner: fact.manner,
  statement: protectedText(fact.statement),
  quoted: protectedText(fact.quoted),
  note: protectedText(fact.note),
});

/** The knowers in force, in their order; undefined where the event that names them cannot be read. */
export const knownOf = (
  parts: Seen['knownFrom'],
  eventOf: (sequence: number) => DecodedEvent | undefined,
): readonly (KnowledgeRecord | undefined)[] =>
  parts.flatMap(({ sequence, changed, length }) => {
    const event = eventOf(sequence);
    if (event?.readable !== true) return Array.from({ length }, () => undefined);
    const fact = factOf(event);
    return (changed ? fact.changes?.known : fact.known) ?? [];
  });

/** The text in force in the view: the fact, then what each correction that holds puts in place. Null when part of it cannot be read. */
export const presentInForce = (
  { versions, knownFrom }: Seen,
  eventOf: (sequence: number) => DecodedEvent | undefined,
  sight: Sight,
) => {
  const events = versions.map(({ sequence }) => eventOf(sequence));
  if (!events.every((event): event is ReadableEvent => event?.readable === true)) return null;
  const [original, ...corrections] = events.map(factOf);
  if (original === undefined) return null;
  const merged = corrections.reduce<Content>(
    (sofar, { changes, statement }) => ({ ...sofar, ...changes, statement }),
    original,
  );
  const known = knownOf(knownFrom, eventOf).filter((entry) => entry !== undefined);
  return { ...content({ ...merged, known }, sight), sequence: String(versions.at(-1)?.sequence) };
};

export const presentWhen = (when: WhenRecord) => ({
  ...when,
  text: protectedText(when.text),
  display: () => formatWhen(when as unknown as DomainWhen),
});

const presentOccurrence = (occurrence: OccurrenceRecord) => ({
  shape: occurrence.shape,
  when: occurrence.shape === 'moment' ? presentWhen(occurrence.when) : null,
  start: occurrence.shape === 'state' ? presentWhen(occurrence.start) : null,
  observed: occurrence.shape === 'state' ? occurrence.observed.map(presentWhen) : [],
  end: occurrence.shape === 'state' && occurrence.end !== null ? presentWhen(occurrence.end) : null,
  display: () => formatOccurrence(occurrence as unknown as DomainOccurrence),
});

/** Roles in which a registered organisation may appear; a name looked up for anybody else would be an attribution. */
const ORGANISATIONS: ReadonlySet<string> = new Set([
  'controller',
  'joint-controller',
  'processor',
  'sub-processor',
  'authority',
  'media',
  'expert',
  'insurer',
  'organisation',
]);

export const presentActor = (actor: Pick<StoredActor, 'role' | 'id' | 'name'>, sight: Sight) => ({
  ref: actorRef(actor),
  role: actor.role,
  localId: actor.id,
  name: async () => {
    const registered = ORGANISATIONS.has(actor.role) && actor.name === undefined;
    return protectedText(registered ? await sight.loaders.partyName(actor.id, sight.asOf) : actor.name);
  },
});

export const presentKnowledge = ({ by, when, basis }: KnowledgeRecord, sight: Sight) => ({
  by: presentActor(by, sight),
  when: presentWhen(when),
  basis: protectedText(basis),
});

const presentSource = ({ document, line, locator }: FactFields['source']) => ({
  document,
  line,
  locator: protectedText(locator),
});

const factLink = async (factId: string | undefined, incidentId: string, sight: Sight): Promise<object | null> =>
  factId === undefined ? null : sight.loaders.fact(factId, incidentId, sight.asOf);

/** Those that the view shows. */
const factLinks = async (factIds: readonly string[] = [], incidentId: string, sight: Sight) =>
  (await Promise.all(factIds.map((factId) => factLink(factId, incidentId, sight)))).filter((entry) => entry !== null);

const objectShape = (schema: z.ZodType): Readonly<Record<string, z.ZodType>> =>
  ((innerType(schema) ?? schema) as z.ZodObject).shape;

/** Fields as the schema has them. Of a list of links, those that the view does not show are left out. */
export const presentFields = (
  fields: Readonly<Record<string, z.ZodType>>,
  values: Readonly<Record<string, unknown>>,
  incidentId: string,
  sight: Sight,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [name, presentField(schema, values[name], incidentId, sight)]),
  );

const presentField = (schema: z.ZodType, value: unknown, incidentId: string, sight: Sight): unknown => {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) {
    const element = (innerType(schema) ?? schema) as z.ZodArray<z.ZodType>;
    if (fieldMeta(element.element)?.shape === 'id') return () => factLinks(value as string[], incidentId, sight);
    return value.map((entry) => presentField(element.element, entry, incidentId, sight));
  }
  switch (fieldMeta(schema)?.shape) {
    case 'text':
    case 'redactable':
      return protectedText(value);
    case 'id':
      return () => factLink(value as string, incidentId, sight);
    case 'when':
      return presentWhen(value as WhenRecord);
    case 'actor':
      return presentActor(value as StoredActor, sight);
    case 'contact': {
      const { subject, details } = value as { subject?: string; details: unknown };
      return { subject, details: protectedText(details) };
    }
    case 'occurrence':
      return presentOccurrence(value as OccurrenceRecord);
    case 'knowledge':
      return presentKnowledge(value as KnowledgeRecord, sight);
    case 'source':
      return presentSource(value as FactFields['source']);
    case 'object':
      return presentFields(objectShape(schema), value as Record<string, unknown>, incidentId, sight);
    default:
      return value;
  }
};
