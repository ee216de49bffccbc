import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { transformSync, type Options } from '@swc/core';
import ts from 'typescript';
import type { Block } from './guide';

const root = join(__dirname, '../..');

/** Source files as they would read after an edit, by path from the root. */
export type Edited = Map<string, string>;

const sourceOf = (edited: Edited, file: string): string => edited.get(file) ?? readFileSync(join(root, file), 'utf8');

/** The source file that the prose above a block names first. */
export const fileAbove = ({ above }: Block): string => {
  const file = /`(libs\/[^`]+\.ts)`/.exec(above)?.[1];
  if (file === undefined) throw new Error(`no file is named above ${above}`);
  return file;
};

/** The lines of a block put behind the entry of a list that the prose above it names: ``behind the entry of `x` ``. */
export const insertEntry = (edited: Edited, block: Block): void => {
  const file = fileAbove(block);
  const [, place] = /behind the entry of `([^`]+)`/.exec(block.above) ?? [];
  const source = sourceOf(edited, file);
  const entry = new RegExp(`^  \\w+\\('${place}', \\{\\n[\\s\\S]*?^  \\}\\),\\n`, 'm').exec(source);
  if (place === undefined || entry === null) throw new Error(`${file} has no entry ${place}`);
  const end = entry.index + entry[0].length;
  edited.set(file, source.slice(0, end) + block.code.replaceAll(/^(?=.)/gm, '  ') + source.slice(end));
};

/** A block of `diff`: lines with `+` come in, lines with `-` go, the others must stand there, once. */
export const applyDiff = (edited: Edited, block: Block): void => {
  const file = fileAbove(block);
  const lines = block.code.split('\n').filter((line) => line !== '');
  const side = (without: '+' | '-') =>
    lines
      .filter((line) => !line.startsWith(without))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const source = sourceOf(edited, file);
  const [before, after] = [side('+'), side('-')];
  if (source.split(before).length !== 2) throw new Error(`${file} does not hold, once:\n${before}`);
  edited.set(
    file,
    source.replace(before, () => after),
  );
};

interface Package {
  readonly jest: { readonly transform: Readonly<Record<string, readonly [string, Options]>> };
}
const { jest: config } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Package;
const OPTIONS = config.transform['^.+\\.ts$']?.[1];

/** From here on whoever loads one of these files gets what the edited source says. Nothing of ours may be loaded before. */
export const loadEdited = (edited: Edited): void => {
  for (const [file, source] of edited) {
    const filename = join(root, file);
    jest.doMock(filename, () => {
      const { code } = transformSync(source, { ...OPTIONS, filename, configFile: false, swcrc: false });
      const module = { exports: {} };
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as jest itself runs a module, from another text
      const run = new Function('require', 'module', 'exports', code) as (...args: unknown[]) => void;
      run(createRequire(filename), module, module.exports);
      return module.exports;
    });
  }
};

/** What the compiler says of the edited files. */
export const typeErrors = (edited: Edited): string[] => {
  const { config: settings } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(settings, ts.sys, root);
  const byPath = new Map([...edited].map(([file, source]) => [join(root, file), source]));
  const host = ts.createCompilerHost({ ...options, noEmit: true, types: [] });
  const read = host.readFile.bind(host);
  const parsed = host.getSourceFile.bind(host);
  host.readFile = (file) => byPath.get(file) ?? read(file);
  host.getSourceFile = (file, version, ...rest) => {
    const source = byPath.get(file);
    return source === undefined ? parsed(file, version, ...rest) : ts.createSourceFile(file, source, version);
  };
  const program = ts.createProgram([...byPath.keys()], { ...options, noEmit: true, types: [] }, host);
  return [...byPath.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
};
