import { z } from 'zod';
import { ALL_ASKED, kebab } from '@ledger/application/import/asked';
import { ITSELF } from '@ledger/application/import/notation';
import { fieldMeta, innerType } from '@ledger/domain/schema/fields';

/** Where in a record the cells of a column belong. Steps count from 0; in the names of columns people count from 1. */
export type Path = readonly (string | number)[];

/** Columns whose names are ordinary words: where they belong cannot be told from the fields of facts. */
const WORDS: Readonly<Record<string, Path>> = {
  kind: ['kind'],
  act: ['act'],
  incident: ['incidentId'],
  zone: ['zone'],
  partition: ['partition'],
  command_id: ['commandId'],
  observed: ['occurred', 'observed'],
  occurred_ended: ['occurred', 'end'],
  source: ['source', 'document'],
  line: ['source', 'line'],
  locator: ['source', 'locator'],
};

/** The columns of the template, in order. Any other field has a column too, by its name. */
export const TEMPLATE_COLUMNS = [
  'reference',
  'kind',
  'occurred',
  'occurred_until',
  'occurred_text',
  'observed',
  'occurred_ended',
  'known_by',
  'known',
  'known_basis',
  'known_by_2',
  'known_2',
  'source',
  'line',
  'actor',
  'actor_name',
  'manner',
  'via',
  'statement',
  'quoted',
  'note',
  'part_of',
  'same_thing_as',
  'channel',
  'effects.confidentiality',
  'effects.integrity',
  'effects.availability',
  'service',
] as const;

/** What may stand beside a time and beside an actor, and where it goes. */
const BESIDE_TIME: Readonly<Record<string, string>> = {
  until: 'until',
  text: 'text',
  zone: 'zone',
  qualifier: 'qualifier',
  time_basis: 'basis',
};
const BESIDE_ACTOR: Readonly<Record<string, string>> = { name: 'name', role: 'role' };

const KNOWN = /^known(?:_(by|by_name|by_role|basis|until|text|zone|qualifier|time_basis))?(?:_([1-9]))?$/;

/** Every field of every kind and act, with what it is; the same name means the same thing in most. */
const FIELDS = new Map<string, z.core.$ZodType[]>();
for (const { schema } of ALL_ASKED)
  for (const [field, child] of Object.entries<z.ZodType>(schema.shape))
    FIELDS.set(field, [...(FIELDS.get(field) ?? []), child]);

/** Where a column belongs, by its name; undefined when it is none of ours. `Known by`, `known_by` and `knownBy` are one. */
export const pathOf = (name: string): Path | undefined => {
  const [first = '', ...rest] = name.split('.').map((step) => kebab(step).replaceAll('-', '_'));
  if (rest.length > 0) return dotted(camel(first), rest.map(stepOf));
  return WORDS[first] ?? knower(first) ?? field(first) ?? beside(first);
};

const camel = (snake: string): string => snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const stepOf = (step: string): string | number => (/^[1-9]\d?$/.test(step) ? Number(step) - 1 : camel(step));

const knower = (name: string): Path | undefined => {
  const [found, what, nth = '1'] = KNOWN.exec(name) ?? [];
  if (found === undefined) return undefined;
  const path = ['known', Number(nth) - 1];
  if (what === undefined) return [...path, 'when'];
  if (what === 'basis') return [...path, 'basis'];
  if (what === 'by') return [...path, 'by'];
  return what.startsWith('by_') ? [...path, 'by', what.slice(3)] : [...path, 'when', BESIDE_TIME[what] as string];
};

const field = (name: string): Path | undefined => (FIELDS.has(camel(name)) ? [camel(name)] : undefined);

/** `ended_text` stands beside `ended`, `recipient_name` beside `recipient`. */
const beside = (name: string): Path | undefined => {
  for (const [words, shapes] of [
    [BESIDE_TIME, ['when', 'occurrence']],
    [BESIDE_ACTOR, ['actor']],
  ] as const)
    for (const [suffix, step] of Object.entries(words)) {
      if (!name.endsWith(`_${suffix}`)) continue;
      const main = name.slice(0, -suffix.length - 1);
      if (main === 'occurred_ended') return shapes.length > 1 ? ['occurred', 'end', step] : undefined;
      const schemas = FIELDS.get(camel(main)) ?? [];
      if (schemas.some((schema) => shapes.some((shape) => shape === fieldMeta(schema)?.shape)))
        return [camel(main), step];
    }
  return undefined;
};

const dotted = (first: string, rest: Path): Path | undefined =>
  (FIELDS.get(first) ?? []).some((schema) => leads(schema, rest)) ? [first, ...rest] : undefined;

/** Whether there may be something at the end of the way. Inside times, contacts and occurrences it is asked later. */
const leads = (schema: z.core.$ZodType, [step, ...rest]: Path): boolean => {
  if (step === undefined) return true;
  const inner = innerType(schema);
  if (inner !== undefined) return leads(inner, [step, ...rest]);
  if (schema instanceof z.ZodArray) return typeof step === 'number' && leads(schema.element, rest);
  if (['when', 'occurrence', 'contact'].includes(fieldMeta(schema)?.shape ?? '')) return true;
  if (!(schema instanceof z.ZodObject) || typeof step === 'number') return false;
  return Object.hasOwn(schema.shape, step) && leads(schema.shape[step] as z.core.$ZodType, rest);
};

export interface Cell {
  readonly path: Path;
  readonly text: string;
}

/** A record of the cells that hold something. A cell that has companions stands among them as `ITSELF`. */
export const recordOf = (cells: readonly Cell[]): Record<string, unknown> => {
  const record: Container = {};
  for (const { path, text } of cells) put(record, path, text);
  return record;
};

type Container = Record<string | number, unknown>;

const put = (at: Container, [step = ITSELF, ...rest]: Path, text: string): void => {
  const there = at[step];
  if (rest.length === 0) {
    if (typeof there === 'object' && there !== null) (there as Container)[ITSELF] = text;
    else at[step] = text;
    return;
  }
  if (there === undefined) at[step] = typeof rest[0] === 'number' ? [] : {};
  else if (typeof there === 'string') at[step] = { [ITSELF]: there };
  put(at[step] as Container, rest, text);
};

export interface Column {
  readonly name: string;
  readonly path: Path;
}

const STANDARD: readonly Column[] = ['incident', 'zone', ...TEMPLATE_COLUMNS].map((name) => ({
  name,
  path: pathOf(name) as Path,
}));

/** The column of a table where something is wrong, or the one that it lacks. */
export const columnAt = (found: Path, columns: readonly Column[]): string => {
  const path = found.filter((step) => step !== 'moment' && step !== 'state' && step !== 'start');
  if (path.length === 0) return '';
  for (const known of [columns, STANDARD]) {
    const above = known.filter((column) => begins(path, column.path)).sort((a, b) => b.path.length - a.path.length)[0];
    const chosen = above ?? known.find((column) => begins(column.path, path));
    if (chosen !== undefined) return chosen.name;
  }
  return path.map((step) => (typeof step === 'number' ? step + 1 : step)).join('.');
};

const begins = (path: Path, beginning: Path): boolean => beginning.every((step, index) => path[index] === step);
