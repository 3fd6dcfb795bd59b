package javascript

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// show is a module in one line.
func show(m Module) string {
	var out []string
	for _, list := range []struct {
		name  string
		names []string
	}{{"imports", m.Imports}, {"handles", m.Handled}, {"names", m.Named}} {
		if len(list.names) > 0 {
			out = append(out, list.name+" "+strings.Join(list.names, " "))
		}
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{
		{"computed", m.Computed}, {"handles named", m.HandlesNamed}, {"listens", m.Listens},
		{"makes a server", m.MakesServer}, {"serves", m.Serves}, {"npm", m.ReadsNPM}, {"broken", !m.Whole},
	} {
		if flag.set {
			out = append(out, flag.name)
		}
	}
	return strings.Join(out, "; ")
}

func TestRead(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"#!/usr/bin/env node\nrequire('./a')", "imports ./a"},
		{"import './a'; import b from \"./b\"; import {c, d as e} from './c'; export * from './d'; const f = await " +
			"import('./f')", "imports ./a ./b ./c ./d ./f"},
		{"import type { A } from './a'; import x = require('./x')", "imports ./a ./x"},
		{"const x = require(`./x`), y = require('./y').default", "imports ./x ./y"},
		{"require('./' + name); import(path.join(a, b))", "computed"},
		{"loader.require(x); Array.from('./x'); import.meta.url", ""},
		{"// require('./a')\n/* process.on('SIGTERM', f) */ 'process.on(\"SIGTERM\", f)'", ""},

		{"process.on('SIGTERM', stop)", "handles SIGTERM"},
		{"process.once(\"SIGINT\", () => {}); process?.on(`SIGHUP`, f)", "handles SIGINT SIGHUP"},
		{"process\n  .on('SIGTERM', f)\n  .on('SIGINT', f)\n", "handles SIGTERM SIGINT"},
		{"globalThis.process.on('SIGTERM', f)", "handles SIGTERM"},
		{"nodeProcess.addListener('SIGTERM', f)", "handles SIGTERM"},
		{"await once(process, 'SIGTERM')", "handles SIGTERM"},
		{"process.on('uncaughtException', f)", ""},
		{"readline.on('SIGINT', f)", "names SIGINT"},
		{"for (const s of ['SIGINT', 'SIGTERM']) process.on(s, f)", "names SIGINT SIGTERM; handles named"},
		{"Object.keys({SIGTERM: 15}).forEach(s => process.on(s, f))", "names SIGTERM; handles named"},
		{"process.kill(process.pid, 'SIGTERM'); child.kill('SIGKILL')", ""},
		{"if (signal === 'SIGTERM') x()", "names SIGTERM"},
		{"app.enableShutdownHooks()", "handles SIGTERM SIGINT"},
		{"const closeWithGrace = require('close-with-grace')", "imports close-with-grace; handles SIGTERM SIGINT"},
		{"import x from '@godaddy/terminus'", "imports @godaddy/terminus; handles SIGTERM SIGINT"},
		{"import x from 'fastify-graceful-shutdown'", "imports fastify-graceful-shutdown; handles SIGTERM SIGINT"},
		{"import x from './graceful'", "imports ./graceful"},

		{"app.listen(3000)", "listens"},
		{"const listen = 1; listener(3)", ""},
		{"import { serve } from '@hono/node-server'; serve(app)", "imports @hono/node-server; serves"},
		{"Bun.serve({}); x.serve()", "serves"},
		{"serve(1)", ""},
		{"import q from 'q'; q.listen(1)", "imports q"},
		{"import q from './q'; q.listen(1)", "imports ./q; listens"},
		{"const consumer = new Consumer(); consumer.listen(q)", ""},
		{"class A { s = new Consumer(); f() { this.s.listen(1) } }", "listens"},
		{"const app = require('express')(); app.listen(1)", "imports express; listens; makes a server"},
		{"import { Router, json as j } from 'express'; Router(); j()", "imports express"},
		{"import express, { Router } from 'express'; Router(express)", "imports express"},
		{"import express, { Router } from 'express'; this.app = express()", "imports express; makes a server"},
		{"const { Server: S } = require('socket.io'); new S().listen(1)", "imports socket.io; listens; makes a server"},
		{"import * as http from 'node:http'; http.createServer()", "imports node:http; makes a server"},
		{"import * as http from 'node:http'; http.get()", "imports node:http"},
		{"import { default as Koa } from 'koa'; const app = new Koa; app.listen(1)", "imports koa; listens; makes a server"},
		{
			"const app = await NestFactory.create<App>(M); app.listen(1); import { NestFactory } from '@nestjs/core'",
			"imports @nestjs/core; listens; makes a server",
		},
		{
			"const express_1 = __importDefault(require('express')); const app = (0, express_1.default)()",
			"imports express; makes a server",
		},
		{"const http_1 = require('http'); (0, http_1.createServer)(app)", "imports http; makes a server"},
		{"import express = require('express'); express()", "imports express; makes a server"},
		{"const make = require('net').createServer; make()", "imports net; makes a server"},
		{"process.env.npm_package_version", "npm"},

		// Regular expressions and divisions.
		{"const a = /['\"]/; process.on('SIGTERM', f)", "handles SIGTERM"},
		{"if (x) /['\"]/.test(y); process.on('SIGTERM', f)", "handles SIGTERM"},
		{"const a = b / c; process.on('SIGTERM', d / e)", "handles SIGTERM"},
		{"return /[/'\"]/g.test(x)\nprocess.on('SIGTERM', f)", "handles SIGTERM"},
		{"f(x) / 2; process.on('SIGTERM', f); g[1] / 3 / 4", "handles SIGTERM"},
		{"{}\n/['\"]/.test(x)\nprocess.on('SIGTERM', f)", "handles SIGTERM"},
		{"`${a / b} ${`'${c}`}`; process.on('SIGTERM', f)", "handles SIGTERM"},

		// TypeScript.
		{"@Module({ imports: [A] })\nexport class B<T extends C> { constructor(private readonly x: Map<string, T[]>) {} " +
			"}\nprocess.on('SIGTERM', (): void => f()!)", "handles SIGTERM"},
		{"enum A { B = 'b' }\nlet x = <any>y as unknown as number;\ndeclare module 'x' {}\nprocess.on('SIGTERM' as " +
			"NodeJS.Signals, f)", "handles SIGTERM"},

		{"process.on('SIGTERM', f); x = 'open", "handles SIGTERM; broken"},
		{"x = `open ${", ""},
		{"x = `open", "broken"},
		{"\x00", "broken"},
	} {
		if got := show(Read(c.src)); got != c.want {
			t.Errorf("%q:\n%s\nwant\n%s", c.src, got, c.want)
		}
	}
}

