/** Sets an entry under any name: a plain assignment of `__proto__` would set the prototype and lose the value. */
export function define(target: Record<string, unknown>, name: string, value: unknown): void {
  // A definition takes ten times as long as an assignment, and every row has many names.
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
