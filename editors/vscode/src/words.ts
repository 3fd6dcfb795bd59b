// How the extension speaks to the user.

/** The name of the settings, of the context and of the server. */
export const name = "dockerfile-ls";

/** Shows a message with buttons, and does what the chosen one says. */
export async function offer(
  show: (message: string, ...buttons: string[]) => Thenable<string | undefined>,
  message: string,
  buttons: Readonly<Record<string, () => unknown>>,
): Promise<void> {
  const chosen = await show(message, ...Object.keys(buttons));
  if (chosen !== undefined) await buttons[chosen]?.();
}
