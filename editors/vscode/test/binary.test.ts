import assert from "node:assert/strict";
import { test } from "node:test";
import { findServer, type Places } from "../src/binary.ts";

const linux: Places = {
  configured: "",
  extension: "/ext",
  path: "/usr/bin:bin::/opt/bin",
  home: "/home/me",
  platform: "linux",
};
const programs =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file);

test("the setting goes before the bundled server, and that before the PATH", () => {
  const all = programs("/my/ls", "/ext/bin/dockerfile-ls", "/opt/bin/dockerfile-ls");
  assert.deepEqual(findServer({ ...linux, configured: "/my/ls" }, all), {
    file: "/my/ls",
    from: "the setting dockerfile-ls.path",
  });
  assert.deepEqual(findServer(linux, all), { file: "/ext/bin/dockerfile-ls", from: "the extension" });
  assert.deepEqual(findServer(linux, programs("/opt/bin/dockerfile-ls")), {
    file: "/opt/bin/dockerfile-ls",
    from: "the PATH",
  });
});

test("a setting that leads nowhere is told, although there is another server", () => {
  const found = findServer({ ...linux, configured: "/gone" }, programs("/ext/bin/dockerfile-ls"));
  assert.deepEqual(found, { reason: "The setting dockerfile-ls.path is /gone, and that is no program." });
});

test("a setting that would lead into the workspace is told", () => {
  for (const configured of ["bin/dockerfile-ls", "./dockerfile-ls", "dockerfile-ls", "~dockerfile-ls"]) {
    assert.deepEqual(findServer({ ...linux, configured }, () => true), {
      reason: `The setting dockerfile-ls.path is ${configured}: write the whole path, or one that begins with ~/.`,
    });
  }
});

test("the home folder is meant by a tilde", () => {
  const found = findServer({ ...linux, configured: "~/bin/ls" }, programs("/home/me/bin/ls"));
  assert.deepEqual(found, { file: "/home/me/bin/ls", from: "the setting dockerfile-ls.path" });
});

test("a relative folder of the PATH is not looked at", () => {
  assert.deepEqual(findServer(linux, programs("bin/dockerfile-ls")), {
    reason: "This build of the extension comes without a server, and dockerfile-ls is not on the PATH.",
  });
});

test("Windows has another name and another PATH", () => {
  const windows: Places = {
    configured: "",
    extension: "C:\\ext",
    path: "C:\\Windows;D:\\bin",
    home: "C:\\me",
    platform: "win32",
  };
  assert.deepEqual(findServer(windows, programs("C:\\ext\\bin\\dockerfile-ls.exe")), {
    file: "C:\\ext\\bin\\dockerfile-ls.exe",
    from: "the extension",
  });
  assert.deepEqual(findServer(windows, programs("D:\\bin\\dockerfile-ls.exe")), {
    file: "D:\\bin\\dockerfile-ls.exe",
    from: "the PATH",
  });
});
