import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Row, RowFile } from '@ledger/application/import/importer';
import { fault, type Fault } from '@ledger/domain/fault';
import { columnAt, pathOf, recordOf, type Column, type Path } from './columns';
import { keyOf, NO_MAPPING, type Mapping } from './mapping';
import { FileRefused, linesOfText } from './text';

/** A row of cells is held in memory. */
const MAX_ROW_CHARACTERS = 1024 * 1024;

interface Header {
  readonly cells: readonly string[];
  /** Where each goes. */
  readonly targets: readonly (readonly Path[])[];
  readonly columns: readonly Column[];
}

/** A table, read row by row, however long it is. Throws FileRefused where no rows can be told. */
export const csvTable = (name: string, mapping: Mapping = NO_MAPPING): RowFile => {
  let columns: readonly Column[] = [];
  return {
    name,
    cells: true,
    dateFormats: mapping.dateFormats,
    fieldName: (path) => columnAt(path, columns),
    async *rows() {
      let header: Header | undefined;
      let rows = 0;
      for await (const { line, cells } of cellsOf(name, mapping.delimiter)) {
        if (cells.every((cell) => cell === '')) continue;
        if (header === undefined) {
          header = headerOf(name, cells, line, mapping);
          columns = header.columns;
        } else {
          rows += 1;
          yield rowOf(header, mapping, cells, line);
        }
      }
      if (header === undefined) throw new FileRefused(name, 'is empty');
      if (rows === 0) throw new FileRefused(name, 'holds a header and no rows');
    },
  };
};

interface Cells {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows as they stand, blank ones too, with the line on which each begins. */
async function* cellsOf(file: string, delimiter: string): AsyncGenerator<Cells, void> {
  let parsed = 1;
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    info: true,
    max_record_size: MAX_ROW_CHARACTERS,
    // Called as soon as a row is parsed; what comes out below may be behind, or be lost when the next one is wrong.
    on_record(row: string[], { lines }) {
      parsed = lines + 1;
      return row;
    },
  });
  const text = Readable.from(linesOfText(file));
  text.on('error', (error) => parser.destroy(error));
  let line = 1;
  try {
    for await (const { record, info } of text.pipe(parser) as AsyncIterable<Parsed>) {
      yield { line, cells: record.map((cell) => cell.trim()) };
      line = info.lines + 1;
    }
  } catch (error) {
    if (error instanceof CsvError) throw new FileRefused(file, WRONG[error.code] ?? error.message, parsed);
    throw error;
  }
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

const UNQUOTED =
  'in the row that begins here a quotation mark stands inside a cell: put the cell in quotation marks and double the one inside';
const WRONG: Readonly<Partial<Record<string, string>>> = {
  CSV_QUOTE_NOT_CLOSED: 'the row that begins here opens a quotation mark and never closes it',
  CSV_INVALID_CLOSING_QUOTE: UNQUOTED,
  INVALID_OPENING_QUOTE: UNQUOTED,
  CSV_MAX_RECORD_SIZE: 'the row that begins here is too long; is a quotation mark missing?',
};

const headerOf = (file: string, cells: readonly string[], line: number, mapping: Mapping): Header => {
  const refuse = (reason: string): never => {
    throw new FileRefused(file, reason, line);
  };
  const twice = cells.find((cell, index) => cell !== '' && cells.indexOf(cell) < index);
  if (twice !== undefined) refuse(`the column ${twice} stands there twice`);
  const absent = [...mapping.columns.keys()].filter((name) => !cells.includes(name));
  if (absent.length > 0) refuse(`lacks what the mapping names: ${absent.join(', ')}`);
  const unknown: string[] = [];
  const targets = cells.map((cell): readonly Path[] => {
    if (cell === '') return [];
    const mapped = mapping.columns.get(cell);
    if (mapped !== undefined) return mapped;
    const path = pathOf(cell);
    if (path === undefined) unknown.push(cell);
    return path === undefined ? [] : [path];
  });
  if (unknown.length > 0)
    refuse(
      cells.length === 1 && /[;\t|]/.test(cells[0] ?? '')
        ? 'has one column only: if its cells are separated by something else than commas, say so as delimiter in --map'
        : `has columns that are none of ours: ${unknown.join(', ')}. Say in --map what they mean, or null to leave them out`,
    );
  const taken = new Map<string, string>();
  for (const [index, paths] of targets.entries())
    for (const path of paths) {
      const other = taken.get(keyOf(path));
      if (other !== undefined) refuse(`the columns ${other} and ${cells[index]} mean the same`);
      taken.set(keyOf(path), cells[index] as string);
    }
  for (const { path } of mapping.constants) {
    const other = taken.get(keyOf(path));
    if (other !== undefined) refuse(`the column ${other} and a constant of the mapping mean the same`);
  }
  return {
    cells,
    targets,
    columns: targets.flatMap((paths, index) => paths.map((path) => ({ name: cells[index] as string, path }))),
  };
};

const rowOf = (header: Header, mapping: Mapping, cells: readonly string[], line: number): Row => {
  if (cells.length !== header.cells.length) {
    const message = `has ${cells.length} cells where the header has ${header.cells.length}`;
    return { line, record: undefined, content: undefined, faults: [fault('wrong-number-of-cells', [], message)] };
  }
  const faults: Fault[] = [];
  const filled = cells.flatMap((cell, index) => (cell === '' ? [] : [{ cell, index }]));
  const record = recordOf([
    ...filled.flatMap(({ cell, index }) => {
      if (header.cells[index] === '')
        faults.push(fault('unnamed-column', [`column ${index + 1}`], 'has no name in the header'));
      return (header.targets[index] ?? []).map((path) => ({
        path,
        text: mapping.values.get(keyOf(path))?.get(cell) ?? cell,
      }));
    }),
    ...mapping.constants,
  ]);
  const content: Record<string, string> = {};
  for (const { cell, index } of filled)
    if (header.targets[index]?.length !== 0) content[header.cells[index] as string] = cell;
  return { line, record, content, faults };
};
