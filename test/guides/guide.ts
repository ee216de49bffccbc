import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a guide. */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** The headings of level 2 and 3 under which it stands. */
  readonly section: string;
  readonly step: string;
  /** The prose between the block before it, or its heading, and it. */
  readonly above: string;
}

const LINE = /^( *)```(\w*)[^\n]*\n([\s\S]*?)^ *```|^(##|###) (.+)$/gm;

/** The blocks of a guide, in order; one inside a list without its indentation. */
export const blocksOf = (markdown: string): readonly Block[] => {
  const blocks: Block[] = [];
  let [section, step, from] = ['', '', 0];
  for (const {
    0: all,
    1: indent = '',
    2: language,
    3: code = '',
    4: level,
    5: heading = '',
    index,
  } of markdown.matchAll(LINE)) {
    if (level === undefined)
      blocks.push({
        language: language ?? '',
        code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
        section,
        step,
        above: markdown.slice(from, index),
      });
    else if (level === '##') [section, step] = [heading, ''];
    else step = heading;
    from = index + all.length;
  }
  return blocks;
};

export const readGuide = (name: string): string => readFileSync(join(__dirname, '../../docs/guides', name), 'utf8');
