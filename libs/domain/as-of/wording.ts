import { diffArrays } from 'diff';
import type { IncidentView } from './incident-view';
import type { Seen } from './view';

/** A fact that takes up the wording of another. */
export interface Restatement {
  readonly earlier: Seen;
  readonly later: Seen;
}

/** Pairs of facts of which the later restates the earlier, or asserts the same thing, in log order of the later. */
export const restatementsIn = ({ seen, byFact }: IncidentView): readonly Restatement[] =>
  seen.flatMap((later) =>
    [...new Set([...(later.trace.links['restates'] ?? []), ...(later.trace.links['sameThingAs'] ?? [])])].flatMap(
      (id) => {
        const earlier = byFact.get(id);
        return earlier === undefined ? [] : [{ earlier, later }];
      },
    ),
  );

export const HEDGES = {
  dropped: 'The earlier one was made with a reserve, the later one without.',
  added: 'The later one is made with a reserve, the earlier one was not.',
  kept: 'Both are made with a reserve.',
  none: 'Neither is.',
} as const;
export type Hedge = keyof typeof HEDGES;

export const hedgeBetween = ({ earlier, later }: Restatement): Hedge => {
  const [before, after] = [earlier, later].map(({ inForce }) => inForce.manner === 'hedged');
  return before ? (after ? 'kept' : 'dropped') : after ? 'added' : 'none';
};

/** Words that one wording has in place of those of the other; one side may be empty. */
export interface WordChange {
  readonly before: string;
  readonly after: string;
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Word by word, the shortest way from one text to the other (Myers). Case, punctuation and quotation marks count. */
export const wordChanges = (before: string, after: string): readonly WordChange[] => {
  const changes: { before: string[]; after: string[] }[] = [];
  let open = false;
  for (const { value, added, removed } of diffArrays(words(before), words(after))) {
    if (!added && !removed) {
      open = false;
      continue;
    }
    if (!open) changes.push({ before: [], after: [] });
    open = true;
    changes.at(-1)?.[added ? 'after' : 'before'].push(...value);
  }
  return changes.map((change) => ({ before: change.before.join(' '), after: change.after.join(' ') }));
};
