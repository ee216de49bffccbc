import { EXAMPLE_QUERIES } from './example-queries';

/** GraphiQL with the example queries as tabs. Everything it loads comes from this server. */
export const consolePage = (): string => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Incident ledger: console</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/console/graphiql.css">
  <style>html, body, #console { height: 100%; margin: 0; }</style>
</head>
<body>
  <div id="console">Loading …</div>
  <script src="/console/react.js"></script>
  <script src="/console/react-dom.js"></script>
  <script src="/console/graphiql.js"></script>
  <script>
    const tabs = ${JSON.stringify(EXAMPLE_QUERIES.map(({ query }) => ({ query }))).replaceAll('<', '\\u003c')};
    const scheme = location.protocol === 'https:' ? 'wss://' : 'ws://';
    ReactDOM.createRoot(document.getElementById('console')).render(
      React.createElement(GraphiQL, {
        fetcher: GraphiQL.createFetcher({ url: '/graphql', subscriptionUrl: scheme + location.host + '/graphql' }),
        defaultTabs: tabs,
        defaultEditorToolsVisibility: false,
        shouldPersistHeaders: false,
      }),
    );
  </script>
</body>
</html>
`;
