/**
 * The session that a file is named for, where its rows name none: the UUID in the name (`rollout-<time>-<uuid>.jsonl`,
 * `<uuid>.jsonl`), else the name without folder and extensions.
 */
export function sessionOfInput(inputName: string): string {
  const name = inputName.split(/[/\\]/).at(-1) ?? inputName;
  const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(name);
  return uuid?.[0] ?? (name.replace(/(?:\.[a-z0-9]+)+$/i, '') || inputName);
}
