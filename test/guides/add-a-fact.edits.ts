import { applyDiff, insertEntry, loadEdited, type Edited } from './edited-sources';
import { blocksOf, readGuide } from './guide';

/** The guide, carried out: its edits are in for whoever is loaded after this. */
export const guide = readGuide('add-a-fact.md');

const under = (heading: string, language: string) =>
  blocksOf(guide).filter((block) => block.section === heading && block.language === language);

export const kindBlocks = under('A new kind of fact', 'ts');
export const actBlocks = under('A new act', 'diff');

export const edited: Edited = new Map();
for (const block of kindBlocks) insertEntry(edited, block);
for (const block of actBlocks) applyDiff(edited, block);
loadEdited(edited);
