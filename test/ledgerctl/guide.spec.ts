import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../apps/ledgerctl/commands';
import { EXIT_MEANINGS } from '../../apps/ledgerctl/exit-codes';

const guide = readFileSync(join(__dirname, '../../docs/guides/ledgerctl.md'), 'utf8');

test('the guide has every command and every exit code, in the same words', () => {
  for (const { name } of COMMANDS) expect(guide).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  for (const [code, meaning] of Object.entries(EXIT_MEANINGS))
    expect(guide).toMatch(new RegExp(`^\\| ${code} +\\| ${meaning.replace(/[.()]/g, '\\$&')} +\\|`, 'm'));
});
