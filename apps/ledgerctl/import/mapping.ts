import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { dateFormat, type DateFormat } from '@ledger/application/import/written-time';
import { WrongUse } from '../command';
import { pathOf, type Path } from './columns';

/** The file of `--map`: how somebody else's table is to be read. Documented in docs/guides/import.md. */
const MappingFile = z.strictObject({
  columns: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1), z.null()])).optional(),
  constants: z.record(z.string(), z.string()).optional(),
  values: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  dateFormats: z.array(z.string()).optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
});

export interface Mapping {
  /** By their header, trimmed: where its cells go; nowhere, if it is to be left out. */
  readonly columns: ReadonlyMap<string, readonly Path[]>;
  readonly constants: readonly { readonly path: Path; readonly text: string }[];
  /** What the words in a column mean. By path, then by cell. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly dateFormats: readonly DateFormat[];
  readonly delimiter: string;
}

export const NO_MAPPING: Mapping = {
  columns: new Map(),
  constants: [],
  values: new Map(),
  dateFormats: [],
  delimiter: ',',
};

/** The mapping cannot be used; `faults` names every place that is wrong. */
export class MappingRefused extends WrongUse {
  constructor(
    readonly file: string,
    readonly faults: readonly string[],
  ) {
    super(`${file} is no mapping: ${faults.join('; ')}`);
    this.name = 'MappingRefused';
  }
}

/** Throws MappingRefused. */
export const readMapping = (file: string): Mapping => {
  const checked = MappingFile.safeParse(json(file));
  if (!checked.success) throw new MappingRefused(file, checked.error.issues.flatMap(inWords));
  const faults: string[] = [];
  const { columns = {}, constants = {}, values = {}, dateFormats = [], delimiter = ',' } = checked.data;
  const path = (name: string, place: string): Path => {
    const found = pathOf(name);
    if (found === undefined) faults.push(`${place}: ${name} is no column of ours`);
    return found ?? [];
  };
  const mapping: Mapping = {
    columns: new Map(
      Object.entries(columns).map(([header, target]) => [
        header.trim(),
        (target === null ? [] : [target].flat()).map((name) => path(name, `columns.${header}`)),
      ]),
    ),
    constants: Object.entries(constants).map(([name, text]) => ({ path: path(name, 'constants'), text })),
    values: new Map(
      Object.entries(values).map(([name, words]) => [keyOf(path(name, 'values')), new Map(Object.entries(words))]),
    ),
    dateFormats: dateFormats.flatMap((written, index) => {
      const format = dateFormat(written);
      if (format === undefined)
        faults.push(`dateFormats.${index}: ${written} is no format of dates, such as DD/MM/YYYY or D MMM YYYY HH:mm`);
      return format ?? [];
    }),
    delimiter,
  };
  if (faults.length > 0) throw new MappingRefused(file, faults);
  return mapping;
};

export const keyOf = (path: Path): string => path.join('.');

const json = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MappingRefused(file, [(error as Error).message]);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MappingRefused(file, [`it is no JSON: ${(error as Error).message}`]);
  }
};

const inWords = (issue: z.core.$ZodIssue): string[] => {
  const place = issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) =>
        `${[...issue.path, key].join('.')}: is no setting; there are columns, constants, values, dateFormats and delimiter`,
    );
  if (issue.code === 'invalid_union')
    return [`${place}: must be the name of a column of ours, a list of them, or null to leave it out`];
  return [`${place}: ${issue.message}`];
};
