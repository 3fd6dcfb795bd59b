// The extension: one session, its status, its commands.
import * as vscode from "vscode";
import { registerCommands } from "./commands.ts";
import { Session, type Status } from "./session.ts";
import { showStatus } from "./status.ts";
import { name } from "./words.ts";

let session: Session | undefined;

/** What the extension tells others, and its tests. */
export interface Api {
  status(): Status;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const output = vscode.window.createOutputChannel("Dockerfile LS", { log: true });
  const started = new Session(context, output);
  session = started;
  context.subscriptions.push(
    output,
    started,
    showStatus(started),
    registerCommands(started),
    // The server is told once whether the workspace is trusted.
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${name}.path`)) void started.restart();
    }),
  );
  await started.restart();
  return { status: () => started.status };
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
