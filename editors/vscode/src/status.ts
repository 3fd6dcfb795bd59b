// The item of the status bar that says how it goes with the server.
import * as vscode from "vscode";
import type { Session, Status } from "./session.ts";
import { name } from "./words.ts";

/** Shows the status of a session beside Dockerfiles, and tells the commands whether there is a server. */
export function showStatus(session: Session): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem(`${name}.status`, { language: "dockerfile" });
  item.name = "Dockerfile LS";
  item.command = { title: "Show Output", command: `${name}.showOutput` };
  const show = (status: Status) => {
    item.busy = status.kind === "starting";
    item.severity =
      status.kind === "missing" || status.kind === "failed"
        ? vscode.LanguageStatusSeverity.Error
        : vscode.LanguageStatusSeverity.Information;
    item.text = textOf(status);
    item.detail = detailOf(status);
    void vscode.commands.executeCommand("setContext", `${name}.running`, status.kind === "running");
  };
  show(session.status);
  return vscode.Disposable.from(item, session.onDidChange(show));
}

function textOf(status: Status): string {
  switch (status.kind) {
    case "running":
      return `Dockerfile LS ${status.version}`;
    case "starting":
      return "Dockerfile LS is starting";
    case "stopped":
      return "Dockerfile LS is stopped";
    case "missing":
      return "Dockerfile LS: no server";
    case "failed":
      return "Dockerfile LS: the server failed";
  }
}

function detailOf(status: Status): string {
  switch (status.kind) {
    case "running":
      return `from ${status.found.from}`;
    case "missing":
    case "failed":
      return status.reason;
    default:
      return "";
  }
}
