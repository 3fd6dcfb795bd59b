// Where the server is. It must not know VS Code.
import * as path from "node:path";

/** Places are where a server may be. */
export interface Places {
  /** What the user has set; empty for nothing. */
  readonly configured: string;
  /** The folder of the extension. */
  readonly extension: string;
  /** The PATH of the environment. */
  readonly path: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** Found is a server that can be started, and who says that it is to be taken. */
export interface Found {
  readonly file: string;
  readonly from: "the setting dockerfile-ls.path" | "the extension" | "the PATH";
}

/** Missing says where a server was looked for in vain. */
export interface Missing {
  readonly reason: string;
}

/**
 * findServer finds the server. A path that the user has set and that leads nowhere is told, and nothing else is taken in its
 * place: another server than the one that was asked for would be worse than none.
 */
export function findServer(places: Places, isProgram: (file: string) => boolean): Found | Missing {
  const { join, delimiter, isAbsolute } = places.platform === "win32" ? path.win32 : path.posix;
  const name = places.platform === "win32" ? "dockerfile-ls.exe" : "dockerfile-ls";
  if (places.configured !== "") {
    const file = places.configured.replace(/^~(?=[\\/])/, () => places.home);
    // Another path would lead into whatever folder is open.
    if (!isAbsolute(file)) {
      return { reason: `The setting dockerfile-ls.path is ${file}: write the whole path, or one that begins with ~/.` };
    }
    return isProgram(file)
      ? { file, from: "the setting dockerfile-ls.path" }
      : { reason: `The setting dockerfile-ls.path is ${file}, and that is no program.` };
  }
  const bundled = join(places.extension, "bin", name);
  if (isProgram(bundled)) {
    return { file: bundled, from: "the extension" };
  }
  // A relative folder in PATH would be one of the workspace.
  for (const folder of places.path.split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    if (isProgram(file)) {
      return { file, from: "the PATH" };
    }
  }
  return { reason: `This build of the extension comes without a server, and ${name} is not on the PATH.` };
}
