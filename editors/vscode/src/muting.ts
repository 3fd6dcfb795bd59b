// Findings that another extension shows too are not shown twice. The server knows nothing of it: its fixes and Harden count
// all, and a finding comes back when the other one stops telling it.
import * as vscode from "vscode";
import { DocumentDiagnosticRequest, vsdiag, type LanguageClient, type Middleware } from "vscode-languageclient/node";
import { isToldToo, peers, type Finding } from "./overlap.ts";
import { name } from "./words.ts";

const setting = `${name}.muteOverlapping`;

/** Muting leaves out what others show, and looks again when that changes. */
export class Muting implements vscode.Disposable {
  /** What others told when ours were shown last, by document. */
  private readonly counted = new Map<string, string>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly running: () => LanguageClient | undefined;

  constructor(running: () => LanguageClient | undefined) {
    this.running = running;
    this.subscriptions = [
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (uris.some((uri) => this.isOutdated(uri))) this.showAgain();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(setting)) this.showAgain();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.counted.delete(uri.toString())),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** The whole report is asked for each time: what the server said before is the same, and what the others tell is not. */
  readonly provideDiagnostics: NonNullable<Middleware["provideDiagnostics"]> = async (document, _, token, next) => {
    const report = await next(document, undefined, token);
    if (report?.kind !== vsdiag.DocumentDiagnosticReportKind.full) return report;
    const uri = document instanceof vscode.Uri ? document : document.uri;
    const others = findingsOfOthers(uri);
    this.counted.set(uri.toString(), JSON.stringify(others));
    return { ...report, items: report.items.filter((item) => !isToldToo(findingOf(item), others)) };
  };

  private isOutdated(uri: vscode.Uri): boolean {
    const counted = this.counted.get(uri.toString());
    return counted !== undefined && counted !== JSON.stringify(findingsOfOthers(uri));
  }

  private showAgain(): void {
    this.running()?.getFeature(DocumentDiagnosticRequest.method).refresh();
  }
}

/** What other servers tell of a document; nothing where the user wants everything shown. */
function findingsOfOthers(uri: vscode.Uri): Finding[] {
  if (vscode.workspace.getConfiguration().get(setting) === "never") return [];
  return vscode.languages
    .getDiagnostics(uri)
    .map(findingOf)
    .filter(({ source }) => source in peers);
}

function findingOf({ source, code, range }: vscode.Diagnostic): Finding {
  const plain = typeof code === "object" ? code.value : code;
  return { source: source ?? "", code: String(plain ?? ""), first: range.start.line, last: range.end.line };
}
