const greeting = require('@acme/greeting');

const server = require('node:http').createServer((request, response) => response.end(greeting()));
server.listen(3000);

// The container is stopped: finish the requests that are there, and end.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => process.exit());
    setInterval(() => server.closeIdleConnections(), 500);
  });
}
