// The commands for the Dockerfile in the active editor. What each does is an action of the server.
import * as vscode from "vscode";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  ExecuteCommandRequest,
  Range,
  type CodeAction,
  type Command,
  type LanguageClient,
} from "vscode-languageclient/node";
import type { Session } from "./session.ts";
import { openTour } from "./tour.ts";
import { reasonAgainst } from "./unsaved.ts";
import { name } from "./words.ts";

/** Target is the Dockerfile that a command is for. */
interface Target {
  readonly client: LanguageClient;
  readonly document: vscode.TextDocument;
}

/** The commands by what stands behind the name of the extension. */
export function registerCommands(session: Session): vscode.Disposable {
  const onDockerfile = (work: (target: Target) => Promise<void>) => () => run(session, work);
  const commands: Record<string, (...args: unknown[]) => unknown> = {
    restartServer: () => session.restart(),
    showOutput: () => session.output.show(),
    refuse: (reason) => void vscode.window.showErrorMessage(String(reason)), // not in the palette
    openTour: () => openTour(session.extension),
    hardenDockerfile: onDockerfile(harden),
    pinAllImages: onDockerfile(pinAllImages),
    generateDockerignore: onDockerfile(generateDockerignore),
    scanBaseImage: onDockerfile(scanBaseImage),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([command, work]) => vscode.commands.registerCommand(`${name}.${command}`, work)),
  );
}

/** What the server refuses is shown; where it has shown it by itself, that is the same message and stands there once. */
async function run(session: Session, work: (target: Target) => Promise<void>): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "dockerfile") {
    void vscode.window.showInformationMessage("Open a Dockerfile first.");
    return;
  }
  const client = session.running;
  if (client === undefined) {
    void vscode.window.showWarningMessage("The Dockerfile server does not run.");
    return;
  }
  try {
    await work({ client, document });
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

/** The server says by itself what there is to do, and asks about what is risky. */
async function harden({ client, document }: Target): Promise<void> {
  await client.sendRequest(ExecuteCommandRequest.type, {
    command: `${name}.harden`,
    arguments: [{ uri: uriOf(client, document) }],
  });
}

/** Takes the action for all images, or the one for the only image there is. */
async function pinAllImages(target: Target): Promise<void> {
  const actions = await actionsOf(target);
  const pin =
    actions.find((a) => a.title.startsWith("Insert digests of all ")) ??
    actions.find((a) => a.title.startsWith("Insert digest of "));
  if (pin !== undefined) {
    await apply(target, pin);
    return;
  }
  tellNothing(whyNotPinned(target));
}

/** The server offers no pins while lookups are off, so that only its findings say whether there would be some. */
function whyNotPinned(target: Target): string {
  const nothing = `There is nothing to pin in ${baseNameOf(target)}`;
  const off = vscode.workspace.getConfiguration(name).get("registry.lookups") === "off";
  if (!off) return `${nothing}: no image has a tag and no digest.`;
  const isFound = vscode.languages.getDiagnostics(target.document.uri).some(isWithoutDigest);
  return isFound
    ? "Nothing is pinned: `dockerfile-ls.registry.lookups` is off, and only a registry knows the digests."
    : `${nothing}: no base image is found that has a tag and no digest.`;
}

function isWithoutDigest({ source, code }: vscode.Diagnostic): boolean {
  const rule = typeof code === "object" ? code.value : code;
  return source === name && rule === "base-image-without-digest";
}

async function generateDockerignore(target: Target): Promise<void> {
  const found = (await actionsOf(target)).find((a) => /^Generate \S*\.dockerignore/.test(a.title));
  if (found !== undefined) {
    const made = await apply(target, found);
    for (const uri of made)
      await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.Active });
    return;
  }
  tellNothing(`There is no .dockerignore to generate: there is one, or ${baseNameOf(target)} copies no folder.`);
}

/** Scans the image that the user chooses, if there are several. */
async function scanBaseImage(target: Target): Promise<void> {
  const scans = (await actionsOf(target)).filter((a) => a.command?.command === `${name}.scan`);
  if (scans.length === 0) {
    tellNothing(`There is no base image to scan in ${baseNameOf(target)}.`);
    return;
  }
  const titles = [...new Set(scans.map((a) => a.title))];
  const chosen =
    titles.length === 1 ? titles[0] : await vscode.window.showQuickPick(titles, { placeHolder: "The image to scan" });
  const scan = scans.find((a) => a.title === chosen);
  if (scan !== undefined) await apply(target, scan);
}

/** All actions of the server for a document, those that are not possible left out. */
async function actionsOf({ client, document }: Target): Promise<CodeAction[]> {
  const end = document.lineAt(document.lineCount - 1).range.end;
  const offered = await client.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: uriOf(client, document) },
    range: Range.create(0, 0, end.line, end.character),
    context: { diagnostics: [] },
  });
  return (offered ?? []).filter((action): action is CodeAction => !isCommand(action) && action.disabled === undefined);
}

function isCommand(action: CodeAction | Command): action is Command {
  return typeof action.command === "string";
}

/** Makes an action, its edit and then its command, and returns what it has changed. */
async function apply({ client }: Target, action: CodeAction): Promise<vscode.Uri[]> {
  const whole =
    action.edit === undefined && action.data !== undefined
      ? await client.sendRequest(CodeActionResolveRequest.type, action)
      : action;
  const edit = await client.protocol2CodeConverter.asWorkspaceEdit(whole.edit);
  const reason = reasonAgainst(edit);
  if (reason !== undefined) throw new Error(reason);
  if (edit !== undefined && !(await vscode.workspace.applyEdit(edit))) {
    throw new Error(`"${action.title}" could not be made.`);
  }
  if (whole.command !== undefined) {
    const { command, arguments: args } = whole.command;
    await client.sendRequest(ExecuteCommandRequest.type, args === undefined ? { command } : { command, arguments: args });
  }
  return edit?.entries().map(([uri]) => uri) ?? [];
}

function tellNothing(message: string): void {
  void vscode.window.showInformationMessage(message);
}

function uriOf(client: LanguageClient, document: vscode.TextDocument): string {
  return client.code2ProtocolConverter.asUri(document.uri);
}

function baseNameOf({ document }: Target): string {
  return document.uri.path.split("/").pop() ?? "";
}
