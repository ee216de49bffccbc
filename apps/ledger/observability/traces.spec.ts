import { capture } from '../../../test/ops/support';
import { createLog } from './log';
import { toldOnce } from './traces';

test('spans that are not delivered are told once, and so is that they are delivered again', () => {
  const log = capture();
  let error: Error | undefined = new Error('nobody is there');
  const exporter = toldOnce(
    {
      export: (_, done) => done({ code: error === undefined ? 0 : 1, error }),
      shutdown: async () => undefined,
    },
    createLog('info', log),
  );
  const deliver = (): void => exporter.export([], () => undefined);
  for (const next of [error, error, undefined, undefined, error]) {
    error = next;
    deliver();
  }
  const lost = 'traces are not delivered';
  expect(log.lines().map(({ msg }) => msg)).toEqual([lost, 'traces are delivered again', lost]);
});
