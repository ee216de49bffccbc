import type { Seen } from './view';

/** What may differ of one entry between two views, and what that means. */
export const ENTRY_CHANGES = {
  appeared: 'Not in the first view, in the second.',
  disappeared: 'In the first view, not in the second.',
  'became-certain': 'Possible in the first, certain in the second.',
  'became-possible': 'Certain in the first, only possible in the second.',
  'text-changed': 'Another version is in force.',
  'standing-changed': 'It stands otherwise, or on another retraction.',
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
  if (sequencesOf(before.versions) !== sequencesOf(after.versions)) changes.push('text-changed');
  if (before.standing !== after.standing || before.retractedBy?.sequence !== after.retractedBy?.sequence)
    changes.push('standing-changed');
  if (before.certainty === after.certainty && knowersOf(before) !== knowersOf(after)) changes.push('knowers-changed');
  if (before.possiblySupersededBy?.sequence !== after.possiblySupersededBy?.sequence) changes.push('doubt-changed');
  return changes;
};

/** Not the last alone: one in the middle may have been voided, and what it had changed with it. */
const sequencesOf = (versions: Seen['versions']): string => versions.map(({ sequence }) => sequence).join();

const knowersOf = ({ knownBy, inForce }: Seen): string =>
  knownBy.map(({ index, certainty }) => `${inForce.known[index]?.by} ${certainty}`).join();
