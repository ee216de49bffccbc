import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { RowFile } from '@ledger/application/import/importer';
import { readConfig } from '../../ledger/config';
import { command, WrongUse } from '../command';
import { EXIT } from '../exit-codes';
import { csvTable } from '../import/csv';
import { jsonLines, jsonList } from '../import/json';
import { readMapping } from '../import/mapping';
import { importFiles, type ImportResult } from '../import/run';
import { template } from '../import/template';

interface Options {
  readonly format?: string;
  readonly map?: string;
  readonly incident?: string;
  readonly open: boolean;
  readonly title?: string;
  readonly controller?: string;
  readonly zone?: string;
  readonly dryRun: boolean;
  readonly report?: string;
  readonly template: boolean;
}

export const importCommand = command<Options>({
  name: 'import',
  summary: 'Records what stands in files: the rows of a spreadsheet, JSON records, or an export',
  when: `When an incident was kept somewhere else so far. Every row is sent as one command, as the server would take it, and may
be sent again: what is there already stays as it is. So an import that was killed, or refused some rows, is simply run
again. Refused rows are reported with their line and everything that is wrong with them; the others go in. May run
beside a server. Start from --template, try with --dry-run: docs/guides/import.md.`,
  declare: (program) =>
    program
      .argument('[files...]', 'what to import, in this order')
      .option('--format <format>', 'json, jsonl or csv; otherwise the ending of each name says it')
      .option('--map <file>', 'of CSV: what the columns of a table that is not ours mean')
      .option('--incident <incident>', 'id or reference, for rows that name none')
      .option('--open', 'open that incident first where its reference is on no record', false)
      .option('--title <title>', 'of the incident to be opened')
      .option('--controller <role:id>', 'of the incident to be opened')
      .option('--zone <zone>', 'IANA zone of times that say none, and of the incident to be opened')
      .option('--dry-run', 'report what would be refused, and record nothing', false)
      .option('--report <file>', 'what became of each row: a .csv, or else one JSON object a line')
      .option('--template', 'print a table to start from, and do nothing else', false),
  examples: [
    'import --template > incident.csv',
    'import incident.csv --incident EX-2031-007 --dry-run',
    'import incident.csv --incident EX-2031-007 --open --title "A lost box" --controller controller:example-council --zone Europe/London',
    'import notes.csv --map notes.map.json --incident EX-2031-007 --report refused.csv',
  ],
  exits: { 3: 'done, but some rows were refused; the report names each' },
  async run(options, terminal, files) {
    if (options.template) {
      terminal.say(template().trimEnd());
      return EXIT.done;
    }
    const { incident, open, title, controller, zone, dryRun, report } = options;
    if (files.length === 0) throw new WrongUse('there is nothing to import: name a file, or begin with --template');
    if (open && incident === undefined) throw new WrongUse('--open needs the reference of the incident: --incident');
    if (!open && (title ?? controller) !== undefined) throw new WrongUse('--title and --controller go with --open');
    const request = {
      files: rowFiles(files, options),
      incident,
      open: open ? { title, controller } : undefined,
      zone,
      dryRun,
      report,
    };
    const result = await importFiles(readConfig(terminal.env), request, terminal);
    for (const line of inWords(result, dryRun)) terminal.say(line);
    return result.refused > 0 ? EXIT.someRefused : EXIT.done;
  },
});

const rowFiles = (files: readonly string[], { format, map }: Options): RowFile[] => {
  const mapping = map === undefined ? undefined : readMapping(map);
  const opened = files.map((file): RowFile => {
    if (!existsSync(file)) throw new WrongUse(`${file} does not exist`);
    switch (format ?? extname(file).slice(1).toLowerCase()) {
      case 'json':
        return jsonList(file);
      case 'jsonl':
      case 'ndjson':
        return jsonLines(file);
      case 'csv':
        return csvTable(file, mapping);
      default:
        throw new WrongUse(`${file}: --format must say whether it is json, jsonl or csv`);
    }
  });
  if (mapping !== undefined && !opened.some(({ cells }) => cells === true)) throw new WrongUse('--map goes with CSV');
  return opened;
};

const inWords = ({ rows, recorded, alreadyThere, refused, correlationId }: ImportResult, dryRun: boolean): string[] =>
  dryRun
    ? [
        `Of ${rows} rows, ${recorded} would be recorded, ${alreadyThere} are there already, ${refused} would be refused.`,
        'Nothing was recorded.',
      ]
    : [
        `Of ${rows} rows, ${recorded} were recorded, ${alreadyThere} were there already, ${refused} were refused.`,
        ...(recorded > 0 ? [`What was recorded now has the correlation id ${correlationId}.`] : []),
        ...(refused > 0
          ? ['Mend what was refused and run the same import again: the other rows stay as they are.']
          : []),
      ];
