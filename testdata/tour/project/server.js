const greeting = require('@acme/greeting');

const server = require('node:http').createServer((request, response) => response.end(greeting()));
server.listen(3000);
