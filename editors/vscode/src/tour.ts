// The tour's first Dockerfile, as the walkthrough opens it.
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

/** Opens the first Dockerfile of the tour, of a copy of its project that the user may do anything with. */
export async function openTour(extension: vscode.Uri): Promise<void> {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "dockerfile-ls-")), "tour");
  cpSync(vscode.Uri.joinPath(extension, "tour").fsPath, folder, { recursive: true });
  await vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, "Dockerfile")), { preview: false });
}
