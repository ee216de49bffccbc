import type { Seen } from './view';

/** What may differ of one entry between two views, and what that means. */
export const ENTRY_CHANGES = {
  appeared: 'Not in the first view, in the second.',
  disappeared: 'In the first view, not in the second.',
  'became-certain': 'Possible in the first, certain in the second.',
  'became-possible': 'Certain in the first, only possible in the second.',
  'text-changed': 'Another version is in force.',
  'standing-changed': 'It stands otherwise.',
  'knowers-changed': 'Other knowers show it, or show it otherwise.',
  'doubt-changed': 'Another amendment is possible, or none is any more.',
} as const;
export type EntryChange = keyof typeof ENTRY_CHANGES;

/** Everything that differs of one entry; an absent side is a view that does not show it. Empty: nothing. */
export const differenceOf = (before: Seen | undefined, after: Seen | undefined): EntryChange[] => {
  if (before === undefined) return after === undefined ? [] : ['appeared'];
  if (after === undefined) return ['disappeared'];
  const changes: EntryChange[] = [];
  if (before.certainty !== after.certainty)
    changes.push(after.certainty === 'certain' ? 'became-certain' : 'became-possible');
  if (before.versions.at(-1)?.sequence !== after.versions.at(-1)?.sequence) changes.push('text-changed');
  if (before.standing !== after.standing) changes.push('standing-changed');
  if (before.certainty === after.certainty && knowersOf(before) !== knowersOf(after)) changes.push('knowers-changed');
  if (before.possiblySupersededBy?.sequence !== after.possiblySupersededBy?.sequence) changes.push('doubt-changed');
  return changes;
};

const knowersOf = ({ knownBy, inForce }: Seen): string =>
  knownBy.map(({ index, certainty }) => `${inForce.known[index]?.by} ${certainty}`).join();
