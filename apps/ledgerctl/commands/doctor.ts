import { command } from '../command';
import { examine } from '../doctor/examine';
import type { Finding } from '../doctor/finding';
import { EXIT } from '../exit-codes';

export const doctor = command<{ readonly json: boolean }>({
  name: 'doctor',
  summary: 'Says what is wrong with a ledger, and what to do',
  when: `When something is wrong, after a crash, and from time to time by a timer. Reads the whole log, so a large one takes a
while. Changes nothing, and may be used beside a running server. WARN: somebody should look. FAIL: something is lost,
broken or in danger.`,
  declare: (program) =>
    program.option('--json', 'one JSON object: { ok, checks: [{ check, grade, what, todo }] }', false),
  examples: ['doctor', 'doctor --json --quiet'],
  exits: { 4: 'something failed' },
  async run({ json }, terminal) {
    const checks: Finding[] = [];
    for await (const finding of examine(terminal)) {
      checks.push(finding);
      if (!json) for (const line of inLines(finding)) terminal.say(line);
    }
    const failed = checks.some(({ grade }) => grade === 'FAIL');
    if (json) terminal.say(JSON.stringify({ ok: !failed, checks }, undefined, 2));
    return failed ? EXIT.problemsFound : EXIT.done;
  },
  anyNode: true,
});

const inLines = ({ check, grade, what, todo }: Finding): readonly string[] => {
  const line = `${grade.padEnd(5)} ${check}: ${what}`;
  return todo === undefined ? [line] : [line, `      what to do: ${todo}`];
};
