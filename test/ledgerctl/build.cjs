// Builds a program (argv[3], or the command line) into the folder argv[2], with the packages left outside: that takes no time.
const { symlinkSync } = require('node:fs');
const { resolve } = require('node:path');
const { rspack } = require('@rspack/core');

const root = resolve(__dirname, '../..');
const folder = resolve(process.argv[2]);
symlinkSync(resolve(root, 'node_modules'), resolve(folder, 'node_modules'));
const compiler = rspack({
  mode: 'none',
  target: 'node',
  context: root,
  entry: resolve(root, process.argv[3] ?? 'apps/ledgerctl/main.ts'),
  output: { path: folder, filename: 'main.js', library: { type: 'commonjs2' } },
  resolve: { extensions: ['.ts', '.js'], alias: { '@ledger': resolve(root, 'libs') } },
  externals: ({ request }, found) =>
    /^(\.|\/|@ledger\/)/.test(request) ? found() : found(null, `commonjs ${request}`),
  module: {
    rules: [
      {
        test: /\.ts$/,
        loader: 'builtin:swc-loader',
        options: {
          jsc: {
            target: 'es2023',
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          },
        },
      },
    ],
  },
});
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString());
    process.exitCode = 1;
  }
  compiler.close(() => {});
});
