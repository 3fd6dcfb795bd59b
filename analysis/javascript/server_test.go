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
		"import express from 'express'\nmodule.exports = app\n// start\napp.listen(1)":  "server, declared at 60",
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
