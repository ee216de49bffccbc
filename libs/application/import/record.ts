import { fault, type Fault } from '@ledger/domain/fault';
import { asGiven } from '@ledger/domain/fact/as-given';
import { isHidden } from '@ledger/domain/schema/fields';
import { askedBy, kebab, type Asked } from './asked';

type Values = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** A record of a file, taken apart: what it asks for, and where. Nothing of it is checked against a ledger yet. */
export interface Reading {
  readonly asked: Asked | undefined;
  /** The fields of what is asked for, as they were written. */
  readonly written: Values;
  /** Id or reference of an incident, as written; undefined where the record says none. */
  readonly incident: unknown;
  /** For the times of this record. */
  readonly zone: unknown;
  readonly partition: 'open' | 'privileged';
  /** Given by the record itself: of an export, the command that its event came from. */
  readonly commandId: string | undefined;
  readonly faults: readonly Fault[];
}

/** A text that says something, trimmed. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** In either shape: as people write one (`{ kind, … }`, `{ act, … }`), or as `export events` does (`{ type, payload }`). */
export const readRecord = (record: unknown): Reading => {
  if (!isObject(record)) return nothing(fault('invalid', [], 'must be an object'));
  if ('payload' in record || 'unreadable' in record) return exported(record);
  const { kind, act, incident, incidentId, zone, partition, commandId, ...rest } = record;
  const [field, name] = given(kind) || !given(act) ? (['kind', kind] as const) : (['act', act] as const);
  const faults: Fault[] = [];
  if (!given(name)) return nothing(fault('required', ['kind'], 'is required: a kind of fact, or an act'));
  const asked = typeof name === 'string' ? askedBy(name) : undefined;
  if (asked === undefined) faults.push(fault('unknown-kind', [field], 'is neither a kind of fact nor an act'));
  else if (asked.followsOnly) faults.push(fault('not-importable', [field], FOLLOWS_ONLY));
  /** Some of these names are fields as well. */
  const isField = (own: string): boolean => asked !== undefined && own in asked.schema.shape;
  if (field === 'kind' && given(act) && !isField('act'))
    faults.push(fault('not-allowed', ['act'], 'stands beside kind: give one of them'));
  const chosen = partition === undefined || partition === null ? 'open' : kebab(textOf(partition) ?? 'unknown');
  if (chosen !== 'open' && chosen !== 'privileged')
    faults.push(fault('invalid', ['partition'], 'must be open or privileged'));
  else if (chosen === 'privileged' && asked?.isFact !== true)
    faults.push(fault('not-allowed', ['partition'], 'is for facts only'));
  return {
    asked,
    written: { ...rest, ...(isField('zone') && { zone }), ...(field === 'kind' && isField('act') && { act }) },
    incident: incidentId ?? incident,
    zone,
    partition: chosen === 'privileged' ? 'privileged' : 'open',
    commandId: ownCommand(commandId, faults),
    faults,
  };
};

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const FOLLOWS_ONLY = 'follows from another command and cannot be asked for by itself';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const ownCommand = (commandId: unknown, faults: Fault[]): string | undefined => {
  if (commandId === undefined || commandId === null) return undefined;
  if (typeof commandId === 'string' && UUID.test(commandId)) return commandId;
  faults.push(fault('invalid', ['commandId'], 'must be a lower-case UUID'));
  return undefined;
};

const nothing = (found: Fault): Reading => ({
  asked: undefined,
  written: {},
  incident: undefined,
  zone: undefined,
  partition: 'open',
  commandId: undefined,
  faults: [found],
});

/** What was recorded where it comes from is left out: here it is recorded now, by who imports it. */
const exported = (record: Values): Reading => {
  const { type, payload, unreadable, commandId, consequence } = record;
  if (unreadable !== undefined)
    return nothing(fault('unreadable', ['payload'], 'could not be read where it was exported'));
  if (!isObject(payload)) return nothing(fault('invalid', ['payload'], 'must be an object'));
  const asked = typeof type === 'string' ? askedBy(type) : undefined;
  if (asked === undefined) return nothing(fault('unknown-kind', ['type'], 'is no type of event'));
  if (asked.followsOnly) return { ...nothing(fault('not-importable', ['type'], FOLLOWS_ONLY)), asked };
  const faults = hiddenIn(payload).map((path) =>
    fault('erased', path, 'was erased: there is no text to record; write one, or leave the record out'),
  );
  return {
    asked,
    written: asGiven(asked.schema, payload),
    incident: payload['incidentId'],
    zone: undefined,
    partition: 'open',
    commandId: consequence === true ? undefined : ownCommand(commandId, faults),
    faults,
  };
};

const hiddenIn = (value: unknown, path: Path = []): Path[] => {
  if (isHidden(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((entry, index) => hiddenIn(entry, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([name, child]) => hiddenIn(child, [...path, name])) : [];
};
