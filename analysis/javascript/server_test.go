package javascript

import (
	"fmt"
	"testing"
)

func TestFindServer(t *testing.T) {
	for src, want := range map[string]string{
		"const app = require('fastify')()":                                              "app, Fastify",
		"import fastify from 'fastify'; const app = await fastify({}); app.listen(1)":   "app, Fastify;",
		"const http = require('http');\nvar s = http.createServer()":                    "s;",
		"import { createServer } from 'node:http'\nexport const s = createServer()":     "s",
		"const s = require('https').createServer()":                                     "s",
		"const express = require('express')\nconst s = express().listen(1)":             "none",
		"import express from 'express'\nconst app = express()\nconst s = app.listen(1)": "s",
		"import express from 'express'\nconst app = express()\napp.listen(1)":           "server, declared at 52",
		"import koa from 'koa'\nconst server = 1\n(new koa()).listen(1)":                "none",
		"import express from 'express'\nif (x) {\n  app.listen(1)\n}":                   "none",
		"import express from 'express'\nawait app.listen(1)":                            "none",
		"import express from 'express'\nx =\napp.listen(1)":                             "none",
		"import express from 'express'\nmodule.exports = app\n// start\napp.listen(1)":  "none",
		"import express from 'express'\n" +
			"const app = module.exports = express()\n// start\napp.listen(1)": "server, declared at 78",
		"import Koa from 'koa'\nconst app = new Koa()\napp.listen(1).on('error', f)": "server, declared at 44",
		"import { createServer as make } from 'http'\n" +
			"const s = make((a, b) => { b.end() }).listen(1).once('x', f)": "s",
		"import http from 'http'; import e from 'express'\nconst app = e()\n" +
			"const s = http.createServer(app)\ns.listen(1)": "s;",
		"import fastify from 'fastify'\nconst app = " +
			"fastify<A, B<C>>({}).withTypeProvider<Z>()\napp.listen()": "app, Fastify",
		"const e = require('express')\nvar a = e(),\n  b = 1\na.listen(1)": "server, declared at 50",

		// Behind these, a declaration is a syntax error, or may not be reached.
		"const app = require('express')()\nif (require.main === module)\n  app.listen(1)": "none",
		"const app = require('express')()\nfor (;;)\n  app.listen(1)":                     "none",
		"const app = require('express')()\nfor await (const x of y)\n  app.listen(1)":     "none",
		"const app = require('express')()\nwhile (x)\n  app.listen(1)":                    "none",
		"const app = require('express')()\nif (x) f()\nelse\n  app.listen(1)":             "none",
		"const app = require('express')()\ndo\n  app.listen(1)\nwhile (x)":                "none",
		"const app = require('express')()\nf(x) ||\n  app.listen(1)":                      "none",
		"const app = require('express')()\nf = () =>\n  app.listen(1)":                    "none",
		"const app = require('express')()\nif (x)\n  var s = app.listen(1)":               "none",
		"const app = require('express')()\nif (x)\n  f()\napp.listen(1)":                  "server, declared at 46",

		// The value is no server.
		"const app = require('express')()\nconst s = app.listen(1).address().port":       "none",
		"const app = require('express')()\nconst s = app.listen(1)\n  .address()":        "none",
		"const app = require('express')()\nconst s = app.listen(1) && x":                 "none",
		"const app = require('express')()\napp.listen(1), f()":                           "none",
		"const s = require('http').createServer().listen(1).address()":                   "none",
		"const s = require('fastify')().listen(1)":                                       "none",
		"import express, { Router } from 'express'\nconst app = Router()\napp.listen(1)": "none",
		"import express from 'express'\nconst app = new Consumer()\napp.listen(1)":       "none",
		"app.listen(1)": "none",
		"const http = require('http'); const a = http.createServer(), b = 1; const c = http.createServer()": "none",
		"const s = require('http').createServer(); x = 'open":                                               "none",
		"": "none",
	} {
		s, found := FindServer(src)
		got := s.Name
		if s.Fastify {
			got += ", Fastify"
		}
		if s.Declare > 0 {
			got += fmt.Sprintf(", declared at %d", s.Declare)
		}
		if s.Semicolons {
			got += ";"
		}
		if !found {
			got = "none"
		}
		if got != want {
			t.Errorf("%q: %s, want %s", src, got, want)
		}
	}
}
