// One server at a time: starts it, watches over it, and starts it again.
import { accessSync, chmodSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  CancellationToken,
  CloseAction,
  ErrorAction,
  LanguageClient,
  State,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";
import { findServer, type Found } from "./binary.ts";
import { Muting } from "./muting.ts";
import { limit, Restarts } from "./restarts.ts";
import { reasonAgainst, selector } from "./unsaved.ts";
import { name, offer } from "./words.ts";

/** Status is how it goes with the server. */
export type Status =
  | { readonly kind: "stopped" | "starting" }
  | { readonly kind: "running"; readonly version: string; readonly found: Found }
  | { readonly kind: "missing" | "failed"; readonly reason: string };

/** Client leaves it to the session to say what is wrong. */
class Client extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }
}

/** Session is the connection with a server, whichever one it is. */
export class Session implements vscode.Disposable {
  readonly output: vscode.LogOutputChannel;
  private readonly context: vscode.ExtensionContext;
  private readonly restarts = new Restarts();
  private readonly muting = new Muting(() => this.running);
  private readonly changed = new vscode.EventEmitter<Status>();
  readonly onDidChange = this.changed.event;
  private current: Status = { kind: "stopped" };
  private client: Client | undefined;
  private turn: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    this.context = context;
    this.output = output;
  }

  /** Where the extension is. */
  get extension(): vscode.Uri {
    return this.context.extensionUri;
  }

  get status(): Status {
    return this.current;
  }

  /** The client of the server that runs; undefined if none does. */
  get running(): LanguageClient | undefined {
    return this.current.kind === "running" ? this.client : undefined;
  }

  /** Starts a server in place of the one that runs. Restarts come one after the other. */
  restart(): Promise<void> {
    this.restarts.clear();
    return this.next(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  dispose(): void {
    this.muting.dispose();
    this.changed.dispose();
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work, work);
    return this.turn;
  }

  private set(status: Status): void {
    this.current = status;
    this.changed.fire(status);
  }

  private async begin(): Promise<void> {
    if (this.client !== undefined) return; // there is never a second one
    const found = this.find();
    if ("reason" in found) {
      this.output.error(found.reason);
      this.set({ kind: "missing", reason: found.reason });
      void this.tellMissing(found.reason);
      return;
    }
    this.output.info(`Starting ${found.file}, from ${found.from}.`);
    this.set({ kind: "starting" });
    const client = new Client(name, "Dockerfile LS", serverAt(found.file), this.options());
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && this.client === client) this.crashed("The server ended.");
    });
    try {
      await client.start();
    } catch (error) {
      if (this.client === client) this.crashed(`The server did not start: ${String(error)}`);
      return;
    }
    if (this.client !== client) return; // it crashed meanwhile
    this.set({ kind: "running", version: client.initializeResult?.serverInfo?.version ?? "", found });
  }

  /** Ends the server in order. One that does not end in time is left to its watch over this process. */
  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.set({ kind: "stopped" });
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      this.output.warn(`The server did not end in order: ${String(error)}`);
    }
  }

  /** Starts a server again that ended by itself, or says that it is given up. */
  private crashed(reason: string): void {
    const client = this.client;
    this.client = undefined;
    void client?.dispose().catch(() => undefined);
    if (this.restarts.again(Date.now())) {
      this.output.warn(`${reason} Restart ${this.restarts.count} of ${limit.restarts}.`);
      this.set({ kind: "starting" });
      void this.next(() => this.recover());
      return;
    }
    const times = `${limit.restarts + 1} times within ${limit.period / 60_000} minutes`;
    const verdict = `The server crashed ${times} and is not started again.`;
    this.output.error(`${reason} ${verdict}`);
    this.set({ kind: "failed", reason: verdict });
    void offer(vscode.window.showErrorMessage, `Dockerfile: ${verdict}`, {
      Restart: () => this.restart(),
      "Show Output": () => this.output.show(),
    });
  }

  /** Starts the server after a crash, unless somebody has started or stopped one meanwhile. */
  private async recover(): Promise<void> {
    if (this.client === undefined && this.current.kind === "starting") await this.begin();
  }

  private find() {
    return findServer(
      {
        configured: vscode.workspace.getConfiguration(name).get("path", ""),
        extension: this.context.extensionPath,
        path: process.env["PATH"] ?? "",
        home: homedir(),
        platform: process.platform,
      },
      (file) => isProgram(file, this.context.extensionPath),
    );
  }

  private tellMissing(reason: string): Thenable<void> {
    return offer(vscode.window.showErrorMessage, `Dockerfile: there is no server to start. ${reason}`, {
      "Open Setting": () => vscode.commands.executeCommand("workbench.action.openSettings", `${name}.path`),
      "How to Install": () => vscode.commands.executeCommand("extension.open", this.context.extension.id),
    });
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: selector,
      outputChannel: this.output,
      diagnosticCollectionName: name,
      middleware: {
        provideDiagnostics: this.muting.provideDiagnostics,
        resolveCodeAction: async (item, token, next) => {
          const resolved = await next(item, token);
          const reason = reasonAgainst(resolved?.edit);
          if (resolved == null || reason === undefined) return resolved;
          // An error would be told to nobody, and a message already where the menu only looks at the action.
          delete resolved.edit;
          resolved.command = { title: "", command: `${name}.refuse`, arguments: [reason] };
          return resolved;
        },
        workspace: {
          handleApplyEdit: async (params, next) => {
            const reason = reasonAgainst(await this.client?.protocol2CodeConverter.asWorkspaceEdit(params.edit));
            if (reason === undefined) return next(params, CancellationToken.None);
            return { applied: false, failureReason: reason };
          },
        },
      },
      initializationOptions: () => ({
        ...vscode.workspace.getConfiguration().get<object>(name),
        trusted: vscode.workspace.isTrusted,
      }),
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
      },
    };
  }
}

/** How a server is started: in its own folder, so that nothing of the workspace is found by a relative path. */
function serverAt(file: string): ServerOptions {
  return { command: file, args: ["serve"], options: { cwd: path.dirname(file) } };
}

/** Reports whether a file can be started. The one that comes with the extension is made so, where unpacking lost that. */
function isProgram(file: string, extension: string): boolean {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  if (isExecutable(file)) return true;
  if (!file.startsWith(extension)) return false;
  try {
    chmodSync(file, 0o755);
  } catch {
    return false;
  }
  return isExecutable(file);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
