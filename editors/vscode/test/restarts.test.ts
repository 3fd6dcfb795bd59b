import assert from "node:assert/strict";
import { test } from "node:test";
import { limit, Restarts } from "../src/restarts.ts";

test("a server is started again four times, and no fifth time", () => {
  const restarts = new Restarts();
  const answers = [0, 1, 2, 3, 4, 5].map((time) => restarts.again(time));
  assert.deepEqual(answers, [true, true, true, true, false, false]);
});

test("what was longer ago than three minutes does not count", () => {
  const restarts = new Restarts();
  for (const time of [0, 1, 2, 3]) restarts.again(time);
  assert.equal(restarts.again(limit.period - 1), false);
  assert.equal(restarts.again(limit.period), true); // the one at 0 is gone
  assert.equal(restarts.again(limit.period), false);
});

test("a start by the user begins anew", () => {
  const restarts = new Restarts();
  for (const time of [0, 1, 2, 3]) restarts.again(time);
  restarts.clear();
  assert.equal(restarts.count, 0);
  assert.equal(restarts.again(4), true);
});
