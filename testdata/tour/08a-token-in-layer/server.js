const greeting = require('@acme/greeting');

const server = require('node:http').createServer((request, response) => response.end(greeting()));
server.listen(3000);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close(() => process.exit());
    server.closeIdleConnections();
  });
}
