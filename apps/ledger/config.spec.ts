import { readConfig } from './config';

test('every variable has a default', () => {
  expect(readConfig({})).toMatchObject({ logLevel: 'info', shutdownSeconds: 10, tracesEndpoint: undefined });
});

test('a wrong variable is named, with what is wrong with it and without its value', () => {
  const wrong = { LEDGER_LOG_LEVEL: 'loud', LEDGER_SHUTDOWN_SECONDS: '0', LEDGER_TRACES: 'jaeger', LEDGER_PROT: '1' };
  const read = (): unknown => readConfig(wrong);
  for (const name of Object.keys(wrong)) expect(read).toThrow(new RegExp(`^ {2}${name}: `, 'm'));
  expect(read).not.toThrow(/loud|jaeger/);
});

test('the endpoint of traces is looked at where there are traces', () => {
  const elsewhere = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' };
  expect(readConfig(elsewhere).tracesEndpoint).toBeUndefined();
  expect(() => readConfig({ ...elsewhere, LEDGER_TRACES: 'otlp' })).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT: must begin');
  expect(readConfig({ LEDGER_TRACES: 'otlp' }).tracesEndpoint).toBe('http://127.0.0.1:4318');
});
