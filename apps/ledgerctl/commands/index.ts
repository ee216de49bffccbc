import type { LedgerCommand } from '../command';
import { backup } from './backup';
import { copy } from './copy';
import { demo } from './demo';
import { doctor } from './doctor';
import { exportCommand } from './export';
import { importCommand } from './import';
import { questions } from './questions';
import { rebuild } from './rebuild';
import { restore } from './restore';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly LedgerCommand[] = [
  doctor,
  backup,
  restore,
  copy,
  rebuild,
  importCommand,
  exportCommand,
  demo,
  questions,
];