func TestPackages(t *testing.T) {
	for module, want := range map[string]string{
		"express": "express false", "@nestjs/core/x": "@nestjs/core false", "node:fs/promises": "fs/promises true",
		"fs/promises": "fs true",
	} {
		name, builtin := PackageOf(module)
		if got := fmt.Sprint(name, " ", builtin); got != want || !IsPackage(module) {
			t.Errorf("%s: %s, want %s", module, got, want)
		}
	}
	for _, module := range []string{"", "./a", "../a", "/a", "@/a", "~/a", "#a", "."} {
		if IsPackage(module) {
			t.Errorf("%q is a package", module)
		}
	}
}

// FuzzRead holds that every text is read, that it takes no name from nowhere, and that reading is a function of the text.
func FuzzRead(f *testing.F) {
	for _, src := range []string{
		"`${`", "}`${}`", "/[/]/ / 2", "<!-- x\n-->", "@@'", "a\\u{", "process.on(`SIGTERM`)", "0x1n.1e5", "#!\n#x",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m := Read(src)
		for _, name := range slices.Concat(m.Imports, m.Named) {
			if !strings.Contains(src, name) && utf8.ValidString(src) {
				t.Errorf("%q has no %q", src, name)
			}
		}
		if s, found := FindServer(src); found && (s.Declare < -1 || s.Declare > len(src)) {
			t.Errorf("%q has a server at %d", src, s.Declare)
		}
		if again := Read(src); show(again) != show(m) {
			t.Errorf("%q is %s, and then %s", src, show(m), show(again))
		}
	})
}
