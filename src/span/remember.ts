/** Names beyond this many are forgotten: a file whose keys are data must not fill the memory. */
const capacity = 10_000;

/** Remembers what a pure function says about a name. The names of fields repeat in every row of a file. */
export function remember<Result>(compute: (name: string) => Result): (name: string) => Result {
  const known = new Map<string, { result: Result }>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before.result;
    if (known.size >= capacity) known.clear();
    const result = compute(name);
    known.set(name, { result });
    return result;
  };
}
