// Edits of files that the server has read from disk, and that are other ones in the editor.
import * as vscode from "vscode";

/** The files that the server is sent as they are typed: Dockerfiles, and what its findings depend on. */
export const selector = [
  { language: "dockerfile", scheme: "file" },
  { language: "dockerfile", scheme: "untitled" },
  { scheme: "file", pattern: "**/{package.json,.dockerfile-ls.yaml,.dockerignore,*.dockerignore}" },
];

/** Why an edit would land in wrong places, as a sentence for the user; undefined if it does not. */
export function reasonAgainst(edit: vscode.WorkspaceEdit | undefined): string | undefined {
  const changed = new Set(edit?.entries().map(([uri]) => uri.toString()));
  const unsaved = vscode.workspace.textDocuments.find(
    (document) =>
      document.isDirty && changed.has(document.uri.toString()) && vscode.languages.match(selector, document) === 0,
  );
  if (unsaved === undefined) return undefined;
  return `Save ${unsaved.uri.path.split("/").pop() ?? ""} first: the change was made for what is saved of it.`;
}
